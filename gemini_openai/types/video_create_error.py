"""At openai's path."""

from .video import (
    Misalignment as Misalignment,
    MisalignmentSteer as MisalignmentSteer,
    VideoCreateError as VideoCreateError,
)
