"""The files as Google stores them: uploaded in chunks or generated, deleted after 48 hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..http.blob import Blob
from .jobs import LIFE, Progress


@dataclass
class StoredFile:
    """A file with its content and its metadata.

    Attributes:
        id: The id, which follows `files/` in its name.
        generated: Whether Gemini made it; only those can be downloaded.
        purpose: The `purpose` given to OpenAI's routes.
    """

    id: str
    mime_type: str
    created: float
    progress: Progress
    display_name: str = ""
    generated: bool = False
    purpose: str = ""
    blob: Blob = field(default_factory=Blob, repr=False)

    @property
    def name(self) -> str:
        """`files/…`."""
        return f"files/{self.id}"

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.blob.size

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal digits."""
        return self.blob.sha256

    def expired(self, now: float) -> bool:
        """Whether its 48 hours have passed."""
        return now >= self.created + LIFE

    def state(self, now: float) -> Literal["PROCESSING", "ACTIVE", "FAILED"]:
        """Whether it can be used."""
        if self.progress.fraction(now) < 1:
            return "PROCESSING"
        return "ACTIVE" if self.progress.job.end == "completed" else "FAILED"


@dataclass
class Upload:
    """A file that is being uploaded in chunks.

    Attributes:
        declared: The size in bytes that was announced, if any.
        writer: The chunk that is being received.
    """

    id: str
    file: StoredFile
    declared: int | None
    status: Literal["active", "final", "cancelled"] = "active"
    writer: object = field(default=None, repr=False)

    @property
    def received(self) -> int:
        """How many bytes have arrived."""
        return self.file.size
