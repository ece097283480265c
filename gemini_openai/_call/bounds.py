"""Read bodies no further than a bound, whatever the server sends, compressed or not."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .._constants import MAX_ERROR_BYTES
from .._exceptions import APIResponseValidationError
from .._http.family import byte_stream, family_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from typing_extensions import Self

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
    size = _SLICE.get(encoding, _SMALL_SLICE)
    wrap(response, _AsyncSlices if is_async else _Slices, size)
    return True


def wrap(response: Response, kind: Any, *arguments: Any) -> None:
    """Put a stream around the one that the body is read from; `kind` is derived from `Around`."""
    stream = byte_stream(kind, family_of(response))(response.stream, *arguments)
    setattr(response, "stream", stream)  # noqa: B010


class Around:
    """A stream of bytes around another, which belongs to either HTTP family."""

    is_async = False

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def elapsed(self) -> Any:
        """Where a response of httpx2 looks for its `elapsed`."""
        return getattr(self._stream, "elapsed", None)

    def close(self) -> None:
        """Close the stream within."""
        self._stream.close()

    async def aclose(self) -> None:
        """Close the stream within, in an event loop."""
        await self._stream.aclose()


class _Slices(Around):
    def __init__(self, stream: Any, size: int) -> None:
        super().__init__(stream)
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        for block in self._stream:
            for start in range(0, len(block), self._size):
                yield block[start : start + self._size]


class _AsyncSlices(_Slices):
    is_async = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for block in self._stream:
            for start in range(0, len(block), self._size):
                yield block[start : start + self._size]


def blocks(response: Response) -> Iterator[bytes]:
    """The body in blocks as they come, decompressed; who reads them closes the response.

    A body that is not compressed is read from its stream itself, which spares several generators
    of the HTTP library for each block.
    """
    return _Blocks(response) if _is_as_it_comes(response) else response.iter_bytes()


def blocks_async(response: Response) -> AsyncIterator[bytes]:
    """`blocks` in an event loop."""
    return _AsyncBlocks(response) if _is_as_it_comes(response) else response.aiter_bytes()


def _is_as_it_comes(response: Response) -> bool:
    return not (
        response.is_closed
        or response.is_stream_consumed
        or hasattr(response, "_content")
        or response.headers.get("content-encoding", "").lower().strip() not in _PLAIN
    )


class _Blocks:
    """What `iter_bytes` gives of a body that needs no decoding, and what it notes by the way."""

    def __init__(self, response: Any) -> None:
        self._response = response
        response.is_stream_consumed = True
        self._pieces = iter(response.stream)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            piece: bytes = next(self._pieces)
        except Exception as trouble:
            self._name_request(trouble)
            raise
        self._response._num_bytes_downloaded += len(piece)
        return piece

    def _name_request(self, trouble: Any) -> None:
        if isinstance(trouble, family_of(self._response).RequestError):
            trouble.request = self._response.request


class _AsyncBlocks(_Blocks):
    def __init__(self, response: Any) -> None:
        self._response = response
        response.is_stream_consumed = True
        self._pieces = response.stream.__aiter__()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            piece: bytes = await self._pieces.__anext__()
        except Exception as trouble:
            self._name_request(trouble)
            raise
        self._response._num_bytes_downloaded += len(piece)
        return piece


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
            _keep(self._response, b"".join(self._pieces)[: self._most])
            return
        raise APIResponseValidationError(
            self._response,
            None,
            message=f"The answer is larger than {self._most} bytes, and was not read further. If "
            "it may be, give the client a larger max_response_bytes.",
        )


def _keep(response: Response, body: bytes) -> None:
    setattr(response, "_content", body)  # noqa: B010


def read_bounded(response: Response, most: int | None, *, packed: bool = True) -> None:
    """Read the body and close the response; of a refusal no more than `MAX_ERROR_BYTES`.

    `packed` is False where it is known not to be compressed.

    Raises `APIResponseValidationError` for an answer of more than `most` bytes, decompressed.
    """
    body = _Body(response, most)
    try:
        if body.is_bounded(packed=packed):
            if packed:
                response.read()
            else:
                _keep(response, b"".join(blocks(response)))
            return
        for piece in blocks(response):
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
            if packed:
                await response.aread()
            else:
                _keep(response, b"".join([piece async for piece in blocks_async(response)]))
            return
        pieces = blocks_async(response)
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
