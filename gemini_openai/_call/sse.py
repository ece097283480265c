"""Find server-sent events in bytes that are cut anywhere.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic_core import from_json

from .._primitives.json_types import BOM

UNFRAMED = "unframed"
"""The `event` of JSON that stood in the stream without the framing of an event."""


class ServerSentEvent(NamedTuple):
    """One event; `data` is UTF-8, its lines joined by newlines."""

    data: bytes
    event: str | None = None
    id: str | None = None
    retry: int | None = None

    def json(self) -> Any:
        """The data as JSON. Raises `ValueError` when it is none."""
        return from_json(self.data)


class EventFrames:
    r"""Cuts a stream of bytes at blank lines, into one frame for each event.

    Line ends come out as `\n`. The cost is linear in the bytes, however they arrive: nothing is
    searched or copied twice.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._after_cr = False
        self._at_start = True

    def feed(self, block: bytes) -> list[bytes]:
        """The frames that `block` completes."""
        if self._after_cr or b"\r" in block:
            block = self._with_plain_newlines(block)
        if self._at_start:
            block = self._without_bom(block)
        buffer = self._buffer
        if not buffer and block.endswith(b"\n\n"):  # whole events: how servers nearly always write
            return block[:-2].split(b"\n\n")
        buffer += block
        frames: list[bytes] = []
        start, search = 0, self._searched
        while (end := buffer.find(b"\n\n", search)) >= 0:
            frames.append(bytes(buffer[start:end]))
            start = search = end + 2
        if start:
            del buffer[:start]
        self._searched = max(len(buffer) - 1, 0)  # the last byte may be half a separator
        return frames

    def flush(self) -> list[bytes]:
        """The frame that had begun and lacks its blank line.

        The standard drops it; servers that forget the last newline are common, so it is given.
        """
        rest = bytes(self._buffer).strip(b"\n")
        self._buffer.clear()
        self._searched = 0
        return [rest] if rest else []

    def _with_plain_newlines(self, block: bytes) -> bytes:
        r"""`block` with `\r\n` and `\r` as `\n`, a `\r\n` split between blocks counted once."""
        if self._after_cr and block.startswith(b"\n"):
            block = block[1:]
            if not block:
                self._after_cr = False
                return block
        self._after_cr = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _without_bom(self, block: bytes) -> bytes:
        start = bytes(self._buffer) + block
        if len(start) < len(BOM) and BOM.startswith(start):
            return block  # cannot be told yet
        self._at_start = False
        self._buffer.clear()
        return start.removeprefix(BOM)


def read_event(frame: bytes) -> ServerSentEvent | None:
    """The event in a frame; None for comments and for events without data."""
    data: list[bytes] = []
    event = identity = retry = None
    for line in frame.split(b"\n"):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            identity = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit():
            retry = int(value)
    if data:
        return ServerSentEvent(b"\n".join(data), event, identity, retry)
    # Some servers break off with a bare JSON error between events, without `data:`.
    bare = frame.strip()
    return ServerSentEvent(bare, UNFRAMED) if bare.startswith((b"{", b"[")) else None
