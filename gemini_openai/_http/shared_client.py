"""Keep the HTTP client behind a client: the caller's, or one of our own, made when first needed."""

from __future__ import annotations

import threading
from contextlib import suppress
from weakref import finalize, ref

from .._primitives.fork import start_over_in_child
from .family import check_http_client, default_family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from typing import Any

    from .._types import AsyncHttpClient, HttpClient

    Retire = Callable[[], Awaitable[None]]


class SharedHttpClient:
    """One HTTP client, shared by a client and its copies and closed with the last of them.

    `settings` are for one of our own: its `family`, and what `new_client` takes.
    """

    def __init__(self, given: HttpClient | None = None, **settings: Any) -> None:
        self._settings = settings
        if given is not None:
            check_http_client(given, is_async=False)
        self._http = given
        self._at_end: finalize[Any, Any] | None = None
        self.owned = given is None
        self._lock = threading.Lock()
        self.closed = False
        start_over_in_child(self)

    def _start_over(self) -> None:
        """Drop our own HTTP client after a fork: it belongs to the parent process."""
        self._lock = threading.Lock()
        if self._at_end is not None:
            self._at_end.detach()
            self._at_end = None
        if self.owned:
            self._http = None

    def client(self) -> HttpClient:
        """The HTTP client; a first use may come from several threads at once."""
        if self._http is None:
            with self._lock:
                if self._http is None:
                    http, retire = _new_client(self._settings, is_async=False)
                    # A response may be read when nobody has its client any more.
                    self._at_end = finalize(self, retire)
                    self._at_end.atexit = False  # the pool closes all that is open
                    self._http = http
        return self._http

    def is_closed(self) -> bool:
        """Whether calls can no longer be made."""
        return self.closed or (self._http is not None and self._http.is_closed)

    def close(self) -> None:
        """Close the connections, the caller's own client included, as `openai` does."""
        self.closed = True
        if self._http is not None:
            self._http.close()


class HttpClientPerLoop:
    """An HTTP client for each event loop, since connections cannot move from one to another.

    `settings` are for those of our own, as in `SharedHttpClient`.
    """

    def __init__(self, given: AsyncHttpClient | None = None, **settings: Any) -> None:
        self._settings = settings
        if given is not None:
            check_http_client(given, is_async=True)
        self._given = given
        self.owned = given is None
        self.closed = False
        self._lock = threading.Lock()
        self._of_loop: dict[Any, tuple[AsyncHttpClient, AsyncGenerator[None, None]]] = {}
        self._outside: tuple[AsyncHttpClient, Retire] | None = None
        self._of_parents: list[object] = []
        start_over_in_child(self)

    def _start_over(self) -> None:
        """Use no HTTP client after a fork: their loops and connections are the parent's.

        They are kept, for to be collected they would call those loops, which do not run here.
        """
        self._lock = threading.Lock()
        self._of_parents.append((self._of_loop, self._outside))
        self._of_loop, self._outside = {}, None

    def client(self) -> AsyncHttpClient:
        """The HTTP client of the running loop, or the caller's, which is used in any.

        Outside of a loop: the one that the next loop will have, so that what is set on it counts.
        """
        if self._given is not None:
            return self._given
        try:
            loop = _running_loop()
        except RuntimeError:
            return self._of_next_loop()
        entry = self._of_loop.get(loop)
        return self._of_new_loop(loop) if entry is None else entry[0]

    def _of_next_loop(self) -> AsyncHttpClient:
        with self._lock:
            if self._outside is None:
                self._outside = _new_client(self._settings, is_async=True)
            return self._outside[0]

    def _of_new_loop(self, loop: Any) -> AsyncHttpClient:
        with self._lock:
            made, self._outside = self._outside, None
            for other in list(self._of_loop):
                if _has_ended(other):  # without closing its generators
                    self._of_loop.pop(other, None)
        http, retire = made or _new_client(self._settings, is_async=True)
        parked = _close_with_loop(http, retire, ref(self), loop)
        self._of_loop[loop] = http, parked
        with suppress(StopIteration):  # which says that it has come to its `yield`
            parked.__anext__().send(None)
        return http

    def is_closed(self) -> bool:
        """Whether calls can no longer be made."""
        return self.closed or (self._given is not None and self._given.is_closed)

    async def aclose(self) -> None:
        """Close the connections of the running loop; those of the others close with their loops."""
        self.closed = True
        if self._given is not None:
            await self._given.aclose()
        elif (entry := self._of_loop.pop(_running_loop(), None)) is not None:
            await entry[1].aclose()


def _new_client(settings: Any, *, is_async: bool) -> tuple[Any, Any]:
    from .transports import new_client

    family = settings.get("family") or default_family()
    return new_client(is_async=is_async, **{**settings, "family": family})


async def _close_with_loop(
    http: AsyncHttpClient, retire: Retire, owner: ref[HttpClientPerLoop], loop: Any
) -> AsyncGenerator[None, None]:
    """Wait to be closed, and then close the connections, which only their own loop can do.

    `asyncio.run` and `trio.run` close all generators that wait, before their loop ends. The garbage
    collector closes this one when nobody has the client any more.
    """
    try:
        yield
    finally:
        if (clients := owner()) is None:
            await retire()
        else:
            clients._of_loop.pop(loop, None)
            await http.aclose()


def _has_ended(loop: Any) -> bool:
    is_closed = getattr(loop, "is_closed", None)
    return is_closed is not None and is_closed()


def _running_loop() -> object:
    """The object that identifies the running event loop: asyncio's loop, or trio's token."""
    from anyio.lowlevel import current_token

    token = current_token()
    # Newer anyio wraps the backend's own object in a fresh token each time.
    return getattr(token, "native_token", token)
