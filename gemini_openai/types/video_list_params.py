"""At openai's path."""

from .video_create_params import VideoListParams as VideoListParams
