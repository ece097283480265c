"""Histories as apps keep them, and what Gemini takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from unit.dialect.histories import ANSWER, USER, call, repaired, result, step

from gemini_openai.dialect.chat.requests.messages import repair_messages
from gemini_openai.dialect.chat.requests.survey import survey
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

PICTURE = {"type": "image_url", "image_url": {"url": "https://cats.example/1.png"}}
RECORDED = Path(__file__).parents[2] / "recorded/developer_api"


@pytest.mark.parametrize(
    "messages",
    [
        [USER],
        [{"role": "system", "content": "Be brief."}, USER, ANSWER, USER],
        [USER, step(call("a")), result("a")],
        [USER, step(call("a"), call("b")), result("a"), result("b"), ANSWER, USER],
        [USER, step(call("a"))],
        [{"role": "user", "content": [{"type": "text", "text": "hi"}, PICTURE]}],
        [USER, step(call("a")), result("a", "")],
        [USER, step(call("1")), result("1"), step(call("1")), result("1")],
        [],
    ],
    ids=str,
)
def test_what_is_in_order_is_given_back_as_it_is(messages: list[Any]) -> None:
    out, notes, places = repair_messages(messages, DEFAULT_SETTINGS, survey(messages))
    assert out is messages
    assert not notes
    assert list(places) == list(range(len(messages)))


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


def test_several_system_messages_become_one() -> None:
    first, second = {"role": "system", "content": "Be brief."}, {"role": "system", "content": "Be"}
    out, notes = repaired([first, second, USER])
    assert out == [{"role": "system", "content": "Be brief.\n\nBe"}, USER]
    assert notes == ["system-messages"]


def test_a_system_message_in_the_middle_joins_the_first() -> None:
    late = {"role": "developer", "content": "Use the tool."}
    history = [USER, {"role": "system", "content": "Be brief."}, ANSWER, late, USER]
    out, notes = repaired(history)
    merged = {"role": "system", "content": "Be brief.\n\nUse the tool."}
    assert out == [USER, merged, ANSWER, USER]
    assert notes == ["developer-role", "system-messages"]
    told = repair_messages(history, DEFAULT_SETTINGS, survey(history))
    assert told.places == [0, 1, 2, 4]
    assert told.notes[-1].message.endswith(": messages[1], messages[3]")
    assert told.notes[-1].changes_answer
    leading = repair_messages([late, late, USER], DEFAULT_SETTINGS, survey([late, late, USER]))
    assert not leading.notes[-1].changes_answer


def test_parts_of_system_messages_stay_parts_with_a_blank_line_between() -> None:
    brief, see = {"type": "text", "text": "Be brief."}, {"type": "text", "text": "Look:"}
    history: list[Any] = [
        {"role": "system", "content": "You are K."},
        {"role": "system", "content": [brief, PICTURE]},
        {"role": "system", "content": [see]},
        {"role": "system", "content": [PICTURE]},
        USER,
    ]
    out, _ = repaired(history)
    assert out[0]["content"] == [
        {"type": "text", "text": "You are K."},
        {"type": "text", "text": "\n\nBe brief."},
        PICTURE,
        {"type": "text", "text": "\n\nLook:"},
        PICTURE,
    ]
    assert out[1:] == [USER]


@pytest.mark.parametrize(("names", "kept"), [(("k", "k"), True), (("k", "j"), False)])
def test_a_merged_system_message_keeps_a_name_only_if_all_have_it(
    names: tuple[str, str], kept: bool
) -> None:
    out, _ = repaired([*({"role": "system", "content": "a", "name": n} for n in names), USER])
    assert out[0].get("name") == (names[0] if kept else None)


def test_where_only_the_system_speaks_the_last_is_the_users_and_the_others_one() -> None:
    out, notes = repaired([{"role": "system", "content": text} for text in "abc"])
    assert out == [{"role": "system", "content": "a\n\nb"}, {"role": "user", "content": "c"}]
    assert notes == ["system-only", "system-messages"]


@pytest.mark.parametrize(
    ("backend", "model", "refused"),
    [
        ("vertex", "google/gemini-3.6-flash", True),
        ("vertex", "google/gemini-3.5-flash-lite", True),
        ("vertex", "google/gemini-3.1-pro-preview", False),
        ("developer", "gemini-3.6-flash", False),
    ],
)
def test_text_beside_tool_calls_is_left_out_for_models_that_refuse_it(
    backend: Any, model: str, refused: bool
) -> None:
    history = [USER, step(call("a"), content="I will look."), result("a"), ANSWER, USER]
    settings = DEFAULT_SETTINGS._replace(backend=backend)
    out, notes, _ = repair_messages(history, settings, survey(history), model)
    assert out == ([USER, step(call("a")), *history[2:]] if refused else history)
    assert [note.repair for note in notes] == ["text-beside-calls"] * 2 * refused
    assert [note.warn for note in notes] == [False, True] * refused


def test_notes_name_the_places_in_the_callers_own_list() -> None:
    system = {"role": "system", "content": "a"}
    history = [system, {"role": "user", "content": ""}, system, USER, step(call("a")), result("a")]
    history[-1]["name"] = ""
    told = repair_messages(history, DEFAULT_SETTINGS, survey(history))
    assert [note.message.partition(": ")[2] for note in told.notes] == [
        "messages[1]",
        "messages[5]",
        "messages[0], messages[2]",
    ]
    assert told.places == [0, 3, 4, 5]


def test_an_empty_part_of_a_tool_result_is_left_out() -> None:
    empty, text = {"type": "text", "text": ""}, {"type": "text", "text": "sunny"}
    out, notes = repaired([USER, step(call("a")), result("a", [empty, text])])
    assert out[2] == result("a", [text])
    assert notes == ["empty-parts"]
    out, _ = repaired([USER, step(call("a")), result("a", [empty])])
    assert out[2] == result("a", "")


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
            {"role": "assistant"},
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


def test_a_part_that_does_not_say_what_it_is_is_text_only_if_it_has_some() -> None:
    kept = [{"text": "a"}, {"image_url": {"url": "gs://b/c"}}]
    out, notes = repaired([{"role": "user", "content": [{"text": ""}, *kept]}])
    assert out == [{"role": "user", "content": kept}]
    assert notes == ["empty-parts"]


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
    history = [USER, opaque, result("a", name="")]
    out, _ = repaired(history, "request-shapes")
    assert out == history
