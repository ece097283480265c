"""Draw the ratios as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rounds import Result


def svg(results: list[Result]) -> str:
    """To be drawn."""
    return ""
