"""Why an answer ended, in OpenAI's words."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.chat.answers import openai_finish_reason


@pytest.mark.parametrize(
    ("google", "openai"),
    [
        ("content_filter: PROHIBITED_CONTENT", "content_filter"),
        ("content_filter: RECITATION", "content_filter"),
        ("content_filter:SAFETY", "content_filter"),
        ("function_call_filter: MALFORMED_FUNCTION_CALL", "content_filter"),
        ("some_new_filter: X", "content_filter"),
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "content_filter"),
    ],
)
def test_a_reason_with_a_suffix_is_the_one_before_it(google: str, openai: str) -> None:
    assert openai_finish_reason(google) == openai


@pytest.mark.parametrize(
    "reason", ["stop", "length", "tool_calls", "content_filter", "function_call", "something_new"]
)
def test_openais_words_and_unknown_ones_stay(reason: str) -> None:
    assert openai_finish_reason(reason) == reason
