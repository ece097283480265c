"""A piece of a streamed chat completion."""

from typing import Literal

import pydantic

from ..._models import BaseModel
from ..completion_usage import CompletionUsage
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
from ._reasoning import Reasoned
from .chat_completion import ChoiceLogprobs as ChoiceLogprobs


class ChoiceDeltaAudio(BaseModel):
    id: str | None = None
    data: str | None = None
    expires_at: int | None = None
    transcript: str | None = None


class ChoiceDeltaFunctionCall(BaseModel):
    arguments: str | None = None
    name: str | None = None


class ChoiceDeltaToolCallFunction(BaseModel):
    arguments: str | None = None
    name: str | None = None


class ChoiceDeltaToolCall(BaseModel):
    """A tool call or a part of one. Gemini sends no `index`; it is 0 in an unrepaired chunk."""

    index: int = 0
    id: str | None = None
    function: ChoiceDeltaToolCallFunction | None = None
    type: Literal["function"] | None = None


class ChoiceDelta(Reasoned):
    audio: ChoiceDeltaAudio | None = None
    content: str | None = None
    function_call: ChoiceDeltaFunctionCall | None = None
    refusal: str | None = None
    role: Literal["developer", "system", "user", "assistant", "tool"] | None = None
    tool_calls: list[ChoiceDeltaToolCall] | None = None


class Choice(BaseModel):
    delta: ChoiceDelta = pydantic.Field(default_factory=ChoiceDelta)
    index: int
    finish_reason: (
        Literal["stop", "length", "tool_calls", "content_filter", "function_call"] | None
    ) = None
    logprobs: ChoiceLogprobs | None = None


class ChatCompletionChunk(BaseModel):
    id: str = ""
    """The same in all chunks of a stream; Gemini sent none before July 2025."""
    choices: list[Choice]
    created: int
    model: str
    object: Literal["chat.completion.chunk"]
    moderation: Moderation | None = None
    obfuscation: str | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    system_fingerprint: str | None = None
    usage: CompletionUsage | None = None
    """With `include_usage`: the count in the last chunk, which has no choices; zeros before it."""
