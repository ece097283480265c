"""A batch of requests and its progress.

Gemini always sends `id` and `status`. The other fields are empty if the server does not send them.
"""

from typing import Literal

from .._models import BaseModel
from .shared.metadata import Metadata


class BatchError(BaseModel):
    code: str | None = None
    line: int | None = None
    message: str | None = None
    param: str | None = None


class Errors(BaseModel):
    data: list[BatchError] | None = None
    object: str | None = None


class BatchRequestCounts(BaseModel):
    """The number of requests; Google's JSON omits a zero."""

    completed: int = 0
    failed: int = 0
    total: int = 0


class InputTokensDetails(BaseModel):
    cached_tokens: int


class OutputTokensDetails(BaseModel):
    reasoning_tokens: int


class BatchUsage(BaseModel):
    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    output_tokens_details: OutputTokensDetails
    total_tokens: int


class Batch(BaseModel):
    id: str
    """`batches/` and 36 characters."""
    completion_window: str = "24h"
    created_at: int = 0
    """Unix time in seconds, like all fields that end in `_at`."""
    endpoint: str = ""
    input_file_id: str = ""
    object: Literal["batch"] = "batch"
    status: Literal[
        "validating",
        "failed",
        "in_progress",
        "finalizing",
        "completed",
        "expired",
        "cancelling",
        "cancelled",
    ]
    cancelled_at: int | None = None
    cancelling_at: int | None = None
    completed_at: int | None = None
    error_file_id: str | None = None
    errors: Errors | None = None
    expired_at: int | None = None
    expires_at: int | None = None
    failed_at: int | None = None
    finalizing_at: int | None = None
    in_progress_at: int | None = None
    metadata: Metadata | None = None
    model: str | None = None
    output_file_id: str | None = None
    """`files/batch-…`: `files.content` works for it, but Google refuses `files.retrieve`."""
    request_counts: BatchRequestCounts | None = None
    usage: BatchUsage | None = None
