"""Re-export a type at the import path that `openai` has."""

from .chat_completion_tool_param import (
    ChatCompletionNamedToolChoiceCustomParam as ChatCompletionNamedToolChoiceCustomParam,
    NamedCustom,
)

Custom = NamedCustom
