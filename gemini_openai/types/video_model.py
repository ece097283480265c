"""Re-export a type at the import path that `openai` has."""

from .video import VideoModel as VideoModel
