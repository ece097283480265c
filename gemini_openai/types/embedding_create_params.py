"""The parameters of `embeddings.create`."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe, SequenceNotStr

EmbeddingModel: TypeAlias = Literal["gemini-embedding-001", "gemini-embedding-2"]
"""For completion in editors: `client.models.list()` has those of today."""


class EmbeddingCreateParams(TypedDict, total=False):
    input: Required[str | SequenceNotStr[str] | Iterable[int] | Iterable[Iterable[int]]]
    """At most 100 texts in one request. Gemini takes no tokens, only text."""

    model: Required[str | EmbeddingModel]
    dimensions: Maybe[int]
    encoding_format: Maybe[Literal["float", "base64"]]
    user: Maybe[str]
