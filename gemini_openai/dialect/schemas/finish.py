"""Complete a schema by what depends on the whole of it: its type, and what that asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .meet import ANNOTATIONS, NOTHING, TYPES_OF, Schema, annotate, union
from .references import below

if TYPE_CHECKING:
    from .keywords import Adaptation


def finish(run: Adaptation, schema: Schema, path: str) -> Schema:
    """`schema`, or each of its alternatives, with what Gemini wants every schema to have."""
    if schema is NOTHING or "$ref" in schema:
        return schema
    if "anyOf" in schema:
        return _finish_union(run, schema, path)
    rules, own = run.rules, dict(schema)
    if "type" not in own and "implied-type" in rules:
        kinds = {TYPES_OF[key] for key in own if key in TYPES_OF}
        if len(kinds) == 1:
            kind = kinds.pop()
            own["type"] = "number" if "number" in kind else min(kind)
            what = f"added: the keywords are those of type {own['type']!r}"
            run.record(path, "type", what)
    bare = own.get("type") == "array" and not own.keys() & {"items", "prefixItems"}
    if bare and "array-items" in rules:
        own["items"] = {}
        run.record(path, "items", "added: an array has to have them")
    if "required" in own and "required-properties" in rules:
        _define_required(run, own, path)
    if "properties" in own and not own["properties"] and "empty-properties" in rules:
        del own["properties"]
        run.record(below(path, "properties"), "properties", "left out: there are none")
    if "property-ordering" in rules and len(own.get("properties", ())) > 1:
        order = list(dict.fromkeys([*own.get("propertyOrdering", ()), *own["properties"]]))
        if order != own.get("propertyOrdering"):
            own["propertyOrdering"] = order
            run.record(path, "propertyOrdering", "added: the order of the properties")
    return own


def _finish_union(run: Adaptation, schema: Schema, path: str) -> Schema:
    members = [finish(run, member, path) for member in schema["anyOf"]]
    beside = {key: value for key, value in schema.items() if key != "anyOf"}
    if members == schema["anyOf"] or beside.keys() - ANNOTATIONS:
        return {**schema, "anyOf": members}
    alternatives = union(members)  # two may have become alike
    if alternatives.get("anyOf") != members:
        run.record(below(path, "anyOf"), "anyOf", "the alternatives were simplified")
    return annotate(alternatives, beside)


def _define_required(run: Adaptation, own: Schema, path: str) -> None:
    """Make sure that every required property is defined, or is not required."""
    properties: Schema = own.get("properties", {})
    others = own.get("additionalProperties", True)
    where = below(path, "required")
    for name in dict.fromkeys(own["required"]):
        if name in properties:
            continue
        if others is False:
            own["required"] = [kept for kept in own["required"] if kept != name]
            what = f"{name!r} was left out: no such property is allowed"
            run.record(where, "required", what, lossless=False)
        else:
            properties = {**properties, name: {} if others is True else others}
            run.record(where, "required", f"the property {name!r} was added")
    if properties:
        own["properties"] = properties
