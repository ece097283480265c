"""Re-export a type at the import path that `openai` has."""

from .chat_completion_tool_param import (
    ChatCompletionNamedToolChoiceParam as ChatCompletionNamedToolChoiceParam,
    NamedFunction,
)

Function = NamedFunction
