"""Read JSON of unknown shape: the expected type, or an empty value of it."""

from __future__ import annotations

import json
from typing import Any, TypeGuard


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)


def mapping(value: object) -> dict[str, Any]:
    """`value` where it is a JSON object, else an empty one."""
    return value if is_mapping(value) else {}


def sequence(value: object) -> list[Any]:
    """`value` where it is a JSON array, else an empty one."""
    return value if is_sequence(value) else []


def string(value: object) -> str:
    """`value` where it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """`value` where it is a number, and `None` for anything else, booleans included."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def compact(value: object, *, sort_keys: bool = False) -> str:
    """`value` as JSON without white space, as Google sends chat answers."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort_keys)
