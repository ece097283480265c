"""What the rewriting of schemas promises, on schemas that nobody thought of."""

import copy
import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

import jsonschema
from hypothesis import HealthCheck, given, settings, strategies as st

from gemini_openai.dialect.schemas import definitions as schema_definitions
from gemini_openai.dialect.schemas.adapt import adapt_schema
from gemini_openai.dialect.schemas.definitions import REPEAT_LIMIT
from gemini_openai.dialect.schemas.keywords import SchemaChange
from gemini_openai.dialect.schemas.references import SchemaError

Json = Any
Strategy = st.SearchStrategy[Any]

SCALAR_VALUES: list[Json] = [None, True, False, -1, 0, 1, 2, 3, 1.0, 1.5, "", "a", "ab", "b"]
FEW: list[Json] = [None, 1, 2, "a", "b"]
SMALL_VALUES: list[Json] = [
    *SCALAR_VALUES,
    *([one] for one in SCALAR_VALUES),
    *([one, other] for one in FEW for other in FEW),
    *({name: one} for name in "ab" for one in SCALAR_VALUES),
    *({"a": one, "b": other} for one in FEW for other in FEW),
    *([1, "a", one] for one in FEW),
    *({"a": {name: one}} for name in "ab" for one in FEW),
    *({"a": [one], "c": one} for one in FEW),
    *([{"a": one}] for one in FEW),
    *({"b": [{"a": one, "b": []}]} for one in FEW),
    [],
    {},
]
"""Every schema is tried on all of these."""

NAMES = st.sampled_from(["a", "b", "c"])
KINDS = ["string", "integer", "number", "boolean", "null", "array", "object"]
TYPES = st.sampled_from(KINDS)
BARE = TYPES.map(lambda kind: {"type": kind})
COUNTS = st.integers(0, 2)
SOME_VALUES = st.lists(st.sampled_from(SMALL_VALUES), min_size=1, max_size=3, unique_by=json.dumps)


def optional(**keywords: Strategy) -> Strategy:
    return st.fixed_dictionaries({}, optional=keywords)


def either(*strategies: Strategy) -> Strategy:
    """Dictionaries with the keys of one of each."""
    return st.tuples(*strategies).map(lambda dicts: {k: v for one in dicts for k, v in one.items()})


def of_type(kind: str, inner: Strategy, *, words: bool) -> Strategy:
    """Schemas of one type. `words`: with keywords that only the description can carry."""
    if kind in {"integer", "number"}:
        own = optional(minimum=st.integers(-1, 2), maximum=st.integers(0, 3))
        told = optional(
            exclusiveMinimum=st.sampled_from([-1, 0, 0.5]),
            exclusiveMaximum=st.sampled_from([1, 2, 1.5]),
            multipleOf=st.just(2),
        )
    elif kind == "array":
        tuples = st.lists(inner, min_size=1, max_size=2)
        own = optional(items=inner, prefixItems=tuples, minItems=COUNTS, maxItems=COUNTS)
        told = optional(uniqueItems=st.booleans(), contains=inner)
    elif kind == "object":
        own = optional(
            properties=st.dictionaries(NAMES, inner, max_size=3),
            required=st.lists(NAMES, max_size=2, unique=True),
            additionalProperties=inner,
        )
        patterns = st.sampled_from(["a", ".*", "^b"])
        told = optional(
            patternProperties=st.dictionaries(patterns, inner, max_size=1),
            propertyNames=st.just({"enum": ["a", "b"]}),
            minProperties=COUNTS,
            dependentRequired=st.just({"a": ["b"]}),
        )
    else:
        own = st.just({})
        told = optional(minLength=COUNTS, maxLength=COUNTS, pattern=st.sampled_from(["^a", "b$"]))
        told = told if kind == "string" else own
    return (
        either(st.just({"type": kind}), own, told)
        if words
        else either(st.just({"type": kind}), own)
    )


