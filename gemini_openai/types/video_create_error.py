"""Re-export a type at the import path that `openai` has."""

from .video import (
    Misalignment as Misalignment,
    MisalignmentSteer as MisalignmentSteer,
    VideoCreateError as VideoCreateError,
)
