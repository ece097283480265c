"""A chat request through all repairs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.chat.signatures import PLACEHOLDER, SignatureMemory, signature_of
from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.settings import make_settings
from gemini_openai.dialect.translation.translator import Translator

VERTEX = make_settings(backend="vertex")


def call(id: str) -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}


EVERYTHING: dict[str, Any] = {
    "model": "models/gemini-3-pro-preview",
    "messages": [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "", "tool_calls": [call(""), call("b")]},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
        {"role": "tool", "tool_call_id": "", "content": "1"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "f",
                "parameters": {"type": "object", "properties": {"a": {"const": 1}}},
            },
        }
    ],
    "seed": 7,
    "reasoning_effort": "minimal",
    "include_thoughts": True,
}


def test_everything_at_once_comes_out_right_and_stays_so() -> None:
    before = copy.deepcopy(EVERYTHING)
    memory = SignatureMemory()
    body, notes = adapt_chat_request(EVERYTHING, memory=memory)
    assert before == EVERYTHING
    assert body["model"] == "gemini-3-pro-preview"
    assert body["extra_body"]["google"]["thinking_config"] == {
        "include_thoughts": True,
        "thinking_level": "low",
    }
    assert not {"seed", "reasoning_effort", "include_thoughts"} & body.keys()
    system, _, assistant, first, second = body["messages"]
    assert system["role"] == "system"
    assert "content" not in assistant
    assert signature_of(assistant["tool_calls"][0]) == ("google", PLACEHOLDER)
    assert (first["content"], first["name"]) == ("1", "f")
    assert first["tool_call_id"] == assistant["tool_calls"][0]["id"]
    assert second["tool_call_id"] == "b"
    assert {note.repair for note in notes} == {
        "model-names",
        "parameters",
        "gemini-options",
        "reasoning-effort",
        "thinking-conflict",
        "developer-role",
        "empty-parts",
        "history-call-ids",
        "tool-result-order",
        "tool-result-names",
        "signature-placeholder",
        "schemas",
    }
    again = adapt_chat_request(body, memory=memory)
    assert again.body is body
    assert not again.notes


def test_a_request_that_needs_nothing_is_given_back_as_it_is() -> None:
    body = {
        "model": "gemini-flash-latest",
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.2,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    adapted = adapt_chat_request(body)
    assert adapted.body is body
    assert not adapted.notes


def test_all_repairs_off_is_the_request_as_it_was() -> None:
    settings = make_settings(repairs=False)
    assert adapt_chat_request(EVERYTHING, settings, SignatureMemory()) == (EVERYTHING, [])


def test_models_of_other_publishers_are_sent_what_was_written() -> None:
    body = {**EVERYTHING, "model": "deepseek-ai/deepseek-v3.2-maas"}
    assert adapt_chat_request(body, VERTEX).body is body


def test_an_error_names_the_switch_that_turns_it_off() -> None:
    body = {**EVERYTHING, "messages": EVERYTHING["messages"][:-1]}
    with pytest.raises(InvalidRequestError) as caught:
        adapt_chat_request(body)
    switched = make_settings(repairs={caught.value.repair: False})
    assert adapt_chat_request(body, switched).body["messages"]


def test_a_self_deployed_model_gets_what_was_given() -> None:
    """Its server is another, with roles, formats and names of its own."""
    call = {"id": "", "type": "function", "function": {"name": "get/w", "arguments": "[1]"}}
    body: dict[str, Any] = {
        "model": "mine",
        "messages": [
            {"role": "ipython", "content": "4"},
            *[{"role": "system", "content": "a"}] * 2,
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "function", "name": "get/w", "content": ""},
        ],
        "tools": [{"type": "function", "function": {"name": "get/w", "parameters": {"const": 1}}}],
        "response_format": {"type": "structural_tag", "format": {}},
        "reasoning_effort": "max",
        "seed": None,
    }
    settings = make_settings(backend="vertex", self_deployed=True)
    made = Translator(settings).translate("/chat/completions", body)
    assert made.body is body
    assert not made.notes
