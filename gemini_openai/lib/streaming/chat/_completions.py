"""Turn an open stream of chunks into a stream of events, blocking or in an event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ...._streaming import AsyncStream, Stream
from ....dialect import DEFAULT_SETTINGS
from ....types.chat.chat_completion_chunk import ChatCompletionChunk
from ..._parsing import ResponseFormatT
from ._state import ChatCompletionStreamState as ChatCompletionStreamState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

    from typing_extensions import Self

    from ...._primitives.given import Omit
    from ....dialect import Settings
    from ....types.chat.chat_completion_tool_param import ChatCompletionToolUnionParam
    from ....types.chat.completion_create_params import ResponseFormat as ResponseFormatParam
    from ....types.chat.parsed_chat_completion import ParsedChatCompletion
    from ._events import ChatCompletionStreamEvent
    from ._types import ParsedChatCompletionSnapshot

RawStreamT = TypeVar("RawStreamT", Stream[ChatCompletionChunk], AsyncStream[ChatCompletionChunk])
RequestT = TypeVar("RequestT")


class _EventStream(Generic[RawStreamT, ResponseFormatT]):
    """The part of a stream of events that does no I/O."""

    def __init__(
        self,
        *,
        raw_stream: RawStreamT,
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._raw_stream: RawStreamT = raw_stream
        self._response = raw_stream.response
        self._state = ChatCompletionStreamState(
            response_format=response_format, input_tools=input_tools, settings=settings
        )
        # Tracers put an iterator of their own in `_iterator`; `_source` is what `close` ends.
        self._source = self._iterator = self.__stream__()

    def __stream__(self) -> Any:
        raise NotImplementedError

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot:
        """The answer as far as it has come; see `ChatCompletionStreamState`."""
        return self._state.current_completion_snapshot


class ChatCompletionStream(_EventStream[Stream[ChatCompletionChunk], ResponseFormatT]):
    """The events of an answer: iterate over it, in the `with` block that gave it.

    Iterating raises what `Stream` raises, and what `ChatCompletionStreamState.handle_chunk` does.
    """

    _iterator: Iterator[ChatCompletionStreamEvent[ResponseFormatT]]

    def __next__(self) -> ChatCompletionStreamEvent[ResponseFormatT]:
        return self._iterator.__next__()

    def __iter__(self) -> Self:
        return self

    def __stream__(self) -> Iterator[ChatCompletionStreamEvent[ResponseFormatT]]:
        for chunk in self._raw_stream:
            yield from self._state.handle_chunk(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the response; see `Stream.close`."""
        self._raw_stream.close()

    def until_done(self) -> Self:
        """Read the rest of the answer; return this stream."""
        for _ in self:
            pass
        return self

    def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]:
        """Wait for the whole answer and return it parsed. Raises what `parse` raises."""
        self.until_done()
        return self._state.get_final_completion()


class AsyncChatCompletionStream(_EventStream[AsyncStream[ChatCompletionChunk], ResponseFormatT]):
    """`ChatCompletionStream` in an event loop: `async for`, in the `async with` that gave it."""

    _iterator: AsyncIterator[ChatCompletionStreamEvent[ResponseFormatT]]

    async def __anext__(self) -> ChatCompletionStreamEvent[ResponseFormatT]:
        return await self._iterator.__anext__()

    # Not a generator: one that is left half-way causes a warning when it is collected.
    def __aiter__(self) -> Self:
        return self

    async def __stream__(self) -> AsyncGenerator[ChatCompletionStreamEvent[ResponseFormatT], None]:
        while True:
            try:
                chunk = await self._raw_stream.__anext__()
            except StopAsyncIteration:
                return
            for event in self._state.handle_chunk(chunk):
                yield event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the response; see `AsyncStream.close`."""
        try:
            await self._raw_stream.close()
        finally:
            with suppress(RuntimeError):  # it is running; whoever waits in it gets the error
                await self._source.aclose()

    async def until_done(self) -> Self:
        """Read the rest of the answer; return this stream."""
        async for _ in self:
            pass
        return self

    async def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]:
        """Wait for the whole answer and return it parsed. Raises what `parse` raises."""
        await self.until_done()
        return self._state.get_final_completion()


class _StreamManager(Generic[RequestT, ResponseFormatT]):
    """A request for a stream of events, and what the answer is read as."""

    def __init__(
        self,
        api_request: RequestT,
        *,
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._api_request = api_request
        self._reading: dict[str, Any] = {
            "response_format": response_format,
            "input_tools": input_tools,
            "settings": settings,
        }


class ChatCompletionStreamManager(
    _StreamManager[Callable[[], Stream[ChatCompletionChunk]], ResponseFormatT]
):
    """A request for a stream of events; entering sends the request, leaving closes the stream."""

    _stream: ChatCompletionStream[ResponseFormatT] | None = None

    def __enter__(self) -> ChatCompletionStream[ResponseFormatT]:
        self._stream = ChatCompletionStream(raw_stream=self._api_request(), **self._reading)
        return self._stream

    def __exit__(self, *exc: object) -> None:
        if self._stream is not None:
            self._stream.close()


class AsyncChatCompletionStreamManager(
    _StreamManager[
        Awaitable[AsyncStream[ChatCompletionChunk]]
        | Callable[[], Awaitable[AsyncStream[ChatCompletionChunk]]],
        ResponseFormatT,
    ]
):
    """`ChatCompletionStreamManager` for `async with`.

    `api_request` is an awaitable, as in `openai`, or a function that returns one: a coroutine that
    is never awaited causes a warning, a function that is never called does not.
    """

    _stream: AsyncChatCompletionStream[ResponseFormatT] | None = None

    async def __aenter__(self) -> AsyncChatCompletionStream[ResponseFormatT]:
        request = self._api_request
        raw_stream = await (request() if callable(request) else request)
        self._stream = AsyncChatCompletionStream(raw_stream=raw_stream, **self._reading)
        return self._stream

    async def __aexit__(self, *exc: object) -> None:
        if self._stream is not None:
            await self._stream.close()
