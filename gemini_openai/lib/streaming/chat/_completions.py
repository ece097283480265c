"""An open stream of chunks to a stream of events, in either world."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Generic

from ....dialect import DEFAULT_SETTINGS
from ..._parsing import ResponseFormatT
from ._state import ChatCompletionStreamState as ChatCompletionStreamState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from ...._primitives.given import Omit
    from ...._streaming import AsyncStream, Stream
    from ....dialect import Settings
    from ....types.chat.chat_completion_chunk import ChatCompletionChunk
    from ....types.chat.chat_completion_tool_param import ChatCompletionToolUnionParam
    from ....types.chat.completion_create_params import ResponseFormat as ResponseFormatParam
    from ....types.chat.parsed_chat_completion import ParsedChatCompletion
    from ._events import ChatCompletionStreamEvent
    from ._types import ParsedChatCompletionSnapshot


class ChatCompletionStream(Generic[ResponseFormatT]):
    """The events of an answer: iterate over it, in the `with` block that gave it.

    Iterating raises what `Stream` raises, and what `ChatCompletionStreamState.handle_chunk` does.
    """

    def __init__(
        self,
        *,
        raw_stream: Stream[ChatCompletionChunk],
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._raw_stream = raw_stream
        self._response = raw_stream.response
        self._state = ChatCompletionStreamState(
            response_format=response_format, input_tools=input_tools, settings=settings
        )
        self._iterator = self.__stream__()

    def __next__(self) -> ChatCompletionStreamEvent[ResponseFormatT]:
        return self._iterator.__next__()

    def __iter__(self) -> Self:
        return self

    def __stream__(self) -> Iterator[ChatCompletionStreamEvent[ResponseFormatT]]:
        for chunk in self._raw_stream:
            yield from self._state.handle_chunk(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the response; see `Stream.close`."""
        self._raw_stream.close()

    def until_done(self) -> Self:
        """Take in the rest of the answer, and give this stream back."""
        for _ in self:
            pass
        return self

    def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]:
        """Wait for the whole answer, and give it parsed. Raises what `parse` raises."""
        self.until_done()
        return self._state.get_final_completion()

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot:
        """The answer as far as it has come; see `ChatCompletionStreamState`."""
        return self._state.current_completion_snapshot


class ChatCompletionStreamManager(Generic[ResponseFormatT]):
    """A request for a stream of events; entering it sends the request, leaving it closes it."""

    def __init__(
        self,
        api_request: Callable[[], Stream[ChatCompletionChunk]],
        *,
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._api_request = api_request
        self._response_format = response_format
        self._input_tools = input_tools
        self._settings = settings
        self._stream: ChatCompletionStream[ResponseFormatT] | None = None

    def __enter__(self) -> ChatCompletionStream[ResponseFormatT]:
        self._stream = ChatCompletionStream(
            raw_stream=self._api_request(),
            response_format=self._response_format,
            input_tools=self._input_tools,
            settings=self._settings,
        )
        return self._stream

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()


class AsyncChatCompletionStream(Generic[ResponseFormatT]):
    """`ChatCompletionStream` in an event loop: `async for`, in the `async with` that gave it."""

    def __init__(
        self,
        *,
        raw_stream: AsyncStream[ChatCompletionChunk],
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._raw_stream = raw_stream
        self._response = raw_stream.response
        self._state = ChatCompletionStreamState(
            response_format=response_format, input_tools=input_tools, settings=settings
        )
        self._source = self._iterator = self.__stream__()

    async def __anext__(self) -> ChatCompletionStreamEvent[ResponseFormatT]:
        return await self._iterator.__anext__()

    # Not a generator, and none below: one that is left half-way stays to be complained of.
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

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the response; see `AsyncStream.close`."""
        await self._raw_stream.close()
        with suppress(RuntimeError):  # somebody is waiting in it, and hears of it there
            await self._source.aclose()

    async def until_done(self) -> Self:
        """Take in the rest of the answer, and give this stream back."""
        async for _ in self:
            pass
        return self

    async def get_final_completion(self) -> ParsedChatCompletion[ResponseFormatT]:
        """Wait for the whole answer, and give it parsed. Raises what `parse` raises."""
        await self.until_done()
        return self._state.get_final_completion()

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletionSnapshot:
        """The answer as far as it has come; see `ChatCompletionStreamState`."""
        return self._state.current_completion_snapshot


class AsyncChatCompletionStreamManager(Generic[ResponseFormatT]):
    """`ChatCompletionStreamManager` for `async with`.

    `api_request` is an awaitable, as in `openai`, or a function that gives one: a coroutine that
    nobody comes to await is a warning, a function that nobody calls is not.
    """

    def __init__(
        self,
        api_request: Awaitable[AsyncStream[ChatCompletionChunk]]
        | Callable[[], Awaitable[AsyncStream[ChatCompletionChunk]]],
        *,
        response_format: type[ResponseFormatT] | ResponseFormatParam | Omit,
        input_tools: Iterable[ChatCompletionToolUnionParam] | Omit,
        settings: Settings = DEFAULT_SETTINGS,
    ) -> None:
        self._api_request = api_request
        self._response_format = response_format
        self._input_tools = input_tools
        self._settings = settings
        self._stream: AsyncChatCompletionStream[ResponseFormatT] | None = None

    async def __aenter__(self) -> AsyncChatCompletionStream[ResponseFormatT]:
        request = self._api_request
        raw_stream = await (request() if callable(request) else request)
        self._stream = AsyncChatCompletionStream(
            raw_stream=raw_stream,
            response_format=self._response_format,
            input_tools=self._input_tools,
            settings=self._settings,
        )
        return self._stream

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            await self._stream.close()
