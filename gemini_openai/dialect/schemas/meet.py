"""Merge two schemas into one that admits what both admit, for `allOf` and beside a `$ref`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

Schema: TypeAlias = dict[str, Any]

NOTHING: Schema = {"not": {}}
"""Admits no value. Known by identity; never sent."""

UNION_LIMIT = 1_000
"""Alternatives are multiplied out up to this many sub-schemas."""

ANNOTATIONS = frozenset({"title", "description", "default"})

TYPES_OF: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern"), frozenset({"string"})),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        frozenset({"integer", "number"}),
    ),
    **dict.fromkeys(
        (
            "items",
            "prefixItems",
            "additionalItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ),
        frozenset({"array"}),
    ),
    **dict.fromkeys(
        (
            "properties",
            "required",
            "additionalProperties",
            "propertyOrdering",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties",
        ),
        frozenset({"object"}),
    ),
}
"""The types that a keyword concerns. One that is not here concerns all."""


class Meeting(NamedTuple):
    """What two schemas need to be merged, and what did not survive it."""

    definition: Callable[[str], Schema | None]
    """The schema behind a `$ref` that stays, or None while it is not known."""
    losses: list[str]
    """What the merged schema does not say, in words for its description."""


def type_of(value: object) -> str:
    """The JSON type of a value, `integer` for every Python int."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, Mapping) else "array"


def is_of_type(value: object, kind: str) -> bool:
    """Whether a value is of a JSON Schema type: 1.0 is an integer, and an integer a number."""
    own = type_of(value)
    if own == kind or (own, kind) == ("integer", "number"):
        return True
    return kind == "integer" and isinstance(value, float) and value.is_integer()


