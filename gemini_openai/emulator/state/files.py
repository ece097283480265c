"""The files as Google stores them: uploaded in chunks or generated, deleted after 48 hours."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal

from ..http.blob import Blob
from .jobs import LIFE, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_ID = 40  # characters [reported: GetFileRequest.name]
MAX_DISPLAY_NAME = 512  # characters [Google]
_ID = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_INTERNAL = 13  # google.rpc.Code


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

    def resource(self, origin: str, now: float) -> dict[str, Any]:
        """The `File` of Google's own API, its keys in the recorded order."""
        uri = f"{origin}/v1beta/{self.name}"
        state = self.state(now)
        out: dict[str, Any] = {"name": self.name}
        if self.display_name:
            out["displayName"] = self.display_name
        out |= {
            "mimeType": self.mime_type,
            "sizeBytes": str(self.size),
            "createTime": rfc3339(self.created),
            "updateTime": rfc3339(self.created),
            "expirationTime": rfc3339(self.created + LIFE),
            # Of the digits, not of the bytes, as recorded.
            "sha256Hash": base64.b64encode(self.sha256.encode()).decode(),
            "uri": uri,
            "state": state,
            "source": "GENERATED" if self.generated else "UPLOADED",
        }
        if state == "FAILED":
            out["error"] = {"code": _INTERNAL, "message": self.progress.job.message}
        if self.generated:
            out["downloadUri"] = f"{uri}:download?alt=media"
        return out


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


def bad_id(id: str) -> str | None:
    """What is wrong with the id of a file, in Google's words where they are known."""
    if len(id) > MAX_ID:
        return f"File ID (name excluding 'files/') cannot be more than {MAX_ID} characters."
    if not _ID.fullmatch(id):
        return (
            "File ID (name excluding 'files/') must consist of lowercase alphanumeric characters "
            "or dashes, and cannot begin or end with a dash."
        )
    return None


def metadata(body: Mapping[str, Any], *names: str) -> str:
    """The text of an upload's metadata under the first of its spellings that is present."""
    return next((value for name in names if isinstance(value := body.get(name), str)), "")


def rfc3339(seconds: float) -> str:
    """The time as Google writes it, with microseconds."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
