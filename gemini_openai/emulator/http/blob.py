"""Store bytes that arrive in pieces, on disk once they are many, and read them at any position."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import weakref
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = 1 << 20  # bytes; what is larger goes to disk
PIECE = 1 << 18  # bytes read at a time
HASHED = 1 << 16  # bytes; a CRC-32C takes Python 0.1 s for a megabyte


class Blob:
    """A file that grows at its end. Only one thread at a time may use it: the server's."""

    def __init__(self, content: bytes = b"") -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        # An unclosed file on disk would give a ResourceWarning when it is collected.
        weakref.finalize(self, self._file.close)
        self._sha256 = hashlib.sha256()
        self.size = 0
        self.append(content)

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._file.seek(self.size)
        self._file.write(data)
        self._sha256.update(data)
        self.size += len(data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """The bytes from `start`, all of them unless `length` says how many."""
        self._file.seek(start)
        return self._file.read(-1 if length is None else length)

    def pieces(self) -> Iterator[bytes]:
        """The content, a quarter of a megabyte at a time."""
        for start in range(0, self.size, PIECE):
            yield self.read(start, PIECE)

    def lines(self) -> Iterator[bytes]:
        """The lines without their ends; blank ones are left out."""
        rest = b""
        for piece in self.pieces():
            *whole, rest = (rest + piece).split(b"\n")
            yield from filter(None, map(bytes.strip, whole))
        if rest := rest.strip():
            yield rest

    @property
    def sha256(self) -> str:
        """The checksum in hexadecimal digits."""
        return self._sha256.hexdigest()

    @property
    def crc32c(self) -> str | None:
        """The checksum as `X-Goog-Hash` has it, in base64; `None` for more than 64 KiB."""
        if self.size > HASHED:
            return None
        return base64.b64encode(_crc32c(self.read()).to_bytes(4, "big")).decode()


def _crc32c(data: bytes) -> int:
    table = _table()
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> list[int]:
    table: list[int] = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)  # Castagnoli, reflected
        table.append(value)
    return table
