"""Re-export a type at the import path that `openai` has."""

from .video_create_params import (
    VideoEditParams as VideoEditParams,
    VideoReference,
    VideoVideoReferenceInputParam as VideoVideoReferenceInputParam,
)

Video = VideoReference
