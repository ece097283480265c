"""Draw the ratios to the floor as SVG: a row for each job, in it a dot for each way."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from .report import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rounds import Result

COLOURS = {
    "ours": "#1a73e8",
    "fast": "#12b5cb",
    "openai": "#d93025",
    "genai": "#f9ab00",
    "litellm": "#9aa0a6",
    "json": "#188038",
}
LEFT, WIDTH, RIGHT, TOP, ROW = 430, 520, 30, 60, 22
LEAST, MOST = 0.01, 100.0  # of the axis; what is beyond stands at its end
TICKS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


def svg(results: list[Result]) -> str:
    """The plot; jobs that the floor does not have are not in it."""
    shown = [result for result in results if result.median("floor")]
    height = TOP + ROW * len(shown) + 20
    size = f'width="{LEFT + WIDTH + RIGHT}" height="{height}"'
    font = 'font-family="sans-serif" font-size="12"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
            '<rect width="100%" height="100%" fill="white"/>',
            *_legend(shown),
            *_axis(height),
            *(line for row, result in enumerate(shown) for line in _row(row, result)),
            "</svg>\n",
        ]
    )


def _legend(shown: list[Result]) -> Iterator[str]:
    yield '<text x="10" y="20" font-weight="bold">÷ floor</text>'
    x = 80
    for way, colour in COLOURS.items():
        if any(way in result.values for result in shown):
            name = NAMES[way].replace("`", "")
            yield f'<circle cx="{x}" cy="16" r="5" fill="{colour}"/>'
            yield f'<text x="{x + 10}" y="20">{escape(name)}</text>'
            x += 40 + 7 * len(name)
    yield f'<path d="M{x} 9v14" stroke="black" stroke-width="2"/>'
    yield f'<text x="{x + 10}" y="20">goal of ours</text>'


def _axis(height: int) -> Iterator[str]:
    for tick in TICKS:
        x, colour = _x(tick), "#5f6368" if tick == 1 else "#dadce0"
        yield f'<path d="M{x:.1f} {TOP - 8}V{height - 16}" stroke="{colour}"/>'
        yield f'<text x="{x:.1f}" y="{TOP - 12}" text-anchor="middle">{tick:g}</text>'


def _row(row: int, result: Result) -> Iterator[str]:
    y = TOP + ROW * row + ROW // 2
    yield f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(result.job.what)}</text>'
    if (goal := result.job.goal.floor) is not None:
        yield f'<path d="M{_x(goal):.1f} {y - 7}v14" stroke="black" stroke-width="2"/>'
    for way, colour in COLOURS.items():
        if ratio := result.ratio(way, "floor"):
            about = f"{NAMES[way].replace('`', '')}: {ratio:.2f}"
            yield (
                f'<circle cx="{_x(ratio):.1f}" cy="{y}" r="5" fill="{colour}">'
                f"<title>{escape(about)}</title></circle>"
            )


def _x(ratio: float) -> float:
    """Where a ratio stands on the axis, which is logarithmic."""
    share = math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + WIDTH * share
