"""Warn with the line of the caller outside of this package."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

_HOME = str(Path(__file__).parents[1])
_BETWEEN = frozenset({"httpx", "httpx2", "openai"})
"""What is between a user and our transport."""


class GeminiWarning(UserWarning):
    """Something of a request has no effect on Gemini, or was changed so that Gemini takes it."""


def warn_user(message: str) -> None:
    """Warn with a `GeminiWarning`, attributed to the nearest line outside of this package.

    Of a genuine client on our transport that is the line that calls it.
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_no_users(frame):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, GeminiWarning, stacklevel=level)


def _is_no_users(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__"))
    return frame.f_code.co_filename.startswith(_HOME) or module.partition(".")[0] in _BETWEEN
