"""Functions are sent under names that Gemini takes, and the app sees its own names only."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from chunk_streams import adapt, call, calls, context
from unit.dialect.histories import step

from gemini_openai.dialect.chat.answers.completions import adapt_completion
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.dialect.chat.function_names import with_wire_names
from gemini_openai.dialect.routes.batches import CHAT_ENDPOINT, read_output_line
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings
from gemini_openai.dialect.translation.translator import Translator

TAKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
USER: dict[str, Any] = {"role": "user", "content": "go"}


def tool(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


def called(name: str) -> dict[str, Any]:
    return {"id": "a", "type": "function", "function": {"name": name, "arguments": "{}"}}


def wire_names(*names: str) -> list[str]:
    body = {"tools": [tool(name) for name in names]}
    out, _, given = with_wire_names(body, DEFAULT_SETTINGS)
    sent = [tool["function"]["name"] for tool in out["tools"]]
    assert [given.get(name, name) for name in sent] == list(names)
    assert len(set(sent)) == len(names)
    assert all(TAKEN.fullmatch(name) for name in sent)
    return sent


def answer(*names: str) -> dict[str, Any]:
    message = step(*({**called(name), "id": str(i)} for i, name in enumerate(names)))
    return {
        "id": "x",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
    }


def names_in(message: Any) -> list[str]:
    return [made["function"]["name"] for made in message["tool_calls"]]


def test_a_name_that_gemini_refuses_is_sent_as_another() -> None:
    names = ["21st_builder", "-x", "a/b c", "wetter_für", "f", "x" * 65]
    sent = wire_names(*names)
    assert sent[:5] == ["_21st_builder", "_-x", "a_b_c", "wetter_f_r", "f"]
    assert sent[5].startswith("x" * 55 + "_")


def test_names_that_would_be_the_same_stay_apart_whatever_their_order() -> None:
    names = ["a b", "a/b", "a_b", "1", "_1", "y" * 70, "y" * 71]
    sent = dict(zip(names, wire_names(*names), strict=True))
    turned = dict(zip(reversed(names), wire_names(*reversed(names)), strict=True))
    assert sent == turned
    assert sent["a_b"] == "a_b"


def test_a_request_whose_names_gemini_takes_is_left_alone() -> None:
    body = {"tools": [tool("a.b:c-d_1"), {"google_search": {}}], "messages": [step(called("f"))]}
    assert with_wire_names(body, DEFAULT_SETTINGS) == (body, (), {})
    assert with_wire_names(body, DEFAULT_SETTINGS)[0] is body


def test_the_name_is_the_same_in_tools_choice_and_history() -> None:
    result = {"role": "tool", "tool_call_id": "a", "name": "1st", "content": "1"}
    body = {
        "tools": [tool("1st"), tool("f")],
        "tool_choice": tool("1st"),
        "messages": [USER, step(called("1st")), result],
    }
    before = json.dumps(body)
    out, (note,), given = with_wire_names(body, DEFAULT_SETTINGS)
    assert given == {"_1st": "1st"}
    assert json.dumps(out) == before.replace('"1st"', '"_1st"')
    assert json.dumps(body) == before
    assert "'1st' as '_1st'" in note.message
    assert not note.warn


def test_a_choice_among_some_tools_names_them_as_they_are_sent() -> None:
    allowed = {"mode": "auto", "tools": [tool("1st")]}
    body = {"tools": [tool("1st")], "tool_choice": {"allowed_tools": allowed}}
    out, _, _ = with_wire_names(body, DEFAULT_SETTINGS)
    assert out["tool_choice"]["allowed_tools"]["tools"] == [tool("_1st")]


def test_the_app_sees_its_own_names_in_a_whole_answer() -> None:
    body = {"model": "gemini-x", "messages": [USER], "tools": [tool("1st"), tool("f")]}
    translation = Translator().translate("/chat/completions", body)
    read = translation.read(json.dumps(answer("_1st", "f", "default_api:_1st")).encode(), 0)
    assert names_in(read["choices"][0]["message"]) == ["1st", "f", "1st"]
    assert translation.applied >= {"function-names", "function-prefix"}


def test_the_app_sees_its_own_names_in_a_stream() -> None:
    reading = answer_context(
        {"tools": [tool("_1st"), tool("f")]}, given_names={"_1st": "1st"}, seed="seed"
    )
    chunks = [calls(call("_1st", "{}", id="a")), calls(call("default_api.f", "{}", id="b"))]
    seen = adapt(chunks, reading)
    names = [made["function"]["name"] for one in seen for made in _calls_of(one)]
    assert names == ["1st", "f"]


def _calls_of(chunk: dict[str, Any]) -> list[Any]:
    return [made for one in chunk["choices"] for made in one["delta"].get("tool_calls", ())]


@pytest.mark.parametrize("prefix", ["default_api.", "default_api:"])
def test_a_prefix_that_no_offered_function_has_is_taken_off(prefix: str) -> None:
    def seen(*offered: str) -> list[str]:
        reading = context({"tools": [tool(name) for name in offered]})
        made = adapt_completion(answer(f"{prefix}f"), reading)
        return names_in(made["choices"][0]["message"])

    assert seen("f") == ["f"]
    assert seen("f", f"{prefix}f") == [f"{prefix}f"]
    assert seen("g") == [f"{prefix}f"]


@pytest.mark.parametrize("sent", [False, True], ids=["as the app wrote it", "as it was sent"])
def test_the_app_sees_its_own_names_in_a_row_of_a_batch(sent: bool) -> None:
    request = {"tools": [tool("_1st" if sent else "1st")]}
    line = {"custom_id": "r", "response": {"status_code": 200, "body": answer("_1st")}}
    names = {"_1st": "1st"} if sent else {}
    data = json.dumps(line).encode()
    read = read_output_line(data, CHAT_ENDPOINT, request=request, given_names=names)
    assert read.body is not None
    assert names_in(read.body["choices"][0]["message"]) == ["1st"]


def test_models_of_others_get_the_names_as_they_are() -> None:
    body = {"model": "meta/llama", "messages": [USER], "tools": [tool("1st")]}
    translator = Translator(make_settings(backend="vertex"))
    assert translator.translate("/chat/completions", body).body == body
