"""An uploaded or generated file."""

from typing import Literal, TypeAlias

from .._models import BaseModel

FileContent: TypeAlias = str


class FileObject(BaseModel):
    id: str
    """`files/` and at most 40 characters; longer for some generated files."""
    bytes: int
    created_at: int
    filename: str
    object: Literal["file"]
    purpose: Literal[
        "assistants",
        "assistants_output",
        "batch",
        "batch_output",
        "fine-tune",
        "fine-tune-results",
        "vision",
        "user_data",
    ]
    status: Literal["uploaded", "processed", "error"]
    expires_at: int | None = None
    """Unix time in seconds. Google keeps an upload for 48 hours."""
    status_details: str | None = None


class FileDeleted(BaseModel):
    id: str
    deleted: bool
    object: Literal["file"]
