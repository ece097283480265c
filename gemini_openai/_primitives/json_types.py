"""Tell JSON objects and arrays apart, as type guards, and take off what may stand before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TypeGuard


BOM = b"\xef\xbb\xbf"
"""A byte order mark: some servers begin their JSON with one, and it is no JSON."""


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)
