"""Limit how long a method goes on asking whether something is done."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def time_limit(seconds: float, what: str) -> Callable[[], None]:
    """A function to call before each wait, which raises `RuntimeError` when `seconds` are over."""
    began = monotonic()

    def check() -> None:
        if monotonic() - began > seconds:
            raise RuntimeError(
                f"{what} was not done after {seconds:g} seconds. "
                "Wait longer with max_wait_seconds, or ask again later."
            )

    return check
