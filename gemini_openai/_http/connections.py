"""Keep connections and give them to requests: a pool that loses none, in the place of httpcore's.

Where a connection is depends here on the request that has it, not on the connection's own state.
So it makes no difference at which await a request is cancelled. These rules hold:

1. A connection serves one request at a time. Meanwhile a `Place` holds it.
2. A place is given up exactly once: when its response is closed, when its request fails or is
   cancelled, or when nobody has the response any more.
3. `Books` is changed under one lock and without waiting. Sockets are closed afterwards.
4. A connection that comes back idle is kept. One that comes back in another state is closed.
5. The newest kept connection is used first, and none that expired or that the server closed.
6. At the limit requests queue, and are served in their order. Where an idle connection to another
   server is kept, the oldest such makes room instead.
7. `empty` forgets all connections and turns away who waits; so does a fork, in the child.

Only HTTP/1.1 is spoken this way: a connection of HTTP/2 serves many requests.
"""

from __future__ import annotations

import atexit
import threading
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from .._primitives.fork import start_over_in_child
from .family import close_copied_socket

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from types import ModuleType, TracebackType

    from typing_extensions import Self

    Key = tuple[object, ...]

PREPARE = "gemini_openai.prepare"
"""The extension of a request with a function to call with its connection before it is sent."""
LOOK_SECONDS = 1.0
"""How often a request in the queue looks for connections whose responses were dropped."""


class Place:
    """A request's claim on a connection: first in the queue, then until its response is closed."""

    __slots__ = (
        "__weakref__",
        "books",
        "connection",
        "create",
        "is_new",
        "key",
        "queued",
        "stream",
        "wake",
    )

    def __init__(self, books: Books, key: Key, create: Callable[[], Any]) -> None:
        self.books, self.key, self.create = books, key, create
        self.connection: Any = None
        self.is_new = False  # the connection is not yet connected
        self.queued = False
        self.stream: Any = None
        self.wake: Callable[[], object] | None = None

    def __del__(self) -> None:
        # The lock may be held by the very code that the garbage collector interrupted.
        if self.connection is not None:
            self.books.dropped.append(self.connection)


class Books:
    """Which request has which connection. Its methods return the connections to close.

    The only I/O is to ask an idle socket whether the server closed it.
    """

    def __init__(self, limit: int | None, keep: int | None) -> None:
        self.limit = float("inf") if limit is None else limit
        self.keep = float("inf") if keep is None else keep
        self._of_parents: list[Any] = []
        self._start_anew()
        start_over_in_child(self)

    def _start_anew(self) -> None:
        self.lock = threading.Lock()
        self.taken: dict[Any, Key] = {}
        self.idle: dict[Key, deque[Any]] = {}
        self.kept = 0
        self.queue: deque[Place] = deque()
        self.dropped: deque[Any] = deque()

    def _start_over(self) -> None:
        copies = self.connections()
        self._start_anew()
        for connection in copies:
            close_copied_socket(connection)
        self._of_parents += copies  # what collects them would call the parent's event loop

    def connections(self) -> list[Any]:
        """All that are open or being opened, taken and idle."""
        return [*self.taken, *(one for kept in self.idle.values() for one in kept)]

    def ask(self, place: Place) -> list[Any]:
        """Give the place a connection, or put it into the queue."""
        closing: list[Any] = []
        with self.lock:
            self._collect(closing)
            if not self._serve(place, closing):
                place.queued = True
                self.queue.append(place)
        return closing

    def collect(self) -> list[Any]:
        """Take back the connections whose responses were dropped without closing them."""
        closing: list[Any] = []
        with self.lock:
            self._collect(closing)
        return closing

    def give_up(self, place: Place) -> list[Any]:
        """End the claim of a place. It may be called more than once, by several threads."""
        closing: list[Any] = []
        with self.lock:
            connection, place.connection = place.connection, None
            if connection is not None:
                self._take_back(connection, closing)
            elif place.queued:
                place.queued = False
                self.queue.remove(place)
        return closing

    def retire(self) -> list[Any]:
        """Keep no idle connection any more. Responses that are open can be read to their ends."""
        self.keep = 0
        closing: list[Any] = []
        # The garbage collector may call this. The code that it interrupted may hold the lock, and
        # trims what is idle when it ends.
        if self.lock.acquire(blocking=False):
            try:
                self._trim(closing)
            finally:
                self.lock.release()
        return closing

    def empty(self) -> list[Any]:
        """Forget all connections, and turn away the requests that wait for one."""
        with self.lock:
            closing = self.connections()
            waiting = list(self.queue)
            self.taken.clear()
            self.idle.clear()
            self.kept = 0
            self.queue.clear()
            for place in waiting:
                _wake(place)
        return closing

    def _collect(self, closing: list[Any]) -> None:
        while self.dropped:
            self._take_back(self.dropped.popleft(), closing)

    def _serve(self, place: Place, closing: list[Any]) -> bool:
        kept = self.idle.get(place.key)
        while kept:
            connection = kept.pop()
            self.kept -= 1
            if not connection.has_expired():
                break
            closing.append(connection)
        else:
            if len(self.taken) + self.kept >= self.limit:
                if not self.kept:
                    return False
                closing.append(self._oldest_idle())
            connection = place.create()
            place.is_new = True
        self.taken[connection] = place.key
        place.connection = connection
        return True

    def _take_back(self, connection: Any, closing: list[Any]) -> None:
        key = self.taken.pop(connection, None)
        if key is None or not connection.is_available():
            closing.append(connection)  # without a key it was forgotten meanwhile
        else:
            kept = self.idle.setdefault(key, deque())
            kept.append(connection)
            self.kept += 1
            if kept[0] is not connection and kept[0].has_expired():
                closing.append(kept.popleft())
                self.kept -= 1
            self._trim(closing)
        while self.queue and self._serve(self.queue[0], closing):
            _wake(self.queue.popleft())

    def _trim(self, closing: list[Any]) -> None:
        while self.kept > self.keep and not self.queue:
            closing.append(self._oldest_idle())

    def _oldest_idle(self) -> Any:
        """Take out the connection that has been idle for longest to one of the servers."""
        self.kept -= 1
        return next(filter(None, self.idle.values())).popleft()


