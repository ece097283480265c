"""Turn the bytes of a streamed answer into its items, without I/O."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic_core import ValidationError, from_json

from .._constants import DEFAULT_MAX_RESPONSE_BYTES
from .._exceptions import (
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    IncompleteStreamError,
    error_in_answer,
    error_in_stream,
    other_answer,
)
from .._http.family import family_of
from .._primitives.json_types import is_array, is_object
from .._primitives.log import logger
from .._primitives.secrets import words_of
from ..dialect import NO_TOKENS, NoAnswerError, error_in_event
from ..types.chat.chat_completion_chunk import ChatCompletionChunk
from ..types.completion_usage import CompletionUsage
from .copies import ChunkCopies
from .decode import decoder, fit, is_model
from .mended_json import mended_json
from .sse import UNFRAMED, EventFrames, read_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._types import Response
    from ..dialect import ChunkAdapter, Pattern

_T = TypeVar("_T")

_MOST_STRAY = 4000  # bytes: enough for the title of a page


class EventReader(Generic[_T]):
    """Turn blocks of bytes into items. Serves one response only."""

    def __init__(
        self,
        cast_to: type[_T],
        response: Response,
        chunks: ChunkAdapter | None = None,
        *,
        most: int | None = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        self.done = False
        self._is_chat = _is_chunk(cast_to)
        self._chunks = chunks if self._is_chat else None
        self._cast_to = cast_to
        self._decode = decoder(cast_to)
        # Zeros read once for all, with details that all share: reading them with each chunk costs a
        # third of the chunk.
        self._zeros: dict[str, Any] | None = None
        if self._chunks is not None and self._chunks.counts:
            self._zeros = dict(CompletionUsage.model_validate(NO_TOKENS))
        self._response = response
        self._frames = EventFrames()
        # Only chat answers say in their last chunk that they are complete.
        self._unfinished = self._is_chat
        # Of several choices each is looked for in all events.
        self._several = self._chunks is not None and self._chunks.choices > 1
        if self._chunks is not None:
            # A class of the user's may do more with a chunk than read it.
            self._chunks.seeks_pattern = cast_to is ChatCompletionChunk and not self._several
        self._pattern: Pattern | None = None
        self._copies: ChunkCopies | None = None  # of the chunk of the pattern
        self._read_usage = CompletionUsage.__pydantic_validator__.validate_python
        self._begun: set[int] = set()
        self._ended: set[int] = set()
        self._most = sys.maxsize if most is None else most
        self._seen: list[bytes] = []
        self._seen_bytes = 0
        self._not_kept: int = 0  # chunks beyond the bound
        self._stray = b""  # the beginning of what is no event

    def feed(self, block: bytes) -> Iterable[_T]:
        """The items that `block` completes. Raises `APIError` at an error event."""
        frames = self._frames.feed(block)
        if not frames and self._frames.waiting > self._most:
            raise self._invalid(
                None,
                f"An event of the stream has more than {self._most} bytes, and no end. If it may "
                "be so large, give the client a larger max_response_bytes.",
            )
        # Most blocks are one event, which needs no generator.
        if len(frames) == 1 and not self.done and (item := self._alike(frames[0])) is not None:
            return (item,)
        return self._items(frames)

    def end(self) -> Iterator[_T]:
        """The items left when the bytes end. Raises `IncompleteStreamError` if some are missing."""
        for frame in self._frames.flush():
            try:
                yield from self._items([frame])
            except APIResponseValidationError as half:
                if not self._is_chat:
                    raise
                if self._unfinished:
                    raise self._incomplete("The stream ended inside an event", None) from None
                logger.warning("a stream ended inside an event after its answer: %s", half)
        if self._unfinished and not self.done:
            content_type = self._response.headers.get("content-type", "")
            if self._stray and not self._seen and "event-stream" not in content_type:
                text = self._stray.decode("utf-8", "replace")
                raise other_answer(self._response, text, "a stream of events")
            if self._chunks is None or not self._chunks.only_others:
                raise self._incomplete("The stream ended", None)
        if self._chunks and self._chunks.counts and not (self.done or self._chunks.is_counted):
            logger.warning("a stream ended before the usage that include_usage asks for")
        try:
            last = self._chunks.end() if self._chunks else []
        except NoAnswerError as cause:
            raise self._invalid(b"\n\n".join(self._seen), str(cause)) from None
        for chunk in last:
            yield self._fit(chunk)

    def broke_off(self, cause: Exception) -> APIError | None:
        """The error for a read that failed with `cause`; None if the answer was complete."""
        if self.done or (self._is_chat and not self._unfinished):
            return None
        timed_out = isinstance(cause, family_of(self._response).TimeoutException)
        error = APITimeoutError(self._response.request) if timed_out else cause
        if isinstance(error, APITimeoutError):
            error.chunks = self._chunks_so_far()
            error.message += f" {self._arrived()}"
            error.args = (error.message,)
            return error
        return self._incomplete("The connection broke", cause)

    def _items(self, frames: list[bytes]) -> Iterator[_T]:
        for frame in frames:
            if self.done:
                return
            if (alike := self._alike(frame)) is not None:
                yield alike
                continue
            if _is_plain(frame):
                data = frame[6:]
            elif (unusual := self._unusual(frame)) is not None:
                data = unusual
            else:
                continue
            if self._is_chat:
                if data.strip() in _NOTHING:
                    if self._chunks is not None:
                        self._chunks.adapt({})  # told of at the end, if no chunk comes
                    continue
                self._follow(data)
            if self._chunks is None or not self._chunks.needs(data):
                yield self._item(data)
            else:
                for chunk in self._adapted(data, self._chunks):
                    yield self._fit(chunk)

    def _alike(self, frame: bytes) -> _T | None:
        """The chunk of an event that is like one before, made of that one; None of all others."""
        if self._chunks is None or not (self._chunks.pattern and frame.startswith(b"data: {")):
            return None
        data = frame[6:]
        found = self._chunks.alike(data)
        if found is None:
            return None
        if self._pattern is not self._chunks.pattern:
            self._pattern = self._chunks.pattern
            self._copies = _copies(self._pattern)
        if self._copies is None:
            return None
        text, counts = found
        try:
            usage = None if counts is None else self._read_usage(counts)
        except ValidationError:
            return None
        if self._unfinished:
            self._keep(data)
        item: _T = self._copies.copy(text, usage)
        return item

    def _decode_plain(self, data: bytes) -> _T:
        """A chunk that needs no repair, but perhaps zeros for a usage."""
        item: Any = self._decode(data)
        if self._zeros is not None:
            item.usage = self._read_usage(self._zeros)
        return cast("_T", item)

    def _fit(self, chunk: dict[str, Any]) -> _T:
        """A chunk that has been repaired."""
        return cast("_T", fit(chunk, self._cast_to))

    def _keep(self, data: bytes) -> None:
        """Keep an event for the error that may come."""
        self._seen_bytes += len(data)
        if self._seen_bytes <= self._most:
            self._seen.append(data)
        else:
            self._not_kept += 1

    def _follow(self, data: bytes) -> None:
        """Note what an event says of the choices that have begun, and of those that have ended."""
        if not (self._unfinished or self._several):
            return
        self._keep(data)
        if not (self._several or b'"finish' in data):
            return
        for index, has_ended in _choices_in(data):
            self._begun.add(index)
            if has_ended:
                self._ended.add(index)
        self._unfinished = not self._ended or (self._several and self._begun > self._ended)
        if not (self._unfinished or self._several):
            self._seen.clear()

    def _item(self, data: bytes) -> _T:
        try:
            item: _T = self._decode_plain(data)
        except ValueError as cause:
            item = self._decode_plain(self._mended(data, cause))
        return item

    def _mended(self, data: bytes, cause: ValueError) -> bytes:
        """The data of an event that is no JSON, as JSON. Raises `APIResponseValidationError`."""
        mended = mended_json(data)
        if self._seen and self._seen[-1] is data:
            self._seen[-1:] = [] if mended is None else [mended]
        if mended is None:
            raise self._invalid(data, f"An event of the stream is not JSON: {cause}") from cause
        logger.info("an event of the stream is broken JSON, and was mended: %s", cause)
        return mended

    def _adapted(self, data: bytes, chunks: ChunkAdapter) -> list[dict[str, Any]]:
        try:
            value = from_json(data)
        except ValueError as cause:
            data = self._mended(data, cause)
            value = from_json(data)
        if not is_object(value):
            if self._seen and self._seen[-1] is data:
                self._seen.pop()
            raise self._invalid(data, "An event of the stream is JSON, but not an object.")
        return chunks.adapt(value, data)

    def _invalid(self, data: bytes | None, message: str) -> APIResponseValidationError:
        text = None if data is None else data.decode("utf-8", "replace")
        error = APIResponseValidationError(self._response, text, message=message)
        if self._is_chat:
            error.chunks = self._chunks_so_far()
        return error

    def _unusual(self, frame: bytes) -> bytes | None:
        """The data of a frame with more than one plain line; None if it is not an item."""
        event = read_event(frame)
        if (event is None or event.event == UNFRAMED) and len(self._stray) < _MOST_STRAY:
            self._stray += frame + b"\n\n"
        if event is None:
            return None
        data = event.data
        if data.startswith(b"[DONE]"):
            self.done = True
            return None
        if b'"error"' in data or event.event == "error":
            error = error_in_event(data, named=event.event == "error")
            if error is not None:
                raise self._api_error(error)
        return None if event.event == UNFRAMED else data

    def _api_error(self, body: object) -> APIError:
        if self._unfinished and not (self._seen or self._not_kept):  # it is the whole answer
            return error_in_answer(self._response, body, body=body)
        return error_in_stream(self._response, body)

    def _incomplete(self, what: str, cause: Exception | None) -> IncompleteStreamError:
        words = words_of(cause) if cause and str(cause) else None
        detail = f" ({words})" if words else ""
        missing = "no finish reason"
        if self._ended:
            left = ", ".join(map(str, sorted(self._begun - self._ended)))
            missing += f" of choice {left}"
        return IncompleteStreamError(
            message=(
                f"{what} before the answer was complete: no [DONE] and {missing} came{detail}. "
                f"{self._arrived()}"
            ),
            request=self._response.request,
            chunks=self._chunks_so_far(),
        )

    def _arrived(self) -> str:
        """How many chunks had arrived, and where they are."""
        kept = f"the first {len(self._seen)}" if self._not_kept else "they"
        return (
            f"{len(self._seen) + self._not_kept} chunks had arrived; {kept} are in `chunks` of "
            "this error. Call again, or use these chunks."
        )

    def _chunks_so_far(self) -> list[ChatCompletionChunk]:
        """Those that were given, read once more."""
        return cast("list[ChatCompletionChunk]", list(self._read_again()))

    def _read_again(self) -> Iterator[_T]:
        chunks = self._chunks and self._chunks.again()
        for data in self._seen:
            if chunks is None or not chunks.needs(data):
                yield self._decode_plain(data)
            else:
                for chunk in chunks.adapt(from_json(data), data):
                    yield self._fit(chunk)


def _copies(pattern: Pattern | None) -> ChunkCopies | None:
    try:
        chunk = pattern and ChatCompletionChunk.model_validate(pattern.chunk)
        return ChunkCopies(chunk, is_thought=bool(pattern and pattern.is_thought))
    except ValueError as cause:
        logger.debug("each chunk is read: %s", cause)
        return None


def _is_chunk(cast_to: Any) -> bool:
    return is_model(cast_to) and issubclass(cast_to, ChatCompletionChunk)


def _is_plain(frame: bytes) -> bool:
    # A look at the bytes costs a twentieth of parsing them.
    return frame.startswith(b"data: {") and b"\n" not in frame and b'"error"' not in frame


_NOTHING = frozenset({b"null", b"[]", b'""', b"false"})  # JSON without anything to say


def _choices_in(data: bytes) -> Iterator[tuple[int, bool]]:
    """The index of each choice in an event, and whether it has a finish reason."""
    try:
        chunk = from_json(data)
    except ValueError:
        chunk = from_json(mended_json(data) or b"null")
    choices = chunk.get("choices") if is_object(chunk) else None
    for place, choice in enumerate(choices if is_array(choices) else ()):
        if is_object(choice):
            index = choice.get("index")
            reason = choice.get("finish_reason") or choice.get("finishReason")
            yield index if isinstance(index, int) else place, bool(reason)
