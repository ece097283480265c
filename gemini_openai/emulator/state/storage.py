"""The storage of an emulator: files, uploads, batches and videos, by id."""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING

from .files import StoredFile, Upload
from .jobs import Job, Progress

if TYPE_CHECKING:
    from .batches import Batch
    from .videos import Video

GRANULARITY = 8 << 20  # bytes [recorded]
MAX_FILE_BYTES = 2 << 30  # [Google]
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_VIDEO = Job(polls=1, seconds=5.0)  # Google looks at videos before they can be used
_AT_ONCE = Job(polls=0)


class Storage:
    """Files, uploads, batches and videos by id, newest last.

    Args:
        max_file_bytes: Larger files are refused when their upload starts.
        granularity: All chunks but the last must be multiples of so many bytes.
        batch_job: How batches proceed for which no `Job` was scripted.
        video_job: The same for videos.
        processing: How uploaded files become `ACTIVE`; `None`: videos at the second
            retrieval, others at once.
    """

    def __init__(
        self,
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
        granularity: int = GRANULARITY,
        batch_job: Job | None = None,
        video_job: Job | None = None,
        processing: Job | None = None,
    ) -> None:
        self.max_file_bytes = max_file_bytes
        self.granularity = granularity
        self.batch_job = batch_job or Job()
        self.video_job = video_job or Job(polls=2, seconds=60.0)
        self.processing = processing
        self.files: dict[str, StoredFile] = {}
        self.uploads: dict[str, Upload] = {}
        self.batches: dict[str, Batch] = {}
        self.videos: dict[str, Video] = {}
        self._count = itertools.count(1)

    def clear(self) -> None:
        """Remove everything; new ids still differ from all earlier ones."""
        for kept in (self.files, self.uploads, self.batches, self.videos):
            kept.clear()

    def new_id(self, length: int) -> str:
        """A new id of lower-case letters and digits."""
        digest = hashlib.sha512(f"id {next(self._count)}".encode()).digest()
        return "".join(_DIGITS[byte % 36] for byte in digest[:length])

    def new_file(
        self,
        mime_type: str,
        now: float,
        *,
        id: str = "",
        display_name: str = "",
        generated: bool = False,
        purpose: str = "",
        job: Job | None = None,
    ) -> StoredFile:
        """An empty file, which is stored only by `keep`."""
        usual = self.processing or (_VIDEO if mime_type.startswith("video/") else _AT_ONCE)
        return StoredFile(
            id=id or self.new_id(12),
            mime_type=mime_type,
            created=now,
            progress=Progress(_AT_ONCE if generated else job or usual, now),
            display_name=display_name,
            generated=generated,
            purpose=purpose,
        )

    def keep(self, file: StoredFile) -> None:
        """Store a file."""
        self.files[file.id] = file

    def file(self, name: str, now: float) -> StoredFile | None:
        """The file of that id or name, unless it has expired."""
        file = self.files.get(name.removeprefix("files/"))
        if file is not None and file.expired(now):
            self.files.pop(file.id, None)
            return None
        return file

    def all_files(self, now: float) -> list[StoredFile]:
        """The files that have not expired, newest first."""
        return [file for file in reversed([*self.files.values()]) if not file.expired(now)]
