"""Measure the CPU time of functions, and format the results as a table."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Row(NamedTuple):
    """One task done in three ways; `floor` is hand-written code."""

    what: str
    unit: str
    ours: float
    openai: float
    floor: float | None


def best_of(ways: Mapping[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """The least CPU time of each way, in microseconds per item that it reports.

    The ways take turns, because other load on the machine should affect all of them.
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
    """The rows as a Markdown table."""
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
