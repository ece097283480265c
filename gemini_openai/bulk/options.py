"""The keywords of `client.map`, `embeddings.create_many` and `batches.run`.

Evaluated when imported, so that `help` and `inspect.signature` show types and not their names.
"""

import os
from collections.abc import Callable
from typing import Any, Generic, Literal

from typing_extensions import Required, TypedDict

from .._types import Body, Maybe, RequestExtras
from ..types.chat.completion_create_params import (
    CompletionParamsAfterFormat,
    OptionalParamsBeforeFormat,
)
from ..types.embedding_create_params import EmbeddingModel
from ..types.gemini_options import GeminiOptions
from ..types.shared.chat_model import ChatModel
from .batches.state import BatchProgress
from .calls import RequestT
from .rate_limit import RateLimiter


class LimitOptions(TypedDict, total=False):
    """How fast calls are made."""

    concurrency: int
    look_ahead: int | None
    rpm: float | None
    tpm: float | None
    limiter: RateLimiter | None


class MapOptions(LimitOptions, Generic[RequestT], total=False):
    """What `client.map` takes beside the requests and `call`."""

    tokens: Callable[[RequestT], float]
    ordered: bool


class ManyParams(LimitOptions, RequestExtras, total=False):
    """What `create_many` takes beside the texts and `as_numpy`."""

    model: Required[str | EmbeddingModel]
    dimensions: Maybe[int]
    user: Maybe[str]
    on_progress: Callable[[int], object] | None


class RunOptions(TypedDict, total=False):
    """How `batches.run` goes about it."""

    directory: str | os.PathLike[str] | None
    resume: str | os.PathLike[str] | None
    begin_lost_jobs: bool
    endpoint: str | None
    on_progress: Callable[[BatchProgress], Any] | None
    concurrency: int
    max_rows_per_job: int
    max_bytes_per_job: int
    poll_interval: float
    max_poll_interval: float


class RunParams(
    RunOptions, OptionalParamsBeforeFormat, CompletionParamsAfterFormat, GeminiOptions, total=False
):
    """What `batches.run` takes beside the requests and `response_format`.

    Behind its own options: the parameters of chat and embeddings, for every row without them.
    """

    model: Maybe[str | ChatModel]
    dimensions: Maybe[int]
    encoding_format: Maybe[Literal["float", "base64"]]
    extra_body: Body | None
