"""Token counts that add up, from recorded ones that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.chat.answers.usage import NO_TOKENS, better_usage, openai_usage

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
    assert out is not None
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
    out = openai_usage(usage)
    assert out is not None
    assert out["prompt_tokens_details"] == {"cached_tokens": 5}


def test_what_openai_would_send_is_left_alone() -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 21,
        "total_tokens": 30,
        "completion_tokens_details": {"reasoning_tokens": 20},
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    assert openai_usage(usage) is usage


def test_what_the_total_has_beyond_named_thinking_is_input() -> None:
    """As the results of a search that Google made and fed back."""
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 50,
        "completion_tokens_details": {"reasoning_tokens": 20},
    }
    assert counts(usage) == (25, 25, 50, 20)


def counts(usage: dict[str, Any]) -> tuple[int, int, int, int]:
    """Prompt, completion, total and thinking; the parts add up."""
    out = openai_usage(usage)
    assert out is not None
    assert out["prompt_tokens"] + out["completion_tokens"] == out["total_tokens"]
    assert openai_usage(out) is out
    reasoning = out["completion_tokens_details"]["reasoning_tokens"]
    return out["prompt_tokens"], out["completion_tokens"], out["total_tokens"], reasoning


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": 71, "total_tokens": 571}, (71, 500, 571, 500)),
        ({"prompt_tokens": 71, "total_tokens": 71}, (71, 0, 71, 0)),
        (
            {"prompt_tokens": 71, "completion_tokens": None, "total_tokens": 571},
            (71, 500, 571, 500),
        ),
        ({"prompt_tokens": 10, "completion_tokens": 20}, (10, 20, 30, 0)),
        ({"completion_tokens": 20, "total_tokens": 30}, (10, 20, 30, 0)),
        ({"total_tokens": 30}, (30, 0, 30, 0)),
        ({"completion_tokens": 20}, (0, 20, 20, 0)),
        ({"prompt_tokens": "7", "completion_tokens": 2.0, "total_tokens": 9}, (7, 2, 9, 0)),
        ({"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 3}, (7, 2, 9, 0)),
        ({"prompt_tokens": True, "completion_tokens": -1, "total_tokens": 3}, (3, 0, 3, 0)),
        (
            {
                "prompt_tokens": 7,
                "completion_tokens": 2,
                "completion_tokens_details": {"reasoning_tokens": 5},
            },
            (7, 7, 14, 5),
        ),
    ],
    ids=str,
)
def test_a_count_that_is_missing_follows_from_the_others(
    usage: dict[str, Any], counted: tuple[int, ...]
) -> None:
    assert counts(usage) == counted


@pytest.mark.parametrize("details", [None, {}, {"cached_tokens": None}])
def test_details_are_numbers(details: object) -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 1,
        "total_tokens": 10,
        "completion_tokens_details": None,
        "prompt_tokens_details": details,
    }
    out = openai_usage(usage)
    assert out is not None
    assert out["prompt_tokens_details"] == {"cached_tokens": 0}
    assert out["completion_tokens_details"] == {"reasoning_tokens": 0}


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": None}, {"total_tokens": "?"}])
def test_a_usage_that_counts_nothing_is_none(usage: dict[str, Any]) -> None:
    assert openai_usage(usage) is None


GOOD = {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 9}


@pytest.mark.parametrize(
    ("later", "best"),
    [
        ({}, GOOD),
        ({"total_tokens": None}, GOOD),
        (NO_TOKENS, GOOD),
        ({"total_tokens": 12}, {**GOOD, "total_tokens": 12}),
        (
            {"prompt_tokens": 3, "completion_tokens": None, "total_tokens": 8},
            {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 8},
        ),
    ],
    ids=str,
)
def test_an_empty_or_partial_count_does_not_replace_a_good_one(
    later: dict[str, Any], best: dict[str, Any]
) -> None:
    assert better_usage(GOOD, later) == best


def test_the_first_count_is_the_best_until_another_comes() -> None:
    assert better_usage(None, {}) == {}
    assert better_usage({}, GOOD) == GOOD
