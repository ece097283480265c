"""Names that the server does not know, learnt from its refusal."""

from __future__ import annotations

import ast
import json
from pathlib import Path as File
from typing import Any

import pytest

from gemini_openai.dialect.notes import UnsupportedParameterError
from gemini_openai.dialect.refusals.errors import read_error
from gemini_openai.dialect.refusals.unknown_names import (
    drop_unknown_names,
    learn_unknown_names,
    unknown_names,
)
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.translation.translator import Translator

RECORDED = File(__file__).parents[2] / "recorded/developer_api"
HELLO: dict[str, Any] = {
    "model": "gemini-2.5-flash",
    "messages": [{"role": "user", "content": "Hello"}],
}
STRICT = make_settings(unsupported="error")


def refusal(*names: tuple[str, str], said_in_message: bool = True) -> Any:
    """A 400 for names, each with the path of what it is in, as Google writes it."""
    rows = [
        {
            "field": place,
            "description": f'Invalid JSON payload received. Unknown name "{name}"'
            + (f" at '{place}'" if place else "")
            + ": Cannot find field.",
        }
        for name, place in names
    ]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    message = "\n".join(row["description"] for row in rows) if said_in_message else "Bad."
    details = [{"@type": kind, "fieldViolations": rows}]
    return [{"error": {"code": 400, "message": message, "details": details}}]


def learnt(body: dict[str, Any], *names: tuple[str, str]) -> dict[str, Any]:
    amendment = learn_unknown_names(body, read_error(refusal(*names)), DEFAULT_SETTINGS)
    assert amendment is not None
    return amendment.body


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("error_400_unknown_name_store.json", (("store",),)),
        (
            "error_400_unknown_names_frequency_penalty_seed.json",
            (("frequency_penalty",), ("seed",)),
        ),
        (
            "error_400_unknown_metadata_store_openai_sdk_repr.txt",
            (("metadata",), ("store",)),
        ),
        ("error_400_invalid_argument_generic.json", ()),
        ("error_400_missing_thought_signature.json", ()),
    ],
)
def test_names_the_server_does_not_know_are_learnt_from_its_refusal(
    name: str, expected: tuple[object, ...]
) -> None:
    text = (RECORDED / name).read_text("utf-8")
    is_json = name.endswith(".json")
    body = json.loads(text) if is_json else ast.literal_eval(text[text.index("[") :].strip())
    assert unknown_names(read_error(body)) == expected


def test_names_that_only_the_details_have_are_learnt_too() -> None:
    report = read_error(refusal(("x", "tools[3]"), said_in_message=False))
    assert unknown_names(report) == (("tools", 3, "x"),)


def test_names_inside_objects_and_arrays_are_left_out_and_the_rest_stays() -> None:
    function = {"name": "f", "type": "function", "parameters": {"type": "object"}}
    kept = {"type": "function", "function": {"name": "g"}}
    tool = {"type": "function", "function": function, "cache_control": {"type": "ephemeral"}}
    body = {**HELLO, "stream_options": {"x": 1, "include_usage": True}, "tools": [kept, tool]}
    out = learnt(
        body,
        ("x", "stream_options"),
        ("type", "tools[1].function"),
        ("cache_control", "tools[1]"),
        ("top_a", ""),
    )
    assert out == {
        **HELLO,
        "stream_options": {"include_usage": True},
        "tools": [
            kept,
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
        ],
    }
    assert out["tools"][0] is kept
    assert "cache_control" in tool
    assert "type" in function


@pytest.mark.parametrize(
    ("sent", "named"), [("topA", "top_a"), ("top_a", "topA"), ("top_a", "top_a")]
)
def test_a_name_is_found_however_the_server_spells_it(sent: str, named: str) -> None:
    assert learnt({**HELLO, sent: 1}, (named, "")) == HELLO
    tools = [{"type": "function", "function": {"name": "f", sent: 1}}]
    out = learnt({**HELLO, "tools": tools}, (named, "tools[0].function"))
    assert out["tools"] == [{"type": "function", "function": {"name": "f"}}]


def test_a_name_in_the_servers_own_request_is_found_in_the_callers() -> None:
    search = {"google_search": {}}
    tools = [search, *({"type": "function", "function": {"name": n, "extra": 1}} for n in "fg")]
    out = learnt({**HELLO, "tools": tools}, ("extra", "tools[0].function_declarations[1]"))
    assert [tool.get("function") for tool in out["tools"]] == [
        None,
        {"name": "f", "extra": 1},
        {"name": "g"},
    ]


