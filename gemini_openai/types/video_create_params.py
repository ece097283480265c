"""The parameters of the methods of `videos`.

Gemini heeds `prompt` and `model`; length, resolution and pictures to start from go in `extra_body`.
"""

from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import FileTypes, Maybe
from .video import VideoModel, VideoSeconds, VideoSize

VideoModelParam: TypeAlias = VideoModel


class ImageInputReferenceParam(TypedDict, total=False):
    file_id: str
    image_url: str


InputReference: TypeAlias = FileTypes | ImageInputReferenceParam


class VideoVideoReferenceInputParam(TypedDict, total=False):
    id: Required[str]


VideoReference: TypeAlias = FileTypes | VideoVideoReferenceInputParam


class VideoCreateParams(TypedDict, total=False):
    prompt: Required[str]
    input_reference: Maybe[InputReference]
    model: Maybe[VideoModelParam]
    seconds: Maybe[VideoSeconds]
    size: Maybe[VideoSize]


class VideoListParams(TypedDict, total=False):
    after: Maybe[str]
    limit: Maybe[int]
    order: Maybe[Literal["asc", "desc"]]


class VideoDownloadContentParams(TypedDict, total=False):
    variant: Maybe[Literal["video", "thumbnail", "spritesheet"]]


class VideoRemixParams(TypedDict, total=False):
    prompt: Required[str]


class VideoEditParams(TypedDict, total=False):
    prompt: Required[str]
    video: Required[VideoReference]


class VideoExtendParams(TypedDict, total=False):
    prompt: Required[str]
    seconds: Required[VideoSeconds]
    video: Required[VideoReference]


class VideoCreateCharacterParams(TypedDict, total=False):
    name: Required[str]
    video: Required[FileTypes]
