"""At openai's path."""

from .chat_completion_tool_param import (
    ChatCompletionFunctionToolParam as ChatCompletionFunctionToolParam,
    FunctionDefinition as FunctionDefinition,
)
