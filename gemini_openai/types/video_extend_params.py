"""At openai's path."""

from .video_create_params import (
    VideoExtendParams as VideoExtendParams,
    VideoReference,
    VideoVideoReferenceInputParam as VideoVideoReferenceInputParam,
)

Video = VideoReference
