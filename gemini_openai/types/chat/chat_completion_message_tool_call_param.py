"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionMessageToolCallParam as ChatCompletionMessageToolCallParam,
    Function as Function,
)
