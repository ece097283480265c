"""Rewrite one schema, with all below it, in the keywords that Gemini knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from .definitions import definition, has_type, referred
from .finish import finish
from .keywords import STEPS, TYPED_STEPS, Adaptation, Place, forbids_all
from .meet import (
    ANNOTATIONS,
    NOTHING,
    TYPES_OF,
    Meeting,
    Schema,
    annotate,
    disjoint,
    in_short,
    is_of_type,
    meet,
    same_as,
    union,
)
from .references import DEFINITIONS, REFERENCES, array_at, below, object_at, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMBINED = frozenset({*REFERENCES, "allOf", "anyOf", "oneOf"})
_PLAIN = {
    "string": ANNOTATIONS | {"type"},
    "integer": ANNOTATIONS | {"type", "minimum", "maximum"},
    "number": ANNOTATIONS | {"type", "minimum", "maximum"},
    "boolean": ANNOTATIONS | {"type"},
    "null": ANNOTATIONS | {"type"},
    "array": ANNOTATIONS | {"type", "items", "minItems", "maxItems"},
    "object": ANNOTATIONS | {"type", "properties", "required", "additionalProperties"},
}
"""Schemas of these keywords alone need no rule: what most schemas are made of."""
_NO_WORDS = frozenset[str]()

_EVERY_NAME = frozenset({"", ".*", "^.*", ".*$", "^.*$"})


def rewrite(run: Adaptation, node: object, path: str) -> Schema:
    """The schema at `path`, in its final form."""
    if isinstance(node, bool) and "boolean-schemas" not in run.rules:
        return cast("Schema", node)
    return finish(run, compose(run, node, path), path)


def compose(run: Adaptation, node: object, path: str, kind: str | None = None) -> Schema:
    """The schema at `path`, all but what `finish` does.

    `kind` is the type that the schema around it demands, for a part of an `allOf` or `anyOf`.
    """
    if isinstance(node, bool):
        if node:
            run.record(path, "", "true became {}")
        return {} if node else NOTHING
    own = dict(object_at(node, path))
    place = Place(path, [], run)
    if isinstance(own.get("type"), str) and own.keys() <= _PLAIN.get(own["type"], _NO_WORDS):
        result = _children(run, own, place) if own["type"] in {"array", "object"} else own
        return _with_notes(result, place) if place.notes and result is not NOTHING else result
    tagged = "discriminator" in own
    constrains = own.keys() - ANNOTATIONS
    if kind is not None and constrains and not constrains & (_COMBINED | {"type"}):
        own["type"] = kind
    for rule, keywords, step in STEPS:
        if rule in run.rules and (keywords is None or keywords & own.keys()):
            step(own, place)
    if forbids_all(own):
        return NOTHING
    parts: list[Schema] = []
    if (alternatives := _by_type(run, own, path)) is not None:
        parts.append(alternatives)
    for rule, keywords, step in TYPED_STEPS:
        if keywords & own.keys() and rule in run.rules:
            step(own, place)
    annotations = {key: own.pop(key) for key in list(own) if key in ANNOTATIONS}
    parts += _parts(run, own, place, own.get("type", kind), tagged=tagged)
    result = _merge(run, _children(run, own, place), parts, place)
    return _described(run, result, annotations, place)


def _by_type(run: Adaptation, own: Schema, path: str) -> Schema | None:
    """A list of types, or an enum with the empty string, as alternatives taken out of `own`."""
    kinds = own.get("type")
    if isinstance(kinds, (list, tuple)) and "type-lists" in run.rules:
        branches = [_of_type(own, kind) for kind in cast("Iterable[str]", kinds)]
        run.record(below(path, "type"), "type", "the list of types became alternatives")
    elif kinds == "string" and "" in own.get("enum", ()) and "empty-enum-value" in run.rules:
        branch = _of_type(own, "string")
        branch["enum"] = [value for value in own["enum"] if value]
        branches = [branch, {"type": "string", "description": "(the empty string)"}]
        what = "the empty string became a described alternative"
        run.record(below(path, "enum"), "enum", what, lossless=False)
    else:
        return None
    for key in list(own):
        if key in TYPES_OF or key in {"type", "enum", "format"}:
            del own[key]
    return union(compose(run, branch, path) for branch in branches)


def _of_type(own: Schema, kind: str) -> Schema:
    """What `own` demands of values of one type."""
    branch = {key: value for key, value in own.items() if kind in TYPES_OF.get(key, ())}
    if "format" in own and kind in {"string", "number", "integer"}:
        branch["format"] = own["format"]
    if "enum" in own:
        branch["enum"] = [value for value in own["enum"] if is_of_type(value, kind)]
    return {"type": kind, **branch}


# --- what combines schemas -----------------------------------------------------------------------


def _parts(
    run: Adaptation, own: Schema, place: Place, kind: object, *, tagged: bool
) -> list[Schema]:
    """What the keywords that combine schemas demand, taken out of `own`."""
    parts: list[Schema] = []
    demanded = kind if isinstance(kind, str) else None

    def members(keyword: str) -> list[Schema]:
        where = below(place.path, keyword)
        listed = enumerate(array_at(own.pop(keyword), where))
        return [compose(run, member, below(where, at), demanded) for at, member in listed]

    if "type" in own and own.keys() & _COMBINED and _is_type_implied(run, own, place.path):
        place.drop(own, "type", "left out: what stands beside it says it")
    if "references" in run.rules:
        for keyword in [key for key in REFERENCES if key in own]:
            where = below(place.path, keyword)
            reference = own.pop(keyword)
            pointer, target = resolve(run.root, reference, where)
            part = referred(run, pointer, target, compose)
            if part != {"$ref": reference} or own.keys() - set(DEFINITIONS):
                run.record(where, keyword, "replaced by the definition it points to")
            parts.append(part)
        for keyword in [key for key in DEFINITIONS if key in own]:
            del own[keyword]
            if place.path:
                where = below(place.path, keyword)
                run.record(where, keyword, "definitions were put where they are used")
    if "allOf" in own and "all-of" in run.rules:
        where = below(place.path, "allOf")
        run.record(where, "allOf", "its parts were merged into one schema")
        parts += members("allOf")
    if "anyOf" in own:
        alternatives = members("anyOf")
        alone = len(alternatives) == 1 and "$ref" in alternatives[0]
        parts.append({"anyOf": alternatives} if alone else union(alternatives))
        if parts[-1].get("anyOf") != alternatives:
            where = below(place.path, "anyOf")
            run.record(where, "anyOf", "the alternatives were simplified")
    if "oneOf" in own and "one-of" in run.rules:
        alternatives = members("oneOf")
        parts.append(union(alternatives))
        exact = tagged or disjoint(alternatives)
        run.record(below(place.path, "oneOf"), "oneOf", "became anyOf", lossless=exact)
        if not exact:
            place.notes.append("only one of the alternatives may apply")
    return parts


def _is_type_implied(run: Adaptation, own: Schema, path: str) -> bool:
    """Whether a schema that `own` is combined with says its type already."""
    kind = own["type"]

    def typed(keyword: str, rule: str) -> list[bool]:
        where = below(path, keyword)
        members = array_at(own.get(keyword, ()), where) if rule in run.rules else ()
        return [has_type(run, member, kind, where) for member in members]

    needed = typed("allOf", "all-of")
    if "$ref" in own:
        needed.append(has_type(run, {"$ref": own["$ref"]}, kind, path))
    unions = typed("anyOf", "union-siblings"), typed("oneOf", "one-of")
    return any(needed) or any(each and all(each) for each in unions)


def _merge(run: Adaptation, base: Schema, parts: list[Schema], place: Place) -> Schema:
    """The schema that demands what `base` and all the parts do."""
    if base and any("anyOf" in part for part in parts):
        if "union-siblings" not in run.rules:
            for part in parts:
                base = {**part, **base}
            return base
        run.record(place.path, "anyOf", "what stood beside it moved into each alternative")
    losses: list[str] = []
    meeting = Meeting(partial(definition, run), losses)
    result = base
    for part in parts:
        result = meet(result, part, meeting)
    if not place.path and "$ref" in result and parts:
        # The root has to be the thing itself, not the name of a definition.
        result = definition(run, result["$ref"], once=True) or result
        run.record("/$ref", "$ref", "replaced by the definition it points to")
    for loss in dict.fromkeys(losses):
        place.notes.append(loss)
        run.record(place.path, "", f"merged, except: {loss}", lossless=False)
    return result


def _described(
    run: Adaptation, result: Schema, annotations: dict[str, Any], place: Place
) -> Schema:
    """`result` with its annotations, and with words for what it does not say."""
    beside = "anyOf" in result or "$ref" in result
    if beside and "union-siblings" in run.rules and "default" in {**result, **annotations}:
        annotations = {"default": result.get("default"), **annotations}
        result = {key: value for key, value in result.items() if key != "default"}
        if annotations["default"] is None:
            place.drop(annotations, "default", "left out: it stood beside anyOf")
        else:
            note = f"default: {in_short(annotations['default'])}"
            place.describe(annotations, "default", note, lossless=True)
    if place.notes:
        annotations = _with_notes(annotations, place)
    if "$ref" in result and annotations and "references" in run.rules:
        run.record(place.path, "$ref", "moved into an anyOf of one: nothing may stand beside it")
    return annotate(result, annotations)


def _with_notes(annotated: Schema, place: Place) -> Schema:
    words = f"({'; '.join(dict.fromkeys(place.notes))})"
    said = annotated.get("description")
    return {**annotated, "description": f"{said} {words}" if said else words}


# --- what is below -------------------------------------------------------------------------------


class _Rewritten(dict[str, Any]):
    """A sub-schema that was rewritten on the way to another keyword."""


def _children(run: Adaptation, own: Schema, place: Place) -> Schema:
    """`own`, by now without annotations and combinations, its sub-schemas rewritten."""
    if isinstance(own.get("required"), bool):  # draft 3
        place.drop(own, "required", "left out: it has to be a list of names")
    if "tuples" in run.rules:
        _tuple(run, own, place)
    if "object-constraints" in run.rules and "patternProperties" in own:
        _pattern_properties(run, own, place)
    if "items" in own and not isinstance(own["items"], (_Rewritten, list, tuple)):
        items = rewrite(run, own["items"], below(place.path, "items"))
        if items is NOTHING:
            run.record(below(place.path, "items"), "items", "became maxItems: 0")
            own["maxItems"], items = 0, {}
        own["items"] = items
    others = own.get("additionalProperties", True)
    if not isinstance(others, (bool, _Rewritten)):
        rest = rewrite(run, others, below(place.path, "additionalProperties"))
        own["additionalProperties"] = False if rest is NOTHING else rest
    if "properties" in own and not _properties(run, own, place):
        return NOTHING
    for keyword in ("allOf", "oneOf", "prefixItems", "items"):  # only where a rule is off
        if isinstance(own.get(keyword), (list, tuple)):
            own[keyword] = _each(run, own[keyword], below(place.path, keyword))
    for keyword in DEFINITIONS:
        if keyword in own:
            where = below(place.path, keyword)
            kept = object_at(own[keyword], where)
            own[keyword] = {name: rewrite(run, kept[name], below(where, name)) for name in kept}
    return own


def _properties(run: Adaptation, own: Schema, place: Place) -> bool:
    """Rewrite the properties. Says whether an object with all that are required can exist."""
    where = below(place.path, "properties")
    properties: Schema = {}
    for name, child in object_at(own["properties"], where).items():
        rewritten = rewrite(run, child, below(where, name))
        if rewritten is not NOTHING:
            properties[name] = rewritten
            continue
        if name in own.get("required", ()):
            return False
        closed = own.get("additionalProperties") is False
        if not closed:
            place.notes.append(f"{name!r} must not be given")
        run.record(below(where, name), name, "left out: it is forbidden", lossless=closed)
    own["properties"] = properties
    return True


def _each(run: Adaptation, members: object, where: str) -> list[Schema]:
    listed = enumerate(array_at(members, where))
    return [rewrite(run, member, below(where, index)) for index, member in listed]


def _tuple(run: Adaptation, own: Schema, place: Place) -> None:
    """Turn a tuple into an array of any of its items."""
    keyword, rest_keyword = "prefixItems", "items"
    if isinstance(own.get("items"), (list, tuple)):  # before draft 2020-12
        keyword, rest_keyword = "items", "additionalItems"
    if keyword not in own:
        if "additionalItems" in own:
            place.drop(own, "additionalItems", "left out: there is no tuple of items")
        return
    where = below(place.path, keyword)
    first = _each(run, own.pop(keyword), where)
    rest: Schema = {}
    if rest_keyword in own:
        rest = rewrite(run, own.pop(rest_keyword), below(place.path, rest_keyword))
    ends = [len(first)] if rest is NOTHING else []
    ends += [index for index, item in enumerate(first) if item is NOTHING][:1]
    if ends:
        own["maxItems"] = min(*ends, own.get("maxItems", len(first)), len(first))
    most = own.get("maxItems", len(first) + 1)
    possible = [*first[:most], rest] if most > len(first) else first[:most]
    alike = len({same_as(item) for item in possible}) <= 1
    if not alike:
        kinds = ", ".join(in_short(item, 80) for item in first)
        place.notes.append(f"items in this order: {kinds}")
    run.record(where, keyword, "became items, any of those in the tuple", lossless=alike)
    items = union(possible)
    own["items"] = _Rewritten({} if items is NOTHING else items)


def _pattern_properties(run: Adaptation, own: Schema, place: Place) -> None:
    """Turn properties by pattern into `additionalProperties` for all names, or into words."""
    where = below(place.path, "patternProperties")
    patterns = object_at(own.pop("patternProperties"), where)
    values = {name: rewrite(run, patterns[name], below(where, name)) for name in patterns}
    allowed = [value for value in values.values() if value is not NOTHING]
    if patterns.keys() <= _EVERY_NAME and len(allowed) == 1 and not own.get("properties"):
        own["additionalProperties"] = _Rewritten(allowed[0])
        what = "became additionalProperties: the pattern matches every name"
        run.record(where, "patternProperties", what)
        return
    shown = ", ".join(f"{name}: {in_short(values[name], 120)}" for name in values)
    place.notes.append(f"properties by the pattern of their names: {shown}")
    run.record(where, "patternProperties", "moved into the description", lossless=False)
    # What only a pattern allowed must not become forbidden.
    others = own.get("additionalProperties", True)
    if others is not True and allowed:
        rest = rewrite(run, others, below(place.path, "additionalProperties"))
        own["additionalProperties"] = _Rewritten(union([*allowed, rest]))
