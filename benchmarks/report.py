"""Show results as a Markdown table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rounds import Result

NAMES = {
    "floor": "floor",
    "ours": "ours",
    "openai": "`openai`",
    "fast": "ours, `fast`",
    "genai": "`google-genai`",
    "litellm": "`litellm`",
    "json": "JSON alone",
}


def table(results: list[Result]) -> str:
    """A row for each job; a goal stands beside its ratio, with whether it is met."""
    ways = [way for way in NAMES if any(way in result.values for result in results)]
    ratios = ["ours ÷ floor", "`openai` ÷ ours", *(["`fast` ÷ floor"] if "fast" in ways else [])]
    heads = ["job", "unit", *(NAMES[way] for way in ways), *ratios]
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "--:|" * (len(heads) - 2)]
    for result in results:
        job, goal = result.job, result.job.goal
        of_ours = ratio(result.ratio("ours", "floor"), at_most=goal.floor)
        if goal.most is not None and job.unit != "k":
            of_ours = f"ours: {verdict(result.median('ours'), at_most=goal.most)}"
        cells = [
            f"{job.what} (`{job.name}`)",
            {"k": "k instr."}.get(job.unit, job.unit),
            *(number(result.median(way)) for way in ways),
            of_ours,
            ratio(result.ratio("openai", "ours"), at_least=goal.openai),
        ]
        if "fast" in ways:
            cells.append(ratio(result.ratio("fast", "floor"), at_most=goal.fast))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Three digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratio(
    value: float | None, *, at_most: float | None = None, at_least: float | None = None
) -> str:
    """A ratio, and its goal."""
    if value is None:
        return "–"
    if at_most is None and at_least is None:
        return f"{value:.2f}"
    return verdict(value, at_most=at_most, at_least=at_least)


def verdict(
    value: float | None, *, at_most: float | None = None, at_least: float | None = None
) -> str:
    """A number with its goal and whether it is met."""
    if value is None:
        return "–"
    if at_most is not None:
        met, goal = round(value, 2) <= at_most, f"≤ {at_most:g}"
    else:
        met, goal = round(value, 2) >= (at_least or 0), f"≥ {at_least:g}"
    return f"{value:.2f} ({goal}: {'met' if met else '**missed**'})"


def heading(rounds: int, versions: dict[str, str], *, counted: bool) -> str:
    """What was measured, where and with what."""
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    what = (
        "Instructions (thousands) for one more of each"
        if counted
        else f"CPU time (user and system) and memory, medians of {rounds} interleaved rounds"
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{what}. Python {platform.python_version()}, {told}; {os.cpu_count()} cores, load {load} "
        "at the end."
    )


def as_json(results: list[Result], rounds: int, versions: dict[str, str]) -> str:
    """Everything that was measured."""
    jobs: dict[str, Any] = {
        result.job.name: {
            "what": result.job.what,
            "unit": result.job.unit,
            "goal": result.job.goal._asdict(),
            "load": result.load,
            "medians": {way: result.median(way) for way in result.values},
            "rounds": result.values,
            "ours / floor": result.ratio("ours", "floor"),
            "openai / ours": result.ratio("openai", "ours"),
            "fast / floor": result.ratio("fast", "floor"),
        }
        for result in results
    }
    about = {"python": platform.python_version(), "machine": platform.platform(), "rounds": rounds}
    return json.dumps({**about, "versions": versions, "jobs": jobs}, indent=2)
