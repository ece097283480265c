"""The answer to a conversation, its JSON read into the caller's own types."""

from typing import Generic, TypeVar

import pydantic

from .chat_completion import ChatCompletion, Choice
from .chat_completion_message import (
    ChatCompletionMessage,
    ChatCompletionMessageFunctionToolCall,
    Function,
)

# `parse` makes these without a parameter and sets `parsed` afterwards: to pydantic the type
# variable is then "anything", so a dump follows the value, and no class is made per caller's type.
ContentType = TypeVar("ContentType")


class ParsedFunction(Function):
    parsed_arguments: object | None = None
    """The arguments as the tool's own type, where the tool was made from one."""


class ParsedFunctionToolCall(ChatCompletionMessageFunctionToolCall):
    function: ParsedFunction  # pyright: ignore[reportIncompatibleVariableOverride]


class ParsedChatCompletionMessage(ChatCompletionMessage, Generic[ContentType]):
    parsed: ContentType | None = None
    tool_calls: list[ParsedFunctionToolCall] | None = None  # type: ignore[assignment]


class ParsedChoice(Choice, Generic[ContentType]):
    message: ParsedChatCompletionMessage[ContentType] = pydantic.Field(  # pyright: ignore[reportIncompatibleVariableOverride]
        default_factory=ParsedChatCompletionMessage[ContentType]
    )


class ParsedChatCompletion(ChatCompletion, Generic[ContentType]):
    choices: list[ParsedChoice[ContentType]]  # type: ignore[assignment]
