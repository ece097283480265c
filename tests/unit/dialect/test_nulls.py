"""Nulls that ask for nothing are not sent; those that mean something are."""

from __future__ import annotations

from typing import Any

import pytest
from unit.dialect.histories import USER, call, repaired, result, step

from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.nulls import adapt_nulls
from gemini_openai.dialect.routes.embeddings import adapt_embedding_request
from gemini_openai.dialect.routes.images import adapt_image_request
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

CHAT: dict[str, Any] = {"model": "gemini-2.5-flash", "messages": [USER]}


@pytest.mark.parametrize(
    "name",
    ["stop", "tools", "temperature", "response_format", "seed", "stream_options", "anything"],
)
def test_a_parameter_that_is_null_is_not_sent(name: str) -> None:
    body, notes = adapt_chat_request({**CHAT, name: None})
    assert body == CHAT
    assert [(note.message, note.warn) for note in notes] == [(f"nulls left out: {name}", False)]


def test_a_parameter_that_is_null_is_not_sent_to_the_other_endpoints() -> None:
    vectors = {"model": "gemini-embedding-001", "input": "a", "encoding_format": "float"}
    assert adapt_embedding_request({**vectors, "dimensions": None}).body == vectors
    images = {"model": "imagen-4.0-generate-001", "prompt": "A tree"}
    assert adapt_image_request({**images, "n": None, "size": None}).body == images


def test_null_keys_of_tools_and_formats_are_not_sent_and_schemas_keep_theirs() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "default": None}}}
    body = {
        "tools": [
            {"type": "function", "function": {"name": "f", "strict": None, "parameters": schema}}
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "n", "description": None, "schema": schema},
        },
        "stream_options": {"include_usage": True, "include_obfuscation": None},
    }
    out, notes = adapt_nulls(body, DEFAULT_SETTINGS)
    assert out == {
        "tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}},
        "stream_options": {"include_usage": True},
    }
    assert [n.message for n in notes] == ["nulls left out: tools, response_format, stream_options"]


def test_an_option_of_geminis_that_is_null_is_not_sent() -> None:
    options = {"google": {"cached_content": None, "thinking_config": {"thinking_budget": 5}}}
    body, _ = adapt_chat_request({**CHAT, "extra_body": options})
    assert body["extra_body"] == {"google": {"thinking_config": {"thinking_budget": 5}}}
    assert adapt_chat_request({**CHAT, "thinking_level": None}).body == CHAT


def test_null_keys_of_messages_are_not_sent() -> None:
    nothing = {"refusal": None, "annotations": None, "audio": None, "function_call": None}
    signed = {**call("a"), "extra_content": None}
    history = [
        {**USER, "name": None},
        step(signed, content=None, **nothing),
        result("a"),
        {"role": "assistant", "content": "Fine.", "tool_calls": None, **nothing},
        USER,
    ]
    out, notes = repaired(history)
    assert out == [
        USER,
        step(call("a")),
        result("a"),
        {"role": "assistant", "content": "Fine."},
        USER,
    ]
    assert notes == ["nulls"]
    assert repaired(history, "nulls")[0] == history


def test_null_keys_of_parts_are_not_sent() -> None:
    picture = {"type": "image_url", "image_url": {"url": "gs://b/c", "detail": None}, "text": None}
    file = {"type": "file", "file": {"file_id": "files/a", "file_data": None}}
    out, _ = repaired([{"role": "user", "content": [picture, file]}])
    assert out[0]["content"] == [
        {"type": "image_url", "image_url": {"url": "gs://b/c"}},
        {"type": "file", "file": {"file_id": "files/a"}},
    ]


def test_a_result_that_is_null_is_an_empty_one() -> None:
    out, _ = repaired([USER, step(call("a")), result("a", None)])
    assert out[2] == result("a", "")


def test_nulls_inside_the_arguments_of_a_call_stay() -> None:
    history = [USER, step(call("a", arguments={"city": None})), result("a")]
    out, notes = repaired(history)
    assert out[1]["tool_calls"][0]["function"]["arguments"] == '{"city": null}'
    assert notes == ["call-arguments"]
