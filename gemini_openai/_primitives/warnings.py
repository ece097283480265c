"""Warn with the line of the caller outside of this package."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

_HOME = str(Path(__file__).parents[1])


class GeminiWarning(UserWarning):
    """Something of a request has no effect on Gemini, or was changed so that Gemini takes it."""


def warn_user(message: str) -> None:
    """Warn with a `GeminiWarning`, attributed to the nearest line outside of this package."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HOME):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, GeminiWarning, stacklevel=level)