def _wake(place: Place) -> None:
    place.queued = False
    if place.wake is not None:
        place.wake()


class _Pool:
    """What both pools share: the books, and how a connection to a server is made."""

    def __init__(
        self,
        core: ModuleType,
        create: Callable[[Any], Any],
        limit: int | None,
        keep: int | None,
    ) -> None:
        self._core = core
        self._create = create
        self.books = Books(limit, keep)
        # The names of httpcore's pool, which people look at.
        self._max_connections, self._max_keepalive_connections = limit, keep

    @property
    def connections(self) -> list[Any]:
        return self.books.connections()

    def _creation(self, request: Any) -> tuple[Books, Key, Callable[[], Any]]:
        """The arguments of the request's place. Raises what is wrong with its URL."""
        if (scheme := request.url.scheme) not in (b"http", b"https"):
            raise self._unsupported(scheme.decode())
        origin = request.url.origin
        key = (origin.scheme, origin.host, origin.port)
        return self.books, key, lambda: self._create(origin)

    def _unsupported(self, scheme: str) -> Exception:
        error: Exception = self._core.UnsupportedProtocol(
            f"Request URL has an unsupported protocol '{scheme}://'."
            if scheme
            else "Request URL is missing an 'http://' or 'https://' protocol."
        )
        return error

    def _time_left(self, place: Place, end: float | None) -> float:
        """How long to wait before looking again. Raises when there is nothing to wait for."""
        if not place.queued and place.connection is None:  # it may have come just now
            raise self._core.ConnectError("The HTTP client was closed meanwhile.")
        left = LOOK_SECONDS if end is None else min(LOOK_SECONDS, end - monotonic())
        if left <= 0:
            raise self._core.PoolTimeout("")
        return left


def _end(request: Any) -> float | None:
    seconds = request.extensions.get("timeout", {}).get("pool")
    return None if seconds is None else monotonic() + seconds


class SyncPlace(Place):
    __slots__ = ()

    def answer(self, request: Any) -> Any:
        """The response of the place's connection, whose body this is."""
        response = self.connection.handle_request(request)
        self.stream, response.stream = response.stream, self
        return response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.stream
        except GeneratorExit:
            raise
        except BaseException:  # who waits for a place need not wait until the caller closes this
            self.close()
            raise

    def close(self) -> None:
        if self.connection is not None:
            try:
                self.stream.close()
            finally:
                close_all(self.books.give_up(self))


