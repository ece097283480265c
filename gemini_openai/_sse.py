"""Bytes, cut anywhere, to server-sent events. Grammar: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic_core import from_json

UNFRAMED = "unframed"
"""The `event` of JSON that stood in the stream without the framing of an event."""

_BOM = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """One event; `data` is UTF-8, its lines joined by newlines."""

    data: bytes
    event: str | None = None
    id: str | None = None
    retry: int | None = None

    def json(self) -> Any:
        """The data as JSON. Raises `ValueError` when it is none."""
        return from_json(self.data)


class SSEDecoder:
    """Collects bytes until an event is whole.

    The cost is linear in the bytes, however they are cut: nothing is searched or copied twice.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._after_cr = False
        self._at_start = True
        self._last_id: str | None = None

    def feed(self, block: bytes) -> list[ServerSentEvent]:
        """The events that `block` completes."""
        if self._after_cr or b"\r" in block:
            block = self._with_plain_newlines(block)
        buffer = self._buffer
        buffer += block
        if self._at_start:
            if buffer.startswith(_BOM):
                del buffer[: len(_BOM)]
            self._at_start = _BOM.startswith(bytes(buffer[: len(_BOM)]))
        events: list[ServerSentEvent] = []
        start, search = 0, self._searched
        while (end := buffer.find(b"\n\n", search)) >= 0:
            event = self._event(bytes(buffer[start:end]))
            start = search = end + 2
            if event is not None:
                events.append(event)
        if start:
            del buffer[:start]
        # The last byte may be the first half of a separator.
        self._searched = max(len(buffer) - 1, 0)
        return events

    def flush(self) -> list[ServerSentEvent]:
        """The event that was complete but for the blank line after it, if there is one.

        The standard drops it; servers that forget the last newline are common, so it is given.
        """
        rest = bytes(self._buffer).rstrip(b"\n")
        self._buffer.clear()
        self._searched = 0
        event = self._event(rest) if rest else None
        return [] if event is None else [event]

    def _with_plain_newlines(self, block: bytes) -> bytes:
        r"""`block` with `\r\n` and `\r` as `\n`, a `\r\n` split between blocks counted once."""
        if self._after_cr and block.startswith(b"\n"):
            block = block[1:]
            self._after_cr = False
            if not block:
                return block
        self._after_cr = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _event(self, block: bytes) -> ServerSentEvent | None:
        if block.startswith(b"data: ") and b"\n" not in block:
            return ServerSentEvent(block[6:], None, self._last_id)
        data: list[bytes] = []
        event = retry = None
        for line in block.split(b"\n"):
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"data":
                data.append(value)
            elif name == b"event":
                event = value.decode("utf-8", "replace")
            elif name == b"id" and b"\0" not in value:
                self._last_id = value.decode("utf-8", "replace")
            elif name == b"retry" and value.isdigit():
                retry = int(value)
        if not data:
            # Some servers break off with a bare JSON error between events, without `data:`.
            bare = block.strip()
            return ServerSentEvent(bare, UNFRAMED) if bare.startswith((b"{", b"[")) else None
        return ServerSentEvent(b"\n".join(data), event, self._last_id, retry)
