"""Make message parts from images, audio, videos and documents, in the form that Gemini accepts.

    from gemini_openai import parts

    content = [parts.image("cat.png"), {"type": "text", "text": "What is this?"}]
    client.chat.completions.create(model=..., messages=[{"role": "user", "content": content}])

Each function accepts the media in any of these forms, and finds the media type from the first
bytes, or else from the name:

- a path, as text or `pathlib.Path`; `bytes`; a file opened with `"rb"`; a Pillow image. The bytes
  are sent in the request, which may have 100 MB (`dialect.routes.media.INLINE_LIMIT`) including
  base64, and 50 MB for a PDF;
- a `data:` URL: the same;
- an `https://` or `gs://` URL: Google fetches it. `gs://` is for Vertex AI; for what the Developer
  API fetches, see docs/media.md;
- an uploaded file: what `client.files.create` returned, or its URI.

All of them raise:
    TypeError: the source is none of these.
    ValueError: the media are of another kind than the function is for, or their type is unknown;
        pass `mime_type=`.
    InvalidRequestError: the media are too large for a request; this is a ValueError too.
    OSError: the file cannot be read.
"""

from __future__ import annotations

import errno
import io
import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, cast
from urllib.parse import unquote_to_bytes

from ._exceptions import InvalidRequestError
from ._primitives.media_types import media_type_of_bytes, media_type_of_name
from .dialect import address_part, data_part, is_upload, size_trouble, upload_part

if TYPE_CHECKING:
    from .types.chat import (
        ChatCompletionContentPartImageParam,
        ChatCompletionContentPartInputAudioParam,
    )
    from .types.chat.chat_completion_message_param import File
    from .types.file_object import FileObject

__all__ = ["audio", "file", "image", "media", "pdf", "video"]


class Picture(Protocol):
    """The part of a Pillow image that is used here."""

    @property
    def mode(self) -> str: ...
    @property
    def format(self) -> str | None: ...
    def convert(self, mode: str, /) -> Picture: ...
    def save(self, fp: IO[bytes], format: str, **params: Any) -> None: ...


class Uploaded(Protocol):
    """The part of an uploaded file of `google-genai` that is used here."""

    @property
    def uri(self) -> str | None: ...


Source: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | IO[bytes] | Picture | FileObject | Uploaded"
)
MediaPart: TypeAlias = (
    "ChatCompletionContentPartImageParam | ChatCompletionContentPartInputAudioParam | File"
)
Detail: TypeAlias = Literal["auto", "low", "high", "original"]
Kind: TypeAlias = Literal["image", "audio", "video", "pdf", "media"]

_KINDS = {
    # The prefix of the media types that each function accepts, and their name in messages.
    "image": ("image/", "images"),
    "audio": ("audio/", "audio"),
    "video": ("video/", "videos"),
    "pdf": ("application/pdf", "PDFs"),
    "media": ("", ""),
}
_TAKEN = (
    "a path, bytes, a file opened with 'rb', a Pillow image, a data:, https:// or gs:// URL, "
    "or what client.files.create() returned"
)
_PNG_MODES = frozenset({"1", "L", "LA", "I", "P", "RGB", "RGBA"})


def image(
    source: Source, *, detail: Detail | None = None, mime_type: str | None = None
) -> MediaPart:
    """An image: PNG, JPEG, WebP, HEIC or HEIF, by Google's list. See the module for `source`.

    A Pillow image is sent as PNG, without loss. One read from a JPEG is sent as JPEG, with the
    quality it had.

    Args:
        source: the image.
        detail: the resolution the model sees. Google documents only for Vertex AI which models
            use it.
        mime_type: the media type, such as `"image/png"`, if the bytes and the name do not show it.
    """
    return _part("image", source, mime_type, detail)


def audio(source: Source, *, mime_type: str | None = None) -> MediaPart:
    """Audio: WAV, MP3, AIFF, AAC, Ogg or FLAC, by Google's list. See the module for `source`.

    WAV and MP3 become `input_audio`, which is documented for them on both backends. The others
    become a `data:` URL in `image_url`, which is documented for any media on Vertex AI.
    """
    return _part("audio", source, mime_type)