@pytest.mark.parametrize(
    "body", [None, "<html>", [], {}, [{"error": "x"}], {"error": {"details": 1}}]
)
def test_nothing_is_learnt_from_other_bodies(body: object) -> None:
    assert unknown_names(read_error(body)) == ()
    assert learn_unknown_names(HELLO, read_error(body), DEFAULT_SETTINGS) is None


def test_learnt_names_are_left_out_and_said() -> None:
    body = {**HELLO, "tools": [{"function": {}, "x": 1}]}
    names = [("tools", 0, "x"), ("not_here",)]
    out, notes = drop_unknown_names(body, names, DEFAULT_SETTINGS)
    assert out == {**HELLO, "tools": [{"function": {}}]}
    assert [(note.repair, note.changes_answer, note.warn) for note in notes] == [
        ("unknown-names", True, True)
    ]
    assert "does not know tools[0].x; it was left out" in notes[0].message
    with pytest.raises(UnsupportedParameterError, match=r"tools\[0\]\.x") as caught:
        drop_unknown_names(body, names, STRICT)
    assert caught.value.param == "tools[0].x"


@pytest.mark.parametrize(
    ("name", "place", "kept"),
    [
        ("cache_control", "contents[0].parts[0]", {"name": "Bo"}),
        ("cacheControl", "contents[0].parts[0]", {"name": "Bo"}),
        ("cache_control", "messages[0].content[0]", {"name": "Bo"}),
        ("name", "contents[0]", {}),
    ],
)
def test_an_unknown_name_inside_a_message_is_left_out_of_it(
    name: str, place: str, kept: dict[str, Any]
) -> None:
    part: dict[str, Any] = {"type": "text", "text": "Hello"}
    marked = {**part, "cache_control": {"type": "ephemeral"}}
    message = {"role": "user", "content": [marked], "name": "Bo"}
    out = learnt({**HELLO, "messages": [message]}, (name, place))
    content = [marked if name == "name" else part]
    assert out["messages"] == [{"role": "user", "content": content, **kept}]


@pytest.mark.parametrize(
    "name",
    [
        # They lead to a message, to texts, or to a schema, and not to a name in them.
        ("contents", 0, "parts", 0, "cache_control"),
        ("requests", 0, "x"),
        ("requests", 0, "input"),
        ("response_format", "json_schema", "x"),
        # Nothing is left of a request without them.
        ("messages",),
        ("model",),
        ("messages", 0, "content"),
        ("messages", 3, "content", 0, "type"),
        ("contents", 2, "parts", 0, "text"),
        ("generation_config", "response_schema", "x"),
        ("tools", 0, "x"),
        ("messages", 7, "x"),
        ("messages", "x"),
    ],
)
def test_a_request_with_none_of_the_names_is_not_worth_sending_again(name: Any) -> None:
    second = {"role": "user", "content": [{"type": "text", "text": "Hello"}]}
    body: dict[str, Any] = {
        "model": "gemini-2.5-flash",
        "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "Hello"}],
        "input": "Hello",
        "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}},
    }
    body["messages"] += [{"role": "assistant", "content": "x"}, second]
    out, notes = drop_unknown_names(body, [name], DEFAULT_SETTINGS)
    assert out is body
    assert not notes


def test_a_tool_of_another_kind_is_not_made_a_tool_of_no_kind() -> None:
    body = {**HELLO, "tools": [{"google_search": {}}], "top_a": 1}
    names: Any = [("tools", 0, "google_search"), ("top_a",)]
    assert drop_unknown_names(body, names, DEFAULT_SETTINGS).body is body


def test_a_refusal_that_comes_again_teaches_nothing_new() -> None:
    made = Translator().translate("/chat/completions", {**HELLO, "top_a": 1, "top_b": 2})
    assert made.relearn(refusal(("top_a", "")))
    assert made.body == {**HELLO, "top_b": 2}
    assert not made.relearn(refusal(("top_a", "")))
    assert made.relearn(refusal(("top_b", "")))
    assert made.body == HELLO
    assert not Translator().translate("/files", None).relearn(refusal(("x", "")))
