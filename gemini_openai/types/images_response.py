"""Generated images."""

import os
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .._models import BaseModel

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage


class Image(BaseModel):
    b64_json: str | None = None
    revised_prompt: str | None = None
    url: str | None = None

    def to_bytes(self) -> bytes:
        """The bytes of an image file: PNG, or what `output_format` of the answer says.

        Raises `ValueError` when the answer has only a `url`, or no image.
        """
        if self.b64_json is None:
            found = f"but only the URL {self.url}" if self.url else "and no URL"
            raise ValueError(
                f"This image has no data, {found}. Ask for the data with "
                'response_format="b64_json", or fetch the URL with an HTTP client.'
            )
        return b64decode(self.b64_json)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the image to a file and return its path. Raises what `to_bytes` raises."""
        picture = self.to_bytes()
        written = Path(path)
        written.write_bytes(picture)
        return written

    def to_pil(self) -> "PILImage":
        """The image as a `PIL.Image.Image`.

        Raises `ImportError` without Pillow, and what `to_bytes` raises.
        """
        try:
            from PIL.Image import open as open_image
        except ImportError as cause:
            raise ImportError(
                "to_pil() needs Pillow, which is not installed: pip install pillow. "
                "save() and to_bytes() work without it."
            ) from cause
        return open_image(BytesIO(self.to_bytes()))


class SvgUsage(BaseModel):
    input_tokens: int
    model: str
    output_tokens: int
    reasoning_tokens: int
    total_tokens: int


class UsageInputTokensDetails(BaseModel):
    image_tokens: int
    text_tokens: int


class UsageOutputTokensDetails(BaseModel):
    image_tokens: int
    text_tokens: int


class Usage(BaseModel):
    input_tokens: int
    input_tokens_details: UsageInputTokensDetails
    output_tokens: int
    total_tokens: int
    output_tokens_details: UsageOutputTokensDetails | None = None


class ImagesResponse(BaseModel):
    created: int = 0
    """Unix time in seconds; 0 if the server does not send it."""
    background: Literal["transparent", "opaque"] | None = None
    data: list[Image] | None = None
    output_format: Literal["png", "webp", "jpeg", "gif", "svg"] | None = None
    quality: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    safety_identifier: str | None = None
    size: str | Literal["1024x1024", "1024x1536", "1536x1024"] | None = None
    svg_usage: SvgUsage | None = None
    usage: Usage | None = None
