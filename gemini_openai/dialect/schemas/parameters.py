"""Make the root of a function's parameters one object, where it says how to choose among several.

Gemini takes nothing else there; below the root it takes alternatives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .definitions import definition
from .finish import finish
from .meet import ANNOTATIONS, Schema, annotate, in_short, relevant, union
from .references import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .keywords import Adaptation

_OF_OBJECTS = ANNOTATIONS | {
    *("type", "properties", "required", "additionalProperties", "propertyOrdering")
}


class _Unclear(Exception):
    """A rule that is off has left what only it could rewrite."""


def object_root(run: Adaptation, schema: Schema) -> Schema:
    """A rewritten schema as one object that takes what any of its alternatives takes.

    It has the properties of all; required are those that all require. The arguments of a function
    are always an object, so alternatives of other types are left out.

    Raises `SchemaError` for a schema that no object satisfies.
    """
    if schema.get("type") == "object" and "anyOf" not in schema:
        return schema
    try:
        alternatives = list(_alternatives(run, schema, frozenset()))
    except _Unclear:
        return schema
    if not alternatives:
        msg = (
            "The parameters of a function are an object, and no object satisfies this schema. "
            "Write {'type': 'object', 'properties': {...}}."
        )
        raise SchemaError(msg, "")
    notes = {key: value for key, value in schema.items() if key in ANNOTATIONS}
    if len(alternatives) == 1:
        run.record("", "type", "the root became an object")
        return annotate(alternatives[0], notes) if "anyOf" in schema else alternatives[0]
    run.record("", "anyOf", "the alternatives became one object", lossless=False)
    said = " or ".join(f"({_in_words(one)})" for one in alternatives)
    words = f"(give one of these sets of properties: {said})"
    before = notes.get("description")
    notes["description"] = f"{before} {words}" if before else words
    return finish(run, {**notes, **_all_in_one(alternatives)}, "")


def _alternatives(run: Adaptation, schema: Schema, within: frozenset[str]) -> Iterator[Schema]:
    """The objects among the alternatives of a schema, those of other types left out."""
    keywords = schema.keys() - ANNOTATIONS
    if "$ref" in schema:
        reference = schema["$ref"]
        body = definition(run, reference, once=True)
        if body is None or keywords != {"$ref"}:
            raise _Unclear
        if reference not in within:
            yield from _alternatives(run, body, within | {reference})
    elif "anyOf" in schema:
        if keywords != {"anyOf"}:
            raise _Unclear
        for member in schema["anyOf"]:
            yield from _alternatives(run, member, within)
    elif "type" not in schema or schema["type"] == "object":
        said = relevant(schema, "object")
        if not said.keys() <= _OF_OBJECTS:
            raise _Unclear
        yield {"type": "object", **said}
    elif not isinstance(schema["type"], str):
        raise _Unclear


def _all_in_one(alternatives: list[Schema]) -> Schema:
    """An object that takes what any of some objects takes."""
    first = alternatives[0]
    out: Schema = {"type": "object"}
    names = dict.fromkeys(name for one in alternatives for name in one.get("properties", ()))
    if names:
        out["properties"] = {name: union(_said_of(name, alternatives)) for name in names}
    needed = [n for n in first.get("required", ()) if all(_needs(one, n) for one in alternatives)]
    if needed:
        out["required"] = needed
    others: list[Any] = [one.get("additionalProperties", True) for one in alternatives]
    if True not in others:
        schemas = [other for other in others if other is not False]
        out["additionalProperties"] = union(schemas) if schemas else False
    return out


def _said_of(name: str, alternatives: list[Schema]) -> Iterator[Schema]:
    """What each alternative demands of a property."""
    for one in alternatives:
        others = one.get("additionalProperties", True)
        if name in one.get("properties", ()):
            yield one["properties"][name]
        elif not isinstance(others, bool):
            yield others


def _needs(schema: Schema, name: str) -> bool:
    return name in schema.get("required", ())


def _in_words(schema: Schema) -> str:
    """`kind="cat", lives, optional: name`."""
    properties = schema.get("properties", {})
    needed = [_named(name, properties[name]) for name in properties if _needs(schema, name)]
    optional = [_named(name, properties[name]) for name in properties if not _needs(schema, name)]
    words = ", ".join(needed + ([f"optional: {', '.join(optional)}"] if optional else []))
    said = schema.get("description") or schema.get("title")
    return f"{said}: {words}" if said and words else said or words or "any"


def _named(name: str, schema: Schema) -> str:
    values = schema.get("enum", ())
    return f"{name}={in_short(values[0], 80)}" if len(values) == 1 else name
