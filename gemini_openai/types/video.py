"""A video and the progress of its generation.

For an unfinished video Gemini sends `id` and `status`. The other fields are then empty.
"""

from typing import Literal, TypeAlias

from .._models import BaseModel
from .shared.error_object import (
    Misalignment as Misalignment,
    MisalignmentSteer as MisalignmentSteer,
)

VideoModel: TypeAlias = str | Literal["veo-3.1-generate-preview", "veo-3.1-fast-generate-preview"]
"""Suggestions for editors; `client.models.list()` has all current models."""
VideoSeconds: TypeAlias = Literal["4", "8", "12"]
VideoSize: TypeAlias = Literal["720x1280", "1280x720", "1024x1792", "1792x1024"]


class VideoCreateError(BaseModel):
    code: str
    message: str
    headers: dict[str, str] | None = None
    misalignment: Misalignment | None = None
    param: str | None = None
    type: str | None = None


class Video(BaseModel):
    """Gemini adds `url` when the video is complete."""

    id: str
    completed_at: int | None = None
    created_at: int = 0
    error: VideoCreateError | None = None
    expires_at: int | None = None
    model: VideoModel = ""
    object: Literal["video"] = "video"
    progress: int = 0
    """The progress in percent."""
    prompt: str | None = None
    remixed_from_video_id: str | None = None
    seconds: str | VideoSeconds = ""
    size: str | VideoSize = ""
    status: Literal["queued", "in_progress", "processing", "completed", "failed"]
    """Google says `processing` where OpenAI has `queued` and `in_progress`."""


class VideoDeleteResponse(BaseModel):
    id: str
    deleted: bool
    object: Literal["video.deleted"]


class VideoCreateCharacterResponse(BaseModel):
    id: str | None = None
    created_at: int
    name: str | None = None


class VideoGetCharacterResponse(BaseModel):
    id: str | None = None
    created_at: int
    name: str | None = None
