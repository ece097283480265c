"""Re-export a type at the import path that `openai` has."""

from .video import VideoSeconds as VideoSeconds
