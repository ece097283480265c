"""Run many requests from one file, answered within a day at a lower price: `batches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._call.request import make_call
from .._call.signature import spell_out
from .._primitives.urls import path_id
from .._types import RequestExtras
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.batch import Batch
from ..types.batch_create_params import BatchCreateParams
from ..types.batch_list_params import BatchListParams
from ._resource import AsyncAPIResource, SyncAPIResource
from ._views import AsyncRawView, AsyncStreamedView, RawView, StreamedView, Viewed, view_as

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._call.request import Call
    from ..pagination import AsyncPaginator

__all__ = ["AsyncBatches", "Batches"]


class CreateParams(BatchCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class ListParams(BatchListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class Batches(SyncAPIResource):
    """Run many requests as one job: later, and at a lower price."""

    with_raw_response = view_as(lambda: BatchesWithRawResponse)
    with_streaming_response = view_as(lambda: BatchesWithStreamingResponse)

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

    with_raw_response = view_as(lambda: AsyncBatchesWithRawResponse)
    with_streaming_response = view_as(lambda: AsyncBatchesWithStreamingResponse)

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


class _BatchMethods:
    create = Viewed(Batches.create, AsyncBatches.create)
    retrieve = Viewed(Batches.retrieve, AsyncBatches.retrieve)
    list = Viewed(Batches.list, AsyncBatches.list)
    cancel = Viewed(Batches.cancel, AsyncBatches.cancel)


class BatchesWithRawResponse(_BatchMethods, RawView):
    """`Batches`, giving `LegacyAPIResponse`."""


class AsyncBatchesWithRawResponse(_BatchMethods, AsyncRawView):
    """`AsyncBatches`, giving `LegacyAPIResponse`."""


class BatchesWithStreamingResponse(_BatchMethods, StreamedView):
    """`Batches`, giving `APIResponse`."""


class AsyncBatchesWithStreamingResponse(_BatchMethods, AsyncStreamedView):
    """`AsyncBatches`, giving `AsyncAPIResponse`."""


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
