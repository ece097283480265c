"""Read values that may be objects of ours, or the JSON that a caller asked for in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast


def field(thing: object, name: str) -> Any:
    """The key `name` of a mapping, or the attribute of anything else; None if it has none."""
    if isinstance(thing, Mapping):
        return cast("Mapping[str, Any]", thing).get(name)
    return getattr(thing, name, None)


def listed(value: object) -> Sequence[Any]:
    """A list as it is; anything else as an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, (list, tuple)) else ()
