"""Re-export a type at the import path that `openai` has."""

from .chat_completion_store_message import ChatCompletionFunctionTool as ChatCompletionFunctionTool
