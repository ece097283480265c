"""Token counts that add up, from recorded ones that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.chat.answers import openai_usage

RECORDED = Path(__file__).parents[2] / "recorded"


def recorded(name: str, line: int = 0) -> dict[str, Any]:
    text = (RECORDED / name).read_text("utf-8")
    if name.endswith(".txt"):
        usage = json.loads(text.splitlines()[line].split(" ", 1)[1])
    else:
        usage = json.loads(text.splitlines()[line] if name.endswith("l") else text)["usage"]
    assert isinstance(usage, dict)
    return usage


@pytest.mark.parametrize(
    ("usage", "completion", "reasoning"),
    [
        (recorded("developer_api/chat_nonstream_text.json"), 2, 0),
        (recorded("developer_api/chat_nonstream_thinking_gemini25flash.jsonl", 2), 1240, 1238),
        (
            recorded("developer_api/chat_nonstream_after_tool_result_with_signature.json"),
            34,
            28,
        ),
        (recorded("vertex/doc_image_generation_response.json"), 1371, 251),
        (recorded("vertex/usage_vertex_vs_devapi_fixture.txt", 0), 23, 20),
        (recorded("vertex/usage_vertex_vs_devapi_fixture.txt", 1), 23, 20),
    ],
    ids=["no thinking", "2.5 Flash", "2.5 Pro", "Vertex image", "Vertex", "Developer API"],
)
def test_thinking_is_found_in_the_total(
    usage: dict[str, Any], completion: int, reasoning: int
) -> None:
    out = openai_usage(usage)
    assert out["completion_tokens"] == completion
    assert out["completion_tokens_details"]["reasoning_tokens"] == reasoning
    assert out["prompt_tokens"] + out["completion_tokens"] == out["total_tokens"]
    assert out["prompt_tokens_details"]["cached_tokens"] == 0
    assert out.get("gemini_usage", usage) == usage
    assert ("gemini_usage" in out) == (reasoning > 0)
    assert openai_usage(out) is out


def test_cached_tokens_are_those_of_the_server() -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 1,
        "total_tokens": 10,
        "prompt_tokens_details": {"cached_tokens": 5},
    }
    assert openai_usage(usage)["prompt_tokens_details"] == {"cached_tokens": 5}


def test_what_openai_would_send_is_left_alone() -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 21,
        "total_tokens": 30,
        "completion_tokens_details": {"reasoning_tokens": 20},
        "prompt_tokens_details": None,
    }
    assert openai_usage(usage) is usage


def test_a_gap_that_the_named_reasoning_does_not_explain_stays() -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 50,
        "completion_tokens_details": {"reasoning_tokens": 20},
    }
    out = openai_usage(usage)
    assert out["completion_tokens"] == 25
    assert out["total_tokens"] == 50


@pytest.mark.parametrize("usage", [{}, {"total_tokens": 3}, {"prompt_tokens": None}])
def test_counts_that_are_missing_are_not_made_up(usage: dict[str, Any]) -> None:
    out = openai_usage(usage)
    assert "completion_tokens" not in out
    assert "completion_tokens_details" not in out
