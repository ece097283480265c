"""At openai's path."""

from .shared.chat_model import ChatModel as ChatModel
