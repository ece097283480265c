"""Re-export a type at the import path that `openai` has."""

from .shared.chat_model import ChatModel as ChatModel