def nodes(inner: Strategy, *, words: bool) -> Strategy:
    """Schemas of any form, around others."""
    members = st.lists(inner, min_size=1, max_size=2)
    typed = TYPES.flatmap(lambda kind: of_type(kind, inner, words=words))
    several = st.lists(TYPES, min_size=1, max_size=3, unique=True).flatmap(
        lambda kinds: either(
            *(of_type(kind, inner, words=words) for kind in kinds), st.just({"type": kinds})
        )
    )
    untyped = typed.map(lambda own: {key: own[key] for key in own if key != "type"})
    reference = st.sampled_from(["Leaf", "Pair", "Tree"]).map(
        lambda name: {"$ref": f"#/$defs/{name}"}
    )
    combined = st.one_of(
        st.fixed_dictionaries({"allOf": members}),
        st.fixed_dictionaries({"anyOf": members}),
        st.fixed_dictionaries({"oneOf": members}),
        st.fixed_dictionaries({"enum": SOME_VALUES}),
        st.fixed_dictionaries({"const": st.sampled_from(SMALL_VALUES)}),
    )
    if words:
        combined |= st.fixed_dictionaries({"not": inner}) | st.fixed_dictionaries(
            {"if": inner, "then": inner}
        )
    said = optional(
        title=st.just("T"),
        description=st.sampled_from(["D", "E"]),
        default=st.sampled_from(SCALAR_VALUES),
        examples=st.lists(st.sampled_from(SCALAR_VALUES), max_size=2),
    )
    plain = typed | several | untyped
    return st.one_of(
        plain,
        combined,
        reference,
        either(plain | reference, said),
        either(plain | reference | combined, combined, said),
    )


@st.composite
def schemas(draw: st.DrawFn, *, words: bool = True) -> dict[str, Json]:
    leaves = TYPES.flatmap(lambda kind: of_type(kind, BARE, words=words))
    small = leaves | nodes(leaves, words=words)
    root: dict[str, Json] = draw(small | nodes(small, words=words))
    if "$ref" not in json.dumps(root):
        return root
    pair = {"a": {"$ref": "#/$defs/Leaf"}, "c": {"$ref": "#/$defs/Leaf"}}
    tree = {
        "a": draw(st.booleans() | small),
        "b": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
    }
    return {
        **root,
        "$defs": {
            "Leaf": draw(leaves),
            "Pair": {"type": "object", "properties": pair, **draw(optional(maxProperties=COUNTS))},
            "Tree": {
                "type": "object",
                "properties": tree,
                "required": draw(st.lists(NAMES, max_size=2, unique=True)),
            },
        },
    }


LETTER = frozenset({"implied-type"})
"""The rule that is narrower than the letter of JSON Schema, switched off to test the others."""
LIMITS = st.sampled_from([REPEAT_LIMIT, 2, 0])
"""With the low ones definitions stay in `$defs`."""

thorough = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


NO_SCHEMA = ("No value satisfies", "refers to itself", "no object satisfies")


def adapted(
    schema: dict[str, Json], limit: int, **switches: Any
) -> tuple[dict[str, Json], list[SchemaChange]] | None:
    try:
        with mock.patch.object(schema_definitions, "REPEAT_LIMIT", limit):
            return adapt_schema(schema, **switches)
    except SchemaError as error:
        if any(words in str(error) for words in NO_SCHEMA):
            return None
        raise


