"""Count tokens as OpenAI does: always numbers, and always adding up."""

from __future__ import annotations

from typing import Any

from ...._primitives.json_types import is_object
from ...._primitives.numbers import whole_number

RAW_USAGE = "gemini_usage"
"""The key of a usage that keeps Google's own counts, where ours are others."""

NO_TOKENS: dict[str, Any] = {
    "completion_tokens": 0,
    "prompt_tokens": 0,
    "total_tokens": 0,
    "completion_tokens_details": {"reasoning_tokens": 0},
    "prompt_tokens_details": {"cached_tokens": 0},
}
"""The usage of the chunks before the one that has the whole count."""

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_DETAILS = (
    ("completion_tokens_details", "reasoning_tokens"),
    ("prompt_tokens_details", "cached_tokens"),
)


def openai_usage(usage: dict[str, Any]) -> dict[str, Any] | None:
    """`usage` with three numbers that add up and both details; None where it counts nothing.

    Google counts thinking in the total alone; Vertex names it besides, still outside of
    `completion_tokens`. At OpenAI it is part of `completion_tokens`. What the total has beyond
    thinking that is named are results of tools that ran at Google, which are input. A count that is
    missing follows from the others.

    The same object, if it needs nothing.
    """
    if RAW_USAGE in usage:
        return usage
    prompt, completion, total = (_number(usage.get(name)) for name in _COUNTS)
    if prompt is completion is total is None:
        return None
    named = _detail(usage, *_DETAILS[0])
    reasoning, cached = named or 0, _detail(usage, *_DETAILS[1]) or 0
    if total is None:
        prompt, completion = prompt or 0, completion or 0
        total = prompt + completion + (reasoning if reasoning > completion else 0)
    if prompt is None:
        prompt = max(total - (completion or 0) - reasoning, 0)
    gap = total - prompt - (completion or 0)
    if named is None:
        reasoning = max(gap, 0)
    if 0 < reasoning <= gap:
        completion = (completion or 0) + reasoning
    elif completion is None:
        completion = max(gap, 0)
    if named is not None:
        prompt = max(prompt, total - completion)
    counts = dict(zip(_COUNTS, (prompt, completion, max(total, prompt + completion)), strict=True))
    out = {**usage, **counts}
    for (details, name), count in zip(_DETAILS, (reasoning, cached), strict=True):
        known = usage.get(details)
        out[details] = {**(known if is_object(known) else {}), name: count}
    if out == usage:
        return usage
    if any(usage.get(name) != count for name, count in counts.items()):
        out[RAW_USAGE] = usage
    return out


def better_usage(known: dict[str, Any] | None, usage: dict[str, Any]) -> dict[str, Any]:
    """The counts of a stream after one more: the later holds, where it says anything.

    A count that is empty replaces none, and of one that is partial only what it has.
    """
    counts = [_number(usage.get(name)) for name in _COUNTS]
    if known is not None and not any(counts):
        return known
    if known is None or None not in counts:
        return usage
    return {**known, **{key: value for key, value in usage.items() if value is not None}}


def _detail(usage: dict[str, Any], details: str, name: str) -> int | None:
    known = usage.get(details)
    return _number(known.get(name)) if is_object(known) else None


def _number(value: object) -> int | None:
    """A count as a number; as text it comes in the results of batches."""
    return whole_number(value)
