"""Connections of the extra `fast`: for threads and for asyncio, with answers parsed in C.

They have the interface of httpcore's connections, as far as a pool uses it, and raise what httpx
does.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from contextlib import suppress
from itertools import zip_longest
from time import monotonic
from typing import TYPE_CHECKING, Any

import anyio
import httpx

from .http1 import Answers, blocks, framed, written_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    Key = tuple[bytes, bytes, int | None]

_READ = 1 << 16  # bytes at once
_MOST_WAITING = 1 << 18  # bytes of a body that nobody has taken yet
_HEAD_START = 0.25  # seconds, as RFC 8305 has it
_NONE: dict[str, Any] = {}


class _Connection:
    """What a connection of either kind knows of itself."""

    def __init__(self, key: Key, context: ssl.SSLContext | None, keepalive: float | None) -> None:
        self.key = key
        self._context = context
        self._keepalive = keepalive
        self._used_at = 0.0
        self._answers = Answers()
        self._network_stream: Any = None
        self._says_close = False

    @property
    def _address(self) -> tuple[str, int]:
        scheme, host, port = self.key
        return host.decode("ascii"), port or (443 if scheme == b"https" else 80)

    def _server_hostname(self, request: httpx.Request) -> str:
        name: str = request.extensions.get("sni_hostname") or self._address[0]
        return name

    def _begin(self, request: httpx.Request) -> bytes:
        head = written_head(request)
        self._says_close = b"\r\nconnection: close\r\n" in head.lower()
        self._answers.begin(request.method)
        return head

    def is_available(self) -> bool:
        """Whether it can be used for another request."""
        return self._answers.can_go_on and not self._says_close

    def rest(self) -> None:
        """Be idle from now on."""
        self._used_at = monotonic()

    def _is_old(self) -> bool:
        return self._keepalive is not None and monotonic() - self._used_at > self._keepalive


class _Socket:
    """A connected socket, with or without TLS, that raises errors of httpx."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._timeout = connected.gettimeout()

    def _wait_at_most(self, seconds: float | None) -> None:
        if seconds != self._timeout:  # each is a call of the system's
            self._socket.settimeout(seconds)
            self._timeout = seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._wait_at_most(timeout)
            return self._socket.recv(max_bytes)
        except TimeoutError as failure:
            raise httpx.ReadTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpx.ReadError(str(failure)) from failure

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        try:
            while rest:
                self._wait_at_most(timeout)
                rest = rest[self._socket.send(rest) :]
        except TimeoutError as failure:
            raise httpx.WriteTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpx.WriteError(str(failure)) from failure

    def start_tls(
        self, context: ssl.SSLContext, server_hostname: str, timeout: float | None
    ) -> Self:
        try:
            self._wait_at_most(timeout)
            return type(self)(context.wrap_socket(self._socket, server_hostname=server_hostname))
        except TimeoutError as failure:
            self.close()
            raise httpx.ConnectTimeout(str(failure)) from failure
        except OSError as failure:
            self.close()
            raise httpx.ConnectError(str(failure)) from failure
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, name: str) -> Any:
        if name == "socket":
            return self._socket
        if name == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        if name == "client_addr":
            return self._socket.getsockname()
        if name == "server_addr":
            return self._socket.getpeername()
        if name == "is_readable":
            return _is_readable(self._socket)
        return None


def _connected(address: tuple[str, int], timeout: float | None) -> _Socket:
    try:
        connected = socket.create_connection(address, timeout)
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:  # on macOS, where the server has closed it already
            connected.close()
            raise
    except TimeoutError as failure:
        raise httpx.ConnectTimeout(str(failure)) from failure
    except OSError as failure:
        raise httpx.ConnectError(str(failure)) from failure
    return _Socket(connected)


def _is_readable(connected: socket.socket) -> bool:
    number = connected.fileno()
    if number < 0:
        return True
    if not hasattr(select, "poll"):  # Windows, where `select` takes any number
        return bool(select.select([number], [], [], 0)[0])
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


