"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message import (
    ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall,
    ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
    ChatCompletionMessageToolCall as ChatCompletionMessageToolCall,
    ChatCompletionMessageToolCallUnion as ChatCompletionMessageToolCallUnion,
    Function as Function,
)
