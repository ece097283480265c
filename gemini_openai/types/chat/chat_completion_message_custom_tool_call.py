"""At openai's path."""

from .chat_completion_message import (
    ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall,
    Custom as Custom,
)
