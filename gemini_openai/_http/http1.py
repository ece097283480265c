"""Write requests and parse answers of HTTP/1.1, without I/O; httptools does the parsing, in C."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httptools
import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

MAX_BARE_BYTES = 100 * 1024
"""Bytes of headers and framing in a row, without any of a body: what h11 takes under httpx."""

_TOKEN = rb"[-!#$%&'*+.^_`|~0-9a-zA-Z]+"
_TEXT = rb"[^\x00\s]+(?:[ \t]+[^\x00\s]+)*"
_HEAD = re.compile(
    rb"%b [\x21-\x7e\x80-\xff]+ HTTP/1\.1\r\n(?:%b: (?:%b)?\r\n)*\r\n" % (_TOKEN, _TOKEN, _TEXT)
)


def written_head(request: httpx.Request) -> bytes:
    """The request line and headers. Raises `LocalProtocolError` for what is not to be sent.

    No header can end its line and begin another, or another request.
    """
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [name + b": " + value for name, value in request.headers.raw]
    head = b"\r\n".join(lines) + b"\r\n\r\n"
    if _HEAD.fullmatch(head) is None or head.count(b"\n") != len(lines) + 1:
        raise httpx.LocalProtocolError("Illegal method, path, header name or header value.")
    return head


def framed(request: httpx.Request) -> Framing:
    """How the body of this request is written."""
    headers = request.headers
    if "transfer-encoding" in headers:
        return Framing(None)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise httpx.LocalProtocolError("Illegal Content-Length header.")
    return Framing(int(length))


class Framing:
    """Writes a body: in chunks, or as long as the header says it is."""

    def __init__(self, left: int | None) -> None:
        self._left = left

    def pieces(self, piece: bytes) -> tuple[bytes, ...]:
        """What to send for a piece of the body."""
        if self._left is None:
            return (b"%x\r\n" % len(piece), piece, b"\r\n") if piece else ()
        self._left -= len(piece)
        if self._left < 0:
            raise httpx.LocalProtocolError("Too much data for declared Content-Length")
        return (piece,)

    def end(self) -> bytes:
        """What to send after the last piece."""
        if self._left is None:
            return b"0\r\n\r\n"
        if self._left:
            raise httpx.LocalProtocolError("Too little data for declared Content-Length")
        return b""


def blocks(head: bytes, framing: Framing, body: Any) -> Generator[bytes, None, None]:
    """Bytes to send at once: the head together with a small body."""
    waiting = head
    for part in body:
        for piece in framing.pieces(part):
            if len(waiting) + len(piece) <= _AT_ONCE:
                waiting += piece
            else:
                yield waiting
                waiting = piece
    yield waiting + framing.end()


_AT_ONCE = 1 << 16


class Answers:
    """The answers on a connection, one after another.

    Attributes:
        has_head: whether status and headers are there.
        is_whole: whether the body has ended.
        can_go_on: whether the connection can be used for another request.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.begin("")

    def begin(self, method: str) -> None:
        """Expect the answer to a request."""
        self._method = method
        self._bare = self._status = 0
        self.has_head = self.is_whole = self.can_go_on = False
        self._starts_anew()

    def _starts_anew(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self._reason: list[bytes] = []
        self._pieces: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Parse what came; b"" says that nothing will come. Raises `RemoteProtocolError`."""
        if self.is_whole:
            self.can_go_on = False  # what comes now answers nothing
        elif data:
            self._bare += len(data)
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade:
                self.has_head = self.is_whole = True
            except httptools.HttpParserError as failure:
                self._trouble(failure)
            if self._bare > MAX_BARE_BYTES and not self.is_whole:
                raise httpx.RemoteProtocolError(
                    f"The server sent more than {MAX_BARE_BYTES} bytes of headers."
                )
        else:
            self._end()

    def _trouble(self, failure: Exception) -> None:
        if not self.is_whole:
            raise httpx.RemoteProtocolError(str(failure)) from failure
        self.can_go_on = False  # it came behind the answer

    def _end(self) -> None:
        if not self.has_head:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        if any(name.lower() in _FRAMED for name, _ in self.headers):
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
            )
        self.is_whole = True

    def take(self) -> bytes:
        """What there is of the body and was not yet taken."""
        pieces = self._pieces
        if not pieces:
            return b""
        self._pieces = []
        self.size = 0
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def response(self, stream: Any, network_stream: Any) -> httpx.Response:
        """The answer, whose body is that stream."""
        return httpx.Response(
            self._status,
            headers=self.headers,
            stream=stream,
            extensions={
                "http_version": b"HTTP/" + self._parser.get_http_version().encode(),
                "reason_phrase": b"".join(self._reason),
                "network_stream": network_stream,
            },
        )

    # What httptools calls.

    def on_message_begin(self) -> None:
        """Begin an answer; the first may be one that only says that another will follow."""
        if self.is_whole:
            raise ValueError("This answers no request.")
        self._starts_anew()

    def on_status(self, status: bytes) -> None:
        """Take the reason phrase, or a part of it."""
        self._reason.append(status)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows a body in chunks is left out, as httpx does."""
        if not self.has_head:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """End the head, unless it is of an interim answer."""
        self._status = status = self._parser.get_status_code()
        if status >= 200 or status == 101:
            self.has_head = True
            self.is_whole = self._method == "HEAD"

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if not self.is_whole:
            self._bare = 0
            self._pieces.append(body)
            self.size += len(body)

    def on_message_complete(self) -> None:
        """End the answer."""
        if self.has_head and not self.is_whole:
            self.is_whole = True
            self.can_go_on = self._parser.should_keep_alive()


_FRAMED = (b"content-length", b"transfer-encoding")
