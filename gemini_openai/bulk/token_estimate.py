"""Estimate how many tokens the prompt of a request has."""

from __future__ import annotations

from .._primitives.json_types import is_array, is_object

CHARACTERS_PER_TOKEN = 4  # https://ai.google.dev/gemini-api/docs/tokens
TOKENS_PER_MEDIUM = 258  # the same page, of a picture
_NOT_PROMPT = frozenset(
    {"model", "user", "metadata", "extra_headers", "extra_query", "timeout", "deadline"}
)


def estimate_tokens(request: object) -> int:
    """A quarter of the characters of all texts in a request; 258 for a picture or other medium."""
    return _sum(request, 0) // CHARACTERS_PER_TOKEN


def _sum(value: object, depth: int) -> int:
    """The characters of the texts in a JSON value, and of what stands for media."""
    if isinstance(value, str):
        if value.startswith("data:"):
            return TOKENS_PER_MEDIUM * CHARACTERS_PER_TOKEN
        return len(value)
    if is_object(value):
        if value.get("type") in {"image_url", "input_audio", "file"}:
            return TOKENS_PER_MEDIUM * CHARACTERS_PER_TOKEN
        parts = (part for name, part in value.items() if depth or name not in _NOT_PROMPT)
        return sum(_sum(part, depth + 1) for part in parts)
    return sum(_sum(part, depth + 1) for part in value) if is_array(value) else 0
