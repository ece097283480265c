"""At openai's path."""

from .video import VideoCreateCharacterResponse as VideoCreateCharacterResponse
