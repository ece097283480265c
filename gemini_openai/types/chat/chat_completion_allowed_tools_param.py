"""At openai's path."""

from .chat_completion_tool_param import (
    ChatCompletionAllowedToolsParam as ChatCompletionAllowedToolsParam,
)
