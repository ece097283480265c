"""At openai's path."""

from .chat_completion_message import (
    ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
    Function as Function,
)
