"""`files`: what batches read and write, and what messages refer to."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  # frameworks evaluate annotations
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .._call.request import Call, FinalRequestOptions, make_request_options
from .._call.signature import given, spell_out, split_extras
from .._google import upload as _upload
from .._google.sources import JSON_LINES, open_source
from .._legacy_response import HttpxBinaryResponseContent
from .._primitives.warnings import warn_user
from .._types import Maybe, RequestExtras
from ..dialect.routes.files import native_url
from ..dialect.routes.paths import path_id
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.file_create_params import FileCreateParams
from ..types.file_list_params import FileListParams
from ..types.file_object import FileDeleted, FileObject
from ._polling import time_limit
from ._resource import AsyncAPIResource, SyncAPIResource
from ._with_response import (
    AsyncFilesWithRawResponse as AsyncFilesWithRawResponse,
    AsyncFilesWithStreamingResponse as AsyncFilesWithStreamingResponse,
    FilesWithRawResponse as FilesWithRawResponse,
    FilesWithStreamingResponse as FilesWithStreamingResponse,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._base_client import BaseClient
    from .._google.sources import Source
    from ..pagination import AsyncPaginator

__all__ = ["AsyncFiles", "Files"]

_PROCESSED = frozenset({"processed", "error", "deleted"})


class CreateParams(FileCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""

    on_progress: Maybe[Callable[[int, int | None], object] | None]
    """Called with the bytes that have arrived and all there are, None where that is not known."""


class ListParams(FileListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class Files(SyncAPIResource):
    """Uploaded and generated files."""

    with_raw_response = cached_property(FilesWithRawResponse)
    with_streaming_response = cached_property(FilesWithStreamingResponse)

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
        plan = create_plan("Files.create", params, self._client)
        answer: FileObject
        if isinstance(plan, Call):
            answer = self._send(plan)
            return answer
        response = _upload.send(
            self._client, plan.options, plan.source, plan.on_progress, self._sleep
        )
        answer = _upload.as_answer(self._client, plan.options, FileObject, response)
        return answer

    @spell_out(RequestExtras)
    def retrieve(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileObject:
        """Describe a file. Raises `ValueError` for an empty id."""
        answer: FileObject = self._send(retrieve_call("Files.retrieve", file_id, extras))
        return answer

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> SyncCursorPage[FileObject]:
        """List the files; iterate over the result for those of all pages."""
        call = list_call("Files.list", params)
        return self._get_api_list(
            call.path, page=SyncCursorPage[FileObject], model=FileObject, options=call.options
        )

    @spell_out(RequestExtras)
    def delete(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileDeleted:
        """Delete a file. Raises `ValueError` for an empty id."""
        answer: FileDeleted = self._send(delete_call("Files.delete", file_id, extras))
        return answer

    @spell_out(RequestExtras)
    def content(self, file_id: str, **extras: Unpack[RequestExtras]) -> HttpxBinaryResponseContent:
        """Get what is in a file. Raises `ValueError` for an empty id."""
        answer: HttpxBinaryResponseContent
        answer = self._send(content_call("Files.content", file_id, extras))
        return answer

    @spell_out(RequestExtras)
    def retrieve_content(self, file_id: str, **extras: Unpack[RequestExtras]) -> str:
        """Get what is in a file, as text; `openai` prefers `content`."""
        answer: str = self._send(content_call("Files.retrieve_content", file_id, extras, str))
        return answer

    def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800
    ) -> FileObject:
        """Ask every `poll_interval` seconds until a file is processed, or could not be.

        Raises `RuntimeError` when that takes longer than `max_wait_seconds`.
        """
        check = time_limit(max_wait_seconds, f"The file {id}")
        while (file := self.retrieve(id)).status not in _PROCESSED:
            check()
            self._sleep(poll_interval)
        return file


class AsyncFiles(AsyncAPIResource):
    """Uploaded and generated files."""

    with_raw_response = cached_property(AsyncFilesWithRawResponse)
    with_streaming_response = cached_property(AsyncFilesWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> FileObject:
        """Upload a file; see `Files.create`."""
        plan = create_plan("AsyncFiles.create", params, self._client)
        answer: FileObject
        if isinstance(plan, Call):
            answer = await self._send(plan)
            return answer
        response = await _upload.send_async(
            self._client, plan.options, plan.source, plan.on_progress, self._sleep
        )
        answer = _upload.as_answer(self._client, plan.options, FileObject, response)
        return answer

    @spell_out(RequestExtras)
    async def retrieve(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileObject:
        """Describe a file. Raises `ValueError` for an empty id."""
        answer: FileObject = await self._send(retrieve_call("AsyncFiles.retrieve", file_id, extras))
        return answer

    @spell_out(ListParams)
    def list(
        self, **params: Unpack[ListParams]
    ) -> AsyncPaginator[FileObject, AsyncCursorPage[FileObject]]:
        """List the files: `async for` over the result, or await it for the first page."""
        call = list_call("AsyncFiles.list", params)
        return self._get_api_list(
            call.path, page=AsyncCursorPage[FileObject], model=FileObject, options=call.options
        )

    @spell_out(RequestExtras)
    async def delete(self, file_id: str, **extras: Unpack[RequestExtras]) -> FileDeleted:
        """Delete a file. Raises `ValueError` for an empty id."""
        answer: FileDeleted = await self._send(delete_call("AsyncFiles.delete", file_id, extras))
        return answer

    @spell_out(RequestExtras)
    async def content(
        self, file_id: str, **extras: Unpack[RequestExtras]
    ) -> HttpxBinaryResponseContent:
        """Get what is in a file. Raises `ValueError` for an empty id."""
        answer: HttpxBinaryResponseContent
        answer = await self._send(content_call("AsyncFiles.content", file_id, extras))
        return answer

    @spell_out(RequestExtras)
    async def retrieve_content(self, file_id: str, **extras: Unpack[RequestExtras]) -> str:
        """Get what is in a file, as text; `openai` prefers `content`."""
        call = content_call("AsyncFiles.retrieve_content", file_id, extras, str)
        answer: str = await self._send(call)
        return answer

    async def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800
    ) -> FileObject:
        """Ask until a file is processed; see `Files.wait_for_processing`."""
        check = time_limit(max_wait_seconds, f"The file {id}")
        while (file := await self.retrieve(id)).status not in _PROCESSED:
            check()
            await self._sleep(poll_interval)
        return file


class UploadPlan(NamedTuple):
    """An upload by Google's protocol; `options` describe the file, and how its answer is read."""

    options: FinalRequestOptions
    source: Source
    on_progress: Callable[[int, int | None], object] | None


