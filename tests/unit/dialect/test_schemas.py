"""JSON Schemas as people send them, and as Gemini takes them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypedDict

from gemini_openai.dialect.schemas.adapt import adapt_schema, takes_nothing
from gemini_openai.dialect.schemas.definitions import REPEAT_LIMIT
from gemini_openai.dialect.schemas.keywords import SchemaChange
from gemini_openai.dialect.schemas.references import SchemaError
from gemini_openai.dialect.schemas.rules import SCHEMA_RULES

Json = dict[str, Any]


def adapted(schema: Json) -> Json:
    return adapt_schema(schema)[0]


def lost(schema: Json) -> list[str]:
    return [change.path for change in adapt_schema(schema)[1] if not change.lossless]


def obj(**properties: Any) -> Json:
    return {"type": "object", "properties": properties}


STRING = {"type": "string"}
NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
NULL = {"type": "null"}

LOOP = {
    "$defs": {
        "And": {
            "type": "object",
            "properties": {"left": {"$ref": "#/$defs/And"}},
            "required": ["left"],
        }
    }
}

RULES: dict[str, tuple[Json, Json]] = {
    "references": (
        {**obj(a={"$ref": "#/$defs/Name"}), "$defs": {"Name": STRING}},
        obj(a=STRING),
    ),
    "required-loops": (
        {**obj(a={"$ref": "#/$defs/And"}), **LOOP},
        {
            **obj(a={"$ref": "#/$defs/And"}),
            "$defs": {
                "And": {
                    **LOOP["$defs"]["And"],
                    "required": [],
                    "description": "('left' is required)",
                }
            },
        },
    ),
    "annotations": (
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            **obj(a={**STRING, "readOnly": True, "x-order": 1, "examples": ["x", "y"]}),
        },
        obj(a={**STRING, "description": '(for example "x", "y")'}),
    ),
    "boolean-schemas": (obj(a=True), obj(a={})),
    "nullable": (obj(a={**STRING, "nullable": True}), obj(a={"anyOf": [STRING, NULL]})),
    "const": (obj(a={**STRING, "const": "x"}), obj(a={**STRING, "enum": ["x"]})),
    "enum": (obj(a={"enum": ["x", "y"]}), obj(a={**STRING, "enum": ["x", "y"]})),
    "empty-enum-value": (
        obj(a={**STRING, "enum": ["", "x"]}),
        obj(
            a={
                "anyOf": [
                    {**STRING, "enum": ["x"]},
                    {**STRING, "description": "(the empty string)"},
                ]
            }
        ),
    ),
    "type-lists": (obj(a={"type": ["string", "null"]}), obj(a={"anyOf": [STRING, NULL]})),
    "implied-type": (obj(a={"properties": {"b": STRING}}), obj(a=obj(b=STRING))),
    "irrelevant": (obj(a={**STRING, "minimum": 1}), obj(a=STRING)),
    "one-of": (obj(a={"oneOf": [STRING, NUMBER]}), obj(a={"anyOf": [STRING, NUMBER]})),
    "all-of": (obj(a={"allOf": [obj(b=STRING), obj(c=NUMBER)]}), obj(a=obj(b=STRING, c=NUMBER))),
    "union-siblings": (
        obj(a={"anyOf": [STRING, NUMBER], "default": "x"}),
        obj(a={"anyOf": [STRING, NUMBER], "description": '(default: "x")'}),
    ),
    "exclusive-bounds": (
        obj(a={**INTEGER, "exclusiveMinimum": 0}),
        obj(a={**INTEGER, "minimum": 1}),
    ),
    "formats": (
        obj(a={**STRING, "format": "uri"}),
        obj(a={**STRING, "description": "(format: uri)"}),
    ),
    "string-constraints": (
        obj(a={**STRING, "pattern": "^a+$", "description": "Letters."}),
        obj(a={**STRING, "description": "Letters. (must match pattern ^a+$)"}),
    ),
    "number-constraints": (
        obj(a={**NUMBER, "multipleOf": 5}),
        obj(a={**NUMBER, "description": "(must be a multiple of 5)"}),
    ),
    "array-constraints": (
        obj(a={"type": "array", "items": STRING, "uniqueItems": True}),
        obj(a={"type": "array", "items": STRING, "description": "(items must be unique)"}),
    ),
    "object-constraints": (
        obj(a={**obj(b=STRING), "minProperties": 1}),
        obj(a={**obj(b=STRING), "description": "(minimum number of properties: 1)"}),
    ),
    "conditions": (
        obj(a={**STRING, "not": {"const": "x"}}),
        obj(a={**STRING, "description": '(must not match {"const":"x"})'}),
    ),
    "tuples": (
        obj(a={"type": "array", "prefixItems": [STRING, INTEGER], "minItems": 2, "maxItems": 2}),
        obj(
            a={
                "type": "array",
                "items": {"anyOf": [STRING, INTEGER]},
                "minItems": 2,
                "maxItems": 2,
                "description": '(items in this order: {"type":"string"}, {"type":"integer"})',
            }
        ),
    ),
    "array-items": (obj(a={"type": "array"}), obj(a={"type": "array", "items": {}})),
    "empty-properties": (obj(), {"type": "object"}),
    "required-properties": (
        {**obj(a=STRING), "required": ["b"]},
        {**obj(a=STRING, b={}), "required": ["b"]},
    ),
    "parameters-object": (
        {"anyOf": [{**obj(a=STRING), "required": ["a"]}, {**obj(b=INTEGER), "required": ["b"]}]},
        {
            **obj(a=STRING, b=INTEGER),
            "description": "(give one of these sets of properties: (a) or (b))",
        },
    ),
    "property-ordering": (
        obj(b=STRING, a=STRING),
        {**obj(b=STRING, a=STRING), "propertyOrdering": ["b", "a"]},
    ),
}


def test_every_rule_has_an_example_here() -> None:
    assert [rule.name for rule in SCHEMA_RULES] == list(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_rewrites_its_example_and_reports_it(rule: str) -> None:
    given, taken = RULES[rule]
    schema, changes = adapt_schema(given, on={rule}, parameters=rule == "parameters-object")
    assert schema == taken
    assert changes


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_off_leaves_its_example_as_it_is(rule: str) -> None:
    given, _ = RULES[rule]
    assert adapt_schema(given, off={rule}, parameters=True) == (given, [])


def test_the_order_of_properties_is_not_written_out_unless_asked_for() -> None:
    assert adapt_schema(obj(b=STRING, a=STRING))[1] == []


def test_a_rule_that_does_not_exist_cannot_be_switched() -> None:
    with pytest.raises(ValueError, match="No schema rule is called 'constt'"):
        adapt_schema({}, off={"constt"})


# --- what needs nothing --------------------------------------------------------------------------

STRICT = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "explanation": {"type": "string", "description": "Why."},
                    "unit": {"type": "string", "enum": ["m", "ft"]},
                    "score": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                    "at": {"type": "string", "format": "date-time"},
                    "level": {"type": "integer", "enum": [1, 2, 3]},
                },
                "required": ["explanation", "unit", "score", "at", "level"],
                "additionalProperties": False,
            },
            "minItems": 1,
        },
        "answer": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Answer"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "required": ["steps", "answer", "counts"],
    "additionalProperties": False,
    "title": "Reasoning",
}


def test_a_strict_schema_of_openai_needs_nothing() -> None:
    assert adapt_schema(STRICT) == (STRICT, [])


def test_the_result_shares_nothing_with_what_was_given() -> None:
    before = json.dumps(STRICT)
    schema, _ = adapt_schema(STRICT)
    schema["required"].append("x")
    schema["properties"]["steps"]["items"]["properties"]["unit"]["enum"].append("x")
    assert json.dumps(STRICT) == before


def test_a_definition_used_twice_is_not_shared_either() -> None:
    schema = adapted(
        {
            **obj(a={"$ref": "#/$defs/P"}, b={"$ref": "#/$defs/P"}),
            "$defs": {"P": obj(x=NUMBER)},
        }
    )
    schema["properties"]["a"]["properties"]["x"]["title"] = "X"
    assert schema["properties"]["b"] == obj(x=NUMBER)


def test_properties_may_be_called_like_keywords() -> None:
    properties = dict.fromkeys(["$ref", "const", "not", "allOf", "type", "items"], STRING)
    assert adapt_schema(obj(**properties)) == (obj(**properties), [])


def test_the_order_of_properties_is_kept() -> None:
    given = {
        **obj(z={"const": 1}, a={"$ref": "#/$defs/A"}, m=STRING),
        "$defs": {"A": obj(y=STRING, b=STRING)},
    }
    schema = adapted(given)
    assert list(schema["properties"]) == ["z", "a", "m"]
    assert list(schema["properties"]["a"]["properties"]) == ["y", "b"]


# --- one schema, one rewrite ---------------------------------------------------------------------

CASES: dict[str, tuple[Json, Json, list[str]]] = {
    "a const that is a number": ({"const": 3}, {**INTEGER, "enum": [3]}, []),
    "a const that is null": ({"const": None}, NULL, []),
    "a const that is true": (
        {"const": True},
        {"type": "boolean", "description": "(always true)"},
        ["/enum"],
    ),
    "a const that is an object": (
        {"const": {"a": 1}},
        {"type": "object", "description": '(always {"a":1})'},
        ["/enum"],
    ),
    "both booleans": ({"enum": [True, False]}, {"type": "boolean"}, []),
    "an enum of mixed types": (
        {"enum": ["a", 1, None]},
        {"anyOf": [{**STRING, "enum": ["a"]}, {**INTEGER, "enum": [1]}, NULL]},
        [],
    ),
    "an enum of integers and other numbers": (
        {"enum": [1, 1.5]},
        {**NUMBER, "enum": [1, 1.5]},
        [],
    ),
    "a nullable enum": (
        {"type": ["string", "null"], "enum": ["a", "b", None]},
        {"anyOf": [{**STRING, "enum": ["a", "b"]}, NULL]},
        [],
    ),
    "an enum with values of another type": (
        {"type": "string", "enum": ["a", None]},
        {**STRING, "enum": ["a"]},
        [],
    ),
    "an enum of which no value has the type": (
        {"type": "string", "enum": [1, 2]},
        {**INTEGER, "enum": [1, 2]},
        ["/enum"],
    ),
    "a list of types, each with its own constraints": (
        {"type": ["integer", "string", "array"], "minimum": 1, "maxLength": 3, "items": STRING},
        {
            "anyOf": [
                {**INTEGER, "minimum": 1},
                {**STRING, "description": "(maximum length: 3)"},
                {"type": "array", "items": STRING},
            ]
        },
        ["/maxLength"],
    ),
    "a list of one type": ({"type": ["string"]}, STRING, []),
    "an exclusive maximum of an integer": (
        {**INTEGER, "exclusiveMaximum": 10.5, "exclusiveMinimum": 0.5},
        {**INTEGER, "minimum": 1, "maximum": 10},
        [],
    ),
    "an exclusive bound weaker than the inclusive one": (
        {**NUMBER, "exclusiveMinimum": 0, "minimum": 1},
        {**NUMBER, "minimum": 1},
        [],
    ),
    "an exclusive bound of a number": (
        {**NUMBER, "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {
            **NUMBER,
            "minimum": 0,
            "maximum": 1,
            "description": "(must be greater than 0; must be less than 1)",
        },
        ["/exclusiveMinimum", "/exclusiveMaximum"],
    ),
    "an exclusive bound of draft 4": (
        {**INTEGER, "minimum": 0, "exclusiveMinimum": True},
        {**INTEGER, "minimum": 1},
        [],
    ),
    "a tuple of equal items": (
        {"type": "array", "prefixItems": [NUMBER, NUMBER], "items": False},
        {"type": "array", "items": NUMBER, "maxItems": 2},
        [],
    ),
    "a tuple of draft 7": (
        {"type": "array", "items": [NUMBER, STRING], "additionalItems": NULL},
        {
            "type": "array",
            "items": {"anyOf": [NUMBER, STRING, NULL]},
            "description": '(items in this order: {"type":"number"}, {"type":"string"})',
        },
        ["/items"],
    ),
    "an open tuple": (
        {"type": "array", "prefixItems": [NUMBER]},
        {
            "type": "array",
            "items": {},
            "description": '(items in this order: {"type":"number"})',
        },
        ["/prefixItems"],
    ),
    "a union with anything": ({"anyOf": [{}, NULL]}, {}, []),
    "a union in a union": (
        {"anyOf": [{"anyOf": [STRING, NUMBER]}, NULL, STRING]},
        {"anyOf": [STRING, NUMBER, NULL]},
        [],
    ),
    "a union of what becomes the same": (
        {"anyOf": [{"type": "object"}, obj()], "title": "T"},
        {"type": "object", "title": "T"},
        [],
    ),
    "a union of one": (
        {"anyOf": [{**STRING, "description": "b"}], "description": "a"},
        {**STRING, "description": "a\nb"},
        [],
    ),
    "constraints beside a union": (
        {"type": "string", "anyOf": [{"enum": ["a"]}, {"format": "date-time"}]},
        {"anyOf": [{**STRING, "enum": ["a"]}, {**STRING, "format": "date-time"}]},
        [],
    ),
    "a union of requirements": (
        {
            **obj(a=STRING, b=STRING, c=STRING),
            "anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}],
        },
        {**obj(a=STRING, b=STRING, c=STRING), "description": "(give at least one of: a and b; c)"},
        ["/anyOf"],
    ),
    "oneOf, by type": ({"oneOf": [STRING, NULL]}, {"anyOf": [STRING, NULL]}, []),
    "oneOf that may overlap": (
        {"oneOf": [NUMBER, INTEGER]},
        {"anyOf": [NUMBER, INTEGER], "description": "(only one of the alternatives may apply)"},
        ["/oneOf"],
    ),
    "oneOf, by a tag": (
        {
            "oneOf": [
                {**obj(kind={"const": "a"}, x=STRING), "required": ["kind"]},
                {**obj(kind={"const": "b"}, y=STRING), "required": ["kind"]},
            ]
        },
        {
            "anyOf": [
                {**obj(kind={**STRING, "enum": ["a"]}, x=STRING), "required": ["kind"]},
                {**obj(kind={**STRING, "enum": ["b"]}, y=STRING), "required": ["kind"]},
            ]
        },
        [],
    ),
    "allOf of one": (
        {"allOf": [{**STRING, "title": "Inner"}], "title": "Outer", "description": "d"},
        {**STRING, "title": "Outer", "description": "d"},
        [],
    ),
    "allOf with the same property twice": (
        {"allOf": [obj(n={**NUMBER, "minimum": 1}), obj(n={**INTEGER, "maximum": 5})]},
        obj(n={**INTEGER, "minimum": 1, "maximum": 5}),
        [],
    ),
    "allOf with bounds of numbers": (
        {"allOf": [{**NUMBER, "minimum": 1, "maximum": 9}, {"minimum": 3, "maximum": 12}]},
        {**NUMBER, "minimum": 3, "maximum": 9},
        [],
    ),
    "allOf with bounds of arrays": (
        {
            "allOf": [
                {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 9},
                {"type": "array", "items": INTEGER, "minItems": 1, "maxItems": 5},
            ]
        },
        {"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 5},
        [],
    ),
    "allOf of enums": (
        {"allOf": [{"enum": ["a", "b", "c"]}, {"enum": ["b", "c", "d"]}]},
        {**STRING, "enum": ["b", "c"]},
        [],
    ),
    "allOf with other properties": (
        {
            "allOf": [
                {**obj(a=NUMBER), "additionalProperties": NUMBER},
                {**obj(a=NUMBER, b={"minimum": 1}), "additionalProperties": INTEGER},
            ]
        },
        {
            **obj(a=NUMBER, b={**NUMBER, "minimum": 1}),
            "additionalProperties": INTEGER,
        },
        [],
    ),
    "an alternative whose required property is forbidden": (
        {"anyOf": [{**obj(a=False), "required": ["a"]}, NULL]},
        NULL,
        [],
    ),
    "an alternative whose required property contradicts itself": (
        {"anyOf": [{"allOf": [{**obj(a=STRING), "required": ["a"]}, obj(a=NUMBER)]}, NULL]},
        NULL,
        [],
    ),
    "one and true, which are not the same": (
        {"anyOf": [{"enum": [1], "const": True}, {"enum": [1, True]}]},
        {"anyOf": [{**INTEGER, "enum": [1]}, {"type": "boolean", "description": "(always true)"}]},
        ["/anyOf/1/enum"],
    ),
    "allOf around a union": (
        {"allOf": [{"anyOf": [STRING, NUMBER, NULL]}, {"type": ["number", "null"]}]},
        {"anyOf": [NUMBER, NULL]},
        [],
    ),
    "allOf of inheritance, each part closed": (
        {
            "allOf": [
                {**obj(a=STRING), "additionalProperties": False},
                {**obj(b=STRING), "additionalProperties": False},
            ]
        },
        {
            **obj(a=STRING, b=STRING),
            "additionalProperties": False,
            "description": "(one part of the schema forbids 'a'; "
            "one part of the schema forbids 'b')",
        },
        ["", ""],
    ),
    "a property that must not be": (
        {**obj(a=STRING, b=False), "additionalProperties": False},
        {**obj(a=STRING), "additionalProperties": False},
        [],
    ),
    "an array that must be empty": (
        {"type": "array", "items": False},
        {"type": "array", "items": {}, "maxItems": 0},
        [],
    ),
    "properties by a pattern that every name matches": (
        {"type": "object", "patternProperties": {"^.*$": NUMBER}},
        {"type": "object", "additionalProperties": NUMBER},
        [],
    ),
    "properties by pattern in a closed object": (
        {
            **obj(a=STRING),
            "patternProperties": {"^x-": NUMBER},
            "additionalProperties": False,
        },
        {
            **obj(a=STRING),
            "additionalProperties": NUMBER,
            "description": '(properties by the pattern of their names: ^x-: {"type":"number"})',
        },
        ["/patternProperties"],
    ),
    "required of draft 3": (obj(a={**STRING, "required": True}), obj(a=STRING), []),
    "a required property that is not allowed": (
        {**obj(a=STRING), "required": ["a", "b"], "additionalProperties": False},
        {**obj(a=STRING), "required": ["a"], "additionalProperties": False},
        ["/required"],
    ),
    "a bound that demands nothing": (
        {**STRING, "minLength": 0, "pattern": "x"},
        {**STRING, "description": "(must match pattern x)"},
        ["/pattern"],
    ),
    "a condition": (
        {**obj(a=STRING), "if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {
            **obj(a=STRING),
            "description": '(if {"required":["a"]}, then {"required":["b"]})',
        },
        ["/if", "/then"],
    ),
    "a nullable reference": (
        {**obj(a={"$ref": "#/$defs/A", "nullable": True}), "$defs": {"A": STRING}},
        obj(a={"anyOf": [STRING, NULL]}),
        [],
    ),
    "a nullable enum of draft 2019": (
        {**STRING, "enum": ["a"], "nullable": True},
        {"anyOf": [{**STRING, "enum": ["a"]}, NULL]},
        [],
    ),
    "a nullable list of types": (
        {"type": ["string", "number"], "nullable": True},
        {"anyOf": [STRING, NUMBER, NULL]},
        [],
    ),
    "what is null and nullable": ({**NULL, "nullable": True}, NULL, []),
    "anything, and nullable": ({"description": "d", "nullable": True}, {"description": "d"}, []),
    "what is not nullable": ({**STRING, "nullable": False}, STRING, []),
    "an encoding": (
        {**STRING, "contentEncoding": "base64"},
        {**STRING, "description": "(base64)"},
        [],
    ),
    "no examples": ({**STRING, "examples": []}, STRING, []),
    "a bound that a flag of draft 4 excludes": (
        {**NUMBER, "minimum": 1, "exclusiveMinimum": True},
        {**NUMBER, "minimum": 1, "description": "(must be greater than 1)"},
        ["/exclusiveMinimum"],
    ),
    "a flag of draft 4 that excludes nothing": (
        {**NUMBER, "minimum": 1, "exclusiveMinimum": False},
        {**NUMBER, "minimum": 1},
        [],
    ),
    "a flag of draft 4 without a bound": ({**NUMBER, "exclusiveMaximum": True}, NUMBER, []),
    "items that are not evaluated": (
        {"type": "array", "items": STRING, "unevaluatedItems": False},
        {"type": "array", "items": STRING, "description": "(any further items: false)"},
        ["/unevaluatedItems"],
    ),
    "how many items satisfy nothing that is said": (
        {"type": "array", "items": STRING, "minContains": 2},
        {"type": "array", "items": STRING},
        [],
    ),
    "what comes after a tuple that is not there": (
        {"type": "array", "items": STRING, "additionalItems": False},
        {"type": "array", "items": STRING},
        [],
    ),
    "a schema that excludes nothing": ({**STRING, "not": False}, STRING, []),
    "a consequence without a condition": ({**obj(a=STRING), "then": STRING}, obj(a=STRING), []),
    "a requirement of draft 3": (obj(a={**STRING, "required": True}), obj(a=STRING), []),
    "definitions within a property": (obj(a={**STRING, "$defs": {"B": NUMBER}}), obj(a=STRING), []),
    "a format of one of two types": (
        {"type": ["string", "null"], "format": "date-time"},
        {"anyOf": [{**STRING, "format": "date-time"}, NULL]},
        [],
    ),
    "parts with formats that differ": (
        {"allOf": [{**NUMBER, "format": "float"}, {**NUMBER, "format": "double"}]},
        {**NUMBER, "format": "float", "description": '(must also match {"format":"double"})'},
        [""],
    ),
    "parts whose items contradict each other": (
        {"allOf": [{"type": "array", "items": STRING}, {"type": "array", "items": NUMBER}]},
        {"type": "array", "items": {}, "maxItems": 0},
        [],
    ),
    "parts whose other properties contradict each other": (
        {
            "allOf": [
                {**obj(a=STRING), "additionalProperties": STRING},
                {**obj(a=STRING), "additionalProperties": NUMBER},
            ]
        },
        {**obj(a=STRING), "additionalProperties": False},
        [],
    ),
    "parts that contradict each other in a property": (
        {"allOf": [obj(a=STRING, b=STRING), obj(a=NUMBER)]},
        {**obj(b=STRING), "description": "('a' must not be given)"},
        [""],
    ),
    "parts of which one takes numbers and one integers": (
        {"allOf": [{"type": ["number", "string"]}, {"type": ["integer", "string"]}]},
        {"anyOf": [INTEGER, STRING]},
        [],
    ),
    "one of alternatives of which one takes nothing": ({"oneOf": [False, STRING]}, STRING, []),
    "one of two numbers": (
        {"oneOf": [INTEGER, NUMBER]},
        {
            "anyOf": [INTEGER, NUMBER],
            "description": "(only one of the alternatives may apply)",
        },
        ["/oneOf"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_schema_becomes(case: str) -> None:
    given, taken, losses = CASES[case]
    schema, changes = adapt_schema(given)
    assert schema == taken
    assert [change.path for change in changes if not change.lossless] == losses
    assert adapt_schema(schema) == (schema, [])


def test_a_change_names_the_place_in_the_schema_that_was_given() -> None:
    given = {**obj(**{"a/b": {"$ref": "#/$defs/K"}}), "$defs": {"K": obj(kind={"const": "x"})}}
    _, changes = adapt_schema(given)
    assert changes[0] == SchemaChange(
        "/$defs/K/properties/kind/const", "const", "became an enum of one value", True
    )
    assert [change.path for change in changes[2:]] == ["/properties/a~1b/$ref", "/$defs"]


# --- references ----------------------------------------------------------------------------------


def test_what_stands_beside_a_reference_is_merged_with_the_definition() -> None:
    given = {
        **obj(a={"$ref": "#/$defs/A", "description": "home", "default": {"x": 1}}),
        "$defs": {"A": {**obj(x=NUMBER), "description": "An address.", "title": "A"}},
    }
    assert adapted(given) == obj(
        a={
            **obj(x=NUMBER),
            "description": "home\nAn address.",
            "title": "A",
            "default": {"x": 1},
        }
    )


@pytest.mark.parametrize(
    ("reference", "more"),
    [
        ("#/definitions/A", {"definitions": {"A": STRING}}),
        ("#/$defs/A%20B", {"$defs": {"A B": STRING}}),
        ("#/$defs/a~1b", {"$defs": {"a/b": STRING}}),
        ("#here", {"$defs": {"A": {**STRING, "$anchor": "here"}}}),
        (
            "https://example.com/s#/$defs/A",
            {"$id": "https://example.com/s", "$defs": {"A": STRING}},
        ),
        ("https://example.com/a", {"$defs": {"A": {**STRING, "$id": "https://example.com/a"}}}),
        ("#/properties/b/items", {}),
        ("#/$defs/A/anyOf/1", {"$defs": {"A": {"anyOf": [NUMBER, STRING]}}}),
        ("#here", {"$defs": {"A": {"anyOf": [NUMBER, {**STRING, "$anchor": "here"}]}}}),
        ("#old", {"definitions": {"A": {**STRING, "$id": "#old"}}}),
    ],
)
def test_a_reference_is_found_wherever_it_points(reference: str, more: Json) -> None:
    given = obj(a={"$ref": reference}, b={"type": "array", "items": STRING})
    assert adapted({**given, **more})["properties"]["a"] == STRING


TREE = {
    "$defs": {
        "Leaf": STRING,
        "Node": {
            "type": "object",
            "properties": {
                "leaf": {"$ref": "#/$defs/Leaf"},
                "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
            },
            "required": ["kids"],
        },
        "Unused": NUMBER,
    }
}
KEPT_NODE = {
    "type": "object",
    "properties": {"leaf": STRING, "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
    "required": ["kids"],
}


def test_only_recursive_definitions_stay() -> None:
    schema = adapted({**obj(tree={"$ref": "#/$defs/Node"}), **TREE})
    assert schema == {**obj(tree={"$ref": "#/$defs/Node"}), "$defs": {"Node": KEPT_NODE}}


def test_a_root_that_is_recursive_is_itself_and_no_reference() -> None:
    assert adapted({"$ref": "#/$defs/Node", **TREE}) == {**KEPT_NODE, "$defs": {"Node": KEPT_NODE}}


def test_a_reference_to_the_root_gets_a_definition() -> None:
    kids = {"type": "array", "items": {"$ref": "#"}}
    body = obj(kids={"type": "array", "items": {"$ref": "#/$defs/Element"}})
    given = {**obj(kids=kids), "title": "Element"}
    assert adapted(given) == {
        **body,
        "title": "Element",
        "$defs": {"Element": {**body, "title": "Element"}},
    }


def test_of_definitions_that_need_each_other_one_stays() -> None:
    given = {
        **obj(a={"$ref": "#/$defs/A"}),
        "$defs": {"A": obj(b={"$ref": "#/$defs/B"}), "B": obj(a={"$ref": "#/$defs/A"})},
    }
    assert adapted(given) == {
        **obj(a={"$ref": "#/$defs/A"}),
        "$defs": {"A": obj(b=obj(a={"$ref": "#/$defs/A"}))},
    }


def test_nothing_stands_beside_a_reference_that_stays() -> None:
    node = {"$ref": "#/$defs/Node", "description": "the left one", "type": "object"}
    schema = adapted({**obj(left=node), **TREE})
    assert schema["properties"]["left"] == {
        "anyOf": [{"$ref": "#/$defs/Node"}],
        "description": "the left one",
    }


def test_a_recursive_definition_with_constraints_beside_it_is_unrolled_once() -> None:
    node = {"allOf": [{"$ref": "#/$defs/Node"}, {"required": ["leaf"]}]}
    schema = adapted({**obj(left=node), **TREE})
    assert schema["properties"]["left"] == {**KEPT_NODE, "required": ["kids", "leaf"]}
    assert schema["$defs"] == {"Node": KEPT_NODE}


def test_a_required_loop_that_can_end_is_left_alone() -> None:
    for link in (
        {"type": "array", "items": {"$ref": "#/$defs/L"}},
        {"anyOf": [{"$ref": "#/$defs/L"}, NULL]},
    ):
        given = {
            **obj(a={"$ref": "#/$defs/L"}),
            "$defs": {"L": {**obj(next=link), "required": ["next"]}},
        }
        assert adapt_schema(given) == (given, [])


def test_a_required_loop_through_two_definitions_and_a_union_is_opened() -> None:
    either = {"anyOf": [{"$ref": "#/$defs/And"}, {"$ref": "#/$defs/Leaf"}]}
    given = {
        **obj(filter={"$ref": "#/$defs/And"}),
        "$defs": {
            "And": {**obj(sides={**obj(left=either), "required": ["left"]}), "required": ["sides"]},
            "Leaf": STRING,
        },
    }
    schema, changes = adapt_schema(given)
    sides = schema["$defs"]["And"]["properties"]["sides"]
    assert sides["required"] == []
    assert sides["description"] == "('left' is required)"
    assert [change.path for change in changes if not change.lossless] == [
        "/$defs/And/properties/sides/properties/left"
    ]
    assert adapt_schema(schema) == (schema, [])


def doubling(depth: int) -> Json:
    definitions: Json = {
        f"L{i}": obj(l={"$ref": f"#/$defs/L{i + 1}"}, r={"$ref": f"#/$defs/L{i + 1}"})
        for i in range(depth)
    }
    return {**obj(a={"$ref": "#/$defs/L0"}), "$defs": {**definitions, f"L{depth}": STRING}}


def test_definitions_that_would_grow_out_of_hand_stay_in_defs() -> None:
    assert "$defs" not in adapted(doubling(8))
    given = doubling(60)
    assert adapt_schema(given) == (given, [])


def test_a_schema_without_references_may_be_as_large_as_it_likes() -> None:
    given = obj(**{f"p{i}": obj(q={"const": i}) for i in range(REPEAT_LIMIT + 1)})
    assert adapted(given)["properties"]["p7"] == obj(q={**INTEGER, "enum": [7]})


def test_merging_that_would_grow_out_of_hand_is_told_in_words() -> None:
    given = doubling(40)
    for definition in given["$defs"].values():
        for name, child in definition.get("properties", {}).items():
            definition["properties"][name] = {"allOf": [child, {"required": ["l"]}]}
    schema, changes = adapt_schema(given)
    assert len(json.dumps(schema)) < 1_000_000
    assert any("must also match" in change.what for change in changes)
    assert adapt_schema(schema) == (schema, [])


def test_alternatives_are_not_multiplied_without_end() -> None:
    many = {"anyOf": [obj(**{f"p{i}": STRING}) for i in range(40)]}
    schema, changes = adapt_schema({"allOf": [many, many, {"type": "object", **many}]})
    assert len(json.dumps(schema)) < 100_000
    assert not all(change.lossless for change in changes)


# --- errors --------------------------------------------------------------------------------------

BAD: dict[str, tuple[Any, str, str]] = {
    "a reference to nothing": (
        {**obj(a={"$ref": "#/$defs/B"}), "$defs": {"A": STRING}},
        "/properties/a/$ref",
        "'#/\\$defs/B' points at nothing in this schema. Its definitions are #/\\$defs/A. Add",
    ),
    "a reference without any definitions": (
        obj(a={"$ref": "#nowhere"}),
        "/properties/a/$ref",
        "It has no definitions",
    ),
    "a reference to another document": (
        obj(a={"$ref": "https://example.com/s.json"}),
        "/properties/a/$ref",
        "points outside the schema, and nothing is fetched. Put what it means into \\$defs",
    ),
    "a reference that is no string": (obj(a={"$ref": 1}), "/properties/a/$ref", "a string"),
    "a definition that is only itself": (
        {**obj(a={"$ref": "#/$defs/A"}), "$defs": {"A": {"$ref": "#/$defs/A"}}},
        "/$defs/A",
        "refers to itself",
    ),
    "a root that is only itself": ({"$ref": "#"}, "", "refers to itself"),
    "no schema": (obj(a="string"), "/properties/a", "Expected a JSON object, found 'string'"),
    "no list": ({"anyOf": STRING}, "/anyOf", "Expected a JSON array"),
    "a bound that is true": (
        obj(a={**INTEGER, "minimum": True, "exclusiveMinimum": "0"}),
        "/properties/a/minimum",
        "Expected a number, found True",
    ),
    "an alternative that is no schema": ({"anyOf": [STRING, 3]}, "/anyOf/1", "JSON object"),
    "a property required of no object at all": (
        {"allOf": [{**obj(a=STRING), "required": ["a"]}, obj(a=NUMBER)]},
        "",
        "No value satisfies the schema",
    ),
    "a bound that is no number": (
        obj(a={**INTEGER, "exclusiveMinimum": "0"}),
        "/properties/a/exclusiveMinimum",
        "Expected a number, or a boolean in draft 4, found '0'",
    ),
    "names that are no list": (
        obj(a={"type": "array", "items": {**obj(b=STRING), "required": None}}),
        "/properties/a/items/required",
        "Expected a list of strings, found None",
    ),
    "a type that is no string": (
        {"anyOf": [STRING, {"type": [{"type": "string"}], "minLength": 1}]},
        "/anyOf/1/type",
        "Expected a string or a list of strings",
    ),
    "a const beside an enum that is no list": (
        {"const": 1, "enum": 1},
        "/enum",
        "Expected a list, found 1",
    ),
    "parts that contradict each other": (
        {"allOf": [STRING, NUMBER]},
        "",
        "No value satisfies the schema",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_schema_that_cannot_be_sent_says_where_and_why(case: str) -> None:
    given, path, message = BAD[case]
    with pytest.raises(SchemaError, match=message) as caught:
        adapt_schema(given)
    assert caught.value.path == path
    assert isinstance(caught.value, ValueError)


def test_a_schema_nested_without_end_is_refused_and_does_not_crash() -> None:
    schema = STRING
    for _ in range(5_000):
        schema = obj(a=schema)
    with pytest.raises(SchemaError, match="nested too deeply"):
        adapt_schema(schema)


# --- functions without parameters ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "nothing"),
    [
        (obj(), True),
        ({"type": "object"}, True),
        ({**obj(), "additionalProperties": False, "required": [], "title": "Args"}, True),
        ({**obj(), "$schema": "https://json-schema.org/draft/2020-12/schema"}, True),
        ({"type": "object", "additionalProperties": True}, False),
        ({"type": "object", "additionalProperties": STRING}, False),
        (obj(a=STRING), False),
        ({}, True),
    ],
)
def test_parameters_of_a_function_that_takes_none_are_recognised(
    schema: Json, nothing: bool
) -> None:
    assert takes_nothing(schema) is nothing
    assert takes_nothing(adapted(schema)) is nothing


# --- the parameters of functions are one object --------------------------------------------------

CAT = {
    **obj(kind={**STRING, "enum": ["cat"]}, lives=INTEGER, name=STRING),
    "required": ["kind", "lives", "name"],
    "additionalProperties": False,
}
DOG = {
    **obj(kind={**STRING, "enum": ["dog"]}, name=STRING),
    "required": ["kind", "name"],
    "additionalProperties": False,
}


def parameters(schema: Json) -> Json:
    return adapt_schema(schema, parameters=True)[0]


def test_alternatives_at_the_root_of_parameters_become_one_object_that_takes_each() -> None:
    assert parameters({"type": "object", "title": "Pet", "oneOf": [CAT, DOG]}) == {
        "title": "Pet",
        "description": "(give one of these sets of properties: "
        '(kind="cat", lives, name) or (kind="dog", name))',
        "type": "object",
        "properties": {
            "kind": {"anyOf": [{**STRING, "enum": ["cat"]}, {**STRING, "enum": ["dog"]}]},
            "lives": INTEGER,
            "name": STRING,
        },
        "required": ["kind", "name"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    "schema",
    [
        {**obj(a=STRING), "type": ["object", "null"]},
        {**obj(a=STRING), "nullable": True},
        {"anyOf": [obj(a=STRING), NULL]},
        {"$ref": "#/$defs/A", "$defs": {"A": obj(a=STRING)}},
        {"anyOf": [{"$ref": "#/$defs/A"}, NULL], "$defs": {"A": obj(a=STRING)}},
    ],
)
def test_null_and_references_at_the_root_of_parameters_leave_the_object(schema: Json) -> None:
    assert parameters(schema) == obj(a=STRING)


def test_a_recursive_union_at_the_root_of_parameters_becomes_an_object() -> None:
    tree = {"anyOf": [obj(left={"$ref": "#"}, right={"$ref": "#"}), obj(value=STRING)]}
    taken = parameters(tree)
    assert taken["type"] == "object"
    assert list(taken["properties"]) == ["left", "right", "value"]
    assert taken["$defs"]["Root"]["anyOf"][1] == obj(value=STRING)


def test_parameters_of_another_type_are_an_error_that_says_so() -> None:
    with pytest.raises(SchemaError, match="no object satisfies this schema"):
        parameters(STRING)


def test_where_the_rule_for_unions_is_off_the_root_of_parameters_stays() -> None:
    schema = {**obj(a=STRING), "anyOf": [obj(b=STRING), obj(c=STRING)], "minProperties": 1}
    off = {"union-siblings", "object-constraints"}
    assert adapt_schema(schema, off=off, parameters=True)[0]["anyOf"]


# --- schemas of the tools people use -------------------------------------------------------------


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    """Where somebody lives."""

    street: str
    zip: Annotated[str, Field(pattern=r"^\d+$")]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(gt=0, le=9)


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    weight: float = Field(gt=0)


class Person(BaseModel):
    name: str = Field(description="Full name", min_length=1)
    home: Address = Field(description="Main address")
    work: Address | None = None
    colour: Colour = Colour.RED
    pet: Cat | Dog = Field(discriminator="kind")
    position: tuple[float, float]
    record: tuple[int, str]
    scores: dict[str, int]
    born: datetime
    day: date
    price: Decimal
    anything: Any
    tags: set[str]


def test_a_pydantic_model_comes_out_whole() -> None:
    address = {
        "type": "object",
        "title": "Address",
        "properties": {
            "street": {"type": "string", "title": "Street"},
            "zip": {
                "type": "string",
                "title": "Zip",
                "description": r"(must match pattern ^\d+$)",
            },
        },
        "required": ["street", "zip"],
    }
    schema = adapted(Person.model_json_schema())
    properties = schema["properties"]
    assert "$defs" not in schema
    assert list(properties) == list(Person.model_fields)
    assert properties["name"]["description"] == "Full name (minimum length: 1)"
    assert properties["home"] == {
        **address,
        "description": "Main address\nWhere somebody lives.",
    }
    assert properties["work"] == {
        "anyOf": [{**address, "description": "Where somebody lives."}, {"type": "null"}]
    }
    assert properties["colour"] == {
        "type": "string",
        "enum": ["red", "blue"],
        "title": "Colour",
        "default": "red",
    }
    cat, dog = properties["pet"]["anyOf"]
    assert cat["properties"]["lives"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "title": "Lives",
    }
    assert dog["properties"]["kind"] == {
        "type": "string",
        "enum": ["dog"],
        "default": "dog",
        "title": "Kind",
    }
    assert "description" not in properties["pet"]
    assert properties["position"]["items"] == {"type": "number"}
    assert properties["record"]["items"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    assert properties["scores"]["additionalProperties"] == {"type": "integer"}
    assert properties["born"]["format"] == "date-time"
    assert properties["day"] == {
        "type": "string",
        "title": "Day",
        "description": "(format: date)",
    }
    assert properties["anything"] == {"title": "Anything"}


class Tree(BaseModel):
    value: int
    children: "list[Tree]"


def test_a_recursive_pydantic_model_keeps_its_definition() -> None:
    schema = adapted(Tree.model_json_schema())
    assert schema["type"] == "object"
    assert schema["properties"]["children"]["items"] == {"$ref": "#/$defs/Tree"}
    assert set(schema["$defs"]) == {"Tree"}


class Point(TypedDict, total=False):
    x: int
    y: int


@dataclass
class Line:
    start: Point
    end: Point
    style: Literal["solid", "dotted", None] = None  # noqa: PYI061  # an enum of mixed types


def test_dataclasses_and_typed_dicts_come_out_whole() -> None:
    point = {
        "type": "object",
        "title": "Point",
        "properties": {
            "x": {"type": "integer", "title": "X"},
            "y": {"type": "integer", "title": "Y"},
        },
    }
    schema = adapted(TypeAdapter(Line).json_schema())
    assert schema["properties"]["start"] == schema["properties"]["end"] == point
    assert schema["properties"]["style"] == {
        "anyOf": [{"type": "string", "enum": ["solid", "dotted"]}, {"type": "null"}],
        "title": "Style",
    }


def test_a_tool_of_an_mcp_server_comes_out_whole() -> None:
    given = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "url": {"type": "string", "format": "uri", "description": "URL to fetch"},
            "max_length": {
                "type": "integer",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1_000_000,
                "default": 5000,
            },
            "headers": {
                "type": "object",
                "propertyNames": {"type": "string"},
                "additionalProperties": {"type": "string"},
            },
            "mode": {"anyOf": [{"const": "text"}, {"const": "html"}], "default": "text"},
            "limit": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "null"}]},
            "raw": {"type": "boolean"},
        },
        "required": ["url"],
        "additionalProperties": False,
    }
    assert adapted(given) == {
        "type": "object",
        "properties": {
            "url": {"type": "string", "description": "URL to fetch (format: uri)"},
            "max_length": {
                "type": "integer",
                "minimum": 1,
                "maximum": 999_999,
                "default": 5000,
            },
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            "mode": {
                "anyOf": [
                    {"type": "string", "enum": ["text"]},
                    {"type": "string", "enum": ["html"]},
                ],
                "description": '(default: "text")',
            },
            "limit": {
                "anyOf": [
                    {
                        "type": "number",
                        "minimum": 0,
                        "description": "(must be greater than 0)",
                    },
                    {"type": "null"},
                ]
            },
            "raw": {"type": "boolean"},
        },
        "required": ["url"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("bound", [float("nan"), float("inf"), 10**400])
def test_a_bound_that_is_no_number_of_json_does_not_end_in_an_error(bound: float) -> None:
    out, _ = adapt_schema({"type": "integer", "exclusiveMinimum": bound})
    assert "exclusiveMinimum" not in out
    assert "minimum" in out
