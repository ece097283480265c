"""Define the types of an answer that is incomplete.

They are those of a complete answer, but `parsed` and `parsed_arguments` are plain JSON.
"""

from typing import Literal, TypeAlias

import pydantic

from ....types.chat.parsed_chat_completion import (
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
    ParsedChoice,
)

FinishReason: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]


# Classes and not `ParsedChatCompletion[object]`: what is in those cannot be found by pickle.
class ParsedChatCompletionMessageSnapshot(ParsedChatCompletionMessage[object]):
    """A message as far as it has come."""


class ParsedChoiceSnapshot(ParsedChoice[object]):
    """A choice as far as it has come; it has no finish reason until the server gives one."""

    finish_reason: FinishReason | None = None  # type: ignore[assignment]
    message: ParsedChatCompletionMessageSnapshot = pydantic.Field(  # pyright: ignore[reportIncompatibleVariableOverride]
        default_factory=ParsedChatCompletionMessageSnapshot
    )


class ParsedChatCompletionSnapshot(ParsedChatCompletion[object]):
    """An answer as far as it has come."""

    choices: list[ParsedChoiceSnapshot]  # type: ignore[assignment]