def video(source: Source, *, mime_type: str | None = None) -> MediaPart:
    """A video, as a `data:` URL in `image_url`. See the module for `source`.

    Vertex AI accepts it. Google's cookbook says that the OpenAI-compatible endpoint of the
    Developer API does not accept videos.
    """
    return _part("video", source, mime_type)


def pdf(source: Source) -> MediaPart:
    """A PDF, as a `data:` URL in `image_url`. See the module for `source`.

    This is documented for Vertex AI and used on the Developer API. `file` parts with data in them,
    OpenAI's way, are not documented for either.
    """
    return _part("pdf", source, None)


def media(source: Source, *, mime_type: str | None = None) -> MediaPart:
    """An image, audio, video or PDF, whichever it is. See the module for `source`."""
    return _part("media", source, mime_type)


def file(uploaded: FileObject | Uploaded | str) -> File:
    """An uploaded file: what `client.files.create` returned, its id (`files/...`) or its URI.

    For the Developer API only. Uploads are kept for 48 hours.
    """
    name = uploaded if isinstance(uploaded, str) and is_upload(uploaded) else _upload_name(uploaded)
    if name is None:
        message = (
            f"parts.file() needs an uploaded file, and {_shortened(uploaded)} is not one: "
            "pass what client.files.create() returned, or its id ('files/abc-123') or "
            "URI. For a local file call parts.media()."
        )
        raise ValueError(message) if isinstance(uploaded, str) else TypeError(message)
    return cast("File", upload_part(name))


class _Inline(NamedTuple):
    """Bytes to send in a request. `what` is for messages, `name` and `declared` for the type."""

    data: bytes
    what: str
    name: str = ""
    declared: str = ""


def _part(
    kind: Kind, source: object, mime_type: str | None, detail: Detail | None = None
) -> MediaPart:
    if (name := _upload_name(source)) is not None:
        if detail is not None:
            raise ValueError("`detail` does not apply to uploaded files; omit it.")
        return cast("MediaPart", upload_part(name))
    if isinstance(source, str) and source.startswith(("https://", "http://", "gs://")):
        media_type = _type_of_address(kind, source, mime_type)
        return cast("MediaPart", address_part(source, media_type, detail))
    found = _read(kind, source)
    if not found.data:
        raise ValueError(f"{found.what}: it is empty.")
    media_type = _type_of_bytes(kind, found, mime_type)
    _check_size(found.what, media_type, len(found.data))
    data = b64encode(found.data).decode("ascii")
    return cast("MediaPart", data_part(media_type, data, detail))


# --- its media type ---


def _type_of_bytes(kind: Kind, found: _Inline, mime_type: str | None) -> str:
    for media_type, how in (
        (mime_type, "as mime_type says"),
        (found.declared, "as the URL says"),
        (media_type_of_bytes(found.data), "by its first bytes"),
        (media_type_of_name(found.name), "by its name"),
    ):
        if media_type:
            return _checked(kind, media_type, f"{found.what}: {how}, it is {media_type}")
    start = found.data[:8]
    if kind == "pdf":
        raise ValueError(f"{found.what}: this is not a PDF: it begins with {start!r}.")
    raise ValueError(
        f"{found.what}: neither the first bytes, {start!r}, nor a name show its media type. "
        f"Pass it: parts.{kind}(..., mime_type='...')."
    )


def _type_of_address(kind: Kind, url: str, mime_type: str | None) -> str | None:
    """The type of what is at `url`; None for an image, whose type the server finds."""
    if kind == "pdf":
        return "application/pdf"  # a URL need not end in .pdf
    if kind == "image" and not mime_type:
        return None
    media_type = mime_type or media_type_of_name(url)
    if media_type is None:
        raise ValueError(
            f"{url}: the URL does not show the media type. "
            f"Pass it: parts.{kind}(..., mime_type='...')."
        )
    return _checked(kind, media_type, f"{url}: this is {media_type}")


