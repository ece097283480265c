"""`files`: what batches read and write, and what messages refer to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._legacy_response import HttpxBinaryResponseContent
from .._request import Call, make_request_options
from .._signatures import given, spell_out, split_extras
from .._types import RequestExtras
from ..dialect.paths import path_id
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
    from typing import Any

    from typing_extensions import Unpack

    from ..pagination import AsyncPaginator

__all__ = ["AsyncFiles", "Files"]

_PROCESSED = frozenset({"processed", "error", "deleted"})


class CreateParams(FileCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class ListParams(FileListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class Files(SyncAPIResource):
    """Uploaded and generated files."""

    with_raw_response = cached_property(FilesWithRawResponse)
    with_streaming_response = cached_property(FilesWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> FileObject:
        """Upload a file.

        Args:
            **params: all that `openai` takes here. `file` is bytes, an open binary file, a path
                (`pathlib.Path`), or a tuple of a file name, one of those and a MIME type.

        Raises:
            TypeError: a keyword is unknown or missing.
            RuntimeError: `file` is something else.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        answer: FileObject = self._send(create_call("Files.create", params))
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
        answer: FileObject = await self._send(create_call("AsyncFiles.create", params))
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
