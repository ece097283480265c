"""Record the calls of a client whose telemetry is on, from `client.request` to the last chunk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from .._response import BaseAPIResponse
from .._streaming import AsyncStream, Stream
from .operation import Operation
from .request import Observed, operation_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from .._call.request import FinalRequestOptions
    from .._settings.settings import Settings

    Send = Callable[[FinalRequestOptions], Any]
    SendAsync = Callable[[FinalRequestOptions], Awaitable[Any]]


def observe(settings: Settings, options: FinalRequestOptions, send: Send, *, stream: bool) -> Any:
    """What `send` gives for the request, which is recorded if it is one of a model."""
    operation = _begin(settings, options, stream=stream)
    if operation is None:
        return send(replace(options, observed=True))
    with operation.current():
        answer = send(replace(options, observed=True))
    return _followed(operation, answer, stream=stream)


async def observe_async(
    settings: Settings, options: FinalRequestOptions, send: SendAsync, *, stream: bool
) -> Any:
    """`observe` in an event loop."""
    operation = _begin(settings, options, stream=stream)
    if operation is None:
        return await send(replace(options, observed=True))
    with operation.current():
        answer = await send(replace(options, observed=True))
    return _followed(operation, answer, stream=stream)


def _begin(settings: Settings, options: FinalRequestOptions, *, stream: bool) -> Operation | None:
    telemetry, name = settings.telemetry, operation_name(options.method, options.url)
    if telemetry is None or name is None:
        return None
    body: dict[str, Any] = {}
    for part in (options.json_data, options.extra_json):
        if isinstance(part, Mapping):
            body.update(cast("Mapping[str, Any]", part))
    if settings.model_map and isinstance(body.get("model"), str):
        body["model"] = settings.model_map.get(body["model"], body["model"])
    backend = settings.dialect.backend
    return Operation(
        telemetry._instruments,
        Observed(
            name,
            options.url if options.url.startswith("http") else settings.base_url,
            body,
            "gcp.vertex_ai" if backend == "vertex" else "gcp.gemini",
            stream,
        ),
        content=telemetry._captures_content(os.environ),
    )


def _followed(operation: Operation, answer: Any, *, stream: bool) -> Any:
    """`answer`, having been recorded, or being recorded as it is read."""
    try:
        found = _read(answer, stream=stream)
    except Exception as error:  # noqa: BLE001  # the caller gets it when reading
        operation.end(error)
        return answer
    if issubclass(type(found), (Stream, AsyncStream)):
        found._iterator = _Chunks(found._iterator, operation)
        found._on_close = operation.end
    else:
        if found is not None:
            operation.note(found)
        operation.end()
    return answer


def _read(answer: Any, *, stream: bool) -> Any:
    """The answer that the caller of a view will read too; None if it has not come yet."""
    if not isinstance(answer, BaseAPIResponse):
        return answer
    has_come = stream or answer.http_response.is_stream_consumed
    return answer._parse(None) if has_come else None


_ENDS = (StopIteration, StopAsyncIteration)


class _Chunks:
    """The chunks of a stream, blocking or not, recorded one by one. Does not hold the stream."""

    def __init__(self, chunks: Any, operation: Operation) -> None:
        self._chunks = chunks
        self._operation = operation

    def __iter__(self) -> Iterator[Any]:
        return self

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            chunk = next(self._chunks)
        except BaseException as error:
            self._ended(error)
            raise
        self._operation.note_chunk(chunk)
        return chunk

    async def __anext__(self) -> Any:
        try:
            chunk = await self._chunks.__anext__()
        except BaseException as error:
            self._ended(error)
            raise
        self._operation.note_chunk(chunk)
        return chunk

    def _ended(self, error: BaseException) -> None:
        self._operation.end(None if isinstance(error, _ENDS) else error)

    def __del__(self) -> None:
        self._operation.end()
