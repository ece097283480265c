"""Read piece by piece what can be given as a file: the whole is never in memory."""

from __future__ import annotations

import io
import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .._call.multipart import name_of_file, split_file

if TYPE_CHECKING:
    from typing_extensions import Self

JSON_LINES = "application/jsonl"


class Source:
    """A file to upload. Use it in a `with` block, which closes what was opened here.

    Attributes:
        name: of the file, without its folder.
        mime_type: as given, else by the name.
        size: in bytes; None if the file cannot say.
    """

    def __init__(self, file: Any, *, name: str, mime_type: str, owned: bool) -> None:
        self.name = name
        self.mime_type = mime_type
        self._file = file
        self._owned = owned
        self._piece, self._piece_at = b"", 0
        self._start = file.tell() if _seekable(file) else None
        self.size = None
        if self._start is not None:
            self.size = file.seek(0, os.SEEK_END) - self._start

    def read(self, offset: int, size: int) -> bytes:
        """`size` bytes from `offset` on; fewer only at the end.

        A file that cannot seek can be read on, and once more within the last piece.

        Raises `OSError` when the file cannot be read (again), `TypeError` when it gives text.
        """
        if self._start is not None:
            self._file.seek(self._start + offset)
            return self._read(size)
        known = self._piece_at + len(self._piece)
        if not self._piece_at <= offset <= known:
            raise OSError(
                f"The upload must go on from byte {offset}, and {self.name} cannot be read again "
                "from there, since it is not a file on disk. Save it first, and upload that."
            )
        kept = self._piece[offset - self._piece_at :]
        self._piece, self._piece_at = kept + self._read(size - len(kept)), offset
        return self._piece[:size]

    def _read(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size > 0 and (piece := self._file.read(size)):
            if isinstance(piece, str):
                raise TypeError(f"{self.name} is open as text. Open it with mode 'rb'.")
            pieces.append(piece)
            size -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._owned:
            self._file.close()


def open_source(file: object, *, default_type: str | None = None) -> Source:
    """Open what `files.create` takes: bytes, an open file, a path, or a tuple with a name.

    `default_type` is the MIME type of a file whose name does not tell.

    Raises `OSError` when a path cannot be opened, `RuntimeError` for what is not a file.
    """
    given_name, content, *more = split_file("file", file)
    own_name = name_of_file("file", content)  # even if it is not used: this checks the content
    name = given_name or own_name
    stream = content
    if isinstance(content, os.PathLike):
        path = Path(cast("os.PathLike[str]", content))
        stream = path.open("rb")
    elif isinstance(content, (bytes, bytearray)):
        stream = io.BytesIO(content)
    given_type = more[0] if more else None
    return Source(
        stream,
        name=name,
        mime_type=given_type or _type_of(name) or default_type or "application/octet-stream",
        owned=stream is not content,
    )


def _type_of(name: str) -> str | None:
    # Few systems have a type for it: https://github.com/googleapis/python-genai/issues/1248
    return JSON_LINES if name.lower().endswith(".jsonl") else mimetypes.guess_type(name)[0]


def _seekable(file: Any) -> bool:
    try:
        return bool(file.seekable())
    except AttributeError:
        return hasattr(file, "seek") and hasattr(file, "tell")
