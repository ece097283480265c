"""Send a request with a deadline, and bound the reading of its answer, whoever reads it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import anyio

from .._http.connections import PREPARE
from .._http.family import family_of, network_stream
from .deadline import READING, watch, watch_new
from .exchange import deadline_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

    from .._types import AsyncHttpClient, HttpClient, Request, Response
    from .deadline import Deadline


def send(http: HttpClient, request: Any, deadline: Deadline, **options: Any) -> Response:
    """Send, and leave the body to be read.

    Each wait for the network gets what is left by then. Raises what the HTTP client raises; the
    body raises `APITimeoutError` where the deadline passes while it is read.
    """
    request.extensions["timeout"] = deadline.limits(request.extensions["timeout"])
    request.extensions["trace"] = watch_new
    # A connection that was opened without a deadline is not watched yet.
    request.extensions[PREPARE] = lambda connection: watch(network_stream(connection))
    response = http.send(request, **options)
    watch(response.extensions.get("network_stream"))
    body = _bodies(family_of(response))[0]
    response.stream = body(response.stream, request, deadline)
    return response


async def send_async(
    http: AsyncHttpClient, request: Any, deadline: Deadline, **options: Any
) -> Response:
    """`send` in an event loop; what waits too long is cancelled."""
    request.extensions["timeout"] = deadline.limits(request.extensions["timeout"])
    with anyio.fail_after(deadline.left()):
        response = await http.send(request, **options)
    body = _bodies(family_of(response))[1]
    response.stream = body(response.stream, request, deadline)
    return response


class _Body:
    """The body of an answer, as bytes that end with the deadline."""

    def __init__(self, stream: Any, request: Request, deadline: Deadline) -> None:
        self._stream, self._request, self._deadline = stream, request, deadline
        self._family = family_of(request)

    @property
    def elapsed(self) -> Any:
        """Where a response of httpx2 looks for its `elapsed`."""
        return getattr(self._stream, "elapsed", None)

    def _check(self) -> None:
        """Raise `APITimeoutError` if the deadline has passed."""
        if self._deadline.passed():
            raise deadline_error(self._deadline, self._request)


class _SyncBody(_Body):
    def __iter__(self) -> Iterator[bytes]:
        self._deadline.doing = READING
        try:
            for piece in self._stream:
                yield piece
                self._check()
        except self._family.TimeoutException as cause:
            if self._deadline.passed():
                raise deadline_error(self._deadline, self._request) from cause
            raise

    def close(self) -> None:
        self._stream.close()


class _AsyncBody(_Body):
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
        return piece

    async def aclose(self) -> None:
        await self._stream.aclose()


@lru_cache(maxsize=4)
def _bodies(family: ModuleType) -> tuple[Any, Any]:
    """The classes of bodies, blocking and async, as the family wants them to be derived."""
    return (
        type("DeadlineBody", (_SyncBody, family.SyncByteStream), {}),
        type("AsyncDeadlineBody", (_AsyncBody, family.AsyncByteStream), {}),
    )