def same_as(value: object) -> object:
    """A hashable stand-in, equal for equal JSON values: 1 and 1.0 are, 1 and true are not."""
    if value is None or isinstance(value, (str, int, float)):
        return (isinstance(value, bool), value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return frozenset((key, same_as(item)) for key, item in items)
    return tuple(same_as(item) for item in cast("Iterable[object]", value))


def in_short(value: object, limit: int = 300) -> str:
    """A value as compact JSON, cut to `limit` characters."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def annotate(schema: Schema, annotations: Mapping[str, Any]) -> Schema:
    """`schema` with annotations, which win over its own; descriptions are joined.

    Nothing may stand beside a `$ref`, so an annotated one becomes the only member of an `anyOf`.
    """
    if not annotations or schema is NOTHING:
        return schema
    if "$ref" in schema:
        return {**annotations, "anyOf": [schema]}
    merged = {**schema, **annotations}
    inner, outer = schema.get("description"), annotations.get("description")
    if inner and outer and inner != outer:
        merged["description"] = f"{outer}\n{inner}"
    return merged


def union(alternatives: Iterable[Schema]) -> Schema:
    """The `anyOf` of some schemas: flat, no two alike, and none around a single one."""
    flat: list[Schema] = []
    seen: set[object] = set()
    for alternative in alternatives:
        if alternative is NOTHING:
            continue
        if not alternative:
            return {}
        for member in alternative["anyOf"] if alternative.keys() == {"anyOf"} else [alternative]:
            if (key := same_as(member)) not in seen:
                seen.add(key)
                flat.append(member)
    if not flat:
        return NOTHING
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def meet(left: Schema, right: Schema, meeting: Meeting) -> Schema:
    """A schema that admits whatever both admit, and as little else as can be said."""
    if left is NOTHING or right is NOTHING:
        return NOTHING
    notes = {key: value for key, value in left.items() if key in ANNOTATIONS}
    core = {key: value for key, value in left.items() if key not in ANNOTATIONS}
    if not core:
        return annotate(right, notes)
    if not right.keys() - ANNOTATIONS:
        return annotate(core, annotate(dict(right), notes))
    if "$ref" in core or "$ref" in right:
        return annotate(_meet_reference(core, right, meeting), notes)
    if "anyOf" in core:
        return annotate(_meet_union(core, right, meeting), notes)
    if "anyOf" in right:
        return annotate(_meet_union(right, core, meeting), notes)
    return annotate(_meet_plain(core, right, meeting), notes)


def _meet_reference(left: Schema, right: Schema, meeting: Meeting) -> Schema:
    reference, other = (left, right) if "$ref" in left else (right, left)
    if reference == other:
        return reference
    # Two definitions that stay by name can only be merged by unrolling both, without end.
    body = None if "$ref" in other else meeting.definition(reference["$ref"])
    if body is None:
        meeting.losses.append(f"must also match {in_short(other)}")
        return reference
    losses: list[str] = []
    pair = (body, other) if reference is left else (other, body)
    merged = meet(*pair, meeting._replace(losses=losses))
    if not losses and same_as(merged) == same_as(body):
        return reference
    meeting.losses.extend(losses)
    return merged


def _meet_union(alternatives: Schema, other: Schema, meeting: Meeting) -> Schema:
    members = alternatives["anyOf"]
    if size(alternatives) * size(other) > UNION_LIMIT:
        meeting.losses.append(f"must also match {in_short(alternatives)}")
        return other
    core = {key: value for key, value in other.items() if key not in ANNOTATIONS}
    notes = {key: value for key, value in other.items() if key in ANNOTATIONS}
    outer = {key: value for key, value in alternatives.items() if key in ANNOTATIONS}
    merged = annotate(union(meet(member, core, meeting) for member in members), notes)
    beside = {key: value for key, value in alternatives.items() if key not in ANNOTATIONS}
    del beside["anyOf"]
    return annotate(meet(merged, beside, meeting) if beside else merged, outer)


def _meet_plain(left: Schema, right: Schema, meeting: Meeting) -> Schema:
    merged = dict(left)
    for key, value in right.items():
        if key in _OBJECT_KEYWORDS:
            continue
        if key not in merged or key in ANNOTATIONS:
            merged[key] = value
        elif (combine := _COMBINE.get(key)) is not None:
            merged[key] = combine(merged[key], value)
        elif key == "items":
            merged[key] = meet(merged[key], value, meeting)
        elif same_as(merged[key]) != same_as(value):
            meeting.losses.append(f"must also match {in_short({key: value})}")
    if not _meet_objects(merged, left, right, meeting):
        return NOTHING
    if merged.get("items") is NOTHING:
        merged["items"], merged["maxItems"] = {}, 0
    if merged.get("type") == [] or merged.get("enum") == []:
        return NOTHING
    return _settle(merged)


def _settle(schema: Schema) -> Schema:
    """Values and keywords that the type, now known, excludes are left out."""
    kind = schema.get("type")
    if not isinstance(kind, str):
        return schema
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if is_of_type(value, kind)]
        if not schema["enum"]:
            return NOTHING
    return relevant(schema, kind)


def relevant(schema: Schema, kind: str) -> Schema:
    """A schema without the keywords for other types than `kind`."""
    return {key: value for key, value in schema.items() if kind in TYPES_OF.get(key, {kind})}


def _both_types(left: Any, right: Any) -> Any:
    ours = [left] if isinstance(left, str) else list(left)
    theirs = [right] if isinstance(right, str) else list(right)
    both = [kind for kind in ours if kind in theirs or (kind == "integer" and "number" in theirs)]
    if "number" in ours and "integer" in theirs and "integer" not in both:
        both.append("integer")
    return both[0] if len(both) == 1 else both


def _both_values(left: list[Any], right: list[Any]) -> list[Any]:
    theirs = {same_as(value) for value in right}
    return [value for value in left if same_as(value) in theirs]


_COMBINE: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _both_types,
    "enum": _both_values,
    "minimum": max,
    "maximum": min,
    "minItems": max,
    "maxItems": min,
}

_OBJECT_KEYWORDS = frozenset({"properties", "required", "additionalProperties", "propertyOrdering"})


def _meet_objects(merged: Schema, left: Schema, right: Schema, meeting: Meeting) -> bool:
    """Fill the keywords of objects into `merged`. Says whether any object is left."""
    for key in ("required", "propertyOrdering"):
        if key in left or key in right:
            merged[key] = list(dict.fromkeys([*left.get(key, ()), *right.get(key, ())]))
    ours, theirs = left.get("properties", {}), right.get("properties", {})
    if ours or theirs:
        properties: Schema = {}
        for name in dict.fromkeys([*ours, *theirs]):
            mine, yours = _property(left, name), _property(right, name)
            if mine is NOTHING or yours is NOTHING:
                # Closed parts that know different properties admit nothing to the letter. What is
                # meant is inheritance, so the properties of all parts are let through.
                meeting.losses.append(f"one part of the schema forbids {name!r}")
                properties[name] = yours if mine is NOTHING else mine
                continue
            both = meet(mine, yours, meeting)
            if both is not NOTHING:
                properties[name] = both
            elif name in merged.get("required", ()):
                return False
            else:
                meeting.losses.append(f"{name!r} must not be given")
        merged["properties"] = properties
    if "additionalProperties" in left or "additionalProperties" in right:
        mine, yours = (
            left.get("additionalProperties", True),
            right.get("additionalProperties", True),
        )
        if mine is False or yours is False:
            merged["additionalProperties"] = False
        elif mine is True or yours is True:
            merged["additionalProperties"] = yours if mine is True else mine
        else:
            both = meet(mine, yours, meeting)
            merged["additionalProperties"] = False if both is NOTHING else both
    return True


def _property(schema: Schema, name: str) -> Schema:
    known = schema.get("properties", {})
    if name in known:
        return cast("Schema", known[name])
    others: Schema | bool = schema.get("additionalProperties", True)
    if isinstance(others, bool):
        return {} if others else NOTHING
    return others


def disjoint(alternatives: Sequence[Schema]) -> bool:
    """Whether no value is valid under two of them, as far as types and enums tell."""
    return all(
        _apart(one, other)
        for index, one in enumerate(alternatives)
        for other in alternatives[index + 1 :]
    )


def _apart(one: Schema, other: Schema) -> bool:
    if one is NOTHING or other is NOTHING:
        return True
    mine, theirs = one.get("type"), other.get("type")
    if not isinstance(mine, str) or not isinstance(theirs, str):
        return False
    if mine != theirs:
        return {mine, theirs} != {"integer", "number"}
    if "enum" in one and "enum" in other:
        return not _both_values(one["enum"], other["enum"])
    shared = set(one.get("required", ())) & set(other.get("required", ()))
    ours, yours = one.get("properties", {}), other.get("properties", {})
    tags = [name for name in shared if "enum" in ours.get(name, ()) and name in yours]
    return any(_apart(ours[name], yours[name]) for name in tags)


def size(schema: object) -> int:
    """How many sub-schemas a schema has, itself included."""
    if not isinstance(schema, dict):
        return 0
    node = cast("Schema", schema)
    count = 1 + size(node.get("items")) + size(node.get("additionalProperties"))
    for child in node.get("properties", {}).values():
        count += size(child)
    for child in node.get("anyOf", ()):
        count += size(child)
    return count
