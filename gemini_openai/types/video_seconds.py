"""At openai's path."""

from .video import VideoSeconds as VideoSeconds
