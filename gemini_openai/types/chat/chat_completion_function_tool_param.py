"""Re-export a type at the import path that `openai` has."""

from .chat_completion_tool_param import (
    ChatCompletionFunctionToolParam as ChatCompletionFunctionToolParam,
    FunctionDefinition as FunctionDefinition,
)