class SyncConnection(_Connection):
    def handle_request(self, request: httpx.Request, place: Any) -> httpx.Response:
        head = self._begin(request)
        limits = request.extensions.get("timeout", _NONE)
        if self._network_stream is None:
            self._connect(request, limits.get("connect"))
        stream: Any = self._network_stream
        body: Any = request.stream
        timeout = limits.get("write")
        # A server may refuse a body before it has read all of it, and says why.
        with suppress(httpx.WriteError):
            for block in blocks(head, framed(request), body):
                stream.write(block, timeout)
        self._limits = limits
        timeout = limits.get("read")
        answers = self._answers
        while not answers.has_head:
            answers.feed(stream.read(_READ, timeout))
        return answers.response(place, stream)

    def _connect(self, request: httpx.Request, timeout: float | None) -> None:
        tell = request.extensions.get("trace") or _tell_nobody
        stream = _connected(self._address, timeout)
        self._network_stream = stream
        tell("connection.connect_tcp.complete", {"return_value": stream})
        if self._context is not None:
            name = self._server_hostname(request)
            self._network_stream = stream = stream.start_tls(self._context, name, timeout)
            tell("connection.start_tls.complete", {"return_value": stream})

    def body(self) -> Iterator[bytes]:
        answers = self._answers
        timeout = self._limits.get("read")
        while True:
            if piece := answers.take():
                yield piece
            elif answers.is_whole:
                return
            else:
                answers.feed(self._network_stream.read(_READ, timeout))

    def has_expired(self) -> bool:
        """Whether it is too old, or the server closed it."""
        return self._is_old() or bool(self._network_stream.get_extra_info("is_readable"))

    def close(self) -> None:
        if self._network_stream is not None:
            self._network_stream.close()


def _tell_nobody(event: str, info: Any) -> None:
    """The trace of a request that has none."""


