"""The parameters of `files.list`."""

from typing import Literal

from typing_extensions import TypedDict

from .._types import Maybe


class FileListParams(TypedDict, total=False):
    after: Maybe[str]
    limit: Maybe[int]
    order: Maybe[Literal["asc", "desc"]]
    purpose: Maybe[str]
