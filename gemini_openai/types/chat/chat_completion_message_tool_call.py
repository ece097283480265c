"""At openai's path."""

from .chat_completion_message import (
    ChatCompletionMessageCustomToolCall as ChatCompletionMessageCustomToolCall,
    ChatCompletionMessageFunctionToolCall as ChatCompletionMessageFunctionToolCall,
    ChatCompletionMessageToolCall as ChatCompletionMessageToolCall,
    ChatCompletionMessageToolCallUnion as ChatCompletionMessageToolCallUnion,
    Function as Function,
)
