"""Compile regular expressions when they are first used: most are for what rarely happens."""

from __future__ import annotations

import re

__all__ = ["late_pattern"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import compile as late_pattern
    from typing import Any, AnyStr
else:

    class late_pattern:  # noqa: N801  # it stands for a function
        """`re.compile`, at first use: that takes 0.1 ms, and a first answer needs few of 60."""

        def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
            self._pattern, self._flags = pattern, flags

        def __getattr__(self, name: str) -> Any:
            method = getattr(re.compile(self._pattern, self._flags), name)
            setattr(self, name, method)  # so that this runs once for a name
            return method
