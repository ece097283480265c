"""Send requests of httpx by connections of our own, which parse answers in C: the extra `fast`.

They take the place of httpcore's in the pools of `connections`, so what holds there holds here.
Only direct connections of HTTP/1.1 are made. What goes by a proxy, and what trio runs, goes by the
family's own transport.
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

from .connections import (
    PREPARE,
    AsyncPool,
    SyncPool,
    _aclose,
    _AsyncPlace,
    _close,
    _end,
    _SyncPlace,
)
from .http1 import Answers, blocks, framed, written_head
from .transports import with_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typing_extensions import Self

    from .connections import Books, Key

_READ = 1 << 16  # bytes at once
_HEAD_START = 0.25  # seconds, as RFC 8305 has it
_MOST_WAITING = 1 << 18  # bytes of a body that nobody has taken yet
_NONE: dict[str, Any] = {}


def fast_transport(**settings: Any) -> httpx.BaseTransport:
    """A transport that connects directly, else httpx's own. The arguments are those of httpx's."""
    if _is_direct(settings):
        return FastTransport(settings)
    return httpx.HTTPTransport(**settings)


def fast_async_transport(**settings: Any) -> httpx.AsyncBaseTransport:
    """`fast_transport` for an event loop."""
    if _is_direct(settings):
        return AsyncFastTransport(settings)
    return httpx.AsyncHTTPTransport(**settings)


def _is_direct(settings: Mapping[str, Any]) -> bool:
    plain = not settings.get("http2") and settings.get("http1", True)
    return plain and settings.get("proxy") is None


class _Direct:
    """Comes before a pool, and tells it how connections are made."""

    _connection: Callable[..., Any]

    def __init__(self, settings: Mapping[str, Any]) -> None:
        limits = settings["limits"]
        super().__init__(httpx, None, limits.max_connections, limits.max_keepalive_connections)
        self._settings = settings
        self._keepalive = limits.keepalive_expiry
        self._context = _context(settings)

    @property
    def _pool(self) -> Any:
        """Itself, in the place where the transports of httpx have theirs, which people look at."""
        return self

    def _creation(self, request: Any) -> tuple[Books, Key, Callable[[], Any]]:
        url = request.url
        if url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(
                f"Request URL has an unsupported protocol '{url.scheme}://'."
                if url.scheme
                else "Request URL is missing an 'http://' or 'https://' protocol."
            )
        context = self._context if url.scheme == "https" else None
        key = (url.raw_scheme, url.raw_host, url.port)
        return self.books, key, lambda: self._connection(key, context, self._keepalive)  # type: ignore[attr-defined]


def _context(settings: Mapping[str, Any]) -> ssl.SSLContext:
    verify = settings.get("verify", True)
    if isinstance(verify, ssl.SSLContext) and settings.get("cert") is None:
        context = verify
    else:
        context = httpx.create_ssl_context(verify=verify, cert=settings.get("cert"))
    context.set_alpn_protocols(["http/1.1"])
    return context


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
    def _place(self) -> tuple[str, int]:
        scheme, host, port = self.key
        return host.decode("ascii"), port or (443 if scheme == b"https" else 80)

    def _server_hostname(self, request: httpx.Request) -> str:
        name: str = request.extensions.get("sni_hostname") or self._place[0]
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


def _connected(place: tuple[str, int], timeout: float | None) -> _Socket:
    try:
        connected = socket.create_connection(place, timeout)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


class _SyncConnection(_Connection):
    def handle_request(self, request: httpx.Request, place: Any) -> httpx.Response:
        head = self._begin(request)
        limits = request.extensions.get("timeout", _NONE)
        if self._network_stream is None:
            self._connect(request, limits.get("connect"))
        stream = self._network_stream
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
        stream = _connected(self._place, timeout)
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
        return self._is_old() or self._network_stream.get_extra_info("is_readable")

    def close(self) -> None:
        if self._network_stream is not None:
            self._network_stream.close()


def _tell_nobody(event: str, info: Any) -> None:
    """The trace of a request that has none."""


class _FastPlace(_SyncPlace, httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.connection.body()
        except GeneratorExit:
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if (connection := self.connection) is not None:
            connection.rest()
            _close(self.books.give_up(self))


class FastTransport(_Direct, SyncPool, httpx.BaseTransport):
    """A transport for `httpx.Client`, whose connections parse in C."""

    _connection = _SyncConnection

    def handle_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        place = _FastPlace(*self._creation(request))
        try:
            _close(self.books.ask(place))
            connection = place.connection or self._wait(place, _end(request))
            if (prepare := request.extensions.get(PREPARE)) is not None:
                prepare(connection)
            return connection.handle_request(request, place)
        except BaseException:
            _close(self.books.give_up(place))
            raise


class _AsyncConnection(_Connection, asyncio.Protocol):
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
        timeout = limits.get("write")
        if isinstance(stream, httpx.ByteStream):
            for block in blocks(head, framed(request), stream):
                await self._write(block, timeout)
        else:
            await self._write_all(head, request, timeout)
        self._limits = limits
        timeout = limits.get("read")
        answers = self._answers
        while not answers.has_head:
            await self._more(timeout)
        return answers.response(place, self._network_stream)

    async def _connect(self, request: httpx.Request, timeout: float | None) -> None:
        self._loop = loop = asyncio.get_running_loop()
        try:
            with anyio.fail_after(timeout):
                connected = await _raced(loop, *self._place)
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

    async def _write_all(self, head: bytes, request: httpx.Request, timeout: float | None) -> None:
        framing = framed(request)
        await self._write(head, timeout)
        body: Any = request.stream
        pieces = body.__aiter__()
        try:
            async for part in pieces:
                for piece in framing.pieces(part):
                    await self._write(piece, timeout)
        finally:
            if hasattr(pieces, "aclose"):  # a generator that is left half-way
                await pieces.aclose()
        await self._write(framing.end(), timeout)

    async def _write(self, block: bytes, timeout: float | None) -> None:
        for start in range(0, len(block), _READ):
            while self._is_full and not self._is_closed:
                if not await self._woken(timeout):
                    raise httpx.WriteTimeout("")
            if self._is_closed:  # the server may have said why
                return
            self._network_stream.write(
                memoryview(block)[start : start + _READ] if len(block) > _READ else block
            )

    async def _more(self, timeout: float | None) -> None:
        """Wait until more of the answer is there."""
        if self._failure is not None:
            raise self._failure
        if not await self._woken(timeout):
            raise httpx.ReadTimeout("")

    async def _woken(self, timeout: float | None) -> bool:
        self._waiter = waiter = self._loop.create_future()
        timer = None
        if timeout is not None:
            timer = self._loop.call_later(timeout, _say, waiter, False)
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


class _AsyncFastPlace(_AsyncPlace, httpx.AsyncByteStream):
    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self.connection is None:
            raise StopAsyncIteration
        try:
            piece: bytes = await self.connection.piece()
        except BaseException:
            await self.aclose()
            raise
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        if (connection := self.connection) is not None:
            connection.rest()
            await _aclose(self.books.give_up(self))


class AsyncFastTransport(_Direct, AsyncPool, httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`, whose connections parse in C."""

    _connection = _AsyncConnection

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._of_trio: Any = None

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return await self._by_httpx().handle_async_request(request)
        place = _AsyncFastPlace(*self._creation(request))
        place.key = (loop, *place.key)
        try:
            await _aclose(self.books.ask(place))
            connection = place.connection or await self._wait(place, _end(request))
            return await connection.handle_async_request(request, place)
        except BaseException:
            await _aclose(self.books.give_up(place))
            raise

    @property
    def _pool(self) -> Any:
        """The pool that is in use, where the transports of httpx have theirs."""
        return self if self._of_trio is None else self._of_trio._pool

    def _by_httpx(self) -> Any:
        if self._of_trio is None:
            settings = {**self._settings, "verify": self._context, "cert": None}
            transport = httpx.AsyncHTTPTransport(**settings)
            self._of_trio = with_pool(transport, settings, is_async=True)
        return self._of_trio

    async def aclose(self) -> None:
        """Close all connections."""
        await super().aclose()
        if self._of_trio is not None:
            await self._of_trio.aclose()
