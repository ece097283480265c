"""Tools and formats as other APIs take them become those of chat completions, or an error."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.tool_shapes import with_openai_shapes
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.translation.translator import Translator

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}}
FUNCTION = {"name": "f", "description": "Do.", "parameters": SCHEMA}
TOOL = {"type": "function", "function": FUNCTION}
WRAPPED = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}


def shaped(**body: Any) -> dict[str, Any]:
    before = copy.deepcopy(body)
    out, notes = with_openai_shapes(body, DEFAULT_SETTINGS)
    assert body == before
    assert bool(notes) == (out != before)
    assert not any(note.warn or note.changes_answer for note in notes)
    return out


def refused(**body: Any) -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        with_openai_shapes(body, DEFAULT_SETTINGS)
    assert with_openai_shapes(body, make_settings(repairs={caught.value.repair: False}))[0] is body
    return caught.value


@pytest.mark.parametrize(
    "tool",
    [
        FUNCTION,
        {"type": "function", **FUNCTION},
        {"type": "custom", "name": "f", "description": "Do.", "input_schema": SCHEMA},
        {"name": "f", "description": "Do.", "input_schema": SCHEMA, "cache_control": {"type": "x"}},
        {"name": "f", "title": "F", "description": "Do.", "inputSchema": SCHEMA},
        {"function": FUNCTION},
    ],
    ids=["flat", "Responses", "Anthropic custom", "Anthropic", "MCP", "without type"],
)
def test_a_tool_in_another_apis_form_is_put_into_openais(tool: dict[str, Any]) -> None:
    other = {"type": "function", "function": {"name": "g"}}
    assert shaped(tools=[other, tool]) == {"tools": [other, TOOL]}


def test_what_a_flat_function_says_of_strict_is_kept() -> None:
    flat = {"type": "function", "name": "f", "strict": True}
    assert shaped(tools=[flat])["tools"][0]["function"] == {"name": "f", "strict": True}


@pytest.mark.parametrize(
    "tool",
    [
        TOOL,
        {"type": "custom", "custom": {"name": "c"}},
        {"type": "custom", "name": "c", "format": {"type": "text"}},
        {"google_search": {}},
        {"type": "web_search"},
        {"name": "f", "url": "https://example.org"},
    ],
)
def test_a_tool_that_is_right_or_of_another_kind_is_left_alone(tool: dict[str, Any]) -> None:
    body = {"tools": [tool]}
    assert with_openai_shapes(body, DEFAULT_SETTINGS)[0] is body


@pytest.mark.parametrize(
    ("tools", "param", "says"),
    [
        (TOOL, "tools", "tools is a dict. Give a list: tools=[that dict]."),
        ("f", "tools", "tools is the text 'f'. Give a list"),
        ([TOOL, "f"], "tools[1]", "tools[1] is the text 'f'. A tool is a dict"),
        ([{}], "tools[0]", "tools[0] has no function. A tool is a dict"),
        ([{"type": "function"}], "tools[0]", "tools[0] has no function. A tool is a dict"),
        ([None], "tools[0]", "tools[0] is null. A tool is a dict"),
        ([{"type": "function", "function": {}}], "tools[0].function.name", "has no name"),
    ],
)
def test_what_is_no_tool_is_an_error_with_its_place(tools: Any, param: str, says: str) -> None:
    error = refused(tools=tools)
    assert error.param == param
    assert says in str(error)


@pytest.mark.parametrize("second", [TOOL, FUNCTION, {**FUNCTION, "description": "Other."}])
def test_two_functions_of_one_name_are_an_error_that_names_both(second: Any) -> None:
    error = refused(tools=[TOOL, {"google_search": {}}, second])
    assert error.param == "tools[2].function.name"
    assert "tools[2] is a function named 'f', as tools[0] is." in str(error)
    on_own_server = make_settings(backend="vertex", self_deployed=True)
    assert with_openai_shapes({"tools": [TOOL, TOOL]}, on_own_server)[0] == {"tools": [TOOL, TOOL]}


CHOSEN = {"type": "function", "function": {"name": "f"}}
ALLOWED = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [CHOSEN]}}
FLAT_CHOICE = {"type": "function", "name": "f"}


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        (FLAT_CHOICE, CHOSEN),
        ({"type": "tool", "name": "f"}, CHOSEN),
        ({"name": "f"}, CHOSEN),
        ({"function": {"name": "f"}}, CHOSEN),
        ({"type": "auto"}, "auto"),
        ({"type": "any"}, "required"),
        ({"type": "allowed_tools", "mode": "auto", "tools": [FLAT_CHOICE]}, ALLOWED),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [FLAT_CHOICE]}},
            ALLOWED,
        ),
    ],
)
def test_a_choice_in_another_apis_form_is_put_into_openais(choice: Any, sent: Any) -> None:
    assert shaped(tools=[TOOL], tool_choice=choice) == {"tools": [TOOL], "tool_choice": sent}


@pytest.mark.parametrize(
    "choice",
    [
        "auto",
        CHOSEN,
        ALLOWED,
        {"type": "custom", "custom": {"name": "c"}},
        {"type": "file_search"},
        {"type": "allowed_tools", "allowed_tools": "x"},
        {"type": "function"},
        {},
    ],
)
def test_a_choice_that_is_right_or_unknown_is_left_alone(choice: Any) -> None:
    body = {"tools": [TOOL], "tool_choice": choice}
    assert with_openai_shapes(body, DEFAULT_SETTINGS)[0] is body


def test_a_choice_in_another_form_goes_by_the_name_that_is_sent() -> None:
    function = {"type": "function", "function": {"name": "1a"}}
    allowed = {"type": "allowed_tools", "mode": "auto", "tools": [{"name": "1a"}]}
    for choice in ({"type": "function", "name": "1a"}, allowed):
        body = {"model": "gemini-2.5-flash", "tools": [function], "tool_choice": choice}
        body["messages"] = [{"role": "user", "content": "go"}]
        sent = Translator().translate("/chat/completions", body).body["tool_choice"]
        inner = sent if choice is not allowed else sent["allowed_tools"]["tools"][0]
        assert inner == {"type": "function", "function": {"name": "_1a"}}


@pytest.mark.parametrize(
    "schema",
    [
        SCHEMA,
        {"properties": {}},
        {"type": "array", "items": {"type": "string"}},
        {"type": ["string", "null"]},
        {"$ref": "#/$defs/A", "$defs": {"A": SCHEMA}},
        {"enum": ["a"]},
    ],
)
def test_a_schema_alone_as_a_format_is_wrapped(schema: dict[str, Any]) -> None:
    wrapped = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    assert shaped(response_format=schema) == {"response_format": wrapped}


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "json_schema", "schema": SCHEMA},
        {"type": "json_object", "schema": SCHEMA},
        {"type": "json_object", "response_schema": SCHEMA},
        {"schema": SCHEMA},
        {"type": "json_schema", "json_schema": SCHEMA},
        {"json_schema": {"schema": SCHEMA}},
    ],
)
def test_a_schema_at_another_place_of_a_format_is_put_where_it_belongs(wanted: Any) -> None:
    assert shaped(response_format=wanted) == {"response_format": WRAPPED}


def test_the_name_and_strictness_of_a_flat_format_are_kept() -> None:
    flat = {"type": "json_schema", "name": "city", "strict": True, "schema": SCHEMA}
    inner = {"name": "city", "schema": SCHEMA, "strict": True}
    assert shaped(response_format=flat)["response_format"]["json_schema"] == inner


@pytest.mark.parametrize(
    "wanted",
    [{"type": "json_object"}, {"type": "text"}, WRAPPED, {"type": "json_schema"}, None],
)
def test_a_format_that_is_right_is_left_alone(wanted: Any) -> None:
    body = {"response_format": wanted}
    assert with_openai_shapes(body, DEFAULT_SETTINGS)[0] is body


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("json", "response_format is the text 'json'. Give a dict: {'type': 'json_object'}."),
        ("Recipe", "response_format is the text 'Recipe'. Give a dict: {'type': 'json_schema'"),
        ([SCHEMA], "response_format is a list. Give a dict"),
        ({"type": "json"}, "response_format has the type 'json'. Give {'type': 'json_schema'"),
        ({}, "response_format has no type. Give"),
    ],
)
def test_what_is_no_format_is_an_error_that_shows_one(wanted: Any, says: str) -> None:
    error = refused(response_format=wanted)
    assert error.param == "response_format"
    assert says in str(error)


@pytest.mark.parametrize("odd", [1, [], {}])
def test_a_choice_whose_type_is_no_text_is_sent_as_it_is(odd: Any) -> None:
    assert shaped(tool_choice={"type": odd})["tool_choice"] == {"type": odd}
