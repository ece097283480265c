"""The arguments of calls in a history, and calls of OpenAI's older form."""

from __future__ import annotations

from typing import Any

import pytest
from unit.dialect.histories import ANSWER, USER, call, repaired, result, step

from gemini_openai.dialect.notes import InvalidRequestError


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (None, "{}"),
        ("", "{}"),
        ("  ", "{}"),
        ("null", "{}"),
        ({}, "{}"),
        ({"city": "Malmö"}, '{"city": "Malmö"}'),
    ],
)
def test_arguments_become_the_text_of_an_object(arguments: Any, sent: str) -> None:
    out, notes = repaired([USER, step(call("a", arguments=arguments)), result("a")])
    assert out == [USER, step(call("a", arguments=sent)), result("a")]
    assert notes[-1] == "call-arguments"


def test_arguments_that_are_missing_become_an_empty_object() -> None:
    lacking = {"id": "a", "type": "function", "function": {"name": "weather"}}
    out, _ = repaired([USER, step(lacking), result("a")])
    assert out[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": "{}"}


@pytest.mark.parametrize(
    "arguments", ["{}", '{"a": 1}', ' {"a": 1}\n', '{"a": "}{"}', '{"a": NaN}']
)
def test_arguments_that_are_an_object_are_sent_as_they_are(arguments: str) -> None:
    history = [USER, step(call("a", arguments=arguments)), result("a")]
    assert repaired(history) == (history, [])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("20", "a number"),
        (20, "a number"),
        ("false", "False"),
        ("[1]", "a list"),
        ([1], "a list"),
        ('"text"', "a text"),
        ('{"a": 1', "no JSON"),
        ('{"a": 1}{"a": 1}', "no JSON"),
        ("city=Oslo", "no JSON"),
    ],
)
def test_arguments_that_are_no_object_are_an_error_that_names_the_call(
    arguments: Any, what: str
) -> None:
    history = [USER, step(call("a"), call("b", "time", arguments)), result("a"), result("b")]
    with pytest.raises(InvalidRequestError) as caught:
        repaired(history)
    assert str(caught.value).startswith(
        f"messages[1].tool_calls[1] calls 'time' with arguments that are {what}"
    )
    assert caught.value.param == "messages[1].tool_calls[1]"
    assert repaired(history, "call-arguments") == (history, [])


def test_a_custom_call_has_no_arguments_to_mend() -> None:
    custom = {"id": "a", "type": "custom", "custom": {"name": "f", "input": "x"}}
    history = [USER, step(custom), result("a")]
    assert repaired(history) == (history, [])


# --- function_call and the role function ---


def asks(name: str, arguments: Any = "{}") -> dict[str, Any]:
    return {"role": "assistant", "function_call": {"name": name, "arguments": arguments}}


def gives(name: str, content: str) -> dict[str, Any]:
    return {"role": "function", "name": name, "content": content}


def test_function_calls_of_the_older_form_become_tool_calls() -> None:
    history = [USER, {**asks("weather"), "content": None}, gives("weather", "sunny"), ANSWER, USER]
    out, notes = repaired(history)
    (made,) = out[1]["tool_calls"]
    assert out[1:3] == [step(call(made["id"])), result(made["id"])]
    assert made["id"].startswith("call_")
    assert notes == ["nulls", "legacy-functions"]
    assert repaired(history, "nulls", "legacy-functions")[0] == history


def test_the_ids_of_older_calls_stay_while_the_conversation_grows() -> None:
    first = [USER, asks("weather"), gives("weather", "sunny")]
    longer = [{"role": "system", "content": "s"}, *first, ANSWER, USER, *first[1:]]
    ids = [
        [call["id"] for message in repaired(history)[0] for call in message.get("tool_calls", ())]
        for history in (first, longer)
    ]
    assert ids[1][0] == ids[0][0]
    assert ids[1][0] != ids[1][1]


def test_an_older_result_goes_to_the_tool_call_that_it_names() -> None:
    history = [
        USER,
        step(call("a", "weather"), call("b", "time")),
        gives("time", "noon"),
        gives("weather", "sunny"),
    ]
    out, _ = repaired(history)
    assert [(m["tool_call_id"], m["content"]) for m in out[2:]] == [("a", "sunny"), ("b", "noon")]


def test_an_older_call_without_arguments_is_mended_too() -> None:
    out, _ = repaired([USER, asks("weather", ""), gives("weather", "sunny")])
    assert out[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": "{}"}


def test_an_older_call_beside_tool_calls_is_the_same_call() -> None:
    out, _ = repaired([USER, {**asks("weather"), **step(call("a"))}, result("a")])
    assert out == [USER, step(call("a")), result("a")]


def test_an_older_result_that_nobody_asked_for_is_an_error() -> None:
    with pytest.raises(InvalidRequestError, match=r"messages\[1\] is a result"):
        repaired([USER, gives("weather", "sunny"), USER])


@pytest.mark.parametrize("odd", [1, ["a"], {"a": 1}])
def test_an_id_that_is_no_text_is_matched_all_the_same(odd: Any) -> None:
    history = [USER, step(call(odd)), {**result(odd), "name": None}]
    out, _ = repaired(history)
    assert out[2]["name"] == "weather"


@pytest.mark.parametrize("odd", [1, ["a"], {"a": 1}])
def test_a_result_with_an_odd_id_that_no_call_has_is_an_error(odd: Any) -> None:
    history = [USER, step(call("a")), result("a"), result(odd)]
    with pytest.raises(InvalidRequestError, match=r"messages\[3\] is a result for the tool call"):
        repaired(history)


def test_an_older_call_becomes_one_without_nulls() -> None:
    older = {"role": "assistant", "function_call": {"name": "weather", "arguments": "", "x": None}}
    out, _ = repaired([USER, older, {"role": "function", "name": "weather", "content": "sunny"}])
    assert out[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": "{}"}
