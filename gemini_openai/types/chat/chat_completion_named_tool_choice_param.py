"""At openai's path."""

from .chat_completion_tool_param import (
    ChatCompletionNamedToolChoiceParam as ChatCompletionNamedToolChoiceParam,
    NamedFunction,
)

Function = NamedFunction
