"""At openai's path."""

from .video import VideoModel as VideoModel
