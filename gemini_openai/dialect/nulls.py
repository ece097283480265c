"""Leave out nulls that ask for nothing: at OpenAI a parameter that is null has its default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._primitives.json_types import is_array, is_object
from .notes import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .settings import Settings

_NESTED = ("response_format", "stream_options", "tool_choice")


def adapt_nulls(body: dict[str, Any], settings: Settings) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` without parameters that are null, or null keys of those that OpenAI has as objects.

    A null inside a schema means something, and is not looked at. Messages are `repair_messages`'s
    to look at, and Gemini's own options `with_options_in_place`'s.
    """
    if not settings.on("nulls"):
        return body, ()
    out = without_null_keys(body)
    for key in _NESTED:
        if is_object(value := out.get(key)) and (new := without_nested_nulls(value)) is not value:
            out = {**out, key: new}
    if is_array(tools := out.get("tools")):
        new_tools = [without_nested_nulls(t) if is_object(t) else t for t in tools]
        if any(new is not old for new, old in zip(new_tools, tools, strict=True)):
            out = {**out, "tools": new_tools}
    if out is body:
        return body, ()
    names = [key for key, value in body.items() if value is None or out[key] is not value]
    return out, [Note("nulls", f"nulls left out: {', '.join(names)}")]


def without_null_keys(value: dict[str, Any]) -> dict[str, Any]:
    """`value` without its keys that are null; the same object if it has none."""
    if None not in value.values():
        return value
    return {key: item for key, item in value.items() if item is not None}


def without_nested_nulls(value: dict[str, Any]) -> dict[str, Any]:
    """`value` without null keys, of its own and of the objects right in it."""
    out = without_null_keys(value)
    for key, item in value.items():
        if item.__class__ is dict and None in item.values():
            out = {**out, key: without_null_keys(item)}
    return out
