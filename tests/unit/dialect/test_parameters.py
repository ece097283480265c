"""What happens to the parameters OpenAI has and Gemini has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from gemini_openai.dialect.notes import UnsupportedParameterError
from gemini_openai.dialect.parameters import (
    PARAMETERS,
    Endpoint,
    adapt_parameters,
)
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, Backend, make_settings
from gemini_openai.types.chat.completion_create_params import CompletionCreateParamsBase

RECORDED = Path(__file__).parents[2] / "recorded/developer_api"
DROP = make_settings(unsupported="drop")
STRICT = make_settings(unsupported="error")
VERTEX = make_settings(backend="vertex")
HELLO: dict[str, Any] = {"model": "gemini-x", "messages": []}


def test_a_refused_parameter_is_left_out_with_a_warning() -> None:
    body = {**HELLO, "store": True, "seed": 7}
    out, notes = adapt_parameters(body, "chat", DEFAULT_SETTINGS)
    assert out == HELLO
    assert body["seed"] == 7
    by_name = {note.message.split(" does not take ")[1].split(";")[0]: note for note in notes}
    assert by_name.keys() == {"store", "seed"}
    assert all(note.warn for note in notes)
    assert by_name["seed"].changes_answer
    assert "The answer may differ" in by_name["seed"].message
    assert not by_name["store"].changes_answer


def test_drop_says_it_in_the_log_only() -> None:
    out, notes = adapt_parameters({**HELLO, "logit_bias": {"1": 2}}, "chat", DROP)
    assert out == HELLO
    assert [(note.warn, note.changes_answer) for note in notes] == [(False, True)]


def test_error_refuses_and_names_all_of_them() -> None:
    with pytest.raises(UnsupportedParameterError, match="seed") as caught:
        adapt_parameters({**HELLO, "seed": 7, "metadata": {"a": "b"}}, "chat", STRICT)
    assert caught.value.param == "metadata, seed"
    assert "Vertex AI takes a seed" in str(caught.value)


def test_a_search_is_asked_for_by_an_empty_object() -> None:
    out, notes = adapt_parameters({**HELLO, "web_search_options": {}}, "chat", DEFAULT_SETTINGS)
    assert out == HELLO
    assert [(note.warn, note.changes_answer) for note in notes] == [(True, True)]
    _, notes = adapt_parameters({**HELLO, "web_search_options": None}, "chat", DEFAULT_SETTINGS)
    assert not notes


@pytest.mark.parametrize("settings", [DEFAULT_SETTINGS, STRICT])
def test_what_asks_for_nothing_is_left_out_without_a_word(settings: Any) -> None:
    body = {**HELLO, "store": False, "seed": None, "frequency_penalty": 0, "metadata": {}}
    assert adapt_parameters(body, "chat", settings) == (HELLO, [])


def test_a_request_without_any_is_given_back_as_it_is() -> None:
    body = {**HELLO, "temperature": 0.2, "stream_options": {"include_usage": True}}
    out, notes = adapt_parameters(body, "chat", DEFAULT_SETTINGS)
    assert out is body
    assert not notes


def test_a_name_inside_another_is_left_out_alone() -> None:
    body = {**HELLO, "stream_options": {"include_usage": True, "include_obfuscation": True}}
    out, notes = adapt_parameters(body, "chat", DEFAULT_SETTINGS)
    assert out["stream_options"] == {"include_usage": True}
    assert body["stream_options"]["include_obfuscation"]
    assert "stream_options.include_obfuscation" in notes[0].message


@pytest.mark.parametrize(
    ("tier", "sent", "said"),
    [
        ("flex", True, False),
        ("standard", True, False),
        ("auto", False, False),
        ("fast", False, True),
    ],
)
def test_a_service_tier_goes_through_if_gemini_has_it(tier: str, sent: bool, said: bool) -> None:
    out, notes = adapt_parameters({**HELLO, "service_tier": tier}, "chat", DEFAULT_SETTINGS)
    assert ("service_tier" in out, bool(notes)) == (sent, said)


def test_vertex_is_sent_what_it_ignores_and_the_caller_told_if_the_answer_depends_on_it() -> None:
    body = {**HELLO, "seed": 7, "frequency_penalty": 1, "store": True, "logprobs": True}
    out, notes = adapt_parameters(body, "chat", VERTEX)
    assert out is body
    assert [note.changes_answer for note in notes] == [True]
    assert "logprobs" in notes[0].message
    strict = VERTEX._replace(unsupported="error")
    with pytest.raises(UnsupportedParameterError, match=r"^Vertex AI does not take logprobs"):
        adapt_parameters(body, "chat", strict)
    assert adapt_parameters({**HELLO, "store": True}, "chat", strict)[1] == []


def test_embeddings_and_images_have_tables_of_their_own() -> None:
    assert adapt_parameters({"input": "a", "user": "u"}, "embeddings", DEFAULT_SETTINGS)[0] == {
        "input": "a"
    }
    body = {"prompt": "a cat", "quality": "high", "user": "u"}
    out, notes = adapt_parameters(body, "images", DEFAULT_SETTINGS)
    assert out is body
    assert len(notes) == 1
    assert "quality" in notes[0].message


def test_the_tables_are_for_backends_and_endpoints_there_are() -> None:
    assert {backend for backend, _ in PARAMETERS} == set(get_args(Backend))
    assert {endpoint for _, endpoint in PARAMETERS} == set(get_args(Endpoint))


def test_every_parameter_of_chat_is_either_served_or_in_the_table() -> None:
    """Against Google's schema of the route (its discovery document) and its later additions."""
    served = {
        *("model", "messages", "stream_options", "n", "stop", "user", "temperature", "top_p"),
        *("max_tokens", "max_completion_tokens", "presence_penalty", "response_format"),
        *("tools", "tool_choice", "parallel_tool_calls", "modalities", "audio"),
        *("reasoning_effort", "service_tier"),
    }
    table = PARAMETERS["developer", "chat"].keys()
    assert CompletionCreateParamsBase.__annotations__.keys() - served <= table
