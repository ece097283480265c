"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message import (
    ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
    Function as Function,
)
