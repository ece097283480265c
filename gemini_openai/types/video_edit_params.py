"""At openai's path."""

from .video_create_params import (
    VideoEditParams as VideoEditParams,
    VideoReference,
    VideoVideoReferenceInputParam as VideoVideoReferenceInputParam,
)

Video = VideoReference
