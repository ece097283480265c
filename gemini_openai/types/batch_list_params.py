"""The parameters of `batches.list`."""

from typing_extensions import TypedDict

from .._types import Maybe


class BatchListParams(TypedDict, total=False):
    after: Maybe[str]
    limit: Maybe[int]
