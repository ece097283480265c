"""What the server sends; the first part of a URL's path names it.

`whole`, `long` (an answer of 128,000 tokens), `models`, `embeddings` (as many as the request asks
for), and `stream-KIND-COUNT-BLOCK`: chunks of a kind of `recorded.events`, so many events in a
block of bytes that is sent at once. Behind it `-gzip` compresses as Google does, and `-held` sends
the first block and no more.
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import NamedTuple

from . import recorded

LONG = recorded.TEXT * (128_000 * 4 // len(recorded.TEXT))


class Stream(NamedTuple):
    """A streamed answer: each block is sent when the one before has been read."""

    head: bytes
    blocks: list[bytes]
    held: bool


@lru_cache(maxsize=64)
def whole(path: str) -> bytes | None:
    """The answer to a request whose body does not matter."""
    name, _, route = path.lstrip("/").partition("/")
    if route.startswith("v1beta/models/"):
        return _json(recorded.native_answer())
    if name == "models":
        return _json(recorded.models())
    if name in {"whole", "long"}:
        return _json(recorded.answer(LONG if name == "long" else recorded.TEXT))
    return None


@lru_cache(maxsize=8)
def embeddings(count: int) -> bytes:
    """The answer to a request for so many vectors."""
    return _json(recorded.embeddings(count))


def embedded(body: bytes) -> bytes:
    """The answer to a request for vectors."""
    asked = json.loads(body)["input"]
    return embeddings(len(asked) if isinstance(asked, list) else 1)


@lru_cache(maxsize=16)
def streamed(path: str) -> Stream:
    """A stream, cut into blocks. Every event is a chunk of the body, as Google sends it."""
    name, _, route = path.lstrip("/").partition("/")
    _, kind, count, block, *more = name.split("-")
    native = route.startswith("v1beta/models/")
    events = recorded.native_events(int(count)) if native else recorded.events(kind, int(count))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + recorded.headers()
    if "gzip" in more:
        events = _compressed(events, int(block))
        head += b"Content-Encoding: gzip\r\n"
    blocks = [
        b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in events[first : first + size])
        for size in (1 if "gzip" in more else int(block),)
        for first in range(0, len(events), size)
    ]
    blocks[-1] += b"0\r\n\r\n"
    return Stream(head + b"Transfer-Encoding: chunked\r\n\r\n", blocks, "held" in more)


def _compressed(events: list[bytes], block: int) -> list[bytes]:
    """One piece for each block, each of which can be read without the next."""
    gzip = zlib.compressobj(wbits=31)
    pieces = [
        gzip.compress(b"".join(events[first : first + block])) + gzip.flush(zlib.Z_SYNC_FLUSH)
        for first in range(0, len(events), block)
    ]
    pieces[-1] += gzip.flush()
    return pieces


def _json(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n"
        + recorded.headers()
        + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
