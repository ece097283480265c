"""How many tokens a request is taken for, before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.bulk.token_estimate import TOKENS_PER_MEDIUM, estimate_tokens


def asking(content: Any) -> dict[str, Any]:
    return {"model": "a-name-that-is-no-prompt", "messages": [{"content": content}]}


def test_four_characters_are_a_token() -> None:
    assert estimate_tokens(asking("x" * 400)) == 100
    assert estimate_tokens(asking([{"text": "x" * 200}, {"text": "x" * 200}])) == 100


@pytest.mark.parametrize(
    "medium",
    [
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "input_audio", "input_audio": {"data": "x" * 10_000, "format": "wav"}},
        {"type": "file", "file": {"file_data": "x" * 10_000}},
        "data:image/png;base64," + "x" * 10_000,
    ],
    ids=["picture", "sound", "file", "data URL"],
)
def test_a_medium_counts_the_same_however_long_it_is(medium: Any) -> None:
    assert estimate_tokens(asking([medium])) == TOKENS_PER_MEDIUM
