"""The parameters of `batches.create`."""

from typing import Literal

from typing_extensions import Required, TypedDict

from .._types import Maybe
from .shared.metadata import Metadata


class OutputExpiresAfter(TypedDict, total=False):
    anchor: Required[Literal["created_at"]]
    seconds: Required[int]


class BatchCreateParams(TypedDict, total=False):
    completion_window: Required[Literal["24h"]]
    endpoint: Required[
        Literal[
            "/v1/responses",
            "/v1/chat/completions",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations",
            "/v1/images/generations",
            "/v1/images/edits",
            "/v1/videos",
        ]
    ]
    """Gemini offers batches for `/v1/chat/completions` and `/v1/embeddings`."""

    input_file_id: Required[str]
    metadata: Maybe[Metadata | None]
    output_expires_after: Maybe[OutputExpiresAfter]
