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

_OF_COMPLETION, _OF_PROMPT = "completion_tokens_details", "prompt_tokens_details"


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
    # Written out, without loops: it is done for each chunk of many streams.
    prompt = whole_number(usage.get("prompt_tokens"))
    completion = whole_number(usage.get("completion_tokens"))
    total = whole_number(usage.get("total_tokens"))
    if prompt is completion is total is None:
        return None
    of_completion, of_prompt = usage.get(_OF_COMPLETION), usage.get(_OF_PROMPT)
    named = cached = None
    if of_completion is not None and is_object(of_completion):
        named = whole_number(of_completion.get("reasoning_tokens"))
    if of_prompt is not None and is_object(of_prompt):
        cached = whole_number(of_prompt.get("cached_tokens"))
    reasoning = named or 0
    if total is None:
        prompt, completion = prompt or 0, completion or 0
        total = prompt + completion + (reasoning if reasoning > completion else 0)
    if prompt is None:
        prompt = max(total - (completion or 0) - reasoning, 0)
    gap = total - prompt - (completion or 0)
    if named is None and gap > 0:
        reasoning = gap
    if 0 < reasoning <= gap:
        completion = (completion or 0) + reasoning
    elif completion is None:
        completion = max(gap, 0)
    if named is not None:
        prompt = max(prompt, total - completion)
    if total < prompt + completion:
        total = prompt + completion
    out = {**usage, "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
    counts_differ = out != usage
    out[_OF_COMPLETION] = _with(of_completion, "reasoning_tokens", reasoning)
    out[_OF_PROMPT] = _with(of_prompt, "cached_tokens", cached or 0)
    if out == usage:
        return usage
    if counts_differ:
        out[RAW_USAGE] = usage
    return out


def _with(details: Any, name: str, count: int) -> dict[str, Any]:
    return {**details, name: count} if is_object(details) else {name: count}


def better_usage(known: dict[str, Any] | None, usage: dict[str, Any]) -> dict[str, Any]:
    """The counts of a stream after one more: the later holds, where it says anything.

    A count that is empty replaces none, and of one that is partial only what it has.
    """
    counts = (
        whole_number(usage.get("prompt_tokens")),
        whole_number(usage.get("completion_tokens")),
        whole_number(usage.get("total_tokens")),
    )
    if known is not None and not any(counts):
        return known
    if known is None or None not in counts:
        return usage
    return {**known, **{key: value for key, value in usage.items() if value is not None}}
