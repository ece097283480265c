"""Rewrite the keywords that Gemini lacks, into others or into words for the description."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from .meet import NOTHING, TYPES_OF, Schema, in_short, is_of_type, same_as, type_of
from .references import DEFINITIONS, REFERENCES, array_at, below


@dataclass(frozen=True)
class SchemaChange:
    """One thing that was rewritten."""

    path: str
    """The place in the schema as it was given, as a JSON pointer: `/properties/kind/const`."""
    keyword: str
    what: str
    """What was done, in words that follow the path."""
    lossless: bool
    """False: the server no longer sees this constraint. A description has it in words."""


@dataclass
class Adaptation:
    """The state of rewriting one schema."""

    root: Mapping[str, Any]
    rules: frozenset[str]
    inline: bool = True
    """Whether definitions are put where they are used, the recursive ones apart."""
    changes: list[SchemaChange] = field(default_factory=list[SchemaChange])
    bodies: dict[str, Schema] = field(default_factory=dict[str, Schema])
    """Rewritten definitions, by their JSON pointer."""
    pending: set[str] = field(default_factory=lambda: {""})
    """Definitions being rewritten: a `$ref` to one of them is recursion."""
    names: dict[str, str] = field(default_factory=dict[str, str])
    """Those that stay in `$defs`: their JSON pointer and their name there."""
    repeated: int = 0
    """How many sub-schemas were repeated by putting definitions where they are used."""

    def record(self, path: str, keyword: str, what: str, *, lossless: bool = True) -> None:
        """Keep account of one change."""
        self.changes.append(SchemaChange(path, keyword, what, lossless))


class Place(NamedTuple):
    """Where a schema stands, and what its description is going to say."""

    path: str
    notes: list[str]
    adaptation: Adaptation

    def drop(self, own: Schema, keyword: str, what: str) -> None:
        """Leave out a keyword that says nothing."""
        del own[keyword]
        self.adaptation.record(below(self.path, keyword), keyword, what)

    def describe(self, own: Schema, keyword: str, note: str, *, lossless: bool = False) -> None:
        """Move a keyword into the description."""
        del own[keyword]
        self.notes.append(note)
        self.adaptation.record(
            below(self.path, keyword), keyword, "moved into the description", lossless=lossless
        )


Step = Callable[[Schema, Place], None]

_KNOWN = (
    frozenset(TYPES_OF)
    | frozenset(DEFINITIONS)
    | frozenset(REFERENCES)
    | {"type", "title", "description", "default", "enum", "const", "format", "nullable"}
    | {"anyOf", "oneOf", "allOf", "not", "if", "then", "else"}
    | {"examples", "example", "contentEncoding", "contentMediaType"}
)

_KEPT_FORMATS: Mapping[str, frozenset[str]] = {
    "string": frozenset({"date-time"}),
    "number": frozenset({"float", "double"}),
    "integer": frozenset({"int32", "int64"}),
}


def _annotations(own: Schema, place: Place) -> None:
    for keyword in [key for key in own if key not in _KNOWN]:
        place.drop(own, keyword, "left out: it constrains nothing")
    for keyword in ("examples", "example"):
        if keyword in own:
            value = own[keyword]
            shown = [value] if keyword == "example" else array_at(value, below(place.path, keyword))
            examples = ", ".join(in_short(example, 80) for example in shown[:3])
            if examples:
                place.describe(own, keyword, f"for example {examples}", lossless=True)
            else:
                place.drop(own, keyword, "left out: there are none")
    for keyword in ("contentEncoding", "contentMediaType"):
        if keyword in own:
            place.describe(own, keyword, str(own[keyword]), lossless=True)


def _nullable(own: Schema, place: Place) -> None:
    nullable = own["nullable"]
    place.drop(own, "nullable", "null became an alternative" if nullable else "left out")
    if not nullable:
        return
    kind = own.get("type")
    if isinstance(kind, str):
        own["type"] = [kind, "null"] if kind != "null" else kind
        if "enum" in own and None not in own["enum"]:
            own["enum"] = [*own["enum"], None]
    elif isinstance(kind, (list, tuple)) or not _constrains(own):
        kinds = list(cast("list[str]", kind or ()))
        if kinds and "null" not in kinds:
            own["type"] = [*kinds, "null"]
    else:
        inner = {key: own.pop(key) for key in list(own) if key not in _BESIDE_UNION}
        own["anyOf"] = [inner, {"type": "null"}]


_BESIDE_UNION = frozenset({"title", "description", "default", *DEFINITIONS})


def _constrains(own: Schema) -> bool:
    return bool(own.keys() - _BESIDE_UNION)


def _const(own: Schema, place: Place) -> None:
    value = own["const"]
    place.drop(own, "const", "became an enum of one value")
    allowed = own.get("enum", [value])
    own["enum"] = [one for one in allowed if same_as(one) == same_as(value)]


def _enum_type(own: Schema, place: Place) -> None:
    values = list(array_at(own["enum"], below(place.path, "enum")))
    own["enum"] = values
    kinds = list(dict.fromkeys(type_of(value) for value in values))
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    kind = own.get("type")
    if kind is None and kinds:
        own["type"] = kinds[0] if len(kinds) == 1 else kinds
        place.adaptation.record(
            below(place.path, "enum"), "enum", "the type of its values was added"
        )
    elif isinstance(kind, str):
        fitting = [value for value in values if is_of_type(value, kind)]
        if len(fitting) == len(values):
            return
        if fitting:
            own["enum"] = fitting
            what = f"values that are of another type than {kind!r} were left out"
            place.adaptation.record(below(place.path, "enum"), "enum", what)
        elif kinds:
            # To the letter nothing is valid. What is meant is one of the values.
            own["type"] = kinds[0] if len(kinds) == 1 else kinds
            what = f"none of its values is of type {kind!r}, so the type became theirs"
            place.adaptation.record(below(place.path, "enum"), "enum", what, lossless=False)


def _enum_values(own: Schema, place: Place) -> None:
    kind, values = own.get("type"), own["enum"]
    every = {"null": {None}, "boolean": {True, False}}
    if kind in every and set(values) == every[kind]:
        place.drop(own, "enum", "left out: the type says it")
    elif kind in {"boolean", "object", "array"} and values:
        shown = ", ".join(in_short(value) for value in values)
        place.describe(own, "enum", f"one of {shown}" if len(values) > 1 else f"always {shown}")


def _irrelevant(own: Schema, place: Place) -> None:
    kind = own["type"]
    if isinstance(kind, str):
        for keyword in [key for key in own if kind not in TYPES_OF.get(key, {kind})]:
            place.drop(own, keyword, f"left out: it says nothing about the type {kind!r}")


def _exclusive_bounds(own: Schema, place: Place) -> None:
    for keyword, inclusive, sign, words in (
        ("exclusiveMinimum", "minimum", 1, "greater than"),
        ("exclusiveMaximum", "maximum", -1, "less than"),
    ):
        bound, limit = own.get(keyword), own.get(inclusive)
        if bound is None:
            continue
        if isinstance(bound, bool):  # draft 4: a flag beside the bound
            if not bound or limit is None:
                place.drop(own, keyword, "left out: it excludes nothing")
                continue
            bound, limit = limit, None
        if own.get("type") == "integer" and (isinstance(bound, int) or math.isfinite(bound)):
            nearest = math.floor(bound) + 1 if sign > 0 else math.ceil(bound) - 1
            own[inclusive] = nearest if limit is None else sign * max(sign * nearest, sign * limit)
            place.drop(own, keyword, f"became {inclusive}: {own[inclusive]}")
        elif limit is not None and sign * limit > sign * bound:
            place.drop(own, keyword, f"left out: {inclusive} is stricter")
        else:
            own[inclusive] = bound
            place.describe(own, keyword, f"must be {words} {bound}")


def _formats(own: Schema, place: Place) -> None:
    kind = own.get("type")
    kept = _KEPT_FORMATS.get(kind, frozenset[str]()) if isinstance(kind, str) else frozenset[str]()
    if own["format"] not in kept:
        place.describe(own, "format", f"format: {own['format']}")


def _strings(own: Schema, place: Place) -> None:
    for keyword, note, idle in (
        ("pattern", "must match pattern {}", ""),
        ("minLength", "minimum length: {}", 0),
        ("maxLength", "maximum length: {}", None),
    ):
        if keyword in own:
            _describe_unless(own, place, keyword, note, idle)


def _numbers(own: Schema, place: Place) -> None:
    place.describe(own, "multipleOf", f"must be a multiple of {own['multipleOf']}")


def _arrays(own: Schema, place: Place) -> None:
    if "uniqueItems" in own:
        if own["uniqueItems"]:
            place.describe(own, "uniqueItems", "items must be unique")
        else:
            place.drop(own, "uniqueItems", "left out: it demands nothing")
    if "unevaluatedItems" in own:
        _describe_unless(own, place, "unevaluatedItems", "any further items: {}", True)
    contains = {key: own[key] for key in ("contains", "minContains", "maxContains") if key in own}
    if "contains" in contains:
        place.notes.append(f"items must satisfy {in_short(contains)}")
    for keyword in contains:
        if "contains" in contains:
            what = "moved into the description"
            place.adaptation.record(below(place.path, keyword), keyword, what, lossless=False)
            del own[keyword]
        else:
            place.drop(own, keyword, "left out: there is no `contains`")


_OBJECT_NOTES: Mapping[str, tuple[str, object]] = {
    "minProperties": ("minimum number of properties: {}", 0),
    "maxProperties": ("maximum number of properties: {}", None),
    "propertyNames": ("names of properties must match {}", True),
    "dependentRequired": ("properties that require others: {}", None),
    "dependentSchemas": ("properties that demand more: {}", None),
    "dependencies": ("properties that require others: {}", None),
    "unevaluatedProperties": ("any further properties: {}", True),
}


def _objects(own: Schema, place: Place) -> None:
    if own.get("propertyNames") == {"type": "string"}:
        place.drop(own, "propertyNames", "left out: names are strings")
    for keyword, (note, idle) in _OBJECT_NOTES.items():
        if keyword in own:
            _describe_unless(own, place, keyword, note, idle)


def _conditions(own: Schema, place: Place) -> None:
    if "not" in own:
        if own["not"] is False:
            place.drop(own, "not", "left out: it excludes nothing")
        else:
            place.describe(own, "not", f"must not match {in_short(own['not'])}")
    condition = {key: own[key] for key in ("if", "then", "else") if key in own}
    if "if" in condition and len(condition) > 1:
        parts = [f"{key} {in_short(value)}" for key, value in condition.items()]
        place.notes.append(", ".join(parts))
        for keyword in condition:
            what = "moved into the description"
            place.adaptation.record(below(place.path, keyword), keyword, what, lossless=False)
            del own[keyword]
    else:
        for keyword in condition:
            place.drop(own, keyword, "left out: it has no effect alone")


def _bare_requirements(own: Schema, place: Place) -> None:
    """Put alternatives that only say which properties are needed into words."""
    for keyword, quantity in (("anyOf", "at least one"), ("oneOf", "exactly one")):
        members = own.get(keyword)
        if not isinstance(members, (list, tuple)) or "properties" not in own:
            continue
        needed: list[str] = []
        for member in cast("list[object]", members):
            parts = dict(cast("Mapping[str, Any]", member)) if isinstance(member, Mapping) else {}
            if "required" not in parts or parts.keys() - {"required", "type", "title"}:
                break
            needed.append(" and ".join(str(name) for name in parts["required"]) or "nothing")
        else:
            place.describe(own, keyword, f"give {quantity} of: {'; '.join(needed)}")


def _describe_unless(own: Schema, place: Place, keyword: str, note: str, idle: object) -> None:
    value = own[keyword]
    if value == idle and isinstance(value, bool) == isinstance(idle, bool):
        place.drop(own, keyword, "left out: it demands nothing")
    else:
        text = value if isinstance(value, str) else in_short(value)
        place.describe(own, keyword, note.format(text))


STEPS: tuple[tuple[str, frozenset[str] | None, Step], ...] = (
    ("annotations", None, _annotations),
    ("nullable", frozenset({"nullable"}), _nullable),
    ("const", frozenset({"const"}), _const),
    ("enum", frozenset({"enum"}), _enum_type),
)
"""Rule, the keywords that call for it, and the step: what comes before types are taken apart."""

TYPED_STEPS: tuple[tuple[str, frozenset[str], Step], ...] = (
    ("irrelevant", frozenset({"type"}), _irrelevant),
    ("enum", frozenset({"enum"}), _enum_values),
    ("exclusive-bounds", frozenset({"exclusiveMinimum", "exclusiveMaximum"}), _exclusive_bounds),
    ("formats", frozenset({"format"}), _formats),
    ("string-constraints", frozenset({"pattern", "minLength", "maxLength"}), _strings),
    ("number-constraints", frozenset({"multipleOf"}), _numbers),
    (
        "array-constraints",
        frozenset({"uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"}),
        _arrays,
    ),
    ("object-constraints", frozenset(_OBJECT_NOTES), _objects),
    ("conditions", frozenset({"not", "if", "then", "else"}), _conditions),
    ("union-siblings", frozenset({"anyOf", "oneOf"}), _bare_requirements),
)
"""The same for a schema of one type, or of none that is known."""


def forbids_all(own: Schema) -> bool:
    """Whether a schema says outright that no value is valid."""
    excluded = own.get("not")
    return own.get("enum") == [] or excluded is True or excluded == NOTHING["not"]
