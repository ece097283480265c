"""Turn the bytes of an open response into a stream of models, blocking or in an event loop."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_args, get_origin

from anyio import CancelScope

from ._call.bounds import blocks, blocks_async
from ._call.event_reader import EventReader
from ._call.sse import UNFRAMED, EventFrames, ServerSentEvent as ServerSentEvent, read_event
from ._constants import DEFAULT_MAX_RESPONSE_BYTES
from ._exceptions import APITimeoutError
from ._http.family import family_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from typing_extensions import Self

    from ._call.request import FinalRequestOptions
    from ._types import Response
    from .dialect import ChunkAdapter

_T = TypeVar("_T")


def _other(cause: Exception, error: Exception) -> BaseException | None:
    """The cause of an error, where that is the error itself: the one that it has."""
    return error.__cause__ if cause is error else cause


# What reads a stream does not hold the `Stream`: so it ends at once when that is dropped, and not
# in pieces, in any order, when the garbage collector comes.


def read(response: Response, reader: EventReader[_T]) -> Iterator[_T]:
    """The items of an open response, which is closed at the end; raises what `Stream` raises."""
    family = family_of(response)
    try:
        # Read to the end, past [DONE]: only a connection whose body was read is reused.
        for block in blocks(response):
            yield from reader.feed(block)
        yield from reader.end()
    except (family.RequestError, APITimeoutError) as cause:
        if error := reader.broke_off(cause):
            raise error from _other(cause, error)
        yield from reader.end()
    finally:
        if not sys.is_finalizing():  # then httpx's clock is gone, and Python 3.13 crashes
            response.close()


async def read_async(response: Response, reader: EventReader[_T]) -> AsyncIterator[_T]:
    """`read` in an event loop."""
    family = family_of(response)
    pieces = blocks_async(response)
    try:
        async for block in pieces:
            for item in reader.feed(block):
                yield item
        for item in reader.end():
            yield item
    except (family.RequestError, APITimeoutError) as cause:
        if error := reader.broke_off(cause):
            raise error from _other(cause, error)
        for item in reader.end():
            yield item
    finally:
        await end(response, pieces)


async def end(response: Response, pieces: AsyncIterator[object]) -> None:
    """Close a response and run what reads it to its end, even where the task is cancelled.

    The HTTP library nests several generators. Closing the outermost would leave the others to the
    garbage collector, and trio would warn in the user's program.
    """
    with CancelScope(shield=True):
        try:
            await response.aclose()
        finally:
            with suppress(Exception):
                async for _ in pieces:
                    pass


_of_ending_runs: deque[object] = deque(maxlen=16)


def _close_in_trio(trio: Any, source: AsyncGenerator[object]) -> None:
    async def close() -> None:
        with suppress(Exception):
            await source.aclose()

    try:
        trio.lowlevel.spawn_system_task(close)
    except RuntimeError:  # the run ends just now, and will close what is still there
        _of_ending_runs.append(source)


def _chunk_adapter(options: FinalRequestOptions | None) -> ChunkAdapter | None:
    return options.translation.chunks() if options and options.translation else None


class _OpenAnswer(Generic[_T]):
    response: Response

    _on_close: Callable[[], None] | None = None
    """Telemetry's, to be called when the caller closes the stream."""

    def __init__(
        self,
        *,
        cast_to: type[_T],
        response: Response,
        client: object,
        options: FinalRequestOptions | None = None,
    ) -> None:
        self.response = response
        self._cast_to = cast_to
        self._client = client
        self._options = options
        # Tracers replace the iterator; each step reads it anew.
        self._source = self._iterator = self.__stream__()

    def _reader(self) -> EventReader[_T]:
        return EventReader(
            self._cast_to,
            self.response,
            _chunk_adapter(self._options),
            most=getattr(self._client, "max_response_bytes", DEFAULT_MAX_RESPONSE_BYTES),
        )

    def __stream__(self) -> Any:
        raise NotImplementedError


