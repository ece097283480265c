"""Gemini's own options, and how much to think."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.thinking import (
    adapt_gemini_options,
    possible_effort,
    thinking_of,
)
from gemini_openai.dialect.notes import InvalidRequestError, UnsupportedParameterError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

MODEL = "gemini-2.5-flash"
HELLO: dict[str, Any] = {"model": MODEL, "messages": []}
VERTEX = make_settings(backend="vertex")
CONFIG = {"thinking_config": {"thinking_budget": 512, "include_thoughts": True}}
ONE_FORM = {**HELLO, "extra_body": {"google": CONFIG}}


@pytest.mark.parametrize(
    "written",
    [
        {"thinking_budget": 512, "include_thoughts": True},
        {"thinkingBudget": 512, "includeThoughts": True},
        {"extra_body": {"google": CONFIG}},
        {"google": CONFIG},
        {"extra_body": {"extra_body": {"google": CONFIG}}},
        {"extra_body": CONFIG},
        CONFIG,
        {
            "extra_body": {
                "google": {"thinkingConfig": {"thinkingBudget": 512, "includeThoughts": True}}
            }
        },
        {"extraBody": {"google": CONFIG}},
        {"thinking_budget": 512, "extra_body": {"google": {"includeThoughts": True}}},
        {"thinking_budget": 512, "extra_body": {"google": CONFIG}},
    ],
    ids=str,
)
def test_every_way_to_write_an_option_ends_in_one_form(written: dict[str, Any]) -> None:
    body = {**HELLO, **written}
    before = copy.deepcopy(body)
    out, notes = adapt_gemini_options(body, MODEL, DEFAULT_SETTINGS)
    assert out == ONE_FORM
    assert body == before
    assert [note.repair for note in notes] == ([] if body == ONE_FORM else ["gemini-options"])
    assert adapt_gemini_options(out, MODEL, DEFAULT_SETTINGS) == (out, [])


def test_a_request_in_that_form_or_without_options_is_given_back_as_it_is() -> None:
    for body in (ONE_FORM, HELLO):
        assert adapt_gemini_options(body, MODEL, DEFAULT_SETTINGS)[0] is body


def test_other_options_go_beside_and_unknown_ones_stay_for_the_server_to_judge() -> None:
    body = {
        **HELLO,
        "cached_content": "cachedContents/x",
        "thinking_level": "HIGH",
        "extra_body": {"google": {"tools": [{}]}, "foo": 1},
    }
    out, _ = adapt_gemini_options(body, "gemini-3-pro-preview", DEFAULT_SETTINGS)
    assert out["extra_body"] == {
        "foo": 1,
        "google": {
            "tools": [{}],
            "cached_content": "cachedContents/x",
            "thinking_config": {"thinking_level": "high"},
        },
    }


def test_options_that_are_none_are_not_sent() -> None:
    body = {**HELLO, "thinking_budget": None, "include_thoughts": None, "extra_body": None}
    assert adapt_gemini_options(body, MODEL, DEFAULT_SETTINGS)[0] == HELLO


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"thinking_budget": 1, "extra_body": {"google": CONFIG}}, "thinking_budget"),
        ({"thinking_budget": 1, "thinking_level": "low"}, "thinking_level"),
    ],
)
def test_options_that_contradict_each_other_are_an_error(
    options: dict[str, Any], param: str
) -> None:
    with pytest.raises(InvalidRequestError, match=param) as caught:
        adapt_gemini_options({**HELLO, **options}, MODEL, DEFAULT_SETTINGS)
    assert caught.value.param == param


@pytest.mark.parametrize(
    "options",
    [
        {"safety_settings": []},
        {"extra_body": {"google": {"safetySettings": [{"category": "c", "threshold": "OFF"}]}}},
    ],
)
def test_safety_settings_are_an_error_on_the_developer_api(options: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedParameterError, match="Vertex AI") as caught:
        adapt_gemini_options({**HELLO, **options}, MODEL, DEFAULT_SETTINGS)
    assert caught.value.param == "safety_settings"
    out, _ = adapt_gemini_options({**HELLO, **options}, MODEL, VERTEX)
    assert "safety_settings" in out["extra_body"]["google"]


@pytest.mark.parametrize("how", [{"thinking_budget": 512}, {"thinking_level": "low"}])
def test_an_effort_beside_a_budget_is_an_error(how: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError, match="Leave one out") as caught:
        adapt_gemini_options({**HELLO, "reasoning_effort": "low", **how}, MODEL, DEFAULT_SETTINGS)
    assert (caught.value.param, caught.value.repair) == ("reasoning_effort", "thinking-conflict")


@pytest.mark.parametrize(
    ("model", "effort", "config"),
    [
        ("gemini-2.5-flash", "medium", {"include_thoughts": True, "thinking_budget": 8192}),
        (
            "gemini-3-flash-preview",
            "medium",
            {"include_thoughts": True, "thinking_level": "medium"},
        ),
        ("gemini-flash-latest", "xhigh", {"include_thoughts": True, "thinking_level": "high"}),
    ],
)
def test_an_effort_beside_include_thoughts_becomes_a_level_or_budget(
    model: str, effort: str, config: dict[str, Any]
) -> None:
    body = {**HELLO, "model": model, "reasoning_effort": effort, "include_thoughts": True}
    out, notes = adapt_gemini_options(body, model, DEFAULT_SETTINGS)
    assert out == {
        "model": model,
        "messages": [],
        "extra_body": {"google": {"thinking_config": config}},
    }
    assert "thinking-conflict" in [note.repair for note in notes]


def test_an_effort_that_is_no_text_is_left_to_the_server() -> None:
    body = {**HELLO, "reasoning_effort": [{}], "include_thoughts": True}
    out, _ = adapt_gemini_options(body, MODEL, DEFAULT_SETTINGS)
    assert out["reasoning_effort"] == [{}]


@pytest.mark.parametrize(
    "options",
    [
        {"reasoning_effort": "none", "include_thoughts": True},
        {"reasoning_effort": "none", "include_thoughts": False},
    ],
)
def test_an_effort_without_thoughts_to_include_stands_alone(options: dict[str, Any]) -> None:
    out, _ = adapt_gemini_options({**HELLO, **options}, MODEL, DEFAULT_SETTINGS)
    assert out == {**HELLO, "reasoning_effort": "none"}


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("gemini-2.5-pro", "none", "minimal"),
        ("gemini-2.5-flash", "none", "none"),
        ("gemini-3.1-pro-preview", "minimal", "low"),
        ("gemini-3-pro-preview", "none", "low"),
        ("gemini-3-flash-preview", "none", "minimal"),
        ("gemini-3.1-flash-lite", "none", "none"),
        ("gemini-3.7-flash", "minimal", "low"),
        ("gemini-pro-latest", "minimal", "low"),
        ("gemini-flash-latest", "max", "high"),
        ("gemini-2.5-flash", "medium", "medium"),
    ],
)
def test_an_effort_a_model_cannot_do_becomes_the_nearest(
    model: str, effort: str, sent: str
) -> None:
    body = {**HELLO, "model": model, "reasoning_effort": effort}
    out, notes = adapt_gemini_options(body, model, DEFAULT_SETTINGS)
    assert out["reasoning_effort"] == sent
    assert [(note.warn, note.changes_answer) for note in notes] == [(True, True)] * (effort != sent)


def test_the_table_of_efforts_can_be_overridden() -> None:
    settings = make_settings(efforts={"gemini-3*-pro*": {"minimal": "minimal", "max": "medium"}})
    assert possible_effort("minimal", "gemini-3.1-pro-preview", settings) == "minimal"
    assert possible_effort("max", "google/gemini-3.1-pro-preview", settings) == "medium"
    assert possible_effort("none", "gemini-3.1-pro-preview", settings) == "low"


def test_vertex_lists_no_minimal_effort() -> None:
    assert possible_effort("minimal", "google/gemini-2.5-flash", VERTEX) == "low"


def test_thoughts_on_vertex_are_asked_for_with_a_tag() -> None:
    out, notes = adapt_gemini_options({**HELLO, "include_thoughts": True}, MODEL, VERTEX)
    assert out["extra_body"]["google"]["thought_tag_marker"] == "thought"
    assert "thought-tag" in [note.repair for note in notes]
    body = {**HELLO, "include_thoughts": True, "thought_tag_marker": "think"}
    own, _ = adapt_gemini_options(body, MODEL, VERTEX)
    assert own["extra_body"]["google"]["thought_tag_marker"] == "think"
    assert thinking_of(own) == (True, "think")
    none, _ = adapt_gemini_options({**HELLO, "thinking_budget": 5}, MODEL, VERTEX)
    assert "thought_tag_marker" not in none["extra_body"]["google"]


def test_an_effort_beside_thoughts_is_not_lost_to_the_tag_on_vertex() -> None:
    body = {**HELLO, "reasoning_effort": "low", "include_thoughts": True}
    out, _ = adapt_gemini_options(body, "google/gemini-3-pro", VERTEX)
    assert out["extra_body"]["google"] == {
        "thinking_config": {"include_thoughts": True, "thinking_level": "low"},
        "thought_tag_marker": "thought",
    }
