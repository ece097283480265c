"""Find the place where a schema has not the form of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from .references import SchemaError, below

_NUMBER = "a number"
_NAMES = "a list of strings"
_SCHEMAS = "a list of schemas"
_BY_NAME = "an object of schemas"
_SCHEMA = "a schema, which is an object or a boolean"

_SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("format", "pattern", "$ref"), "a string"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), _NUMBER),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _NUMBER),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), "a number, or a boolean in draft 4"),
    **dict.fromkeys(("required", "propertyOrdering"), _NAMES),
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "prefixItems"), _SCHEMAS),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions"), _BY_NAME),
    **dict.fromkeys(("items", "additionalItems", "additionalProperties"), _SCHEMA),
    "type": "a string or a list of strings",
    "enum": "a list",
}


def first_fault(schema: object, path: str = "") -> SchemaError | None:
    """The first keyword in a schema, or below it, whose value is not of the form it has to be."""
    return next(_faults(schema, path), None)


def _faults(schema: object, path: str) -> Iterator[SchemaError]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield _fault(schema, _SCHEMA, path)
        return
    for keyword, value in cast("Mapping[str, Any]", schema).items():
        shape, where = _SHAPES.get(keyword, ""), below(path, keyword)
        if shape and not _is(value, shape, keyword):
            yield _fault(value, shape, where)
        elif shape == _SCHEMAS or (keyword == "items" and isinstance(value, (list, tuple))):
            for index, child in enumerate(cast("list[object]", value)):
                yield from _faults(child, below(where, index))
        elif shape == _BY_NAME:
            for name, child in cast("Mapping[str, object]", value).items():
                yield from _faults(child, below(where, name))
        elif shape == _SCHEMA:
            yield from _faults(value, where)


def _is(value: object, shape: str, keyword: str) -> bool:
    listed = list(cast("list[object]", value)) if isinstance(value, (list, tuple)) else None
    if shape == _NUMBER:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if shape.startswith(_NUMBER):
        return isinstance(value, (int, float))
    if shape == _BY_NAME:
        return isinstance(value, Mapping)
    if shape == _SCHEMA:
        return isinstance(value, (Mapping, bool)) or (keyword == "items" and listed is not None)
    if shape.startswith("a string"):
        one = isinstance(value, str)
        return one or (keyword == "type" and listed is not None and _all_strings(listed))
    if shape == _NAMES:
        draft_3 = keyword == "required" and isinstance(value, bool)
        return draft_3 or (listed is not None and _all_strings(listed))
    return listed is not None


def _all_strings(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _fault(value: object, shape: str, path: str) -> SchemaError:
    return SchemaError(f"Expected {shape}, found {value!r}.", path)
