"""The videos in the making."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files import StoredFile
    from .jobs import Progress


@dataclass
class Video:
    """A video in the making."""

    id: str
    model: str
    prompt: str
    progress: Progress
    file: StoredFile | None = None
