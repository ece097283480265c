"""Parameters of the methods of `embeddings`."""

from typing_extensions import Required, TypedDict

from .._types import Maybe, RequestExtras
from ..types.embedding_create_params import EmbeddingModel


class CreateManyParams(RequestExtras, TypedDict, total=False):
    """What `create_many` puts into each request."""

    model: Required[str | EmbeddingModel]
    dimensions: Maybe[int]
    user: Maybe[str]
