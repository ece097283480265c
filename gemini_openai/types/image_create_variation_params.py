"""The parameters of `images.create_variation`."""

from typing import Literal

from typing_extensions import Required, TypedDict

from .._types import FileTypes, Maybe
from .image_generate_params import ImageModel


class ImageCreateVariationParams(TypedDict, total=False):
    image: Required[FileTypes]
    model: Maybe[str | ImageModel | None]
    n: Maybe[int | None]
    response_format: Maybe[Literal["url", "b64_json"] | None]
    size: Maybe[Literal["256x256", "512x512", "1024x1024"] | None]
    user: Maybe[str]
