"""The parameters of `images.generate`.

Gemini uses `prompt`, `model`, `n`, `size` and `response_format`, and ignores the others.
"""

from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe

ImageModel: TypeAlias = Literal[
    "gemini-3-pro-image", "gemini-3.1-flash-image", "gemini-3.1-flash-lite-image"
]
"""Suggestions for editors; `client.models.list()` has all current models."""


class SvgReasoning(TypedDict, total=False):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None


class Svg(TypedDict, total=False):
    model: Required[str]
    reasoning: SvgReasoning | None


class ImageGenerateParamsBase(TypedDict, total=False):
    prompt: Required[str]
    background: Maybe[Literal["transparent", "opaque", "auto"] | None]
    complexity: Maybe[Literal["low", "medium", "high"] | None]
    frame_count: Maybe[int | None]
    frame_duration_ms: Maybe[int | None]
    model: Maybe[str | ImageModel | None]
    moderation: Maybe[Literal["low", "auto"] | None]
    n: Maybe[int | None]
    output_compression: Maybe[int | None]
    output_format: Maybe[Literal["png", "webp", "jpeg", "gif", "svg"] | None]
    partial_images: Maybe[int | None]
    quality: Maybe[
        Literal["low", "medium", "high", "xhigh", "max", "auto", "standard", "hd"] | None
    ]
    response_format: Maybe[Literal["url", "b64_json"] | None]
    safety_identifier: Maybe[str | None]
    size: Maybe[
        str
        | Literal[
            "auto",
            "1024x1024",
            "1536x1024",
            "1024x1536",
            "256x256",
            "512x512",
            "1792x1024",
            "1024x1792",
        ]
        | None
    ]
    style: Maybe[Literal["vivid", "natural"] | None]
    svg: Maybe[Svg | None]
    user: Maybe[str]


class ImageGenerateParamsNonStreaming(ImageGenerateParamsBase, total=False):
    stream: Maybe[Literal[False] | None]


class ImageGenerateParamsStreaming(ImageGenerateParamsBase):
    stream: Required[Literal[True]]


ImageGenerateParams: TypeAlias = ImageGenerateParamsNonStreaming | ImageGenerateParamsStreaming
