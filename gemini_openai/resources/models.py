"""Describe the models that Google offers: `models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._call.request import make_call
from .._call.signature import spell_out
from .._types import RequestExtras
from ..dialect import describe_model, path_model
from ..pagination import AsyncPage, SyncPage
from ..types.model import Model
from ..types.model_info import ModelInfo
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import unsupported_async_method, unsupported_method
from ._views import AsyncRawView, AsyncStreamedView, RawView, StreamedView, Viewed, view_as

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._call.request import Call
    from ..pagination import AsyncPaginator

__all__ = ["AsyncModels", "Models"]


class Models(SyncAPIResource):
    """Describe the models that Google offers."""

    with_raw_response = view_as(lambda: ModelsWithRawResponse)
    with_streaming_response = view_as(lambda: ModelsWithStreamingResponse)

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

    def info(self, model: str) -> ModelInfo:
        """Say what is known of a model, its limits among that, without asking the server.

        The facts are those of this version of the package. A name that it does not list has those
        of the newest model of its family: see `ModelInfo.facts_of`. `retrieve` asks the server.

        Args:
            model: any name that calls take, one of `model_map` too.

        Raises:
            ValueError: the name is of no family of Google's models.
            TypeError: it is no text.
        """
        return ModelInfo(**describe_model(model, self._client._settings.dialect))

    delete = unsupported_method("models.delete", first="model")


class AsyncModels(AsyncAPIResource):
    """Describe the models that Google offers."""

    with_raw_response = view_as(lambda: AsyncModelsWithRawResponse)
    with_streaming_response = view_as(lambda: AsyncModelsWithStreamingResponse)

    @spell_out(RequestExtras)
    async def retrieve(self, model: str, **extras: Unpack[RequestExtras]) -> Model:
        """Describe one model; see `Models.retrieve`."""
        return await self._send(retrieve_call(model, extras))

    @spell_out(RequestExtras)
    def list(self, **extras: Unpack[RequestExtras]) -> AsyncPaginator[Model, AsyncPage[Model]]:
        """List all models: `async for` over the result, or await it for the page."""
        return self._send_list(list_call(extras), AsyncPage[Model])

    def info(self, model: str) -> ModelInfo:
        """Say what is known of a model, without `await`; see `Models.info`."""
        return ModelInfo(**describe_model(model, self._client._settings.dialect))

    delete = unsupported_async_method("models.delete", first="model")


class _ModelMethods:
    retrieve = Viewed(Models.retrieve, AsyncModels.retrieve)
    list = Viewed(Models.list, AsyncModels.list)
    delete = Viewed(Models.delete, AsyncModels.delete)


class ModelsWithRawResponse(_ModelMethods, RawView):
    """`Models`, giving `LegacyAPIResponse`."""


class AsyncModelsWithRawResponse(_ModelMethods, AsyncRawView):
    """`AsyncModels`, giving `LegacyAPIResponse`."""


class ModelsWithStreamingResponse(_ModelMethods, StreamedView):
    """`Models`, giving `APIResponse`."""


class AsyncModelsWithStreamingResponse(_ModelMethods, AsyncStreamedView):
    """`AsyncModels`, giving `AsyncAPIResponse`."""


def retrieve_call(model: str, extras: RequestExtras) -> Call[Model]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty name."""
    return make_call("get", f"/models/{path_model('model', model)}", Model, extras)


def list_call(extras: RequestExtras) -> Call[Model]:
    """The request that `list` sends."""
    return make_call("get", "/models", Model, extras)
