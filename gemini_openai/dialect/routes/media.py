"""Make the part of a message that Gemini takes a medium in.

What is documented for which part:

- `image_url` with a `data:` URL: images on both backends, https://ai.google.dev/gemini-api/docs/openai;
  any medium on Vertex AI, whose page on OpenAI's libraries says so. PDFs are sent to the Developer
  API in this way too, and `file` parts with data in them are documented by neither.
- `input_audio` with base64: `wav` and `mp3` on both. On Vertex AI `data` may be an address of
  anything, and `format` its media type; an address in `image_url` is taken for an image there.
- `file` with the address of an upload as `file_id`: the Developer API, seen to work. Its upload
  service has names like `files/abc-123`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..._primitives.patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE_LIMIT = 100 * 2**20
"""Bytes of one request with all that is in it as base64, on the Developer API.

20 MB until January 2026: https://blog.google/innovation-and-ai/technology/developers-tools/gemini-api-new-file-limits
"""
PDF_LIMIT = 50 * 2**20
"""Bytes of a PDF in a request: https://ai.google.dev/gemini-api/docs/file-input-methods"""

_AUDIO_FORMATS: Mapping[str, str] = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/vnd.wave": "wav",
    "audio/mp3": "mp3",
    "audio/mpeg": "mp3",
}
_UPLOADS = "https://generativelanguage.googleapis.com/v1beta/"
_UPLOAD = late_pattern(rf"(?:{re.escape(_UPLOADS)})?files/[a-z0-9-]+")


def data_part(media_type: str, data: str, detail: str | None = None) -> dict[str, Any]:
    """The part for a medium whose bytes are in the request; `data` is base64."""
    if audio_format := _AUDIO_FORMATS.get(media_type):
        return {"type": "input_audio", "input_audio": {"data": data, "format": audio_format}}
    return _image_url(f"data:{media_type};base64,{data}", detail)


def address_part(url: str, media_type: str | None, detail: str | None = None) -> dict[str, Any]:
    """The part for a medium that Google fetches from `https://` or `gs://`.

    The type of an image need not be known.
    """
    if media_type is None or media_type.startswith("image/"):
        return _image_url(url, detail)
    return {"type": "input_audio", "input_audio": {"data": url, "format": media_type}}


def upload_part(name: str) -> dict[str, Any]:
    """The part for a file that was uploaded, by its address or its name."""
    uri = name if "://" in name else _UPLOADS + name
    return {"type": "file", "file": {"file_id": uri}}


def is_upload(name: str) -> bool:
    """Whether `name` is the address of an upload at Google's, or its name: `files/` and an id."""
    return _UPLOAD.fullmatch(name) is not None


def size_trouble(media_type: str | None, size: int) -> str | None:
    """Why `size` bytes cannot be in a request, as the end of a sentence; None where they can."""
    if media_type == "application/pdf" and size > PDF_LIMIT:
        return f"Gemini takes PDFs of up to {_megabytes(PDF_LIMIT)} in a request"
    if -(-size // 3) * 4 > INLINE_LIMIT:
        return (
            f"a request may have {_megabytes(INLINE_LIMIT)} in all, as base64, "
            f"which leaves room for {_megabytes(INLINE_LIMIT // 4 * 3)} at most"
        )
    return None


def _image_url(url: str, detail: str | None) -> dict[str, Any]:
    image_url = {"url": url} if detail is None else {"url": url, "detail": detail}
    return {"type": "image_url", "image_url": image_url}


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.0f} MB"
