"""At openai's path."""

from .chat_completion_store_message import ChatCompletionFunctionTool as ChatCompletionFunctionTool
