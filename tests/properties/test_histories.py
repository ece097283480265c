"""What the survey of a history promises, on histories that nobody thought of."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gemini_openai.dialect.chat.requests.messages import repair_messages
from gemini_openai.dialect.chat.requests.survey import (
    CALLS,
    NESTED_NULLS,
    OPAQUE,
    SHAPE,
    TEXT_BESIDE_CALLS,
    survey,
)
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

Message = dict[str, Any]
Strategy = st.SearchStrategy[Any]

EVERYTHING = (2 * NESTED_NULLS - 1) & ~OPAQUE
"""Every bit at once; a message that is no object would hold back the repairs of tool results."""

PICTURE = {"type": "image_url", "image_url": {"url": "gs://bucket/cat.png"}}


def text(said: str) -> Message:
    return {"type": "text", "text": said}


def call(id: str, arguments: str = "{}") -> Message:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}}


def result(id: str, **message: Any) -> Message:
    return {"role": "tool", "tool_call_id": id, "name": "f", "content": "1", **message}


# Blocks of messages that need nothing, whatever stands before and after.
GOOD: dict[str, list[Message]] = {
    "user": [{"role": "user", "content": "a"}],
    "parts": [{"role": "user", "content": [text("a"), PICTURE]}],
    "assistant": [{"role": "assistant", "content": "b"}],
    "model": [{"role": "model", "content": "b"}],
    "call": [{"role": "assistant", "tool_calls": [call("1")]}, result("1")],
    "text and call": [
        {"role": "assistant", "content": "wait", "tool_calls": [call("1")]},
        result("1", content=[text("1")]),
    ],
    "parallel calls": [
        {"role": "assistant", "tool_calls": [call("1"), call("2", '{"a": "}{"}')]},
        result("1", content=""),
        result("2"),
    ],
}
# Blocks that need the repair they are named after, in a history that begins with the user.
BAD: dict[str, list[Message]] = {
    "request-shapes": [{"role": "user", "content": ["a"]}],
    "nulls": [{"role": "assistant", "content": "b", "refusal": None}],
    "nulls of a part": [{"role": "user", "content": [{**text("a"), "detail": None}]}],
    "nulls of a call": [
        {"role": "assistant", "tool_calls": [{**call("1"), "extra_content": None}]},
        result("1"),
    ],
    "nulls of a result": [
        {"role": "assistant", "tool_calls": [call("1")]},
        result("1", content=None),
    ],
    "legacy-functions": [
        {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "1"},
    ],
    "developer-role": [{"role": "developer", "content": "s"}],
    "empty-parts": [{"role": "assistant", "content": ""}],
    "empty-parts of the user": [{"role": "user", "content": [text(""), text("a")]}],
    "empty-parts of a result": [
        {"role": "assistant", "tool_calls": [call("1")]},
        result("1", content=[text(""), text("a")]),
    ],
    "empty-parts beside a call": [
        {"role": "assistant", "content": "", "tool_calls": [call("1")]},
        result("1"),
    ],
    "call-arguments": [{"role": "assistant", "tool_calls": [call("1", "")]}, result("1")],
    "history-call-ids": [{"role": "assistant", "tool_calls": [call("")]}, result("")],
    "tool-result-order": [
        {"role": "assistant", "tool_calls": [call("1"), call("2")]},
        result("2"),
        result("1"),
    ],
    "tool-result-names": [
        {"role": "assistant", "tool_calls": [call("1")]},
        result("1", name=""),
    ],
    "system-messages": [{"role": "system", "content": "s"}, {"role": "system", "content": "t"}],
}
START = [{"role": "user", "content": "go"}]

good_blocks = st.lists(st.sampled_from(sorted(GOOD)), max_size=4)


def joined(names: list[str]) -> list[Message]:
    return [message for name in names for message in GOOD[name]]


@given(good_blocks, good_blocks, st.sampled_from(sorted(BAD)))
def test_a_fault_is_found_and_mended_wherever_it_stands(
    before: list[str], after: list[str], fault: str
) -> None:
    history = [*START, *joined(before), *BAD[fault], *joined(after)]
    out, notes, places = repair_messages(history, DEFAULT_SETTINGS, survey(history))
    assert fault.partition(" ")[0] in {note.repair for note in notes}
    assert len(places) == len(out)
    again = repair_messages(out, DEFAULT_SETTINGS, EVERYTHING)
    assert again.messages is out
    untouched = [m for m in history if not any(m is bad for bad in BAD[fault])]
    assert [m for m in out if any(m is one for one in untouched)] == untouched


@given(good_blocks)
def test_a_history_without_a_fault_needs_nothing(names: list[str]) -> None:
    history = [*START, *joined(names)]
    out = repair_messages(history, DEFAULT_SETTINGS, EVERYTHING)
    assert out.messages is history
    assert not out.notes


# Messages of any kind, in any order.
def one_of(*values: Any) -> Strategy:
    return st.sampled_from(values)


CONTENTS = one_of(
    None, "", "a", [], [text("")], [text("a"), PICTURE], ["a"], 5, {"text": "a"}, [None]
)
ARGUMENTS = ("{}", "", None, "20", '{"a": 1}', "{}{}", {})
CALLS_MADE = [{**call("1"), "id": id} for id in ("1", "2", "", None)] + [
    {"id": "1", "function": {"name": "f", "arguments": arguments}} for arguments in ARGUMENTS
]
SAID: Strategy = st.fixed_dictionaries(
    {"role": one_of("user", "system", "developer", "bot")},
    optional={"content": CONTENTS, "name": one_of(None, "", "f"), "tool_calls": st.none()},
)
ANSWERED: Strategy = st.fixed_dictionaries(
    {"role": one_of("assistant", "model")},
    optional={
        "content": CONTENTS,
        "tool_calls": st.none() | st.lists(st.sampled_from(CALLS_MADE), max_size=2),
        "function_call": one_of(None, {"name": "f", "arguments": "{}"}),
        "refusal": one_of(None, "No."),
    },
)
RESULTS: Strategy = st.fixed_dictionaries(
    {"role": one_of("tool", "function")},
    optional={
        "content": CONTENTS,
        "name": one_of(None, "", "f"),
        "tool_call_id": one_of("1", "2", "", None),
    },
)
plain: Strategy = st.sampled_from([message for block in GOOD.values() for message in block])
histories = st.lists(st.one_of(plain, SAID, ANSWERED, RESULTS), min_size=1, max_size=5)


@settings(max_examples=400)
@given(histories)
def test_where_the_survey_finds_nothing_no_repair_would_change_anything(
    history: list[Any],
) -> None:
    if survey(history) & ~(CALLS | TEXT_BESIDE_CALLS) == 0:
        assert repair_messages(history, DEFAULT_SETTINGS, EVERYTHING).messages is history


@settings(max_examples=400)
@given(histories)
def test_a_repaired_history_is_in_order_and_the_given_one_unchanged(
    history: list[Any],
) -> None:
    before = copy.deepcopy(history)
    try:
        made = repair_messages(history, DEFAULT_SETTINGS, survey(history))
    except InvalidRequestError:
        made = None
    assert history == before
    if made is not None:
        assert len(made.places) == len(made.messages)
        assert (made.messages is history) is (not made.notes)
        assert (
            repair_messages(made.messages, DEFAULT_SETTINGS, EVERYTHING).messages is made.messages
        )


@pytest.mark.parametrize("name", sorted(BAD))
def test_each_fault_is_one_of_its_own(name: str) -> None:
    """With its repair off, and no other fault there, the history goes out as it is."""
    history = [*START, *BAD[name]]
    off = frozenset({name.partition(" ")[0], "history-call-ids", "tool-result-order"})
    needing = DEFAULT_SETTINGS._replace(off=off)
    assert repair_messages(history, needing, survey(history)).messages is history


@settings(max_examples=400)
@given(st.lists(st.one_of(plain, SAID, ANSWERED, RESULTS), min_size=1, max_size=5))
def test_repairs_that_move_nothing_are_the_same_beside_those_that_may(history: list[Any]) -> None:
    found = survey(history)
    if found & SHAPE:
        return
    try:
        made = repair_messages(history, DEFAULT_SETTINGS, found)
    except InvalidRequestError:
        return
    # What looks at shapes, and finds them good, looks at each message in its place.
    among_others = repair_messages(history, DEFAULT_SETTINGS, found | SHAPE)
    assert list(made.messages) == list(among_others.messages)
    assert (list(made.notes), list(made.places)) == (
        list(among_others.notes),
        list(among_others.places),
    )
