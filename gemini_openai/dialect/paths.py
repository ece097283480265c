"""Read the paths by which Google's errors name a part of a request, and follow them in JSON.

`tools[0].function_declarations[12].parameters.properties[city].items` is a path: names after dots,
numbers of an array's items in brackets, and in brackets also the keys of a map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .._primitives.json_types import is_array, is_object
from .._primitives.patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple["str | int", ...]

_STEP = late_pattern(r"\.?([^.\[\]]+)|\[(\d{1,9})\]|\[(?P<quote>[\"']?)([^\[\]]+?)(?P=quote)\]")
_NAME = r"[A-Za-z_$][\w$]*"
_IN_TEXT = late_pattern(rf"(?<![\w./-]){_NAME}(?:\.{_NAME}|\[[^\[\]\n]+\])+")
_PLAIN_NAME = late_pattern(r"[^.\[\]]+")
_HUMP = late_pattern(r"(?<=[a-z0-9])([A-Z])")


def parse_path(text: str) -> Path | None:
    """The steps of a path: a text for each name or key, a number for each item; None if it is none.

    No text at all is the path of the whole.
    """
    steps: list[str | int] = []
    end = 0
    while end < len(text):
        step = _STEP.match(text, end)
        if step is None or (end == 0 and text[0] == "."):
            return None
        name, number, _, key = step.groups()
        steps.append(int(number) if number else name or key)
        end = step.end()
    return tuple(steps)


def show_path(path: Path) -> str:
    """A path as text, in one form: what `parse_path` reads as the same path."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text


def paths_in(text: str) -> Iterator[Path]:
    """The paths of at least two steps that a message names, in their order."""
    for found in _IN_TEXT.finditer(text):
        path = parse_path(found[0])
        if path is not None:
            yield path


def follow(value: Any, path: Path) -> Path:
    """As much of `path` as there is in `value`, with names as they are spelled there.

    Google may name `responseFormat` what was sent as `response_format`, and the reverse.
    """
    taken: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            if not is_array(value) or step >= len(value):
                break
            value = value[step]
            taken.append(step)
            continue
        name = _spelled(value, step) if is_object(value) else None
        if name is None:
            break
        value = value[name]
        taken.append(name)
    return tuple(taken)


def without(value: Any, path: Path) -> Any:
    """A copy of `value` without the name at the end of a path that `follow` gave.

    Objects and arrays off the path are the same objects as before.
    """
    first, *rest = path
    if is_array(value):
        return [without(item, tuple(rest)) if i == first else item for i, item in enumerate(value)]
    if not rest:
        return {name: item for name, item in value.items() if name != first}
    return {**value, first: without(value[first], tuple(rest))}


def _spelled(value: dict[str, Any], name: str) -> str | None:
    if name in value:
        return name
    snake = _snake(name)
    return next((key for key in value if _snake(key) == snake), None)


def _snake(name: str) -> str:
    return _HUMP.sub(r"_\1", name).lower()