class Stream(_OpenAnswer[_T], Generic[_T]):
    """An answer as it arrives: iterate over it, in a `with` block if you may stop early.

    Iterating raises `APIError` when the server reports an error in the stream, in the class of the
    status that the error names (`RateLimitError` for 429), `APITimeoutError` when nothing arrives
    for longer than the read timeout or the deadline of the call passes, and
    `IncompleteStreamError` when the stream ends before the answer is complete. The last two have
    what came before in `chunks`.
    """

    _iterator: Iterator[_T]

    def __next__(self) -> _T:
        return self._iterator.__next__()

    def __iter__(self) -> Iterator[_T]:
        for item in self._iterator:
            yield item

    def __stream__(self) -> Iterator[_T]:
        return read(self.response, self._reader())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the response. Its connection is reused only if the whole answer was read."""
        if self._on_close is not None:
            self._on_close()
        self.response.close()


class AsyncStream(_OpenAnswer[_T], Generic[_T]):
    """An answer as it arrives: iterate with `async for`, in `async with` if you may stop early.

    It raises the errors that `Stream` raises.
    """

    _iterator: AsyncIterator[_T]

    async def __anext__(self) -> _T:
        return await self._iterator.__anext__()

    def __aiter__(self) -> AsyncIterator[_T]:
        return self

    def __stream__(self) -> AsyncIterator[_T]:
        return read_async(self.response, self._reader())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the response. Its connection is reused only if the whole answer was read."""
        if self._on_close is not None:
            self._on_close()
        with CancelScope(shield=True):
            try:
                await self.response.aclose()
            finally:
                if isinstance(source := self._source, AsyncGenerator):
                    with suppress(RuntimeError):  # a task is iterating; it gets the error itself
                        await cast("AsyncGenerator[_T]", source).aclose()

    async def aclose(self) -> None:
        """Do what `close` does, under the name that `contextlib.aclosing` calls."""
        await self.close()

    def __del__(self) -> None:
        # asyncio closes a generator that is dropped half-way. trio does, too, but warns of it.
        source: Any = getattr(self, "_source", None)
        if (trio := sys.modules.get("trio")) and getattr(source, "ag_frame", None) is not None:
            with suppress(RuntimeError):  # this is not a thread of trio's, or its run is over
                trio.lowlevel.current_trio_token().run_sync_soon(_close_in_trio, trio, source)


# Frameworks that replace `client.request` use these in their annotations.
_StreamT = TypeVar("_StreamT", bound=Stream[Any])  # noqa: PYI018
_AsyncStreamT = TypeVar("_AsyncStreamT", bound=AsyncStream[Any])  # noqa: PYI018


def extract_stream_chunk_type(stream_cls: Any) -> Any:
    """The item type of `Stream[X]`, or of a subclass of it; raises `TypeError` if it has none."""
    if get_origin(stream_cls) is not None:
        return get_args(stream_cls)[0]
    for base in getattr(stream_cls, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, (Stream, AsyncStream)):
            return get_args(base)[0]
    for base in getattr(stream_cls, "__bases__", ()):
        if issubclass(base, (Stream, AsyncStream)):
            return extract_stream_chunk_type(base)
    raise TypeError(
        f"{stream_cls!r} does not name its item type; write Stream[YourChunk] "
        "or derive a class from it."
    )


def stream_class(stream_cls: Any) -> Any:
    """The class itself, without the parameter of `Stream[X]`."""
    return get_origin(stream_cls) or stream_cls


class SSEDecoder:
    """Reads events whose `data` is text, as openai's are; frameworks import it."""

    def iter_bytes(self, iterator: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        """The events in blocks of bytes, cut anywhere."""
        frames = EventFrames()
        for block in iterator:
            yield from _text_events(frames.feed(block))
        yield from _text_events(frames.flush())

    async def aiter_bytes(self, iterator: AsyncIterator[bytes]) -> AsyncIterator[ServerSentEvent]:
        """`iter_bytes` in an event loop."""
        frames = EventFrames()
        async for block in iterator:
            for event in _text_events(frames.feed(block)):
                yield event
        for event in _text_events(frames.flush()):
            yield event


def _text_events(frames: list[bytes]) -> Iterator[ServerSentEvent]:
    for frame in frames:
        event = read_event(frame)
        if event is not None and event.event != UNFRAMED:
            text: Any = event.data.decode("utf-8", "replace")
            yield event._replace(data=text)
