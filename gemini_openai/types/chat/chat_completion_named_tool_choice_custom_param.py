"""At openai's path."""

from .chat_completion_tool_param import (
    ChatCompletionNamedToolChoiceCustomParam as ChatCompletionNamedToolChoiceCustomParam,
    NamedCustom,
)

Custom = NamedCustom
