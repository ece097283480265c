"""At openai's path."""

from .video import VideoSize as VideoSize
