"""Why an answer ended, in OpenAI's words."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.chat.answers.finish_reasons import finish_meaning, openai_finish_reason

LENGTH = ["MAX_TOKENS", "CONTINUATION"]
WITHHELD = [
    "BLOCKLIST",
    "ESCALATION",
    "FINISH_REASON_UNSPECIFIED",
    "IMAGE_OTHER",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "IMAGE_SAFETY",
    "LANGUAGE",
    "MALFORMED_FUNCTION_CALL",
    "MALFORMED_RESPONSE",
    "MISSING_THOUGHT_SIGNATURE",
    "MODEL_ARMOR",
    "NO_IMAGE",
    "OTHER",
    "PROHIBITED_CONTENT",
    "PUP_LIMITED_DISABLED",
    "RECITATION",
    "SAFETY",
    "SPII",
    "TOO_MANY_TOOL_CALLS",
    "UNEXPECTED_TOOL_CALL",
]
NO_BLOCK = [
    "MALFORMED_FUNCTION_CALL",
    "MALFORMED_RESPONSE",
    "MISSING_THOUGHT_SIGNATURE",
    "TOO_MANY_TOOL_CALLS",
    "UNEXPECTED_TOOL_CALL",
]


def camel(word: str) -> str:
    first, *others = word.lower().split("_")
    return first + "".join(map(str.capitalize, others))


@pytest.mark.parametrize(
    ("google", "openai"),
    [
        ("content_filter: PROHIBITED_CONTENT", "content_filter"),
        ("content_filter: RECITATION", "content_filter"),
        ("content_filter:SAFETY", "content_filter"),
        ("CONTENT_FILTER: OTHER", "content_filter"),
        ("function_call_filter: MALFORMED_FUNCTION_CALL", "content_filter"),
        ("functionCallFilter: malformedFunctionCall", "content_filter"),
        ("some_new_filter: X", "content_filter"),
        ("length: MAX_TOKENS", "length"),
        ("toolCalls", "tool_calls"),
        (" stop ", "stop"),
    ],
)
def test_a_reason_with_a_suffix_is_the_one_before_it(google: str, openai: str) -> None:
    assert openai_finish_reason(google) == openai


@pytest.mark.parametrize(
    ("google", "openai"),
    [
        ("STOP", "stop"),
        *((word, "length") for word in LENGTH),
        *((word, "content_filter") for word in WITHHELD),
    ],
)
def test_each_of_googles_own_words_is_one_of_openais(google: str, openai: str) -> None:
    spellings = {google, google.lower(), camel(google), f"FINISH_REASON_{google}"}
    assert {openai_finish_reason(word) for word in spellings} == {openai}


@pytest.mark.parametrize(
    ("word", "openai"),
    [
        *(
            (word, "stop")
            for word in ("eos", "eos_token", "end_turn", "stop_sequence", "stop_token")
        ),
        *((word, "stop") for word in ("COMPLETE", "completed", "done", "finished")),
        *((word, "length") for word in ("max_length", "model_length", "max_new_tokens")),
        ("model_context_window_exceeded", "length"),
        *((word, "tool_calls") for word in ("tool_use", "TOOL_CALL")),
        *((word, "content_filter") for word in ("error", "ERROR_TOXIC", "refusal")),
    ],
)
def test_words_of_other_servers_are_read(word: str, openai: str) -> None:
    assert openai_finish_reason(word) == openai
    assert bool(finish_meaning(word)) is (openai == "content_filter")


@pytest.mark.parametrize(
    "reason", ["stop", "length", "tool_calls", "content_filter", "function_call"]
)
def test_openais_words_stay(reason: str) -> None:
    assert openai_finish_reason(reason) == reason


@pytest.mark.parametrize("reason", ["something_new", "error", "content_filter_v2: X", ": X"])
def test_a_word_that_is_not_known_says_that_the_answer_may_not_be_whole(reason: str) -> None:
    assert openai_finish_reason(reason) == "content_filter"


@pytest.mark.parametrize("reason", ["", " ", ":"])
def test_an_empty_reason_is_none(reason: str) -> None:
    assert openai_finish_reason(reason) is None


@pytest.mark.parametrize("word", NO_BLOCK)
def test_what_is_no_safety_block_is_not_told_as_one(word: str) -> None:
    for reason in (word, f"function_call_filter: {word}"):
        assert "no safety block" in str(finish_meaning(reason))


def test_a_word_that_is_not_known_has_no_meaning() -> None:
    assert finish_meaning("content_filter: SOMETHING_NEW") is None
    assert "safety block" not in str(finish_meaning("SAFETY"))