def _checked(kind: Kind, media_type: str, finding: str) -> str:
    media_type = media_type.partition(";")[0].strip().lower()
    if media_type == "image/jpg":
        media_type = "image/jpeg"
    start, plural = _KINDS[kind]
    if not media_type.startswith(start):
        raise ValueError(
            f"{finding}, but parts.{kind}() is for {plural}. Call parts.media(), which takes "
            "all kinds, or pass mime_type= if the type is wrong."
        )
    return media_type


def _check_size(what: str, media_type: str | None, size: int) -> None:
    if trouble := size_trouble(media_type, size):
        raise InvalidRequestError(
            f"{what} has {size / 2**20:.1f} MB: {trouble}. Upload it, and refer to it: "
            "parts.file(client.files.create(file=..., purpose='user_data')). On Vertex AI, give "
            "its gs:// URL.",
            param="messages",
        )


# --- its bytes, or where they are ---


def _upload_name(source: object) -> str | None:
    """The URI or id of an uploaded file; None for anything else."""
    if isinstance(source, str):
        return source if source.startswith("https://") and is_upload(source) else None
    uri, id = getattr(source, "uri", None), getattr(source, "id", None)
    if isinstance(uri, str) and uri:
        return uri
    return id if isinstance(id, str) and is_upload(id) else None


def _read(kind: Kind, source: object) -> _Inline:
    if isinstance(source, str) and source[:5].lower() == "data:":
        return _of_data_url(source)
    if isinstance(source, (str, os.PathLike)):
        return _of_path(kind, os.fspath(cast("str | os.PathLike[str]", source)))
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(cast("bytes", source))
        return _Inline(data, f"{len(data)} bytes")
    if hasattr(source, "read"):
        return _of_file(kind, source)
    if hasattr(source, "save") and hasattr(source, "mode") and hasattr(source, "convert"):
        return _of_picture(cast("Picture", source))
    raise TypeError(
        f"parts.{kind}() takes {_TAKEN}, not {_shortened(source)}, "
        f"which is of type {type(source).__name__}."
    )


def _of_path(kind: Kind, path: str) -> _Inline:
    here = Path(path)
    try:
        size = here.stat().st_size
    except FileNotFoundError as cause:
        message = f"parts.{kind}() found no file there. It takes {_TAKEN}"
        raise FileNotFoundError(cause.errno, message, path) from None
    except (OSError, ValueError) as cause:
        if isinstance(cause, OSError) and cause.errno not in {errno.ENAMETOOLONG, errno.EINVAL}:
            raise
        raise ValueError(
            f"{_shortened(path)} is not a path. To pass base64, decode it: base64.b64decode(...)."
        ) from None
    _check_size(path, media_type_of_name(path), size)
    return _Inline(here.read_bytes(), path, path)


def _of_file(kind: Kind, opened: Any) -> _Inline:
    data: object = opened.read()
    if not isinstance(data, bytes):
        raise TypeError(
            f"The file given to parts.{kind}() reads {type(data).__name__}, not bytes. "
            "Open it with 'rb'; with an async library, read it and give the bytes."
        )
    name = opened.name if isinstance(getattr(opened, "name", None), str) else ""
    return _Inline(data, name or "The open file", name)


def _of_data_url(url: str) -> _Inline:
    head, comma, text = url[5:].partition(",")
    declared, *parameters = head.split(";")
    if not comma:
        raise ValueError(f"{_shortened(url)} has no comma, so it is not a complete data: URL.")
    encoded = unquote_to_bytes(text)
    if "base64" in map(str.lower, map(str.strip, parameters)):
        try:
            encoded = b64decode(encoded, altchars=b"-_" if {*encoded} & {*b"-_"} else None)
        except ValueError as cause:
            raise ValueError(f"{_shortened(url)} is not base64: {cause}.") from None
    return _Inline(encoded, "The data: URL", declared=declared.strip())


def _of_picture(picture: Picture) -> _Inline:
    out = io.BytesIO()
    if picture.format == "JPEG":  # only an image read from a JPEG says so
        picture.save(out, "JPEG", quality="keep")
    else:
        picture = picture if picture.mode in _PNG_MODES else picture.convert("RGB")
        picture.save(out, "PNG")
    return _Inline(out.getvalue(), "The image")


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"
