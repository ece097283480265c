"""`batches`: many requests in one file, answered within a day at a lower price."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._request import Call, make_request_options
from .._signatures import given, spell_out, split_extras
from .._types import RequestExtras
from ..dialect.paths import path_id
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.batch import Batch
from ..types.batch_create_params import BatchCreateParams
from ..types.batch_list_params import BatchListParams
from ._resource import AsyncAPIResource, SyncAPIResource
from ._with_response import (
    AsyncBatchesWithRawResponse as AsyncBatchesWithRawResponse,
    AsyncBatchesWithStreamingResponse as AsyncBatchesWithStreamingResponse,
    BatchesWithRawResponse as BatchesWithRawResponse,
    BatchesWithStreamingResponse as BatchesWithStreamingResponse,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..pagination import AsyncPaginator

__all__ = ["AsyncBatches", "Batches"]


class CreateParams(BatchCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class ListParams(BatchListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class Batches(SyncAPIResource):
    """Requests answered together, later and cheaper."""

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
        answer: Batch = self._send(create_call("Batches.create", params))
        return answer

    @spell_out(RequestExtras)
    def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is. Raises `ValueError` for an empty id."""
        answer: Batch = self._send(retrieve_call("Batches.retrieve", batch_id, extras))
        return answer

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> SyncCursorPage[Batch]:
        """List the batches; iterate over the result for those of all pages."""
        call = list_call("Batches.list", params)
        return self._get_api_list(
            call.path, page=SyncCursorPage[Batch], model=Batch, options=call.options
        )

    @spell_out(RequestExtras)
    def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; what is answered by then is kept. Raises `ValueError` for an empty id."""
        answer: Batch = self._send(cancel_call("Batches.cancel", batch_id, extras))
        return answer


class AsyncBatches(AsyncAPIResource):
    """Requests answered together, later and cheaper."""

    with_raw_response = cached_property(AsyncBatchesWithRawResponse)
    with_streaming_response = cached_property(AsyncBatchesWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> Batch:
        """Begin a batch; see `Batches.create`."""
        answer: Batch = await self._send(create_call("AsyncBatches.create", params))
        return answer

    @spell_out(RequestExtras)
    async def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is; see `Batches.retrieve`."""
        answer: Batch = await self._send(retrieve_call("AsyncBatches.retrieve", batch_id, extras))
        return answer

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> AsyncPaginator[Batch, AsyncCursorPage[Batch]]:
        """List the batches: `async for` over the result, or await it for the first page."""
        call = list_call("AsyncBatches.list", params)
        return self._get_api_list(
            call.path, page=AsyncCursorPage[Batch], model=Batch, options=call.options
        )

    @spell_out(RequestExtras)
    async def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; see `Batches.cancel`."""
        answer: Batch = await self._send(cancel_call("AsyncBatches.cancel", batch_id, extras))
        return answer


def create_call(method: str, params: CreateParams) -> Call:
    """The request that `create` sends. Raises `TypeError` for unknown and missing keywords."""
    body = given(method, params, CreateParams)
    extras = split_extras(body)
    return Call(
        method="post",
        path="/batches",
        cast_to=Batch,
        body=body,
        options=make_request_options(**extras),
    )


def retrieve_call(method: str, batch_id: str, extras: RequestExtras) -> Call:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    return Call(
        method="get",
        path=f"/batches/{path_id('batch_id', batch_id)}",
        cast_to=Batch,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )


def list_call(method: str, params: ListParams) -> Call:
    """The request that `list` sends."""
    query = given(method, params, ListParams)
    extras = split_extras(query)
    return Call(
        method="get",
        path="/batches",
        cast_to=Batch,
        options=make_request_options(query=query, **extras),
    )


def cancel_call(method: str, batch_id: str, extras: RequestExtras) -> Call:
    """The request that `cancel` sends. Raises `ValueError` for an empty id."""
    return Call(
        method="post",
        path=f"/batches/{path_id('batch_id', batch_id)}/cancel",
        cast_to=Batch,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )
