"""Read bodies no further than a bound, whatever the server sends, compressed or not."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._constants import MAX_ERROR_BYTES
from .._exceptions import APIResponseValidationError
from .._http.family import family_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

    from .._types import Response

_PLAIN = frozenset({"", "identity"})
_SLICE = {"gzip": 4096, "x-gzip": 4096, "deflate": 4096}
"""Bytes that are decompressed at once: gzip makes a thousand of one."""
_SMALL_SLICE = 64
"""Of brotli and zstd, which make up to a million of one."""


def in_slices(response: Response, *, is_async: bool) -> bool:
    """Have a compressed body decompressed bit by bit, so that whoever reads it can stop in time.

    Returns whether it is compressed. Raises `APIResponseValidationError` for one that is so more
    than once.
    """
    encoding = response.headers.get("content-encoding", "").lower().strip()
    if encoding in _PLAIN:
        return False
    if hasattr(response, "_content"):
        return True
    if "," in encoding:
        raise APIResponseValidationError(
            response,
            None,
            message=f"The answer is compressed more than once ({encoding[:50]}); it was not read.",
        )
    blocking, in_loop = _sliced_streams(family_of(response))
    sliced = in_loop if is_async else blocking
    size = _SLICE.get(encoding, _SMALL_SLICE)
    setattr(response, "stream", sliced(response.stream, size))  # noqa: B010
    return True


@lru_cache(maxsize=2)
def _sliced_streams(family: ModuleType) -> tuple[Any, Any]:
    base: Any = family.SyncByteStream
    async_base: Any = family.AsyncByteStream

    class Sliced(base):  # type: ignore[misc]
        def __init__(self, stream: Any, size: int) -> None:
            self._stream, self._size = stream, size

        def __iter__(self) -> Iterator[bytes]:
            for block in self._stream:
                for start in range(0, len(block), self._size):
                    yield block[start : start + self._size]

        def close(self) -> None:
            self._stream.close()

    class AsyncSliced(async_base):  # type: ignore[misc]
        def __init__(self, stream: Any, size: int) -> None:
            self._stream, self._size = stream, size

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for block in self._stream:
                for start in range(0, len(block), self._size):
                    yield block[start : start + self._size]

        async def aclose(self) -> None:
            await self._stream.aclose()

    return Sliced, AsyncSliced


class _Body:
    """A body as it is collected, up to a bound.

    An answer that is larger is an error; of a refusal the beginning is enough.
    """

    def __init__(self, response: Response, most: int | None) -> None:
        self._response = response
        self._refusal = not response.is_success
        self._most = MAX_ERROR_BYTES if self._refusal else most
        self._pieces: list[bytes] = []
        self._size = 0

    def is_bounded(self, *, packed: bool) -> bool:
        """Whether it needs no counting: it is there, or says its size, or may have any."""
        if self._most is None or hasattr(self._response, "_content"):
            return True
        size = "" if packed else self._response.headers.get("content-length", "")
        return size.isdecimal() and len(size) < 16 and int(size) <= self._most

    def add(self, piece: bytes) -> bool:
        """Whether more is wanted."""
        self._pieces.append(piece)
        self._size += len(piece)
        return self._most is None or self._size <= self._most

    def keep(self) -> None:
        """Give the response what was collected as its body."""
        if self._refusal or self._most is None or self._size <= self._most:
            setattr(self._response, "_content", b"".join(self._pieces)[: self._most])  # noqa: B010
            return
        raise APIResponseValidationError(
            self._response,
            None,
            message=f"The answer is larger than {self._most} bytes, and was not read further. If "
            "it may be, give the client a larger max_response_bytes.",
        )


def read_bounded(response: Response, most: int | None, *, packed: bool = True) -> None:
    """Read the body and close the response; of a refusal no more than `MAX_ERROR_BYTES`.

    `packed` is False where it is known not to be compressed.

    Raises `APIResponseValidationError` for an answer of more than `most` bytes, decompressed.
    """
    body = _Body(response, most)
    try:
        if body.is_bounded(packed=packed):
            response.read()
            return
        for piece in response.iter_bytes():
            if not body.add(piece):
                break
        body.keep()
    finally:
        response.close()


async def read_bounded_async(response: Response, most: int | None, *, packed: bool = True) -> None:
    """`read_bounded` in an event loop."""
    body = _Body(response, most)
    try:
        if body.is_bounded(packed=packed):
            await response.aread()
            return
        pieces = response.aiter_bytes()
        async for piece in pieces:
            if not body.add(piece):
                await response.aclose()
                with suppress(Exception):  # runs the generators within to their ends
                    async for _ in pieces:
                        pass
                break
        body.keep()
    finally:
        await response.aclose()
