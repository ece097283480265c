"""Re-export a type at the import path that `openai` has."""

from .embedding_create_params import EmbeddingModel as EmbeddingModel
