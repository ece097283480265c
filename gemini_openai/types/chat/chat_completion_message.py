"""A message from the model: text, tool calls, audio."""

from typing import Annotated, Literal, TypeAlias

import pydantic

from ..._models import BaseModel
from ._reasoning import Reasoned


class Function(BaseModel):
    arguments: str
    """JSON text, as the model wrote it."""
    name: str


class ChatCompletionMessageFunctionToolCall(BaseModel):
    """A call of a function, requested by the model.

    `extra_content` may hold a thought signature, which Gemini 3 requires back with the call.
    """

    id: str
    function: Function
    type: Literal["function"]


class Custom(BaseModel):
    input: str
    name: str


class ChatCompletionMessageCustomToolCall(BaseModel):
    """A call of a tool that takes free text; Gemini makes none."""

    id: str
    custom: Custom
    type: Literal["custom"]


ChatCompletionMessageToolCallUnion: TypeAlias = Annotated[
    ChatCompletionMessageFunctionToolCall | ChatCompletionMessageCustomToolCall,
    pydantic.Field(discriminator="type"),
]

# The class that had this name before there were custom tools; `openai` keeps it callable too.
ChatCompletionMessageToolCall = ChatCompletionMessageFunctionToolCall


class FunctionCall(BaseModel):
    arguments: str
    name: str


class ChatCompletionAudio(BaseModel):
    """Audio, or on Vertex any other media, with the type in `extra_content` and little else."""

    id: str = ""
    data: str
    """Base64."""
    expires_at: int = 0
    transcript: str = ""


class AnnotationURLCitation(BaseModel):
    end_index: int
    start_index: int
    title: str
    url: str


class Annotation(BaseModel):
    type: Literal["url_citation"]
    url_citation: AnnotationURLCitation


class ChatCompletionMessage(Reasoned):
    content: str | None = None
    refusal: str | None = None
    role: Literal["assistant"] = "assistant"
    annotations: list[Annotation] | None = None
    audio: ChatCompletionAudio | None = None
    function_call: FunctionCall | None = None
    tool_calls: list[ChatCompletionMessageToolCallUnion] | None = None
