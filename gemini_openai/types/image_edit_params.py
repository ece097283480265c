"""The parameters of `images.edit`."""

from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import FileTypes, Maybe, SequenceNotStr
from .image_generate_params import ImageModel


class SvgReasoning(TypedDict, total=False):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class Svg(TypedDict, total=False):
    model: str
    reasoning: SvgReasoning | None


class ImageEditParamsBase(TypedDict, total=False):
    image: Required[FileTypes | SequenceNotStr[FileTypes]]
    prompt: Required[str]
    background: Maybe[Literal["transparent", "opaque", "auto"] | None]
    complexity: Maybe[Literal["low", "medium", "high"] | None]
    frame_count: Maybe[int | None]
    frame_duration_ms: Maybe[int | None]
    input_fidelity: Maybe[Literal["high", "low"] | None]
    markup: Maybe[FileTypes]
    mask: Maybe[FileTypes]
    model: Maybe[str | ImageModel | None]
    n: Maybe[int | None]
    output_compression: Maybe[int | None]
    output_format: Maybe[Literal["png", "webp", "jpeg", "gif", "svg"] | None]
    partial_images: Maybe[int | None]
    quality: Maybe[Literal["low", "medium", "high", "xhigh", "max", "auto", "standard"] | None]
    response_format: Maybe[Literal["url", "b64_json"] | None]
    safety_identifier: Maybe[str | None]
    size: Maybe[
        str | Literal["1024x1024", "1536x1024", "1024x1536", "auto", "256x256", "512x512"] | None
    ]
    svg: Maybe[Svg | None]
    user: Maybe[str]


class ImageEditParamsNonStreaming(ImageEditParamsBase, total=False):
    stream: Maybe[Literal[False] | None]


class ImageEditParamsStreaming(ImageEditParamsBase):
    stream: Required[Literal[True]]


ImageEditParams: TypeAlias = ImageEditParamsNonStreaming | ImageEditParamsStreaming
