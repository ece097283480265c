"""Re-export a type at the import path that `openai` has."""

from .create_embedding_response import Embedding as Embedding
