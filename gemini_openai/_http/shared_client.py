"""Keep the HTTP client behind a client: the caller's, or one of our own, made when first needed."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary, finalize

from .._primitives.fork import start_over_in_child
from .family import check_http_client, close_copied_sockets, default_family, new_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._types import AsyncHttpClient, HttpClient


class SharedHttpClient:
    """One HTTP client, shared by a client and its copies and closed with the last of them."""

    def __init__(self, given: HttpClient | None = None) -> None:
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
        if self.owned and self._http is not None:
            close_copied_sockets(self._http)
            self._http = None

    def client(self) -> HttpClient:
        """The HTTP client; a first use may come from several threads at once."""
        if self._http is None:
            with self._lock:
                if self._http is None:
                    self._http = new_client(default_family(), is_async=False)
                    # Closed when the last user drops it, and at exit.
                    self._at_end = finalize(self, self._http.close)
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
    """An HTTP client for each event loop, since connections cannot move from one to another."""

    def __init__(self, given: AsyncHttpClient | None = None) -> None:
        if given is not None:
            check_http_client(given, is_async=True)
        self._given = given
        self.owned = given is None
        self._of_loop: WeakKeyDictionary[Any, AsyncHttpClient] = WeakKeyDictionary()
        self._lock = threading.Lock()
        self.closed = False
        start_over_in_child(self)

    def _start_over(self) -> None:
        """Drop the HTTP clients after a fork: their loops and connections are the parent's."""
        self._lock = threading.Lock()
        copied, self._of_loop = self._of_loop, WeakKeyDictionary()
        for http in copied.values():
            close_copied_sockets(http)

    def client(self) -> AsyncHttpClient:
        """The HTTP client of the running loop, or the caller's, which is used in any."""
        if self._given is not None:
            return self._given
        loop = _running_loop()
        http = self._of_loop.get(loop)
        if http is None:
            http = new_client(default_family(), is_async=True)
            with self._lock:
                self._of_loop[loop] = http
        return http

    def is_closed(self) -> bool:
        """Whether calls can no longer be made."""
        return self.closed or (self._given is not None and self._given.is_closed)

    async def aclose(self) -> None:
        """Close the connections of the running loop; those of ended loops are closed already."""
        self.closed = True
        http = self._given or self._of_loop.pop(_running_loop(), None)
        if http is not None:
            await http.aclose()


def _running_loop() -> object:
    """The object that identifies the running event loop: asyncio's loop, or trio's token."""
    from anyio.lowlevel import current_token

    token = current_token()
    # Newer anyio wraps the backend's own object in a fresh token each time.
    return getattr(token, "native_token", token)