def create_plan(
    method: str, params: CreateParams, client: BaseClient[Any, Any, Any]
) -> Call | UploadPlan:
    """What `create` does: an upload where the server has Google's routes, else OpenAI's form.

    Raises `TypeError` for unknown and missing keywords, `RuntimeError` for what is no file.
    """
    body = given(method, params, CreateParams)
    on_progress = body.pop("on_progress", None)
    if native_url("/files", client._settings.base_url, client._settings.dialect) is None:
        return create_call(method, cast("CreateParams", body))
    extras = split_extras(body)
    purpose = body["purpose"]
    if body.get("expires_after"):
        _warn_once(client, "Google keeps every file for 48 hours: expires_after has no effect.")

    def with_purpose(file: Any) -> Any:
        if isinstance(file, FileObject):
            file.purpose = purpose
        return file

    options = make_request_options(**extras, post_parser=with_purpose)
    source = open_source(body["file"], default_type=JSON_LINES if purpose == "batch" else None)
    final = FinalRequestOptions(method="post", url="/files", **options)
    return UploadPlan(final, source, on_progress)


def _warn_once(client: BaseClient[Any, Any, Any], message: str) -> None:
    if message not in client._settings.translator.warned:
        client._settings.translator.warned.add(message)
        warn_user(message)


def create_call(method: str, params: CreateParams) -> Call:
    """The form that `create` sends. Raises `TypeError` for unknown and missing keywords."""
    body = given(method, params, CreateParams)
    extras = split_extras(body)
    return Call(
        method="post",
        path="/files",
        cast_to=FileObject,
        files={"file": body.pop("file")},
        body=body,
        options=make_request_options(**extras),
    )


def retrieve_call(method: str, file_id: str, extras: RequestExtras) -> Call:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    return Call(
        method="get",
        path=f"/files/{path_id('file_id', file_id)}",
        cast_to=FileObject,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )


def list_call(method: str, params: ListParams) -> Call:
    """The request that `list` sends."""
    query = given(method, params, ListParams)
    extras = split_extras(query)
    return Call(
        method="get",
        path="/files",
        cast_to=FileObject,
        options=make_request_options(query=query, **extras),
    )


def delete_call(method: str, file_id: str, extras: RequestExtras) -> Call:
    """The request that `delete` sends. Raises `ValueError` for an empty id."""
    return Call(
        method="delete",
        path=f"/files/{path_id('file_id', file_id)}",
        cast_to=FileDeleted,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )


def content_call(
    method: str,
    file_id: str,
    extras: RequestExtras,
    cast_to: Any = HttpxBinaryResponseContent,
) -> Call:
    """The request that `content` sends. Raises `ValueError` for an empty id."""
    options = make_request_options(**given(method, extras, RequestExtras))
    options["headers"] = {"Accept": "application/binary", **(options.get("headers") or {})}
    return Call(
        method="get",
        path=f"/files/{path_id('file_id', file_id)}/content",
        cast_to=cast_to,
        options=options,
    )
