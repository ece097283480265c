"""The parameters of `embeddings.create`."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe, SequenceNotStr

EmbeddingModel: TypeAlias = Literal["gemini-embedding-001", "gemini-embedding-2"]
"""For completion in editors: `client.models.list()` has those of today."""


class EmbeddingCreateParams(TypedDict, total=False):
    input: Required[str | SequenceNotStr[str] | Iterable[int] | Iterable[Iterable[int]]]
    """A text, or any number of them: Gemini takes 100 in a request, and more are sent in several.
    It takes no tokens."""

    model: Required[str | EmbeddingModel]
    dimensions: Maybe[int]
    encoding_format: Maybe[Literal["float", "base64"]]
    """`float` if not given, where `openai` asks for base64 and decodes it."""

    user: Maybe[str]
