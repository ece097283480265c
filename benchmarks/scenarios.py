"""What the server sends; the first part of a URL's path names it.

`whole`, `long` (an answer of 128,000 tokens), `models`, `embeddings` (as many as the request asks
for), and `stream-KIND-COUNT-BLOCK-WRITTEN`: chunks of a kind of `recorded.events`, BLOCK events in
each chunk of the body, and WRITTEN of them at once. Google sends each event as a block of its own;
where it compresses, or a proxy is between, several come in one. Behind it `-gzip` compresses as
Google does, and `-held` sends the first part and no more.
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from . import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = recorded.TEXT * (128_000 * 4 // len(recorded.TEXT))


class Stream(NamedTuple):
    """A streamed answer: each part is sent when the one before has been read."""

    head: bytes
    parts: list[bytes]
    held: bool


@lru_cache(maxsize=64)
def whole(path: str) -> bytes | None:
    """The answer to a request whose body does not matter."""
    name, _, route = path.lstrip("/").partition("/")
    if "generatecontent" in route:  # in lower case, as the server reads it
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
    """A stream, cut into the parts that are written at once."""
    name, _, route = path.lstrip("/").partition("/")
    _, kind, count, block, written, *more = name.split("-")
    native = "generatecontent" in route
    events = recorded.native_events(int(count)) if native else recorded.events(kind, int(count))
    blocks = [b"".join(some) for some in _cut(events, int(block))]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + recorded.headers()
    if "gzip" in more:
        blocks = _compressed(blocks)
        head += b"Content-Encoding: gzip\r\n"
    framed = [b"%x\r\n%b\r\n" % (len(block), block) for block in blocks]
    parts = [b"".join(some) for some in _cut(framed, int(written) // int(block))]
    parts[-1] += b"0\r\n\r\n"
    return Stream(head + b"Transfer-Encoding: chunked\r\n\r\n", parts, "held" in more)


def _cut(items: list[bytes], size: int) -> Iterator[list[bytes]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def _compressed(blocks: list[bytes]) -> list[bytes]:
    """The blocks, each of which can be read without the next."""
    gzip = zlib.compressobj(wbits=31)
    pieces = [gzip.compress(block) + gzip.flush(zlib.Z_SYNC_FLUSH) for block in blocks]
    pieces[-1] += gzip.flush()
    return pieces


def _json(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n"
        + recorded.headers()
        + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
