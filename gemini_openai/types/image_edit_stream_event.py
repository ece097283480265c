"""Events of a streamed image edit, as OpenAI sends them. Gemini sends none."""

from typing import Annotated, Literal, TypeAlias

import pydantic

from .._models import BaseModel
from .image_gen_stream_event import (
    Usage as Usage,
    UsageInputTokensDetails as UsageInputTokensDetails,
)


class ImageEditPartialImageEvent(BaseModel):
    b64_json: str
    background: Literal["transparent", "opaque", "auto"]
    created_at: int
    output_format: Literal["png", "webp", "jpeg"]
    partial_image_index: int
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"]
    size: str | Literal["1024x1024", "1024x1536", "1536x1024", "auto"]
    type: Literal["image_edit.partial_image"]


class ImageEditCompletedEvent(BaseModel):
    b64_json: str
    background: Literal["transparent", "opaque", "auto"]
    created_at: int
    output_format: Literal["png", "webp", "jpeg"]
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"]
    size: str | Literal["1024x1024", "1024x1536", "1536x1024", "auto"]
    type: Literal["image_edit.completed"]
    usage: Usage
    safety_identifier: str | None = None


ImageEditStreamEvent: TypeAlias = Annotated[
    ImageEditPartialImageEvent | ImageEditCompletedEvent,
    pydantic.Field(discriminator="type"),
]
