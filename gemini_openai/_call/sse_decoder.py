"""Read server-sent events with the private class of openai that frameworks import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .sse import UNFRAMED, EventFrames, ServerSentEvent, read_event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class SSEDecoder:
    """Reads events whose `data` is text, as openai's are."""

    def iter_bytes(self, iterator: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        """The events in blocks of bytes, cut anywhere."""
        frames = EventFrames()
        for block in iterator:
            yield from _events(frames.feed(block))
        yield from _events(frames.flush())

    async def aiter_bytes(self, iterator: AsyncIterator[bytes]) -> AsyncIterator[ServerSentEvent]:
        """`iter_bytes` in an event loop."""
        frames = EventFrames()
        async for block in iterator:
            for event in _events(frames.feed(block)):
                yield event
        for event in _events(frames.flush()):
            yield event


def _events(frames: list[bytes]) -> Iterator[ServerSentEvent]:
    for frame in frames:
        event = read_event(frame)
        if event is not None and event.event != UNFRAMED:
            text: Any = event.data.decode("utf-8", "replace")
            yield event._replace(data=text)
