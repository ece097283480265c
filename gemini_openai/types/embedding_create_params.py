"""The parameters of `embeddings.create`."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe, SequenceNotStr

EmbeddingModel: TypeAlias = Literal["gemini-embedding-001", "gemini-embedding-2"]
"""Suggestions for editors; `client.models.list()` has all current models."""


class EmbeddingCreateParams(TypedDict, total=False):
    input: Required[str | SequenceNotStr[str] | Iterable[int] | Iterable[Iterable[int]]]
    """A text, or any number of texts. Gemini accepts 100 in a request; more are sent in several
    requests. It does not accept tokens."""

    model: Required[str | EmbeddingModel]
    dimensions: Maybe[int]
    encoding_format: Maybe[Literal["float", "base64"]]
    """`float` if not given; `openai` would ask for base64 and decode it."""

    user: Maybe[str]
