"""At openai's path."""

from .embedding_create_params import EmbeddingModel as EmbeddingModel
