"""`images`: a description to pictures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, overload

from .._call.request import Call, make_request_options
from .._call.signature import given, spell_out, split_extras
from .._primitives.given import is_given, omit
from .._types import RequestExtras
from ..types.gemini_options import GeminiImageOptions
from ..types.image_create_variation_params import ImageCreateVariationParams
from ..types.image_edit_params import ImageEditParamsBase
from ..types.image_gen_stream_event import ImageGenStreamEvent
from ..types.image_generate_params import ImageGenerateParamsBase
from ..types.images_response import ImagesResponse
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import not_supported
from ._with_response import (
    AsyncImagesWithRawResponse as AsyncImagesWithRawResponse,
    AsyncImagesWithStreamingResponse as AsyncImagesWithStreamingResponse,
    ImagesWithRawResponse as ImagesWithRawResponse,
    ImagesWithStreamingResponse as ImagesWithStreamingResponse,
)

if TYPE_CHECKING:
    from typing import Literal

    from typing_extensions import Unpack

    from .._streaming import AsyncStream, Stream
    from .._types import Maybe
    from ..types.image_edit_stream_event import ImageEditStreamEvent

__all__ = ["AsyncImages", "Images"]


class GenerateParams(ImageGenerateParamsBase, GeminiImageOptions, RequestExtras, total=False):
    """Everything `generate` takes but `stream`, which its overloads turn on."""


class EditParams(ImageEditParamsBase, RequestExtras, total=False):
    """Everything `edit` takes but `stream`."""


class VariationParams(ImageCreateVariationParams, RequestExtras, total=False):
    """Everything `create_variation` takes."""


class Images(SyncAPIResource):
    """Pictures made to a description."""

    with_raw_response = cached_property(ImagesWithRawResponse)
    with_streaming_response = cached_property(ImagesWithStreamingResponse)

    @overload
    def generate(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[GenerateParams]
    ) -> ImagesResponse: ...
    @overload
    def generate(
        self, *, stream: Literal[True], **params: Unpack[GenerateParams]
    ) -> Stream[ImageGenStreamEvent]: ...
    @overload
    def generate(
        self, *, stream: bool, **params: Unpack[GenerateParams]
    ) -> ImagesResponse | Stream[ImageGenStreamEvent]: ...
    @spell_out(GenerateParams)
    def generate(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[GenerateParams]
    ) -> ImagesResponse | Stream[ImageGenStreamEvent]:
        """Make pictures: `data[i].save(path)` writes one, `data[i].b64_json` has it as base64.

        Args:
            prompt: what is to be seen.
            model: one of Gemini's image models.
            stream: give a `Stream` of events, from a server that sends them; Gemini sends none.
            aspect_ratio: width to height, for example `"16:9"`.
            generation_config: Google's `GenerationConfig`, such as
                `{"responseModalities": ["IMAGE"]}`.
            safety_settings: what is held back as harmful.
            tools: `[{"google_search": {}}]`, for Gemini 3 Pro's image model.
            **params: everything else that `openai` takes here. Gemini heeds `n`, `size` and
                `response_format`.

        Raises:
            TypeError: a keyword is unknown or missing, or a value has no JSON form.
            InvalidRequestError: one of Gemini's options is given twice, in different ways.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        answer: ImagesResponse | Stream[ImageGenStreamEvent]
        answer = self._send(generate_call("Images.generate", stream, params))
        return answer

    @overload
    def edit(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[EditParams]
    ) -> ImagesResponse: ...
    @overload
    def edit(
        self, *, stream: Literal[True], **params: Unpack[EditParams]
    ) -> Stream[ImageEditStreamEvent]: ...
    @overload
    def edit(
        self, *, stream: bool, **params: Unpack[EditParams]
    ) -> ImagesResponse | Stream[ImageEditStreamEvent]: ...
    @spell_out(EditParams)
    def edit(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[EditParams]
    ) -> ImagesResponse | Stream[ImageEditStreamEvent]:
        """Raise `NotSupportedError`: Gemini changes pictures by its own API only."""
        raise not_supported("images.edit")

    @spell_out(VariationParams)
    def create_variation(self, **params: Unpack[VariationParams]) -> ImagesResponse:
        """Raise `NotSupportedError`: Gemini varies pictures by its own API only."""
        raise not_supported("images.create_variation")


class AsyncImages(AsyncAPIResource):
    """Pictures made to a description."""

    with_raw_response = cached_property(AsyncImagesWithRawResponse)
    with_streaming_response = cached_property(AsyncImagesWithStreamingResponse)

    @overload
    async def generate(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[GenerateParams]
    ) -> ImagesResponse: ...
    @overload
    async def generate(
        self, *, stream: Literal[True], **params: Unpack[GenerateParams]
    ) -> AsyncStream[ImageGenStreamEvent]: ...
    @overload
    async def generate(
        self, *, stream: bool, **params: Unpack[GenerateParams]
    ) -> ImagesResponse | AsyncStream[ImageGenStreamEvent]: ...
    @spell_out(GenerateParams)
    async def generate(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[GenerateParams]
    ) -> ImagesResponse | AsyncStream[ImageGenStreamEvent]:
        """Make pictures; see `Images.generate`."""
        answer: ImagesResponse | AsyncStream[ImageGenStreamEvent]
        answer = await self._send(generate_call("AsyncImages.generate", stream, params))
        return answer

    @overload
    async def edit(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[EditParams]
    ) -> ImagesResponse: ...
    @overload
    async def edit(
        self, *, stream: Literal[True], **params: Unpack[EditParams]
    ) -> AsyncStream[ImageEditStreamEvent]: ...
    @overload
    async def edit(
        self, *, stream: bool, **params: Unpack[EditParams]
    ) -> ImagesResponse | AsyncStream[ImageEditStreamEvent]: ...
    @spell_out(EditParams)
    async def edit(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[EditParams]
    ) -> ImagesResponse | AsyncStream[ImageEditStreamEvent]:
        """Raise `NotSupportedError`: Gemini changes pictures by its own API only."""
        raise not_supported("images.edit")

    @spell_out(VariationParams)
    async def create_variation(self, **params: Unpack[VariationParams]) -> ImagesResponse:
        """Raise `NotSupportedError`: Gemini varies pictures by its own API only."""
        raise not_supported("images.create_variation")


def generate_call(method: str, stream: object, params: GenerateParams) -> Call:
    """The request that `generate` sends. Raises `TypeError` for unknown and missing keywords."""
    body = given(method, params, GenerateParams)
    extras = split_extras(body)
    if is_given(stream):
        body["stream"] = stream
    return Call(
        method="post",
        path="/images/generations",
        cast_to=ImagesResponse,
        chunk=ImageGenStreamEvent,
        body=body,
        options=make_request_options(**extras),
        stream=bool(stream),
    )
