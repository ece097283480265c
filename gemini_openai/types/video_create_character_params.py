"""Re-export a type at the import path that `openai` has."""

from .video_create_params import VideoCreateCharacterParams as VideoCreateCharacterParams
