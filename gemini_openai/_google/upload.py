"""Upload a file by Google's resumable protocol: the steps are a generator of effects.

The protocol: begin, and get a URL; send chunks to it; after a failure ask how much arrived, and go
on from there. https://ai.google.dev/gemini-api/docs/files has the first two,
https://developers.google.com/photos/library/guides/resumable-uploads the third.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
from pydantic_core import from_json

from .._call.binary import HttpxBinaryResponseContent
from .._call.deadline import pause, start_deadline
from .._call.effects import Wait, run, run_async
from .._call.exchange import is_deadline_error
from .._call.prepare import translate
from .._call.request import FinalRequestOptions
from .._call.views import result
from .._exceptions import (
    APIConnectionError,
    ConflictError,
    InternalServerError,
    InvalidRequestError,
    OpenAIError,
    RateLimitError,
    other_answer,
)
from .._primitives.json_types import is_object
from .._primitives.log import logger
from .._primitives.numbers import whole_number
from .._primitives.secrets import is_secret_header
from .._primitives.urls import leaves_https, same_origin
from ..dialect import MAX_FILE_BYTES, redirect_target
from ..types.file_object import FileObject

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from .._base_client import AsyncAPIClient, BaseClient, SyncAPIClient
    from .._types import Response
    from .sources import Source

    Progress = Callable[[int, int | None], object]
    """Called with the bytes that have arrived, and all there are; None if that is not known."""


class Ask(NamedTuple):
    """Send this request, and give its response."""

    options: FinalRequestOptions


class Read(NamedTuple):
    """Give so many bytes of the source from `offset` on; fewer only at its end."""

    offset: int
    size: int


class Report(NamedTuple):
    """Tell the caller how many bytes have arrived, and of how many."""

    sent: int
    total: int | None


CHUNK_BYTES = 8 << 20
"""Bytes in a chunk: what Google names as the granularity of its uploads."""

MOST_CHUNK_BYTES = 64 << 20  # a chunk is held in memory, whatever granularity a server names

Effect = Ask | Read | Report | Wait
_RESUMABLE = (APIConnectionError, InternalServerError, RateLimitError, ConflictError)


@dataclass
class _Upload:
    """Where an upload goes, and how far it is."""

    options: FinalRequestOptions
    offset: int = 0

    def ask(self, headers: dict[str, str], content: bytes = b"") -> Ask:
        headers = {**_headers(self.options), **headers}
        return Ask(replace(self.options, content=content, headers=headers))


def upload(
    begin: FinalRequestOptions, size: int | None, *, max_retries: int
) -> Generator[Effect, Any, Response]:
    """Yield effects until the file is whole at Google's; the response that says so is returned.

    Args:
        begin: the request that begins the upload.
        size: of the file, in bytes; None if only its end will tell.
        max_retries: how often to try to get any further before giving up; each byte that arrives
            sets the count back.

    Raises `APIError` when it cannot get further, and `OpenAIError` when what arrived is not whole.
    """
    began: Response = yield Ask(begin)
    place = began.headers.get("x-goog-upload-url")
    if not place:
        raise OpenAIError(
            f"{began.request.url.host} began no upload: its answer has no X-Goog-Upload-URL. Is "
            "base_url a server that passes on Google's /upload/ routes? If it has OpenAI's own "
            '/files, say so with repairs={"files": False}.'
        )
    target = redirect_target(begin.url, place)
    if target is None:
        raise OpenAIError(
            f"{began.request.url.host} began an upload at what is no URL: its X-Goog-Upload-URL is "
            "malformed. Upload the file again."
        )
    if leaves_https(begin.url, target):
        raise OpenAIError(
            f"{began.request.url.host} began an upload that would go on by http, where others "
            "could read the file. It was not sent."
        )
    own = {k: v for k, v in _headers(begin).items() if not k.lower().startswith("x-goog-upload-")}
    if not same_origin(target, begin.url):
        own = {name: value for name, value in own.items() if not is_secret_header(name)}
    going = _Upload(
        FinalRequestOptions(
            method="post",
            url=target,
            headers={**own, "content-type": "application/octet-stream"},
            timeout=begin.timeout,
            deadline=begin.deadline,
            # A chunk that may have arrived is not sent again before the server was asked.
            max_retries=0,
        )
    )
    step = chunk_size(began.headers)
    failures = 0
    while True:
        chunk: bytes = yield Read(going.offset, step)
        last = len(chunk) < step or going.offset + len(chunk) == size
        before = going.offset
        answer: Response | None = None
        try:
            command = "upload, finalize" if last else "upload"
            headers = {"x-goog-upload-command": command, "x-goog-upload-offset": str(before)}
            answer = yield going.ask(headers, chunk)
        except _RESUMABLE as failure:
            logger.info("an upload stopped at byte %d: %s", before, failure)
            if failures >= max_retries or is_deadline_error(failure):
                raise
            yield Wait(pause(min(2.0 ** min(failures, 3), 8.0), begin.deadline))
        if answer is not None and _status(answer) == ("final" if last else "active"):
            going.offset += len(chunk)
        else:
            try:
                answer = yield from _asked(going)
            except _RESUMABLE as failure:
                if is_deadline_error(failure):
                    raise
                logger.info("how much of an upload arrived cannot be found out: %s", failure)
        failures = 0 if going.offset > before else failures + 1
        if answer is None:
            continue
        yield Report(going.offset, size)
        if _status(answer) == "final":
            return _whole(answer, going.offset if size is None else size)
        if failures > max_retries:
            raise OpenAIError(
                f"The upload stays at byte {going.offset}, whatever is sent. Upload it again."
            )


def _headers(options: FinalRequestOptions) -> dict[str, Any]:
    return options.headers if isinstance(options.headers, dict) else {}


def _asked(going: _Upload) -> Generator[Effect, Any, Response]:
    """Ask how much has arrived; raises `OpenAIError` where the upload cannot go on."""
    answer: Response = yield going.ask({"x-goog-upload-command": "query"})
    status = _status(answer)
    received = whole_number(answer.headers.get("x-goog-upload-size-received"), MAX_FILE_BYTES)
    if not (status == "final" or (status == "active" and received is not None)):
        raise OpenAIError(
            f"The upload is {status or 'in a state the server does not name'} at byte "
            f"{going.offset}, and cannot go on. Upload the file again."
        )
    if received is not None:
        going.offset = received
    return answer


def _status(answer: Response) -> str:
    found: str = answer.headers.get("x-goog-upload-status", "")
    if not found and answer.is_success and b'"file"' in answer.content[:100]:
        return "final"
    return found


def _whole(answer: Response, size: int) -> Response:
    try:
        value: object = from_json(answer.content)
    except ValueError:
        raise other_answer(answer, answer.text, "the JSON it should be") from None
    file = value.get("file") if is_object(value) else None
    arrived = whole_number(file.get("sizeBytes")) if is_object(file) else None
    if arrived is not None and arrived != size:
        raise OpenAIError(
            f"The upload is over with {arrived} bytes, and the file has {size}. Did it change "
            "while it was read? Upload it again."
        )
    return answer


def _start(
    client: BaseClient[Any, Any, Any], options: FinalRequestOptions, source: Source
) -> Generator[Effect, Any, Response]:
    """The steps of an upload, from the request that `files.create` made.

    Raises `InvalidRequestError` for a file that is larger than Google takes.
    """
    from ..dialect import native_roots

    roots = native_roots(client._settings.base_url)
    if roots is None:
        raise OpenAIError(f"{client._settings.base_url} has no /upload/ routes beside it.")
    if source.size is not None and source.size > MAX_FILE_BYTES:
        raise InvalidRequestError(
            f"{source.name} has {source.size} bytes, and Google takes files of up to "
            f"{MAX_FILE_BYTES} (2 GiB). Split it; batches.run() splits its rows itself.",
            param="file",
        )
    headers = start_headers(source.size, source.mime_type, source.name)
    begin = replace(
        options,
        view=None,
        url=f"{roots.upload}files",
        headers={**_headers(options), **headers},
        json_data={"file": {"displayName": source.name[:512]}},  # Google takes no longer ones
        files=None,
        deadline=start_deadline(options.deadline, client.deadline),
    )
    return upload(begin, source.size, max_retries=client.max_retries)


def send(
    client: SyncAPIClient,
    options: FinalRequestOptions,
    source: Source,
    on_progress: Progress | None,
    sleep: Callable[[float], object],
) -> FileObject:
    """Upload, blocking; `options` are those of `files.create`."""

    def perform(effect: Effect) -> Any:
        if isinstance(effect, Ask):
            return _let_go(client.request(HttpxBinaryResponseContent, effect.options).response)
        if isinstance(effect, Read):
            return source.read(*effect)
        if isinstance(effect, Report):
            return on_progress(*effect) if on_progress is not None else None
        return sleep(effect.seconds)

    with source:
        return _answer(client, options, run(_start(client, options, source), perform))


async def send_async(
    client: AsyncAPIClient,
    options: FinalRequestOptions,
    source: Source,
    on_progress: Progress | None,
    sleep: Callable[[float], Awaitable[object]],
) -> FileObject:
    """`send` in an event loop; the file is read in a thread."""

    async def perform(effect: Effect) -> Any:
        if isinstance(effect, Ask):
            answer = await client.request(HttpxBinaryResponseContent, effect.options)
            return _let_go(answer.response)
        if isinstance(effect, Read):
            return await anyio.to_thread.run_sync(source.read, *effect)
        if isinstance(effect, Report):
            told = on_progress(*effect) if on_progress is not None else None
            return await told if isawaitable(told) else told
        return await sleep(effect.seconds)

    with source:
        return _answer(client, options, await run_async(_start(client, options, source), perform))


def _let_go(response: Any) -> Response:
    """A response that has been read, without the stream it was read from.

    That refers back to it, so both would wait for the garbage collector, with the chunk sent.
    """
    response.stream = None
    return response  # type: ignore[no-any-return]


def _answer(
    client: BaseClient[Any, Any, Any], options: FinalRequestOptions, response: Response
) -> FileObject:
    """What `files.create` gives for the response that ended an upload."""
    options.translation = translate(client._settings, options)
    answer: FileObject
    answer = result(client, FileObject, options, response, stream=False, stream_cls=None)
    return answer


def start_headers(size: int | None, mime_type: str, file_name: str) -> dict[str, str]:
    """The headers that begin a resumable upload; `size` in bytes, None if it is not known."""
    headers = {
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-type": mime_type,
    }
    if size is not None:
        headers["x-goog-upload-header-content-length"] = str(size)
    if file_name.isascii() and file_name.isprintable():  # as a header must be
        headers["x-goog-upload-file-name"] = file_name
    return headers


def chunk_size(headers: Mapping[str, str]) -> int:
    """The bytes of each chunk but the last: a multiple of the granularity the server names."""
    named = headers.get("x-goog-upload-chunk-granularity", "")
    grain = whole_number(named, MOST_CHUNK_BYTES) or CHUNK_BYTES
    return grain * max(1, CHUNK_BYTES // grain)
