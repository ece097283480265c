"""The log of requests: a line for each, and nothing of what is asked and answered."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

logger = logging.getLogger("gemini_openai.proxy")

HUNG_UP = 499  # nginx's number for a caller that left before its answer
_LONGEST_NAME = 100
_UNFIT = re.compile(r"[^\w.:/@+-]", re.ASCII)


@dataclass
class Line:
    """What is known of a request so far."""

    method: str
    path: str
    model: str | None = None
    status: int | None = None
    tokens: tuple[int, int] | None = None

    def write(self, seconds: float) -> None:
        """Log the request, which took so long."""
        tokens = "-" if self.tokens is None else f"{self.tokens[0]}+{self.tokens[1]}"
        logger.info(
            "%s %s %s %s %.3fs %s tokens",
            self.method,
            self.path,
            # The caller's own words: they shall not look like another line.
            _UNFIT.sub("?", self.model or "-")[:_LONGEST_NAME],
            self.status or HUNG_UP,
            seconds,
            tokens,
        )


def is_on() -> bool:
    """Whether lines are wanted: what is in them takes time to find."""
    return logger.isEnabledFor(logging.INFO)
