"""The schemas of a chat request are found, rewritten, and what was done to them is told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.schemas import adapt_schemas
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

PLAIN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
CONST = {"type": "object", "properties": {"kind": {"const": "x", "type": "string"}}}
ENUM = {"type": "object", "properties": {"kind": {"enum": ["x"], "type": "string"}}}


def tool(parameters: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", "parameters": parameters}}


def format_of(schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "n", "schema": schema, "strict": True}}


def test_the_schemas_of_tools_and_formats_are_rewritten() -> None:
    body: dict[str, Any] = {
        "tools": [tool(PLAIN), tool(CONST)],
        "response_format": format_of(CONST),
    }
    before = copy.deepcopy(body)
    out, notes = adapt_schemas(body, DEFAULT_SETTINGS)
    assert out["tools"] == [tool(PLAIN), tool(ENUM)]
    assert out["tools"][0] is body["tools"][0]
    assert out["response_format"] == format_of(ENUM)
    assert body == before
    assert {note.repair for note in notes} == {"schemas"}
    assert any(note.message.startswith("tools[1].function.parameters/") for note in notes)
    assert adapt_schemas(out, DEFAULT_SETTINGS) == (out, [])


def test_a_constraint_the_server_loses_is_told() -> None:
    schema = {"type": "string", "pattern": "^[a-z]+$"}
    _, notes = adapt_schemas({"response_format": format_of(schema)}, DEFAULT_SETTINGS)
    assert any(note.changes_answer and "no longer checks" in note.message for note in notes)


@pytest.mark.parametrize(
    "body",
    [
        {"tools": [tool(PLAIN)]},
        {"tools": []},
        {"tools": None, "response_format": None},
        {"response_format": {"type": "json_object"}},
        {"tools": ["odd", {"type": "custom", "custom": {"name": "c"}}]},
    ],
)
def test_what_needs_nothing_is_given_back_as_it_is(body: dict[str, Any]) -> None:
    assert adapt_schemas(body, DEFAULT_SETTINGS)[0] is body


@pytest.mark.parametrize(
    "empty",
    [
        {"type": "object", "properties": {}, "additionalProperties": False},
        {"type": ["object", "null"]},
        {},
    ],
)
def test_parameters_without_properties_are_left_out(empty: dict[str, Any]) -> None:
    out, _ = adapt_schemas({"tools": [tool(empty)]}, DEFAULT_SETTINGS)
    assert out == {"tools": [{"type": "function", "function": {"name": "f"}}]}


def test_a_rule_can_be_switched_off_by_its_name() -> None:
    settings = make_settings(repairs={"schema-const": False})
    body = {"tools": [tool(CONST)]}
    assert adapt_schemas(body, settings)[0] == body


def test_a_schema_that_cannot_be_sent_is_an_error_with_its_place() -> None:
    body = {"tools": [tool(PLAIN), tool({"$ref": "#/$defs/missing"})]}
    with pytest.raises(InvalidRequestError, match="missing") as caught:
        adapt_schemas(body, DEFAULT_SETTINGS)
    assert caught.value.param == "tools[1].function.parameters"


def test_the_parameters_of_a_function_are_one_object_and_formats_need_not_be() -> None:
    either = {"anyOf": [PLAIN, {"type": "null"}]}
    body = {"tools": [tool(either)], "response_format": format_of(either)}
    out, _ = adapt_schemas(body, DEFAULT_SETTINGS)
    assert out == {"tools": [tool(PLAIN)], "response_format": format_of(either)}
