"""What one model refuses and others take."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.adapt import adapt_chat_request
from gemini_openai.dialect.chat.requests.model_limits import adapt_to_model
from gemini_openai.dialect.notes import InvalidRequestError, UnsupportedParameterError
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

NEON = "gemini-4-neon"
USER = {"role": "user", "content": "Hello"}
BEGUN = [USER, {"role": "assistant", "content": "{"}]
CACHE = {"extra_body": {"google": {"cached_content": "cachedContents/x"}}}


@pytest.mark.parametrize("model", [NEON, "google/gemini-4-argon", "gemini-5-xenon"])
def test_gemini_4_is_not_sent_what_it_refuses(model: str) -> None:
    body = {"messages": [USER], "n": 2, "presence_penalty": 1, "frequency_penalty": 0, "top_p": 1}
    out, notes = adapt_to_model(body, model, DEFAULT_SETTINGS)
    assert out == {"messages": [USER], "top_p": 1}
    assert [note.message.partition(";")[0] for note in notes] == [
        f"{model} does not take presence_penalty",
        f"{model} does not take n",
    ]
    assert all(note.warn for note in notes)


def test_a_program_can_have_an_error_instead() -> None:
    with pytest.raises(UnsupportedParameterError, match="gemini-4-neon does not take n") as caught:
        adapt_to_model({"n": 2}, NEON, make_settings(unsupported="error"))
    assert caught.value.param == "n"


@pytest.mark.parametrize(
    "body",
    [{"messages": [USER], "n": 1}, {"messages": [USER], "max_tokens": 100}, {"messages": "?"}],
)
def test_what_gemini_4_takes_is_given_back_as_it_is(body: dict[str, Any]) -> None:
    out, notes = adapt_to_model(body, NEON, DEFAULT_SETTINGS)
    assert out is body
    assert not notes


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3.8-flash", "meta/llama"])
def test_other_models_get_what_they_take(model: str) -> None:
    body = {"messages": BEGUN, "n": 2, "presence_penalty": 1, "max_tokens": 60_000, **CACHE}
    out, notes = adapt_to_model(body, model, DEFAULT_SETTINGS)
    assert out is body
    assert not notes


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({"messages": [USER], **CACHE}, "cached_content", "it caches prompts by itself"),
        ({"messages": BEGUN}, "messages[1]", "End with a message of the user"),
        ({"messages": [*BEGUN, {"role": "system", "content": "s"}]}, "messages[1]", "End with a"),
    ],
)
def test_what_cannot_be_left_out_is_an_error(body: dict[str, Any], param: str, words: str) -> None:
    body = {"model": NEON, **body}
    with pytest.raises(InvalidRequestError, match=words) as caught:
        adapt_chat_request(body)
    assert (caught.value.param, caught.value.repair) == (param, "model-limits")
    off = make_settings(repairs={"model-limits": False, "system-messages": False})
    assert adapt_chat_request(body, off).body is body


def test_an_answer_that_is_empty_was_not_begun() -> None:
    body = {"model": NEON, "messages": [USER, {"role": "assistant", "content": ""}]}
    assert adapt_chat_request(body).body["messages"] == [USER]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_more_tokens_than_come_without_streaming_are_told(name: str) -> None:
    body = {"messages": [USER], name: 40_000}
    out, (note,) = adapt_to_model(body, NEON, DEFAULT_SETTINGS)
    assert out is body
    assert note.warn
    assert "at most 32768 tokens without streaming" in note.message
    assert adapt_to_model({**body, "stream": True}, NEON, DEFAULT_SETTINGS)[1] == []
