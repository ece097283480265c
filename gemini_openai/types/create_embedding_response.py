"""Vectors for texts."""

from typing import Literal

import pydantic

from .._models import BaseModel


class Embedding(BaseModel):
    embedding: list[float]
    index: int = 0
    """The place of its text in the request; Google's JSON leaves a zero out."""
    object: Literal["embedding"]


class Usage(BaseModel):
    """Zeros where the server does not say: Gemini does not."""

    prompt_tokens: int = 0
    total_tokens: int = 0


class CreateEmbeddingResponse(BaseModel):
    data: list[Embedding]
    model: str
    object: Literal["list"]
    usage: Usage = pydantic.Field(default_factory=Usage)
