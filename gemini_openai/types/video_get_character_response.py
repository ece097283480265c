"""At openai's path."""

from .video import VideoGetCharacterResponse as VideoGetCharacterResponse
