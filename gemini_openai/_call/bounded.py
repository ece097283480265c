"""Send a request with a deadline, and bound the reading of its answer, whoever reads it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio

from .._http.connections import PREPARE
from .._http.family import family_of, network_stream
from .bounds import Around, wrap
from .deadline import READING, watch, watch_new
from .exchange import deadline_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from .._types import Request, Response
    from .deadline import Deadline


def send(way: Callable[[Any], Response], request: Any, deadline: Deadline) -> Response:
    """Send, and leave the body to be read.

    Each wait for the network gets what is left by then. Raises what the HTTP client raises; the
    body raises `APITimeoutError` where the deadline passes while it is read.
    """
    request.extensions["timeout"] = deadline.limits(request.extensions["timeout"])
    request.extensions["trace"] = watch_new
    # A connection that was opened without a deadline is not watched yet.
    request.extensions[PREPARE] = _watch_connection
    response = way(request)
    watch(response.extensions.get("network_stream"))
    wrap(response, _Body, request, deadline)
    return response


async def send_async(
    way: Callable[[Any], Awaitable[Response]], request: Any, deadline: Deadline
) -> Response:
    """`send` in an event loop; what waits too long is cancelled."""
    request.extensions["timeout"] = deadline.limits(request.extensions["timeout"])
    with anyio.fail_after(deadline.left()):
        response = await way(request)
    wrap(response, _AsyncBody, request, deadline)
    return response


def _watch_connection(connection: Any) -> None:
    watch(network_stream(connection))


class _Body(Around):
    """The body of an answer, as bytes that end with the deadline."""

    def __init__(self, stream: Any, request: Request, deadline: Deadline) -> None:
        super().__init__(stream)
        self._request, self._deadline = request, deadline

    def __iter__(self) -> Iterator[bytes]:
        self._deadline.doing = READING
        try:
            for piece in self._stream:
                yield piece
                self._check()
        except family_of(self._request).TimeoutException as cause:
            if self._deadline.passed():
                raise deadline_error(self._deadline, self._request) from cause
            raise

    def _check(self) -> None:
        """Raise `APITimeoutError` if the deadline has passed."""
        if self._deadline.passed():
            raise deadline_error(self._deadline, self._request)


class _AsyncBody(_Body):
    is_async = True
    _pieces: Any = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._deadline.doing = READING
        self._pieces = self._stream.__aiter__()
        return self  # no generator: closing one leaves those within to the garbage collector

    async def __anext__(self) -> bytes:
        self._check()
        left = self._deadline.left()
        try:
            with anyio.fail_after(left):
                piece: bytes = await self._pieces.__anext__()
        except TimeoutError as cause:
            raise deadline_error(self._deadline, self._request) from cause
        except family_of(self._request).TimeoutException as cause:  # its limit ends as soon
            if self._deadline.passed():
                raise deadline_error(self._deadline, self._request) from cause
            raise
        return piece

    async def aclose(self) -> None:
        """Close the stream within, and run what reads it to its end.

        The HTTP library nests several generators, and closing the outermost leaves the others to
        the garbage collector. They end when they read from what is closed.
        """
        try:
            await super().aclose()
        finally:
            if self._pieces is not None:
                with suppress(
                    Exception
                ):  # also where a task is iterating: it gets the error itself
                    async for _ in self._pieces:
                        pass
