"""Run many requests from one file, answered within a day at a lower price: `batches`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._call.request import make_call
from .._call.signature import spell_out
from .._call.views import async_raw, async_streamed, raw, streamed
from .._primitives.urls import path_id
from .._types import RequestExtras
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.batch import Batch
from ..types.batch_create_params import BatchCreateParams
from ..types.batch_list_params import BatchListParams
from ._resource import AsyncAPIResource, SyncAPIResource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._call.request import Call
    from ..pagination import AsyncPaginator

__all__ = ["AsyncBatches", "Batches"]


class CreateParams(BatchCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class ListParams(BatchListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class BatchesWithRawResponse:
    """`Batches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = raw(batches.create)
        self.retrieve = raw(batches.retrieve)
        self.list = raw(batches.list)
        self.cancel = raw(batches.cancel)


class AsyncBatchesWithRawResponse:
    """`AsyncBatches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_raw(batches.create)
        self.retrieve = async_raw(batches.retrieve)
        self.list = async_raw(batches.list)
        self.cancel = async_raw(batches.cancel)


class BatchesWithStreamingResponse:
    """`Batches`, giving `APIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = streamed(batches.create)
        self.retrieve = streamed(batches.retrieve)
        self.list = streamed(batches.list)
        self.cancel = streamed(batches.cancel)


class AsyncBatchesWithStreamingResponse:
    """`AsyncBatches`, giving `AsyncAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_streamed(batches.create)
        self.retrieve = async_streamed(batches.retrieve)
        self.list = async_streamed(batches.list)
        self.cancel = async_streamed(batches.cancel)


class Batches(SyncAPIResource):
    """Run many requests as one job: later, and at a lower price."""

    with_raw_response = cached_property(BatchesWithRawResponse)
    with_streaming_response = cached_property(BatchesWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> Batch:
        """Begin a batch of the requests in an uploaded file.

        Args:
            **params: all that `openai` takes here. `input_file_id` is `files/...`, `endpoint` is
                `/v1/chat/completions` or `/v1/embeddings`.

        Raises:
            TypeError: a keyword is unknown or missing, or a value has no JSON form.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        return self._send(create_call(params))

    @spell_out(RequestExtras)
    def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is. Raises `ValueError` for an empty id."""
        return self._send(retrieve_call(batch_id, extras))

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> SyncCursorPage[Batch]:
        """List the batches; iterate over the result for those of all pages."""
        return self._send_list(list_call(params), SyncCursorPage[Batch])

    @spell_out(RequestExtras)
    def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; what is answered by then is kept. Raises `ValueError` for an empty id."""
        return self._send(cancel_call(batch_id, extras))


class AsyncBatches(AsyncAPIResource):
    """Run many requests as one job: later, and at a lower price."""

    with_raw_response = cached_property(AsyncBatchesWithRawResponse)
    with_streaming_response = cached_property(AsyncBatchesWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> Batch:
        """Begin a batch; see `Batches.create`."""
        return await self._send(create_call(params))

    @spell_out(RequestExtras)
    async def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is; see `Batches.retrieve`."""
        return await self._send(retrieve_call(batch_id, extras))

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> AsyncPaginator[Batch, AsyncCursorPage[Batch]]:
        """List the batches: `async for` over the result, or await it for the first page."""
        return self._send_list(list_call(params), AsyncCursorPage[Batch])

    @spell_out(RequestExtras)
    async def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; see `Batches.cancel`."""
        return await self._send(cancel_call(batch_id, extras))


def create_call(params: CreateParams) -> Call[Batch]:
    """The request that `create` sends."""
    return make_call("post", "/batches", Batch, params)


def retrieve_call(batch_id: str, extras: RequestExtras) -> Call[Batch]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    return make_call("get", f"/batches/{path_id('batch_id', batch_id)}", Batch, extras)


def list_call(params: ListParams) -> Call[Batch]:
    """The request that `list` sends."""
    return make_call("get", "/batches", Batch, params)


def cancel_call(batch_id: str, extras: RequestExtras) -> Call[Batch]:
    """The request that `cancel` sends. Raises `ValueError` for an empty id."""
    return make_call("post", f"/batches/{path_id('batch_id', batch_id)}/cancel", Batch, extras)
