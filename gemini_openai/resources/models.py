"""`models`: the models there are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._call.request import Call, make_request_options
from .._call.signature import given, spell_out
from .._types import RequestExtras
from ..dialect.routes.paths import path_model
from ..pagination import AsyncPage, SyncPage
from ..types.model import Model, ModelDeleted
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import not_supported
from ._with_response import (
    AsyncModelsWithRawResponse as AsyncModelsWithRawResponse,
    AsyncModelsWithStreamingResponse as AsyncModelsWithStreamingResponse,
    ModelsWithRawResponse as ModelsWithRawResponse,
    ModelsWithStreamingResponse as ModelsWithStreamingResponse,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..pagination import AsyncPaginator

__all__ = ["AsyncModels", "Models"]


class Models(SyncAPIResource):
    """The models there are."""

    with_raw_response = cached_property(ModelsWithRawResponse)
    with_streaming_response = cached_property(ModelsWithStreamingResponse)

    @spell_out(RequestExtras)
    def retrieve(self, model: str, **extras: Unpack[RequestExtras]) -> Model:
        """Describe one model, given with or without `models/` in front.

        Raises `ValueError` for an empty name and `NotFoundError` for an unknown one.
        """
        answer: Model = self._send(retrieve_call("Models.retrieve", model, extras))
        return answer

    @spell_out(RequestExtras)
    def list(self, **extras: Unpack[RequestExtras]) -> SyncPage[Model]:
        """List all models, those for embeddings, images and videos among them, on one page."""
        call = list_call("Models.list", extras)
        return self._get_api_list(
            call.path, page=SyncPage[Model], model=Model, options=call.options
        )

    @spell_out(RequestExtras)
    def delete(self, model: str, **extras: Unpack[RequestExtras]) -> ModelDeleted:
        """Raise `NotSupportedError`: the models are Google's."""
        raise not_supported("models.delete")


class AsyncModels(AsyncAPIResource):
    """The models there are."""

    with_raw_response = cached_property(AsyncModelsWithRawResponse)
    with_streaming_response = cached_property(AsyncModelsWithStreamingResponse)

    @spell_out(RequestExtras)
    async def retrieve(self, model: str, **extras: Unpack[RequestExtras]) -> Model:
        """Describe one model; see `Models.retrieve`."""
        answer: Model = await self._send(retrieve_call("AsyncModels.retrieve", model, extras))
        return answer

    @spell_out(RequestExtras)
    def list(self, **extras: Unpack[RequestExtras]) -> AsyncPaginator[Model, AsyncPage[Model]]:
        """List all models: `async for` over the result, or await it for the page."""
        call = list_call("AsyncModels.list", extras)
        return self._get_api_list(
            call.path, page=AsyncPage[Model], model=Model, options=call.options
        )

    @spell_out(RequestExtras)
    async def delete(self, model: str, **extras: Unpack[RequestExtras]) -> ModelDeleted:
        """Raise `NotSupportedError`: the models are Google's."""
        raise not_supported("models.delete")


def retrieve_call(method: str, model: str, extras: RequestExtras) -> Call:
    """The request that `retrieve` sends. Raises `ValueError` for an empty name."""
    return Call(
        method="get",
        path=f"/models/{path_model('model', model)}",
        cast_to=Model,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )


def list_call(method: str, extras: RequestExtras) -> Call:
    """The request that `list` sends."""
    return Call(
        method="get",
        path="/models",
        cast_to=Model,
        options=make_request_options(**given(method, extras, RequestExtras)),
    )
