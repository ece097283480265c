"""The parameters of `files.create`."""

from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import FileTypes, Maybe

FilePurpose: TypeAlias = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]


class ExpiresAfter(TypedDict, total=False):
    anchor: Required[Literal["created_at"]]
    seconds: Required[int]


class FileCreateParams(TypedDict, total=False):
    file: Required[FileTypes]
    """At most 2 GB."""

    purpose: Required[FilePurpose]
    """Google's files have no purpose."""

    expires_after: Maybe[ExpiresAfter]
    """Google keeps every file for 48 hours, whatever this says."""
