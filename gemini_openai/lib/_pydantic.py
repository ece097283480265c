"""Make the JSON Schema of a Python type strict, as `openai` calls it."""

from __future__ import annotations

from copy import deepcopy
from math import isfinite
from typing import TYPE_CHECKING, Any, get_origin

import pydantic

from .._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

_MAPS_OF_SCHEMAS = ("$defs", "definitions", "properties")
_LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS = ("items", "additionalProperties", "not")


def to_strict_json_schema(
    model: type[pydantic.BaseModel] | pydantic.TypeAdapter[Any],
) -> dict[str, Any]:
    """The schema of a pydantic model, or of any type through a `TypeAdapter`, made strict.

    Every object is closed (`additionalProperties: false`) unless it says what else it may hold, and
    all its properties are required, those with a default too; a default of null or of infinity is
    dropped; an `allOf` of one and a `$ref` with keywords beside it are expanded in place.

    Raises `TypeError` for anything else, and pydantic's own error for a type without a JSON form.
    """
    if isinstance(model, pydantic.TypeAdapter):
        schema = model.json_schema()
    elif is_basemodel_type(model):
        schema = model.model_json_schema()
    else:
        raise TypeError(
            f"{model!r} is neither a pydantic model nor a TypeAdapter; "
            "for another type give pydantic.TypeAdapter(that_type)."
        )
    drop_infinities(schema)
    _make_strict(schema, deepcopy(schema), ())
    return schema


def drop_infinities(schema: dict[str, Any]) -> None:
    """Take the keywords out of a schema, in place, whose values have a NaN or an infinity.

    JSON has none. As a default they cannot be told, and as a bound they bind nothing.
    """
    for part in _parts(schema):
        drop_infinities(part)
    for keyword in [name for name, value in schema.items() if not _is_finite(value)]:
        del schema[keyword]


def _is_finite(value: object) -> bool:
    if is_object(value):
        return all(map(_is_finite, value.values()))
    if is_array(value):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or isfinite(value)


def why_no_schema(cause: Exception) -> str:
    """Why pydantic has no schema of a type, with what to write where that is known."""
    if getattr(cause, "code", None) == "typed-dict-version":
        return (
            "before Python 3.12, pydantic reads a TypedDict only if it is that of "
            "typing_extensions. Write: from typing_extensions import TypedDict"
        )
    said = str(cause).partition("\n\nFor further information")[0]
    return f"pydantic says: {said}"


def is_basemodel_type(typ: object) -> TypeGuard[type[pydantic.BaseModel]]:
    """Whether `typ` is a pydantic model class, parametrised or not."""
    origin = get_origin(typ) or typ
    return isinstance(origin, type) and issubclass(origin, pydantic.BaseModel)


def _make_strict(schema: dict[str, Any], root: dict[str, Any], within: tuple[str, ...]) -> None:
    """Change `schema` in place.

    References point into `root`, the schema as pydantic made it; `within` are the references that
    this schema was expanded from.
    """
    if schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    if is_object(properties := schema.get("properties")):
        schema["required"] = list(properties)
    for part in _parts(schema):
        _make_strict(part, root, within)
    if is_array(parts := schema.get("allOf")) and len(parts) == 1:
        schema.pop("allOf")
        schema.update(parts[0])
    if "default" in schema and schema["default"] is None:
        schema.pop("default")
    reference = schema.get("$ref")
    # A recursive reference cannot be expanded; it stays.
    if isinstance(reference, str) and len(schema) > 1 and reference not in within:
        schema.pop("$ref")
        beside = dict(schema)
        schema.update(_resolve(reference, root))
        schema.update(beside)
        _make_strict(schema, root, (*within, reference))


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas directly inside of one."""
    for keyword in _MAPS_OF_SCHEMAS:
        if is_object(parts := schema.get(keyword)):
            yield from filter(is_object, parts.values())
    for keyword in _LISTS_OF_SCHEMAS:
        if is_array(listed := schema.get(keyword)):
            yield from filter(is_object, listed)
    for keyword in _SCHEMAS:
        if is_object(part := schema.get(keyword)):
            yield part


def _resolve(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    resolved: dict[str, Any] = deepcopy(found)
    return resolved
