"""Re-export a type at the import path that `openai` has."""

from .chat_completion_message import ChatCompletionAudio as ChatCompletionAudio