class AsyncConnection(_Connection, asyncio.Protocol):
    """A connection of asyncio, which parses what comes when it comes."""

    _loop: asyncio.AbstractEventLoop
    _waiter: asyncio.Future[bool] | None = None
    _failure: Exception | None = None
    _is_closed = False
    _is_full = False  # no more is written until what was is on its way
    _is_paused = False

    async def handle_async_request(self, request: httpx.Request, place: Any) -> httpx.Response:
        head = self._begin(request)
        limits = request.extensions.get("timeout", _NONE)
        if self._network_stream is None:
            await self._connect(request, limits.get("connect"))
        stream: Any = request.stream
        seconds = limits.get("write")
        if isinstance(stream, httpx.ByteStream):
            for block in blocks(head, framed(request), stream):
                await self._write(block, seconds)
        else:
            await self._write_all(head, request, seconds)
        self._limits = limits
        seconds = limits.get("read")
        answers = self._answers
        while not answers.has_head:
            await self._more(seconds)
        return answers.response(place, self._network_stream)

    async def _connect(self, request: httpx.Request, seconds: float | None) -> None:
        self._loop = loop = asyncio.get_running_loop()
        try:
            with anyio.fail_after(seconds):
                connected = await _raced(loop, *self._address)
                await loop.create_connection(lambda: self, sock=connected)
                if self._context is not None:
                    # By `ssl=` above, a call that is cancelled at once leaves the socket open.
                    name = self._server_hostname(request)
                    self._network_stream = await loop.start_tls(
                        self._network_stream, self, self._context, server_hostname=name
                    )
        except TimeoutError as failure:
            raise httpx.ConnectTimeout(str(failure)) from failure
        except OSError as failure:
            raise httpx.ConnectError(str(failure)) from failure

    async def _write_all(self, head: bytes, request: httpx.Request, seconds: float | None) -> None:
        framing = framed(request)
        await self._write(head, seconds)
        body: Any = request.stream
        pieces = body.__aiter__()
        try:
            async for part in pieces:
                for piece in framing.pieces(part):
                    await self._write(piece, seconds)
        finally:
            if hasattr(pieces, "aclose"):  # a generator that is left half-way
                await pieces.aclose()
        await self._write(framing.end(), seconds)

    async def _write(self, block: bytes, seconds: float | None) -> None:
        for start in range(0, len(block), _READ):
            while self._is_full and not self._is_closed:
                if not await self._woken(seconds):
                    raise httpx.WriteTimeout("")
            if self._is_closed:  # the server may have said why
                return
            self._network_stream.write(
                memoryview(block)[start : start + _READ] if len(block) > _READ else block
            )

    async def _more(self, seconds: float | None) -> None:
        """Wait until more of the answer is there."""
        if self._failure is not None:
            raise self._failure
        if not await self._woken(seconds):
            raise httpx.ReadTimeout("")

    async def _woken(self, seconds: float | None) -> bool:
        waiter: asyncio.Future[bool] = self._loop.create_future()
        self._waiter = waiter
        timer = None
        if seconds is not None:
            timer = self._loop.call_later(seconds, _say, waiter, False)
        try:
            return await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    async def piece(self) -> bytes:
        """The next piece of the body, b"" at its end."""
        answers = self._answers
        while True:
            if piece := answers.take():
                if self._is_paused:
                    self._is_paused = False
                    self._network_stream.resume_reading()
                return piece
            if answers.is_whole:
                return b""
            await self._more(self._limits.get("read"))

    def is_available(self) -> bool:
        """Whether it can be used for another request."""
        return not (self._is_closed or self._is_paused) and super().is_available()

    def has_expired(self) -> bool:
        """Whether it is too old, or the server closed it."""
        return self._is_closed or self._is_old() or not self._answers.can_go_on

    async def aclose(self) -> None:
        if self._network_stream is not None:
            self._is_closed = True
            self._network_stream.abort()
            await asyncio.sleep(0)  # the loop closes the socket

    # What the event loop calls.

    def connection_made(self, transport: Any) -> None:
        """Be connected."""
        self._network_stream = transport

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        answers = self._answers
        try:
            answers.feed(data)
        except httpx.RemoteProtocolError as failure:
            self._fail(failure)
        if answers.size > _MOST_WAITING and not self._is_paused:
            self._is_paused = True
            self._network_stream.pause_reading()
        if self._waiter is not None:
            _say(self._waiter, True)

    def eof_received(self) -> None:
        """Take it that nothing will come. The loop then closes the connection."""
        self.data_received(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        """Be closed, by either side."""
        self._is_closed = True
        self._fail(httpx.ReadError(str(exc or "The connection was closed.")), exc)
        if self._waiter is not None:
            _say(self._waiter, True)

    def _fail(self, failure: Exception, cause: Exception | None = None) -> None:
        if self._failure is None:
            failure.__cause__ = cause
            self._failure = failure

    def pause_writing(self) -> None:
        """Have no more written for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Have more written."""
        self._is_full = False
        if self._waiter is not None:
            _say(self._waiter, True)


async def _raced(loop: asyncio.AbstractEventLoop, host: str, port: int) -> socket.socket:
    """A socket to the address that answers first: each has a head start before the next.

    asyncio has this too, but leaves sockets open when it is cancelled, and uvloop has not.
    """
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failures: list[OSError] = []
    won: list[socket.socket] = []

    async def attempt(family: int, address: Any, failed: anyio.Event) -> None:
        tried = socket.socket(family, socket.SOCK_STREAM)
        try:
            tried.setblocking(False)
            await loop.sock_connect(tried, address)
            tried.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as failure:
            tried.close()
            failures.append(failure)
            failed.set()
        except BaseException:
            tried.close()
            raise
        else:
            won.append(tried)
            group.cancel_scope.cancel()

    try:
        async with anyio.create_task_group() as group:
            for family, address in _in_turns([(one[0], one[4]) for one in found]):
                failed = anyio.Event()
                group.start_soon(attempt, family, address, failed)
                with anyio.move_on_after(_HEAD_START):
                    await failed.wait()
    except BaseException:
        for connected in won:
            connected.close()
        raise
    for late in won[1:]:
        late.close()
    if not won:
        raise failures[0] if len(failures) == 1 else OSError("; ".join(map(str, failures)))
    return won[0]


def _in_turns(places: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Addresses of IPv6 and IPv4 one after the other, beginning with what the system prefers."""
    preferred = [place for place in places if place[0] == places[0][0]]
    others = [place for place in places if place[0] != places[0][0]]
    mixed = [one for pair in zip_longest(preferred, others) for one in pair]
    return [one for one in mixed if one is not None]


def _say(waiter: asyncio.Future[bool], what: bool) -> None:
    if not waiter.done():
        waiter.set_result(what)
