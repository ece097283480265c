"""At openai's path."""

from .chat_completion_tool_param import (
    ChatCompletionToolChoiceOptionParam as ChatCompletionToolChoiceOptionParam,
)
