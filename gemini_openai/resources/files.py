"""Upload, describe and get files, which batches and messages refer to: `files`."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  # frameworks evaluate annotations
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .._call.deadline import pause
from .._call.prepare import warn_once
from .._call.request import Call, FinalRequestOptions, make_call
from .._call.signature import spell_out
from .._google import upload as _upload
from .._google.sources import JSON_LINES, open_source
from .._legacy_response import HttpxBinaryResponseContent
from .._primitives.urls import path_id
from .._types import Maybe, RequestExtras
from ..dialect import FILE_HOURS as _FILE_HOURS, native_url
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.file_create_params import FileCreateParams
from ..types.file_list_params import FileListParams
from ..types.file_object import FileDeleted, FileObject
from ._polling import one_deadline, time_limit
from ._resource import AsyncAPIResource, SyncAPIResource
from ._views import AsyncRawView, AsyncStreamedView, RawView, StreamedView, Viewed, view_as

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._base_client import BaseClient
    from .._google.sources import Source
    from ..pagination import AsyncPaginator

__all__ = ["AsyncFiles", "Files"]

T = TypeVar("T")

_PROCESSED = frozenset({"processed", "error", "deleted"})


class CreateParams(FileCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""

    on_progress: Maybe[Callable[[int, int | None], object] | None]
    """Called with the bytes that have arrived and all there are, None where that is not known."""


class ListParams(FileListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class Files(SyncAPIResource):
    """Upload, describe, get and delete files."""

    with_raw_response = view_as(lambda: FilesWithRawResponse)
    with_streaming_response = view_as(lambda: FilesWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> FileObject:
        """Upload a file, in chunks of 8 MiB; one that fails is taken up where it stopped.

        A file is read as it is sent and never held as a whole. It is kept for 48 hours, and cannot
        be downloaded again. Where `base_url` does not end in Google's `/v1beta/openai/`, the server
        is asked in OpenAI's way: one form, with the whole file.

        Args:
            **params: all that `openai` takes here, and `on_progress`. `file` is bytes, an open
                binary file, a path (`pathlib.Path`), or a tuple of a file name, one of those and a
                MIME type.

        Raises:
            TypeError: a keyword is unknown or missing.
            RuntimeError: `file` is something else.
            OSError: `file` cannot be read.
            InvalidRequestError: it is larger than Google takes, 2 GiB.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        plan = create_plan(params, self._client)
        if isinstance(plan, Call):
            return self._send(plan)
        return _upload.send(self._client, *plan, self._sleep)

    @spell_out(RequestExtras)
    def retrieve(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileObject:
        """Describe a file. Raises `ValueError` for an empty id."""
        return self._send(retrieve_call(file_id, extras))

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> SyncCursorPage[FileObject]:
        """List the files; iterate over the result for those of all pages."""
        return self._send_list(list_call(params), SyncCursorPage[FileObject])

    @spell_out(RequestExtras)
    def delete(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileDeleted:
        """Delete a file. Raises `ValueError` for an empty id."""
        return self._send(delete_call(file_id, extras))

    @spell_out(RequestExtras)
    def content(self, file_id: str, **extras: Unpack[RequestExtras]) -> HttpxBinaryResponseContent:
        """Get what is in a file. Raises `ValueError` for an empty id."""
        return self._send(content_call(file_id, extras, HttpxBinaryResponseContent))

    @spell_out(RequestExtras)
    def retrieve_content(self, file_id: str, **extras: Unpack[RequestExtras]) -> str:
        """Get what is in a file, as text; `openai` prefers `content`."""
        return self._send(content_call(file_id, extras, str))

    def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800
    ) -> FileObject:
        """Ask every `poll_interval` seconds until a file is processed, or could not be.

        Raises `RuntimeError` when that takes longer than `max_wait_seconds`.
        """
        check = time_limit(max_wait_seconds, f"The file {id}")
        extras = one_deadline(RequestExtras(), self._client)
        while (file := self.retrieve(id, **extras)).status not in _PROCESSED:
            check()
            self._sleep(pause(poll_interval, extras.get("deadline")))
        return file


class AsyncFiles(AsyncAPIResource):
    """Upload, describe, get and delete files."""

    with_raw_response = view_as(lambda: AsyncFilesWithRawResponse)
    with_streaming_response = view_as(lambda: AsyncFilesWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> FileObject:
        """Upload a file; see `Files.create`."""
        plan = create_plan(params, self._client)
        if isinstance(plan, Call):
            return await self._send(plan)
        return await _upload.send_async(self._client, *plan, self._sleep)

    @spell_out(RequestExtras)
    async def retrieve(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileObject:
        """Describe a file. Raises `ValueError` for an empty id."""
        return await self._send(retrieve_call(file_id, extras))

    @spell_out(ListParams)
    def list(
        self, **params: Unpack[ListParams]
    ) -> AsyncPaginator[FileObject, AsyncCursorPage[FileObject]]:
        """List the files: `async for` over the result, or await it for the first page."""
        return self._send_list(list_call(params), AsyncCursorPage[FileObject])

    @spell_out(RequestExtras)
    async def delete(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileDeleted:
        """Delete a file. Raises `ValueError` for an empty id."""
        return await self._send(delete_call(file_id, extras))

    @spell_out(RequestExtras)
    async def content(
        self, file_id: str, **extras: Unpack[RequestExtras]
    ) -> HttpxBinaryResponseContent:
        """Get what is in a file. Raises `ValueError` for an empty id."""
        return await self._send(content_call(file_id, extras, HttpxBinaryResponseContent))

    @spell_out(RequestExtras)
    async def retrieve_content(self, file_id: str, **extras: Unpack[RequestExtras]) -> str:
        """Get what is in a file, as text; `openai` prefers `content`."""
        return await self._send(content_call(file_id, extras, str))

    async def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800
    ) -> FileObject:
        """Ask until a file is processed; see `Files.wait_for_processing`."""
        check = time_limit(max_wait_seconds, f"The file {id}")
        extras = one_deadline(RequestExtras(), self._client)
        while (file := await self.retrieve(id, **extras)).status not in _PROCESSED:
            check()
            await self._sleep(pause(poll_interval, extras.get("deadline")))
        return file


class _FileMethods:
    create = Viewed(Files.create, AsyncFiles.create)
    retrieve = Viewed(Files.retrieve, AsyncFiles.retrieve)
    list = Viewed(Files.list, AsyncFiles.list)
    delete = Viewed(Files.delete, AsyncFiles.delete)
    content = Viewed(Files.content, AsyncFiles.content)
    retrieve_content = Viewed(Files.retrieve_content, AsyncFiles.retrieve_content)


class FilesWithRawResponse(_FileMethods, RawView):
    """`Files`, giving `LegacyAPIResponse`."""


class AsyncFilesWithRawResponse(_FileMethods, AsyncRawView):
    """`AsyncFiles`, giving `LegacyAPIResponse`."""


class FilesWithStreamingResponse(_FileMethods, StreamedView):
    """`Files`, giving `APIResponse`."""


class AsyncFilesWithStreamingResponse(_FileMethods, AsyncStreamedView):
    """`AsyncFiles`, giving `AsyncAPIResponse`."""


class UploadPlan(NamedTuple):
    """An upload by Google's protocol; `options` describe the file, and how its answer is read."""

    options: FinalRequestOptions
    source: Source
    on_progress: Callable[[int, int | None], object] | None


def create_plan(
    params: CreateParams, client: BaseClient[Any, Any, Any]
) -> Call[FileObject] | UploadPlan:
    """What `create` does: an upload where the server has Google's routes, else OpenAI's form.

    Raises `RuntimeError` for what is no file.
    """
    form: dict[str, Any] = {**params}
    file, on_progress = form.pop("file"), form.pop("on_progress", None)
    if native_url("/files", client._settings.base_url, client._settings.dialect) is None:
        return make_call("post", "/files", FileObject, form, files={"file": file})
    purpose = form["purpose"]
    if form.get("expires_after"):
        message = f"Google keeps every file for {_FILE_HOURS} hours: expires_after has no effect."
        warn_once(client._settings.translator, message)

    def with_purpose(answer: Any) -> Any:
        if isinstance(answer, FileObject):
            answer.purpose = purpose
        return answer

    call = make_call("post", "/files", FileObject, form, post_parser=with_purpose)
    source = open_source(file, default_type=JSON_LINES if purpose == "batch" else None)
    options = FinalRequestOptions(method=call.method, url=call.path, **call.options)
    return UploadPlan(options, source, on_progress)


def retrieve_call(file_id: str, extras: RequestExtras) -> Call[FileObject]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    return make_call("get", f"/files/{path_id('file_id', file_id)}", FileObject, extras)


def list_call(params: ListParams) -> Call[FileObject]:
    """The request that `list` sends."""
    return make_call("get", "/files", FileObject, params)


def delete_call(file_id: str, extras: RequestExtras) -> Call[FileDeleted]:
    """The request that `delete` sends. Raises `ValueError` for an empty id."""
    return make_call("delete", f"/files/{path_id('file_id', file_id)}", FileDeleted, extras)


def content_call(file_id: str, extras: RequestExtras, cast_to: type[T]) -> Call[T]:
    """The request that `content` sends. Raises `ValueError` for an empty id."""
    path = f"/files/{path_id('file_id', file_id)}/content"
    return make_call("get", path, cast_to, extras, headers={"Accept": "application/binary"})
