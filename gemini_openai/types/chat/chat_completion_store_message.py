"""Stored messages, functions and deletions, as OpenAI sends them. Gemini stores no answers."""

from typing import Literal, TypeAlias

from ..._models import BaseModel
from ..shared.function_definition import FunctionDefinition
from .chat_completion_message import ChatCompletionMessage


class PromptCacheBreakpoint(BaseModel):
    mode: Literal["explicit"]
    ttl: Literal["30m", "12h"] | None = None


class ChatCompletionContentPartText(BaseModel):
    text: str
    type: Literal["text"]
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None


class ImageURL(BaseModel):
    url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


class ChatCompletionContentPartImage(BaseModel):
    image_url: ImageURL
    type: Literal["image_url"]
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None


ChatCompletionStoreMessageContentPart: TypeAlias = (
    ChatCompletionContentPartText | ChatCompletionContentPartImage
)


class ChatCompletionStoreMessage(ChatCompletionMessage):
    id: str
    content_parts: list[ChatCompletionStoreMessageContentPart] | None = None


class ChatCompletionDeleted(BaseModel):
    id: str
    deleted: bool
    object: Literal["chat.completion.deleted"]


class ChatCompletionFunctionTool(BaseModel):
    function: FunctionDefinition
    type: Literal["function"]
