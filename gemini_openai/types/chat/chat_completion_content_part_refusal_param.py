"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionContentPartRefusalParam as ChatCompletionContentPartRefusalParam,
)
