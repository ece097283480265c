"""A chat completion whose JSON is parsed into the caller's types."""

from typing import Generic, TypeVar

import pydantic

from .chat_completion import ChatCompletion, Choice
from .chat_completion_message import (
    ChatCompletionMessage,
    ChatCompletionMessageFunctionToolCall,
    Function,
)

# `parse` makes these without a type parameter and sets `parsed` afterwards. Pydantic then takes the
# type variable as "anything": a dump follows the value, and no class is made for each type.
ContentType = TypeVar("ContentType")


class ParsedFunction(Function):
    parsed_arguments: object | None = None
    """The arguments as the type from which the tool was made, if any."""


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