def valid_values(schema: dict[str, Json]) -> set[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return {json.dumps(value) for value in SMALL_VALUES if validator.is_valid(value)}


@thorough
@given(schemas(), LIMITS)
def test_a_value_that_was_valid_stays_valid(schema: dict[str, Json], limit: int) -> None:
    outcome = adapted(schema, limit, off=LETTER)
    before = valid_values(schema)
    after = valid_values(outcome[0]) if outcome is not None else set()
    assert before <= after, outcome


@thorough
@given(schemas(words=False), LIMITS)
def test_where_no_loss_is_reported_no_value_becomes_valid(
    schema: dict[str, Json], limit: int
) -> None:
    outcome = adapted(schema, limit, off=LETTER)
    if outcome is not None and all(change.lossless for change in outcome[1]):
        assert valid_values(outcome[0]) <= valid_values(schema), outcome


@thorough
@given(schemas(), LIMITS)
def test_adapting_again_changes_nothing(schema: dict[str, Json], limit: int) -> None:
    if (outcome := adapted(schema, limit)) is not None:
        assert adapted(outcome[0], limit) == (outcome[0], [])


@thorough
@given(schemas(), LIMITS)
def test_the_schema_given_is_not_touched(schema: dict[str, Json], limit: int) -> None:
    before = copy.deepcopy(schema)
    adapted(schema, limit)
    assert schema == before


@thorough
@given(schemas(), LIMITS)
def test_a_change_is_reported_exactly_when_there_is_one(
    schema: dict[str, Json], limit: int
) -> None:
    if (outcome := adapted(schema, limit)) is not None:
        before, after = (json.dumps(one, sort_keys=True) for one in (schema, outcome[0]))
        assert bool(outcome[1]) == (before != after)


WORDS: dict[str | None, set[str]] = {
    "string": {"enum", "format"},
    "integer": {"enum", "format", "minimum", "maximum"},
    "number": {"enum", "format", "minimum", "maximum"},
    "boolean": set(),
    "null": set(),
    "array": {"items", "minItems", "maxItems"},
    "object": {"properties", "required", "additionalProperties"},
    None: set(),
}
"""The keywords of each type that Gemini lists."""


def assert_in_the_words_of_gemini(node: Mapping[str, Any]) -> None:
    words = set(node) - {"title", "description"}
    if "$ref" in node:
        assert set(node) == {"$ref"}
    elif "anyOf" in node:
        assert words == {"anyOf"}
        assert node["anyOf"]
    else:
        assert words - {"type", "default"} <= WORDS[node.get("type")]
        assert set(node.get("required", ())) <= set(node.get("properties", {}))
        assert "items" in node or node.get("type") != "array"
        assert all(isinstance(value, (str, int, float)) for value in node.get("enum", ()))
        assert "" not in node.get("enum", ())
    children = [*node.get("anyOf", ()), *node.get("properties", {}).values()]
    children += [node[key] for key in ("items", "additionalProperties") if key in node]
    for child in children:
        if not isinstance(child, bool):
            assert_in_the_words_of_gemini(child)


@thorough
@given(schemas(), LIMITS)
def test_what_comes_out_is_in_the_words_that_gemini_lists(
    schema: dict[str, Json], limit: int
) -> None:
    if (outcome := adapted(schema, limit)) is not None:
        definitions = outcome[0].pop("$defs", {})
        for node in (outcome[0], *definitions.values()):
            assert_in_the_words_of_gemini(node)


# --- the parameters of a function, which have to be an object ---


def parameters_of(schema: dict[str, Json], limit: int) -> dict[str, Json] | None:
    """The schema rewritten as that of a function's parameters; None where no object fits it."""
    outcome = adapted(schema, limit, off=LETTER, parameters=True)
    return outcome[0] if outcome is not None else None


def alternatives_of(node: dict[str, Json], definitions: dict[str, Json]) -> list[dict[str, Json]]:
    """The alternatives of a rewritten schema that are objects."""
    if "$ref" in node:
        body = definitions[node["$ref"].removeprefix("#/$defs/")]
        return alternatives_of(body, definitions)
    if "anyOf" in node:
        return [one for member in node["anyOf"] for one in alternatives_of(member, definitions)]
    return [node] if node.get("type", "object") == "object" else []


def as_meant(schema: dict[str, Json]) -> dict[str, Json]:
    """A rewritten schema whose alternatives leave the properties of only others alone."""
    definitions = schema.get("$defs", {})
    try:
        alternatives = alternatives_of(schema, definitions)
    except RecursionError:  # alternatives that name each other
        return {"not": {}}
    names = {name for one in alternatives for name in one.get("properties", {})}
    meant: list[Json] = []
    for one in alternatives:
        others = one.get("additionalProperties", True)
        foreign = dict.fromkeys(names, others if isinstance(others, dict) else False)
        meant.append({**one, "properties": {**foreign, **one.get("properties", {})}})
    return {"type": "object", "anyOf": meant or [{"not": {}}], "$defs": definitions}


@thorough
@given(schemas(), LIMITS)
def test_arguments_that_were_meant_stay_valid(schema: dict[str, Json], limit: int) -> None:
    outcome = adapted(schema, limit, off=LETTER)
    meant = valid_values(as_meant(outcome[0])) if outcome is not None else set()
    after = parameters_of(schema, limit)
    assert meant <= (valid_values(after) if after is not None else set()), after


@thorough
@given(schemas(), LIMITS)
def test_parameters_are_always_one_object(schema: dict[str, Json], limit: int) -> None:
    after = parameters_of(schema, limit)
    if after is not None:
        assert after["type"] == "object"
        assert not after.keys() & {"anyOf", "$ref"}
        assert adapted(after, limit, off=LETTER, parameters=True) == (after, [])
