"""At openai's path."""

from .video import VideoDeleteResponse as VideoDeleteResponse
