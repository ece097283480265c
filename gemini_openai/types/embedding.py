"""At openai's path."""

from .create_embedding_response import Embedding as Embedding
