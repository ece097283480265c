"""At openai's path."""

from .chat_completion_message_param import (
    ChatCompletionMessageFunctionToolCallParam as ChatCompletionMessageFunctionToolCallParam,
    Function as Function,
)
