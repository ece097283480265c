"""A whole chat completion."""

from typing import Literal

import pydantic

from ..._models import BaseModel
from ..completion_usage import CompletionUsage
from ..shared.metadata import Metadata
from ._moderation import (
    Moderation as Moderation,
    ModerationInput as ModerationInput,
    ModerationInputError as ModerationInputError,
    ModerationInputModerationResults as ModerationInputModerationResults,
    ModerationInputModerationResultsResult as ModerationInputModerationResultsResult,
    ModerationOutput as ModerationOutput,
    ModerationOutputError as ModerationOutputError,
    ModerationOutputModerationResults as ModerationOutputModerationResults,
    ModerationOutputModerationResultsResult as ModerationOutputModerationResultsResult,
)
from .chat_completion_message import ChatCompletionMessage


class TopLogprob(BaseModel):
    token: str
    bytes: list[int] | None = None
    logprob: float


class ChatCompletionTokenLogprob(BaseModel):
    token: str
    bytes: list[int] | None = None
    """The token in UTF-8; several tokens may make up one character."""
    logprob: float
    top_logprobs: list[TopLogprob]


class ChoiceLogprobs(BaseModel):
    content: list[ChatCompletionTokenLogprob] | None = None
    refusal: list[ChatCompletionTokenLogprob] | None = None


class Choice(BaseModel):
    finish_reason: Literal["stop", "length", "tool_calls", "content_filter", "function_call"]
    index: int
    logprobs: ChoiceLogprobs | None = None
    message: ChatCompletionMessage = pydantic.Field(default_factory=ChatCompletionMessage)
    """Empty if Gemini blocked the answer: it then sends a finish reason and no message."""


class ChatCompletion(BaseModel):
    id: str
    choices: list[Choice]
    created: int
    """Unix time, in seconds."""
    model: str
    object: Literal["chat.completion"]
    metadata: Metadata | None = None
    moderation: Moderation | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    system_fingerprint: str | None = None
    usage: CompletionUsage | None = None