class SyncPool(_Pool):
    """Connections for threads. It has the interface of `httpcore.ConnectionPool`."""

    _place = SyncPlace

    def __init__(self, *how: Any) -> None:
        super().__init__(*how)
        _sync_pools.add(self)

    def handle_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        place = self._place(*self._creation(request))
        try:
            close_all(self.books.ask(place))
            connection = place.connection or self._wait(place, request)
            if (prepare := request.extensions.get(PREPARE)) is not None:
                prepare(connection)
            return place.answer(request)
        except BaseException:
            close_all(self.books.give_up(place))
            raise

    def _wait(self, place: Place, request: Any) -> Any:
        end = _end(request)
        event = threading.Event()
        place.wake = event.set
        while place.connection is None:  # it may have come before there was an event
            event.wait(self._time_left(place, end))
            close_all(self.books.collect())
        return place.connection

    def retire(self) -> None:
        """Close what is idle, and each connection whose response is closed from now on."""
        close_all(self.books.retire())

    def close(self) -> None:
        """Close all connections."""
        close_all(self.books.empty())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()


_sync_pools: WeakSet[SyncPool] = WeakSet()


@atexit.register
def _close_at_exit() -> None:
    for pool in list(_sync_pools):
        pool.close()


def close_all(closing: list[Any]) -> None:
    """Close them, whatever is wrong with one."""
    for connection in closing:
        with suppress(Exception):  # it is of no use any more
            connection.close()


class AsyncPlace(Place):
    __slots__ = ("_parts",)
    _parts: Any

    def __aiter__(self) -> Self:
        self._parts = self.stream.__aiter__()
        return self

    async def __anext__(self) -> bytes:
        try:
            part: bytes = await self._parts.__anext__()
        except (StopAsyncIteration, GeneratorExit):
            raise
        except BaseException:
            await self.aclose()
            raise
        return part

    async def aclose(self) -> None:
        if self.connection is not None:
            try:
                await self.stream.aclose()
            finally:
                await aclose_all(self.books.give_up(self))


class AsyncPool(_Pool):
    """Connections for one event loop. It has the interface of `httpcore.AsyncConnectionPool`."""

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request when there is a connection for it."""
        place = AsyncPlace(*self._creation(request))
        body = request.stream = _Body(request.stream)
        opened: list[Any] = [body]
        try:
            await aclose_all(self.books.ask(place))
            connection = place.connection or await self._wait(place, request)
            if place.is_new:
                request.extensions = _noting(request.extensions, opened)
            response = await connection.handle_async_request(request)
            await body.aclose()
        except BaseException:
            # A connection that is cancelled while it begins TLS does not close its socket.
            await aclose_all([*self.books.give_up(place), *opened])
            raise
        place.stream, response.stream = response.stream, place
        return response

    async def _wait(self, place: Place, request: Any) -> Any:
        import anyio

        end = _end(request)
        event = anyio.Event()
        place.wake = event.set
        while place.connection is None:  # it may have come while others were closed
            with anyio.move_on_after(self._time_left(place, end)):
                await event.wait()
            await aclose_all(self.books.collect())
        return place.connection

    async def retire(self) -> None:
        """Close what is idle, and each connection whose response is closed from now on."""
        await aclose_all(self.books.retire())

    async def aclose(self) -> None:
        """Close all connections."""
        await aclose_all(self.books.empty())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()


class _Body:
    """The content of a request. A generator that is left half-way is closed, and not collected."""

    def __init__(self, stream: Any) -> None:
        self._pieces: Any = stream.__aiter__()

    def __aiter__(self) -> Any:
        return self._pieces

    async def aclose(self) -> None:
        if hasattr(self._pieces, "aclose"):  # it is a generator
            await self._pieces.aclose()


async def aclose_all(closing: list[Any]) -> None:
    """Close all of them, even if cancelled meanwhile; if so, raise that at the end."""
    if not closing:
        return
    import anyio

    cancelled = None
    with anyio.CancelScope(shield=True):
        for connection in closing:
            try:
                await connection.aclose()
            except Exception:  # noqa: BLE001, S110  # it is of no use any more
                pass
            except BaseException as trouble:  # noqa: BLE001  # asyncio's own has no shield
                cancelled = trouble
    if cancelled is not None:
        raise cancelled


def _noting(extensions: Any, opened: list[Any]) -> Any:
    """The extensions of a request, with a trace that puts each stream it opens into `opened`."""
    callers: Callable[[str, Any], Awaitable[None]] | None = extensions.get("trace")

    async def trace(event: str, info: Any) -> None:
        if hasattr(stream := info.get("return_value"), "aclose"):
            opened.append(stream)
        if callers is not None:
            await callers(event, info)

    return {**extensions, "trace": trace}
