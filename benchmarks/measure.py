"""Functions to the CPU time they take, and those to a table."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Row(NamedTuple):
    """One thing done three ways; `floor` is the way by hand."""

    what: str
    unit: str
    ours: float
    openai: float
    floor: float | None


def best_of(ways: Mapping[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """The least CPU time of each way, in microseconds for one of the things it says it did.

    The ways take turns, so that whatever else the machine does falls on all of them.
    """
    best = dict.fromkeys(ways, float("inf"))
    for way in ways.values():
        way()  # what is loaded and built once is not counted here, but by `imports`
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            start = time.process_time()
            count = way()
            best[name] = min(best[name], (time.process_time() - start) / count * 1e6)
    return best


def table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| what | ours | `openai` | by hand | `openai` ÷ ours |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.what} | {row.ours:.1f} {row.unit} | {row.openai:.1f} {row.unit} "
        f"| {'-' if row.floor is None else f'{row.floor:.1f} {row.unit}'} "
        f"| {row.openai / row.ours:.1f} |"
        for row in rows
    ]
    return "\n".join(lines)
