"""Histories as apps keep them, and what Gemini takes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from unit.dialect.histories import step

from gemini_openai.dialect.chat.messages import repair_messages, survey
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

RECORDED = Path(__file__).parents[2] / "recorded/developer_api"
USER: dict[str, Any] = {"role": "user", "content": "Weather in Oslo and Rome?"}
ANSWER: dict[str, Any] = {"role": "assistant", "content": "Fine."}


def call(id: str | None, name: str = "weather", arguments: str = "{}") -> dict[str, Any]:
    item = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return item if id is None else {"id": id, **item}


def result(id: str | None, content: str = "sunny", **message: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "name": "weather", "content": content, **message}


def repaired(messages: list[Any], *off: str) -> tuple[list[Any], list[str]]:
    """The history repaired, and the names of the repairs; repairing again changes nothing."""
    before = copy.deepcopy(messages)
    settings = DEFAULT_SETTINGS._replace(off=frozenset(off))
    out, notes = repair_messages(messages, settings, survey(messages))
    assert messages == before
    again, none = repair_messages(out, settings, survey(out))
    assert again is out
    assert not none
    assert all(not note.warn for note in notes)
    return list(out), [note.repair for note in notes]


@pytest.mark.parametrize(
    "messages",
    [
        [USER],
        [{"role": "system", "content": "Be brief."}, USER, ANSWER, USER],
        [USER, step(call("a")), result("a")],
        [USER, step(call("a"), call("b")), result("a"), result("b"), ANSWER, USER],
        [USER, step(call("a"))],
        [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url"}]}],
        [USER, step(call("a")), result("a", "")],
        [USER, step(call("1")), result("1"), step(call("1")), result("1")],
        [],
    ],
    ids=str,
)
def test_what_is_in_order_is_given_back_as_it_is(messages: list[Any]) -> None:
    out, notes = repair_messages(messages, DEFAULT_SETTINGS, survey(messages))
    assert out is messages
    assert not notes


def test_a_plain_history_is_seen_at_a_glance() -> None:
    assert survey([{"role": "system", "content": "s"}, USER, ANSWER, USER]) == 0
    assert survey([USER, step(call("a")), result("a")]) != 0


# --- roles and parts ---


def test_the_developer_role_becomes_system() -> None:
    out, notes = repaired([{"role": "developer", "content": "Be brief."}, USER])
    assert out == [{"role": "system", "content": "Be brief."}, USER]
    assert notes == ["developer-role"]


def test_the_last_of_only_system_messages_is_sent_as_the_users() -> None:
    first, second = {"role": "system", "content": "a"}, {"role": "developer", "content": "b"}
    out, notes = repaired([first, second])
    assert out == [first, {"role": "user", "content": "b"}]
    assert notes == ["developer-role", "system-only"]


def test_an_empty_message_is_left_out_also_before_a_tool_call_without_text() -> None:
    out, _ = repaired([{"role": "user", "content": ""}, USER, step(call("a")), result("a")])
    assert out == [USER, step(call("a")), result("a")]


def test_empty_parts_and_messages_are_left_out() -> None:
    parts = [{"type": "text", "text": ""}, {"type": "text", "text": "hi"}]
    out, notes = repaired(
        [
            {"role": "system", "content": ""},
            {"role": "user", "content": parts},
            {"role": "assistant", "content": ""},
            {"role": "assistant", "content": None},
            {"role": "user", "content": ""},
            {"role": "user", "content": []},
            USER,
        ]
    )
    assert out == [{"role": "user", "content": [parts[1]]}, USER]
    assert notes == ["empty-parts"]


def test_an_empty_text_beside_tool_calls_is_left_out() -> None:
    out, _ = repaired([USER, step(call("a"), content=""), result("a")])
    assert "content" not in out[1]
    assert out[1]["tool_calls"] == [call("a")]


def test_a_refusal_in_the_history_is_what_the_assistant_said() -> None:
    out, _ = repaired([USER, {"role": "assistant", "content": None, "refusal": "No."}, USER])
    assert out[1]["content"] == "No."


def test_an_empty_user_message_after_the_system_leaves_the_system_to_speak() -> None:
    out, notes = repaired(
        [{"role": "system", "content": "Greet."}, {"role": "user", "content": ""}]
    )
    assert out == [{"role": "user", "content": "Greet."}]
    assert notes == ["empty-parts", "system-only"]


@pytest.mark.parametrize(
    ("messages", "where"),
    [
        ([USER, ANSWER, {"role": "user", "content": ""}], "messages[2]"),
        ([{"role": "user", "content": [{"type": "text", "text": ""}]}], "messages[0]"),
    ],
)
def test_nothing_to_answer_is_an_error_with_the_index(messages: list[Any], where: str) -> None:
    with pytest.raises(InvalidRequestError, match="is empty") as caught:
        repaired(messages)
    assert caught.value.param == where
    assert str(caught.value).startswith(where)


# --- tool calls and results ---


def test_a_tool_result_gets_the_name_of_its_call() -> None:
    path = RECORDED / "chat_nonstream_after_tool_result_with_signature.request_and_headers.json"
    sent = json.loads(path.read_text("utf-8"))["request"]["messages"]
    out, notes = repaired(sent)
    assert out[2] == {**sent[2], "name": "get_current_time"}
    assert notes == ["tool-result-names"]
    _, off = repaired(sent, "tool-result-names")
    assert off == []


def test_calls_without_an_id_get_one_that_stays() -> None:
    history: list[Any] = [USER, step(call(""), call(None)), result(""), result("")]
    out, notes = repaired(history)
    ids = [item["id"] for item in out[1]["tool_calls"]]
    assert all(id.startswith("call_") and len(id) == 29 for id in ids)
    assert ids[0] != ids[1]
    assert [message["tool_call_id"] for message in out[2:]] == ids
    assert notes == ["history-call-ids"]
    longer, _ = repaired([{"role": "system", "content": "s"}, *history, ANSWER, USER])
    assert [item["id"] for item in longer[2]["tool_calls"]] == ids


def test_a_result_without_an_id_goes_to_the_call_it_names() -> None:
    history = [
        USER,
        step(call("", "weather"), call("", "time")),
        result("", "noon", name="time"),
        result("", "rain"),
    ]
    out, notes = repaired(history)
    assert [message["content"] for message in out[2:]] == ["rain", "noon"]
    assert notes == ["history-call-ids", "tool-result-order"]


@pytest.mark.parametrize(
    ("history", "order"),
    [
        ([USER, step(call("a"), call("b")), result("b", "B"), result("a", "A")], "UcAB"),
        ([USER, step(call("a")), USER, result("a", "A")], "UcAU"),
        ([USER, result("a", "A"), step(call("a")), USER], "UcAU"),
        ([USER, step(call("a")), step(call("b")), result("a", "A"), result("b", "B")], "UcAcB"),
    ],
)
def test_results_are_put_right_after_their_calls(history: list[Any], order: str) -> None:
    out, notes = repaired(history)
    letters = {"user": "U", "assistant": "c"}
    assert "".join(letters.get(m["role"]) or m["content"] for m in out) == order
    assert notes == ["tool-result-order"]


def test_ids_used_again_belong_to_the_nearest_call_before() -> None:
    history = [
        USER,
        step(call("0")),
        result("0", "first"),
        USER,
        step(call("0"), call("1")),
        result("1", "third"),
        result("0", "second"),
    ]
    out, _ = repaired(history)
    assert [m["content"] for m in out if m["role"] == "tool"] == ["first", "second", "third"]


def test_of_two_open_calls_with_one_id_the_nearest_gets_the_first_result() -> None:
    history = [USER, step(call("0")), step(call("0")), result("0", "second"), result("0", "first")]
    out, _ = repaired(history)
    assert [m["content"] for m in out if m["role"] == "tool"] == ["first", "second"]


def test_a_result_with_a_strange_id_is_taken_where_only_one_call_is_open() -> None:
    out, notes = repaired([USER, step(call("a"), call("b")), result("b"), result("x", "A")])
    assert [message["tool_call_id"] for message in out[2:]] == ["a", "b"]
    assert out[2]["content"] == "A"
    assert notes == ["tool-result-order"]


@pytest.mark.parametrize(
    ("history", "where", "what"),
    [
        ([result("x"), USER], "messages[0]", "no message before it makes"),
        ([USER, step(call("a")), result("a"), result("x")], "messages[3]", "no message before"),
        ([USER, step(call("a")), result("a"), result("a")], "messages[3]", "second result"),
        ([USER, step(call("a")), USER], "messages[1]", r"weather \('a'\), and no message has"),
        ([USER, step(call("a"), call("b")), result("a")], "messages[1]", r"weather \('b'\)"),
        (
            [USER, step(call("a")), result("x", name="time")],
            "messages[2]",
            "no message before it makes",
        ),
        ([{"role": "system", "content": ""}, USER, result("x")], "messages[2]", "no message"),
    ],
)
def test_what_cannot_be_certain_is_an_error_with_the_index(
    history: list[Any], where: str, what: str
) -> None:
    with pytest.raises(InvalidRequestError, match=what) as caught:
        repaired(history)
    assert caught.value.param == where
    assert str(caught.value).startswith(where)
    repaired(history, "tool-result-order")


def test_messages_that_are_no_plain_json_are_left_alone() -> None:
    opaque = ...  # as a model of some framework would be
    out, _ = repaired([USER, opaque, result("a", name=None)])
    assert out == [USER, opaque, result("a", name=None)]
