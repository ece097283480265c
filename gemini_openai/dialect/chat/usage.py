"""Token counts as Google sums them to counts as OpenAI does.

Google counts thinking in the total alone; Vertex names it besides, still outside of
`completion_tokens`. At OpenAI it is part of `completion_tokens`, and the parts add up.
"""

from __future__ import annotations

from typing import Any

from ..._primitives.json_types import is_object

RAW = "gemini_usage"
"""The key of a usage that keeps Google's own counts, where ours are others."""


def openai_usage(usage: dict[str, Any]) -> dict[str, Any]:
    """`usage` with thinking counted in `completion_tokens`, and both details there.

    Details that were missing: `reasoning_tokens` from the sum, and no `cached_tokens`, which Google
    leaves out where there are none. The same object, if it needs nothing.
    """
    if RAW in usage:
        return usage
    out = dict(usage)
    details = usage.get("completion_tokens_details")
    named = details.get("reasoning_tokens") if is_object(details) else None
    prompt, completion, total = map(
        usage.get, ("prompt_tokens", "completion_tokens", "total_tokens")
    )
    if isinstance(prompt, int) and isinstance(completion, int) and isinstance(total, int):
        gap = total - prompt - completion
        reasoning = named if isinstance(named, int) else max(gap, 0)
        if 0 < reasoning <= gap:
            out["completion_tokens"] = completion + reasoning
            out[RAW] = usage
        if not isinstance(named, int):
            out["completion_tokens_details"] = {
                **(details if is_object(details) else {}),
                "reasoning_tokens": reasoning,
            }
    out.setdefault("prompt_tokens_details", {"cached_tokens": 0})
    return usage if out == usage else out
