"""At openai's path."""

from .video_create_params import VideoDownloadContentParams as VideoDownloadContentParams
