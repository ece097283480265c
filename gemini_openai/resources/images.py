"""Make pictures from a description: `images`."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from .._call.request import make_call
from .._call.signature import spell_out
from .._call.views import async_raw, async_streamed, raw, streamed
from .._primitives.given import omit
from .._primitives.lazy import cached_property
from .._streaming import AsyncStream, Stream
from .._types import Maybe, RequestExtras
from ..types.gemini_options import GeminiImageOptions
from ..types.image_create_variation_params import ImageCreateVariationParams
from ..types.image_edit_params import ImageEditParamsBase
from ..types.image_gen_stream_event import ImageGenStreamEvent
from ..types.image_generate_params import ImageGenerateParamsBase
from ..types.images_response import ImagesResponse
from ._resource import AsyncAPIResource, SyncAPIResource
from ._unsupported import unsupported_async_method, unsupported_method

if TYPE_CHECKING:
    from typing import Literal

    from typing_extensions import Unpack

    from .._call.request import Call

__all__ = ["AsyncImages", "Images"]


class GenerateParams(ImageGenerateParamsBase, GeminiImageOptions, RequestExtras, total=False):
    """Everything `generate` takes but `stream`, which its overloads turn on."""


class EditParams(ImageEditParamsBase, total=False):
    """Everything `edit` takes."""

    stream: Maybe[bool | None]


class UnsupportedImages:
    """Methods that raise `NotSupportedError`: Gemini changes no pictures."""

    edit = unsupported_method("images.edit", EditParams)
    create_variation = unsupported_method("images.create_variation", ImageCreateVariationParams)


class AsyncUnsupportedImages:
    """`UnsupportedImages`, raising when awaited."""

    edit = unsupported_async_method("images.edit", EditParams)
    create_variation = unsupported_async_method(
        "images.create_variation", ImageCreateVariationParams
    )


class ImagesWithRawResponse(UnsupportedImages):
    """`Images`, giving `LegacyAPIResponse`."""

    def __init__(self, images: Images) -> None:
        self.generate = raw(images.generate)


class AsyncImagesWithRawResponse(AsyncUnsupportedImages):
    """`AsyncImages`, giving `LegacyAPIResponse`."""

    def __init__(self, images: AsyncImages) -> None:
        self.generate = async_raw(images.generate)


class ImagesWithStreamingResponse(UnsupportedImages):
    """`Images`, giving `APIResponse`."""

    def __init__(self, images: Images) -> None:
        self.generate = streamed(images.generate)


class AsyncImagesWithStreamingResponse(UnsupportedImages):
    """`AsyncImages`, giving `AsyncAPIResponse`."""

    def __init__(self, images: AsyncImages) -> None:
        self.generate = async_streamed(images.generate)


class Images(SyncAPIResource, UnsupportedImages):
    """Make pictures from a description."""

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
        call = generate_call(stream, params)
        if stream:
            return self._send_stream(call, Stream[ImageGenStreamEvent])
        return self._send(call)


class AsyncImages(AsyncAPIResource, AsyncUnsupportedImages):
    """Make pictures from a description."""

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
        call = generate_call(stream, params)
        if stream:
            return await self._send_stream(call, AsyncStream[ImageGenStreamEvent])
        return await self._send(call)


def generate_call(stream: object, params: GenerateParams) -> Call[ImagesResponse]:
    """The request that `generate` sends."""
    return make_call("post", "/images/generations", ImagesResponse, {**params, "stream": stream})
