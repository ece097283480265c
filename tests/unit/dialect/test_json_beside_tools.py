"""A JSON format beside tools, for models that take one of the two only."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.json_beside_tools import with_format_in_words
from gemini_openai.dialect.notes import UnsupportedParameterError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.translation.translator import Translator

USER: dict[str, Any] = {"role": "user", "content": "go"}
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
FORMAT = {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}
TOOLS = [{"type": "function", "function": {"name": "f"}}]


def request(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": [*messages, USER], "tools": TOOLS, "response_format": FORMAT, **more}


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "google/gemini-2.0-flash"])
def test_the_format_is_asked_for_in_words(model: str) -> None:
    body = request()
    out, (note,) = with_format_in_words(body, model, DEFAULT_SETTINGS)
    assert out.keys() == {"messages", "tools"}
    system, user = out["messages"]
    assert system["role"] == "system"
    assert '{"type":"object","properties":{"a":{"type":"integer"}}}' in system["content"]
    assert user is USER
    assert note.warn
    assert note.changes_answer
    assert "response_format" in note.message
    assert body == request()


@pytest.mark.parametrize(
    ("content", "becomes"),
    [
        ("Be brief.", "Be brief.\n\nWhen you answer"),
        ([{"type": "text", "text": "Be brief."}], "When you answer"),
    ],
)
def test_the_words_are_added_to_the_system_message_there_is(content: Any, becomes: str) -> None:
    body = request({"role": "system", "content": content}, response_format={"type": "json_object"})
    out, _ = with_format_in_words(body, "gemini-2.5-pro", DEFAULT_SETTINGS)
    system, _ = out["messages"]
    said = system["content"]
    text = said if isinstance(said, str) else said[-1]["text"]
    assert text.startswith(becomes)
    assert text.endswith("one JSON object, without a Markdown fence.")


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "f"}}])
def test_where_a_function_has_to_be_called_the_format_is_left_out_without_words(
    choice: Any,
) -> None:
    body = request(tool_choice=choice)
    out, (note,) = with_format_in_words(body, "gemini-2.5-pro", DEFAULT_SETTINGS)
    assert out == {key: value for key, value in body.items() if key != "response_format"}
    assert not note.warn


def test_where_no_function_may_be_called_beside_googles_tools_the_answer_is_text() -> None:
    google = {"google": {"tools": [{"google_search": {}}]}}
    body = request(tool_choice="none", extra_body=google)
    out, _ = with_format_in_words(body, "gemini-2.5-pro", DEFAULT_SETTINGS)
    assert "response_format" not in out
    assert len(out["messages"]) == 2


def test_a_choice_among_some_tools_may_end_in_text() -> None:
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": TOOLS}}
    out, _ = with_format_in_words(request(tool_choice=choice), "gemini-2.5-pro", DEFAULT_SETTINGS)
    assert len(out["messages"]) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"tools": [{"google_search": {}}]},
        {"tools": [{"google_search": {}}], "tool_choice": "none"},
        {"extra_body": {"google": {"tools": [{"url_context": {}}]}}},
        {"web_search_options": {}},
    ],
)
def test_googles_own_tools_on_vertex_are_tools_as_well(asked: dict[str, Any]) -> None:
    vertex = Translator(make_settings(backend="vertex"))
    body = {"messages": [USER], "response_format": FORMAT, **asked}
    sent = vertex.translate("/chat/completions", {"model": "gemini-2.5-flash", **body}).body
    assert "response_format" not in sent
    assert sent["messages"][0]["role"] == "system"
    assert sent["messages"][0]["content"].startswith("Answer with JSON and nothing else")
    assert '"type":"integer"' in sent["messages"][0]["content"]
    newer = vertex.translate("/chat/completions", {"model": "gemini-3.6-flash", **body}).body
    assert newer["response_format"] == FORMAT


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("gemini-3-pro-preview", request()),
        ("gemini-flash-latest", request()),
        ("gemini-2.5-pro", request(tools=[])),
        ("gemini-2.5-pro", request(tool_choice="none")),
        ("gemini-2.5-pro", request(response_format={"type": "text"})),
        ("gemini-2.5-pro", {"messages": [USER], "response_format": FORMAT}),
    ],
)
def test_a_request_that_the_model_takes_is_left_alone(model: str, body: dict[str, Any]) -> None:
    assert with_format_in_words(body, model, DEFAULT_SETTINGS)[0] is body


def test_what_becomes_of_it_follows_the_policy_for_what_gemini_lacks() -> None:
    dropped = with_format_in_words(request(), "gemini-2.5-pro", make_settings(unsupported="drop"))
    assert not dropped[1][0].warn
    with pytest.raises(UnsupportedParameterError, match="takes no response_format beside tools"):
        with_format_in_words(request(), "gemini-2.5-pro", make_settings(unsupported="error"))
