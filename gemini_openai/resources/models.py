"""Describe the models that Google offers: `models`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .._call.request import make_call
from .._call.signature import spell_out
from .._call.views import async_raw, async_streamed, raw, streamed
from .._types import RequestExtras
from ..dialect import path_model
from ..pagination import AsyncPage, SyncPage
from ..types.model import Model
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import unsupported_async_method, unsupported_method

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._call.request import Call
    from ..pagination import AsyncPaginator

__all__ = ["AsyncModels", "Models"]


class ModelsWithRawResponse:
    """`Models`, giving `LegacyAPIResponse`."""

    def __init__(self, models: Models) -> None:
        self.retrieve = raw(models.retrieve)
        self.list = raw(models.list)
        self.delete = raw(models.delete)


class AsyncModelsWithRawResponse:
    """`AsyncModels`, giving `LegacyAPIResponse`."""

    def __init__(self, models: AsyncModels) -> None:
        self.retrieve = async_raw(models.retrieve)
        self.list = async_raw(models.list)
        self.delete = async_raw(models.delete)


class ModelsWithStreamingResponse:
    """`Models`, giving `APIResponse`."""

    def __init__(self, models: Models) -> None:
        self.retrieve = streamed(models.retrieve)
        self.list = streamed(models.list)
        self.delete = streamed(models.delete)


class AsyncModelsWithStreamingResponse:
    """`AsyncModels`, giving `AsyncAPIResponse`."""

    def __init__(self, models: AsyncModels) -> None:
        self.retrieve = async_streamed(models.retrieve)
        self.list = async_streamed(models.list)
        self.delete = async_streamed(models.delete)


class Models(SyncAPIResource):
    """Describe the models that Google offers."""

    with_raw_response = cached_property(ModelsWithRawResponse)
    with_streaming_response = cached_property(ModelsWithStreamingResponse)

    @spell_out(RequestExtras)
    def retrieve(self, model: str, **extras: Unpack[RequestExtras]) -> Model:
        """Describe one model, given with or without `models/` in front.

        Raises `ValueError` for an empty name and `NotFoundError` for an unknown one.
        """
        return self._send(retrieve_call(model, extras))

    @spell_out(RequestExtras)
    def list(self, **extras: Unpack[RequestExtras]) -> SyncPage[Model]:
        """List all models, those for embeddings, images and videos among them, on one page."""
        return self._send_list(list_call(extras), SyncPage[Model])

    delete = unsupported_method("models.delete", first="model")


class AsyncModels(AsyncAPIResource):
    """Describe the models that Google offers."""

    with_raw_response = cached_property(AsyncModelsWithRawResponse)
    with_streaming_response = cached_property(AsyncModelsWithStreamingResponse)

    @spell_out(RequestExtras)
    async def retrieve(self, model: str, **extras: Unpack[RequestExtras]) -> Model:
        """Describe one model; see `Models.retrieve`."""
        return await self._send(retrieve_call(model, extras))

    @spell_out(RequestExtras)
    def list(self, **extras: Unpack[RequestExtras]) -> AsyncPaginator[Model, AsyncPage[Model]]:
        """List all models: `async for` over the result, or await it for the page."""
        return self._send_list(list_call(extras), AsyncPage[Model])

    delete = unsupported_async_method("models.delete", first="model")


def retrieve_call(model: str, extras: RequestExtras) -> Call[Model]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty name."""
    return make_call("get", f"/models/{path_model('model', model)}", Model, extras)


def list_call(extras: RequestExtras) -> Call[Model]:
    """The request that `list` sends."""
    return make_call("get", "/models", Model, extras)
