"""The videos that are being made, or are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files import StoredFile
    from .jobs import Progress


@dataclass
class Video:
    """A video job, and its file once it is done."""

    id: str
    model: str
    prompt: str
    progress: Progress
    file: StoredFile | None = None
