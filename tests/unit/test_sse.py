"""Server-sent events: what the standard says, and what servers do besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gemini_openai._call.sse import UNFRAMED, EventFrames, ServerSentEvent, read_event
from gemini_openai._streaming import SSEDecoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def decode(*blocks: bytes) -> list[ServerSentEvent]:
    frames = EventFrames()
    found = [frame for block in blocks for frame in frames.feed(block)] + frames.flush()
    return [event for event in map(read_event, found) if event is not None]


@pytest.mark.parametrize(
    ("written", "data"),
    [
        (b"data: one\n\n", [b"one"]),
        (b"data: one\r\n\r\ndata: two\r\n\r\n", [b"one", b"two"]),
        (b"data: one\r\rdata: two\r\r", [b"one", b"two"]),
        (b"data:no space\n\n", [b"no space"]),
        (b"data:  two spaces\n\n", [b" two spaces"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b": a comment\n\ndata: x\n\n", [b"x"]),
        (b"event: ping\n\n", []),
        (b"data\n\n", [b""]),
        (b"\n\n\n\ndata: x\n\n\n\n", [b"x"]),
        (b"data: last line has no end", [b"last line has no end"]),
        (b"\xef\xbb\xbfdata: after a mark\n\n", [b"after a mark"]),
        (b"unknown: field\ndata: x\n\n", [b"x"]),
    ],
)
def test_the_standard_is_kept(written: bytes, data: list[bytes]) -> None:
    assert [event.data for event in decode(written)] == data
    assert [
        event.data for event in decode(*(written[i : i + 1] for i in range(len(written))))
    ] == data


def test_the_other_fields_are_read() -> None:
    (event,) = decode(b"event: e\nid: 7\nretry: 10\ndata: x\n\n")
    assert event == ServerSentEvent(b"x", "e", "7", 10)


def test_utf8_may_be_cut_within_a_character() -> None:
    data = "data: müßig 🦊\n\n".encode()
    for place in range(len(data)):
        (event,) = decode(data[:place], data[place:])
        assert event.data.decode() == "müßig 🦊"


def test_bare_json_between_events_is_marked() -> None:
    one, error = decode(b'data: x\n\n[{\n  "error": {}\n}\n]\n')
    assert one.data == b"x"
    assert error.event == UNFRAMED
    assert error.json() == [{"error": {}}]


def test_the_work_grows_with_the_bytes_and_not_with_their_square() -> None:
    # A long event in small pieces: each byte is searched once, plus one at each cut.
    frames = EventFrames()
    pieces = 2000
    for _ in range(pieces):
        assert frames.feed(b"data: " if not frames._buffer else b"x" * 50) == []
        assert frames._searched == len(frames._buffer) - 1
    assert len(frames.feed(b"\n\n")) == 1
    assert frames._buffer == b""


# --- the class that frameworks import ---

BLOCKS = [b"event: e\nda", "ta: müßig\n\n".encode(), b": comment\n\n", b"{}\n\ndata: last"]
EVENTS = [("müßig", "e"), ("last", None)]


def test_the_decoder_of_frameworks_gives_the_data_as_text() -> None:
    events = list(SSEDecoder().iter_bytes(iter(BLOCKS)))
    assert [(event.data, event.event) for event in events] == EVENTS


async def test_the_decoder_of_frameworks_does_so_in_an_event_loop() -> None:
    async def blocks() -> AsyncIterator[bytes]:
        for block in BLOCKS:
            yield block

    events = [event async for event in SSEDecoder().aiter_bytes(blocks())]
    assert [(event.data, event.event) for event in events] == EVENTS
