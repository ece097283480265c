"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionMessageToolCallUnionParam as ChatCompletionMessageToolCallUnionParam,
)
