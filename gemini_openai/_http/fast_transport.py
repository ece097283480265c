"""Send requests of httpx by connections of our own, which parse answers in C: the extra `fast`.

They take the place of httpcore's in the pools of `connections`, so what holds there holds here.
Only direct connections of HTTP/1.1 are made, and only in threads and asyncio. What else there is
goes by httpx's own transport, and so does all while mocks or tracers have patched that.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from .connections import (
    AsyncPlace,
    AsyncPool,
    SyncPlace,
    SyncPool,
    aclose_all,
    close_all,
)
from .family import is_function_of
from .fast_connections import AsyncConnection, SyncConnection
from .transports import with_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from .connections import Books, Key


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


class _FastPool:
    """Comes before a pool, and tells it how connections are made."""

    _connection: Callable[..., Any]

    def __init__(self, settings: Mapping[str, Any]) -> None:
        limits = settings["limits"]
        pool: Any = super()
        pool.__init__(httpx, None, limits.max_connections, limits.max_keepalive_connections)
        self._settings = settings
        self._keepalive = limits.keepalive_expiry
        self._context = _context(settings)
        self._instead: Any = None

    @property
    def _pool(self) -> Any:
        """The pool in use, in the place where httpx's have theirs, which people look at."""
        return self if self._instead is None else self._instead._pool

    def _by_httpx(self) -> Any:
        """A transport of httpx's, with our pool, for what this one does not do."""
        if self._instead is None:
            settings: Any = {**self._settings, "verify": self._context, "cert": None}
            is_async = isinstance(self, httpx.AsyncBaseTransport)
            kind: Any = httpx.AsyncHTTPTransport if is_async else httpx.HTTPTransport
            self._instead = with_pool(kind(**settings), settings, is_async=is_async)
        return self._instead

    def _creation(self, request: Any) -> tuple[Books, Key, Callable[[], Any]]:
        url = request.url
        if url.scheme not in ("http", "https"):
            raise self._unsupported(url.scheme)  # type: ignore[attr-defined]
        context = self._context if url.scheme == "https" else None
        key = (url.raw_scheme, url.raw_host, url.port)
        return self.books, key, lambda: self._connection(key, context, self._keepalive)  # type: ignore[attr-defined]


def _is_watched(transport: Any, method: str) -> bool:
    """Whether a mock or a tracer has put something in the place of httpx's or httpcore's method.

    It would not see what goes by here.
    """
    core: Any = httpcore.AsyncHTTPConnection if "async" in method else httpcore.HTTPConnection
    return not (
        is_function_of("httpx.", getattr(transport, method))
        and is_function_of("httpcore.", getattr(core, method))
    )


def _context(settings: Mapping[str, Any]) -> ssl.SSLContext:
    verify = settings.get("verify", True)
    if isinstance(verify, ssl.SSLContext) and settings.get("cert") is None:
        context = verify
    else:
        context = httpx.create_ssl_context(verify=verify, cert=settings.get("cert"))
    context.set_alpn_protocols(["http/1.1"])
    return context


class _FastPlace(SyncPlace, httpx.SyncByteStream):
    def answer(self, request: Any) -> Any:
        self.stream = self.connection.body()
        return self.connection.handle_request(request, self)

    def close(self) -> None:
        if (connection := self.connection) is not None:
            connection.rest()
            close_all(self.books.give_up(self))


class FastTransport(_FastPool, SyncPool, httpx.BaseTransport):
    """A transport for `httpx.Client`, whose connections parse in C."""

    _connection = SyncConnection
    _place = _FastPlace

    def handle_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        if _is_watched(httpx.HTTPTransport, "handle_request"):
            return self._by_httpx().handle_request(request)
        return super().handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        super().close()
        if self._instead is not None:
            self._instead.close()


class _AsyncFastPlace(AsyncPlace, httpx.AsyncByteStream):
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
            await aclose_all(self.books.give_up(self))


class AsyncFastTransport(_FastPool, AsyncPool, httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`, whose connections parse in C."""

    _connection = AsyncConnection

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return await self._by_httpx().handle_async_request(request)
        if _is_watched(httpx.AsyncHTTPTransport, "handle_async_request"):
            return await self._by_httpx().handle_async_request(request)
        place = _AsyncFastPlace(*self._creation(request))
        place.key = (loop, *place.key)  # what belongs to one loop is of no use to another
        try:
            await aclose_all(self.books.ask(place))
            connection = place.connection or await self._wait(place, request)
            return await connection.handle_async_request(request, place)
        except BaseException:
            await aclose_all(self.books.give_up(place))
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        await super().aclose()
        if self._instead is not None:
            await self._instead.aclose()
