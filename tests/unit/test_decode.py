"""Bytes to models: the fast path for what Google sends, salvage for what it should not."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from conftest import events

from gemini_openai._call.decode import decode, salvage
from gemini_openai._models import construct_type, construct_type_unchecked
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk
from gemini_openai.types.completion_usage import CompletionUsage

RECORDED = Path(__file__).parents[1] / "recorded" / "developer_api"


def recorded_bodies() -> list[Any]:
    found = []
    for path in sorted(RECORDED.iterdir()):
        name, content = path.name, path.read_bytes()
        if not name.startswith("chat_") or "headers" in name:
            continue
        if name.endswith(".sse"):
            bodies = events(content)
        elif name.endswith((".jsonl", ".ndjson")):
            bodies = [json.loads(line) for line in content.splitlines() if line.strip()]
        else:
            bodies = [json.loads(content)]
        found += [pytest.param(body, id=f"{name}-{n}") for n, body in enumerate(bodies)]
    return found


def model_of(body: Any) -> Any:
    return ChatCompletion if body["object"] == "chat.completion" else ChatCompletionChunk


def test_there_are_recorded_bodies_of_both_kinds() -> None:
    bodies = [param.values[0] for param in recorded_bodies()]
    assert {body["object"] for body in bodies} == {"chat.completion", "chat.completion.chunk"}
    assert len(bodies) >= 15


@pytest.mark.parametrize("body", recorded_bodies())
def test_a_recorded_body_takes_the_fast_path_and_loses_nothing(
    body: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="gemini_openai")
    decoded = decode(json.dumps(body).encode(), model_of(body))
    assert caplog.text == ""
    assert decoded.to_dict(mode="json") == body
    assert json.loads(decoded.to_json()) == body
    assert model_of(body).model_validate(decoded.model_dump()) == decoded


@pytest.mark.parametrize("body", recorded_bodies())
def test_salvage_agrees_with_the_fast_path(body: Any) -> None:
    model = model_of(body)
    fast = model.model_validate(body)
    assert model.construct(**body).model_dump() == fast.model_dump()


def test_a_result_may_be_made_with_the_fields_that_count_as_set() -> None:
    made = CompletionUsage.construct({"total_tokens"}, total_tokens=3, prompt_tokens="many")
    assert (made.total_tokens, made.prompt_tokens) == (3, "many")
    assert made.to_dict() == {"total_tokens": 3}


@pytest.mark.parametrize("construct", [construct_type, construct_type_unchecked])
def test_frameworks_may_make_a_value_fit_as_far_as_it_does(construct: Any) -> None:
    (made, odd) = construct(value=[{"total_tokens": 3}, "odd"], type_=list[CompletionUsage])
    assert isinstance(made, CompletionUsage)
    assert (made.total_tokens, odd) == (3, "odd")


def test_what_does_not_fit_is_kept_beside_what_does() -> None:
    body = {
        "choices": [{"finish_reason": "strange", "index": 0, "message": {"content": 5}}, "what"],
        "usage": {"total_tokens": "many", "prompt_tokens": 1},
        "more": {"a": 1},
    }
    answer = decode(json.dumps(body).encode(), ChatCompletion)
    assert answer.choices[0].finish_reason == "strange"
    assert answer.choices[0].message.content == 5
    assert answer.choices[1] == "what"
    assert isinstance(answer.usage, CompletionUsage)
    assert answer.usage.total_tokens == "many"
    assert answer.usage.completion_tokens is None
    assert answer.more == {"a": 1}
    assert answer.id is None
    assert answer.to_dict(warnings=False) == body


def test_a_surprise_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="gemini_openai")
    decode(b'{"choices": 1}', ChatCompletion)
    assert "unexpected ChatCompletion" in caplog.text


def test_no_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="EOF|expected"):
        decode(b'{"choices": [', ChatCompletion)


@pytest.mark.parametrize(
    ("value", "hint", "kept"),
    [
        ("x", int, "x"),
        (["1", "x"], list[int], [1, "x"]),
        ({"a": "1", "b": "x"}, dict[str, int], {"a": 1, "b": "x"}),
        (3, ChatCompletion, 3),
        (None, ChatCompletion, None),
        ("x", int | None, "x"),
    ],
)
def test_salvage_goes_as_far_as_it_can(value: Any, hint: Any, kept: Any) -> None:
    assert salvage(value, hint) == kept


def test_a_union_is_told_by_its_tag() -> None:
    call = {"type": "custom", "id": 7, "custom": {"name": "n", "input": "i"}}
    answer = decode(
        json.dumps({"choices": [{"message": {"tool_calls": [call]}}]}).encode(), ChatCompletion
    )
    assert type(answer.choices[0].message.tool_calls[0]).__name__ == (
        "ChatCompletionMessageCustomToolCall"
    )
