"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionMessageCustomToolCallParam as ChatCompletionMessageCustomToolCallParam,
    Custom as Custom,
)
