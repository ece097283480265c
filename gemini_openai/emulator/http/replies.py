"""The replies that can be sent: whole, streamed, in pieces, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .json_values import compact

if TYPE_CHECKING:
    from .blob import Blob

Piece: TypeAlias = bytes | str | Mapping[str, Any]
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Reply:
    """An answer in one piece.

    The body is `json`, `text` or `body`, whichever is given. Google's usual response headers are
    sent; `headers` replaces some of them or adds others.
    """

    status: int = 200
    json: Any = None
    text: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def content(self) -> bytes:
        """The body as bytes."""
        if self.body is not None:
            return self.body
        if self.text is not None:
            return self.text.encode()
        return b"" if self.json is None else compact(self.json).encode()

    @property
    def content_type(self) -> str:
        """The media type, unless `headers` has another."""
        if self.text is not None:
            html = self.text.lstrip()[:1] == "<"
            return f"text/{'html' if html else 'plain'}; charset=UTF-8"
        return "application/json; charset=UTF-8" if self.status >= 400 else "application/json"


@dataclass(frozen=True)
class Sse:
    """A streamed answer.

    A piece is sent as one HTTP chunk: bytes and text as they are, a mapping as an event,
    `data: {…}`. Bytes alone are one piece.

    Attributes:
        pieces: What is sent, in this order.
        done: Whether `data: [DONE]` is sent after them. `None`: yes, unless a piece has it or the
            stream is held or cut.
        hold: Keep the connection open after the last piece, until the client or the emulator
            closes it.
        cut: Close the connection after the last piece, before the body is complete: after what was
            written has been delivered (`True`), or with a TCP reset (`"reset"`).
        pace: Seconds to wait before each piece but the first.
    """

    pieces: bytes | Sequence[Piece]
    done: bool | None = None
    hold: bool = False
    cut: bool | Literal["reset"] = False
    pace: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    content_type = "text/event-stream"

    @cached_property
    def chunks(self) -> list[bytes]:
        """The pieces as bytes, with `[DONE]` at the end if it is sent."""
        given = [self.pieces] if isinstance(self.pieces, bytes) else self.pieces
        chunks = [_event(piece) for piece in given]
        done = self.done
        if done is None:
            done = not (self.hold or self.cut or any(b"data: [DONE]" in chunk for chunk in chunks))
        return [*filter(None, chunks), DONE] if done else [*filter(None, chunks)]

    @cached_property
    def framed(self) -> bytes:
        """The pieces in HTTP/1.1 chunk framing, so that thousands of them are one write."""
        return b"".join([b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in self.chunks])


def _event(piece: Piece) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, str):
        return piece.encode()
    return f"data: {compact(piece)}\n\n".encode()


@dataclass(frozen=True)
class Drop:
    """A closed connection, or a reset one if `reset` is true; without `after`, no answer is sent.

    Attributes:
        after: `None`: nothing is done. A number, for the chunk of an upload: so many of its bytes
            are stored; if it has fewer, only the answer is lost. A number, for any other request:
            it is carried out, and so many bytes of its answer are sent.
    """

    reset: bool = False
    after: int | None = None


@dataclass(frozen=True)
class Stall:
    """No answer, ever: the connection stays open until the client or the emulator closes it."""


@dataclass(frozen=True)
class Download:
    """An answer whose body is read and sent in pieces, because it may not fit into memory."""

    blob: Blob
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int = 200


@dataclass(frozen=True)
class Deferred:
    """An answer that needs work first; each of `steps` takes a few milliseconds."""

    steps: Iterator[None]
    reply: Callable[[], Reply]


Rendered: TypeAlias = Reply | Sse | Download | Deferred
