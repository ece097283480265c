"""Rewrite the events of a stream, one by one, as OpenAI would have sent them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from .._call.bounds import Around
from .._call.encode import encode_json
from .._call.event_reader import EventReader
from .._exceptions import APIError, APITimeoutError
from .._http.family import family_of
from .._primitives.json_types import is_object
from .._streaming import read, read_async
from ..dialect import NO_TOKENS
from ..types.chat.chat_completion_chunk import ChatCompletionChunk
from .responses import error_body, wire_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from .._types import Response
    from ..dialect import ChunkAdapter

_DONE = b"data: [DONE]\n\n"


class EventRewriter(EventReader[Any]):
    """Turns blocks of bytes into the bytes of events, each as soon as it is whole."""

    def __init__(self, response: Response, chunks: ChunkAdapter, *, most: int | None) -> None:
        super().__init__(ChatCompletionChunk, response, chunks, most=most)
        chunks.seeks_pattern = False  # it is for models

    def _decode_plain(self, data: bytes) -> bytes:
        value = from_json(data)
        if self._zeros is not None and is_object(value):
            return _event({**value, "usage": NO_TOKENS})
        if b"\n" in data or b"\r" in data:  # JSON on several lines
            return _event(value)
        return b"data: " + data + b"\n\n"

    def _fit(self, chunk: dict[str, Any]) -> bytes:
        return _event(chunk)

    def _keep(self, data: bytes) -> None:
        """Count only: an event that tells an error cannot give chunks."""
        self._not_kept += 1

    def _arrived(self) -> str:
        return f"{self._not_kept} chunks had arrived. Call again."


class RewrittenEvents(Around):
    """The body of a response, its events rewritten. What goes wrong is an event, and no end."""

    def __init__(self, response: Response, rewriter: EventRewriter) -> None:
        super().__init__(response)
        self._rewriter = rewriter

    def __iter__(self) -> Iterator[bytes]:
        error: APIError | None = None
        try:
            yield from read(self._stream, self._rewriter)
        except APIError as trouble:
            error = trouble
        yield _last(error, self._stream)


class AsyncRewrittenEvents(RewrittenEvents):
    """`RewrittenEvents` in an event loop."""

    is_async = True

    def __init__(self, response: Response, rewriter: EventRewriter) -> None:
        super().__init__(response, rewriter)
        # No generator is around this one: the garbage collector would close both at once.
        self._events = read_async(self._stream, self._rewriter)
        self._has_ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._has_ended:
            raise StopAsyncIteration
        error: APIError | None = None
        event: bytes | None = None
        try:
            event = await self._events.__anext__()
        except StopAsyncIteration:
            self._has_ended = True
        except APIError as trouble:
            self._has_ended, error = True, trouble
        return _last(error, self._stream) if event is None else event

    async def aclose(self) -> None:
        """Close the response, and what reads it, which would be left to the garbage collector."""
        try:
            await super().aclose()
        finally:
            with suppress(RuntimeError):  # a task is reading, and gets the error itself
                await self._events.aclose()  # type: ignore[attr-defined]


def _last(error: APIError | None, response: Response) -> bytes:
    """The last event: the end, or an error. Raises the HTTP library's own for a timeout."""
    if isinstance(error, APITimeoutError):
        raise wire_error(error, family_of(response))
    return _DONE if error is None else _event(error_body(error))


def _event(value: Any) -> bytes:
    return b"data: " + encode_json(value) + b"\n\n"
