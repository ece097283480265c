"""Vectors for texts."""

from typing import Literal

import pydantic

from .._models import BaseModel


class Embedding(BaseModel):
    embedding: list[float]
    index: int = 0
    """The position of its text in the request; Google's JSON omits a zero."""
    object: Literal["embedding"]


class Usage(BaseModel):
    """Zeros if the server sends no usage; Gemini sends none."""

    prompt_tokens: int = 0
    total_tokens: int = 0


class CreateEmbeddingResponse(BaseModel):
    data: list[Embedding]
    model: str
    object: Literal["list"]
    usage: Usage = pydantic.Field(default_factory=Usage)
