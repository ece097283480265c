"""What a client has the dialect do for a request, and with its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gemini_openai.dialect import camel_case
from gemini_openai.dialect.refusals.errors import ErrorReport
from gemini_openai.dialect.settings import make_settings
from gemini_openai.dialect.translation.base import AS_IS
from gemini_openai.dialect.translation.translator import Translator

if TYPE_CHECKING:
    import pytest

ANSWER = {
    "id": "x",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}
    ],
}
CHAT = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "go"}]}


def read(path: str, body: Any, answer: object) -> Any:
    return Translator().translate(path, body).read(json.dumps(answer).encode(), now=5)


def test_a_completion_is_read_whose_request_was_sent_as_bytes() -> None:
    assert read("/chat/completions", None, {**ANSWER, "choices": None})["choices"]
    assert Translator().translate("/chat/completions", None).remark(400, ErrorReport("?")) is None


def test_vectors_whose_texts_are_not_known_are_taken_as_they_are() -> None:
    vectors = {"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]}
    assert read("/embeddings", None, vectors) is AS_IS
    assert len(read("/embeddings", {"input": ["a", "b"]}, vectors)["data"]) == 2


def test_what_was_repaired_in_an_answer_is_known_once_it_is_read() -> None:
    made = Translator().translate("/chat/completions", CHAT)
    assert not made.applied
    made.read(b'{"id": "x"}', now=5)
    assert made.applied == {"choices", "missing-fields"}


def test_a_request_is_not_adapted_again_for_hints_that_are_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adapted: list[object] = []
    monkeypatch.setattr(
        "gemini_openai.dialect.translation.chat.message_origins",
        lambda *asked: adapted.append(asked) or {},
    )
    for on in (True, False):
        translator = Translator(make_settings(repairs={"hints": on}))
        translator.translate("/chat/completions", CHAT).remark(400, ErrorReport("?"))
        assert len(adapted) == 1


def test_an_answer_without_camel_case_is_not_searched_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[object] = []
    monkeypatch.setattr(
        "gemini_openai.dialect.chat.answers.completions.snake_case", searched.append
    )
    assert read("/chat/completions", CHAT, ANSWER) == ANSWER
    assert not searched
    assert camel_case.may_have_camel_case(b'{"finishReason": "stop"}')
