"""Make the files that are returned as generated pictures and videos."""

from __future__ import annotations

import hashlib
import struct
import zlib

_SIDE = 8  # pixels
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(prompt: str) -> bytes:
    """An 8 by 8 picture in one colour, which depends on the prompt."""
    colour = hashlib.sha256(prompt.encode()).digest()[:3]
    rows = (b"\x00" + colour * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        _PNG_SIGNATURE
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", zlib.compress(rows))
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def mp4(prompt: str) -> bytes:
    """The header of an MP4 file, followed by the prompt as its data; no player can show it."""
    brands = b"isom" + struct.pack(">I", 512) + b"isomiso2mp41"
    return _box(b"ftyp", brands) + _box(b"mdat", f"[emulator] {prompt}".encode())


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + kind + data
