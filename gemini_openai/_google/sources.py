"""Read piece by piece what can be given as a file: the whole is never in memory."""

from __future__ import annotations

import io
import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .._call.multipart import not_a_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from typing_extensions import Self

JSON_LINES = "application/jsonl"
UNNAMED = "upload"  # openai's name for a file that has none


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

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if self._owned:
            self._file.close()


def open_source(file: object, *, default_type: str | None = None) -> Source:
    """Open what `files.create` takes: bytes, an open file, a path, or a tuple with a name.

    `default_type` is the MIME type of a file whose name does not tell.

    Raises `OSError` when a path cannot be opened, `RuntimeError` for what is not a file.
    """
    name: str | None = None
    mime_type: str | None = None
    content, kind = file, type(file)
    if isinstance(file, tuple) and len(parts := cast("Sequence[Any]", file)) in {2, 3, 4}:
        name, content, *more = parts
        mime_type = more[0] if more else None
    if isinstance(content, os.PathLike):
        path = Path(cast("os.PathLike[str]", content))
        name = name or path.name
        stream: Any = path.open("rb")
    elif isinstance(content, (bytes, bytearray)):
        stream = io.BytesIO(content)
    elif isinstance(content, io.IOBase) or hasattr(content, "read"):
        stream = content
        given = getattr(content, "name", None)
        name = name or (Path(given).name if isinstance(given, str) else None)
    else:
        raise not_a_file("file", kind)
    name = name or UNNAMED
    return Source(
        stream,
        name=name,
        mime_type=mime_type or _type_of(name) or default_type or "application/octet-stream",
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
