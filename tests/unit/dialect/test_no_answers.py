"""An error, or JSON of another kind, that comes with status 200 is told from an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chunk_streams import adapt, added_up, chunk, context

from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.notes import NoAnswerError
from gemini_openai.dialect.refusals.no_answers import error_in, refuse_no_answer
from gemini_openai.dialect.settings import make_settings
from gemini_openai.dialect.translation.base import AS_IS
from gemini_openai.dialect.translation.translator import Translator

ERROR = {"code": 429, "message": "quota", "status": "RESOURCE_EXHAUSTED"}
PATHS: dict[str, Any] = {
    "/chat/completions": {"model": "m", "messages": [{"role": "user", "content": "Hello"}]},
    "/embeddings": {"model": "m", "input": "a"},
    "/images/generations": {"model": "m", "prompt": "a"},
    "/models": None,
    "/models/m": None,
    "/batches": None,
    "/batches/b": None,
    "/videos": None,
    "/videos/v": None,
}


def read(path: str, body: Any, answer: object, **settings: Any) -> Any:
    made = Translator(make_settings(**settings)).translate(path, body)
    return made.read(json.dumps(answer).encode(), now=5)


@pytest.mark.parametrize(
    "body",
    [
        {"error": ERROR},
        [{"error": ERROR}],
        {"error": "gone"},
        {"id": "g", "error": ERROR, "user_id": "u"},
        {"choices": None, "error": ERROR},
        {"choices": [], "error": ERROR},
        {"object": "error", "message": "no such model", "code": 404},
    ],
    ids=str,
)
def test_an_error_is_told_from_an_answer(body: object) -> None:
    assert error_in(body, ("choices",)) is body


@pytest.mark.parametrize("error", [None, {}, "", 0])
def test_an_error_that_says_nothing_is_none(error: object) -> None:
    answer = {"id": "x", "error": error, "choices": [{"index": 0}]}
    assert error_in(answer, ("choices",)) is None
    assert error_in({"id": "x", "error": error}, ("choices",)) is None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [{"error": ERROR}, [{"error": ERROR}]], ids=["object", "list"])
def test_every_endpoint_refuses_an_error(path: str, body: object) -> None:
    with pytest.raises(NoAnswerError, match="quota") as e:
        read(path, PATHS[path], body)
    assert e.value.error == body


@pytest.mark.parametrize("path", PATHS)
def test_every_endpoint_refuses_what_it_does_not_give(path: str) -> None:
    with pytest.raises(NoAnswerError, match='{"detail":"Not authenticated"}') as e:
        read(path, PATHS[path], {"detail": "Not authenticated"})
    assert e.value.error is None


MAY_BE_EMPTY = {"/images/generations", "/models", "/batches"}


@pytest.mark.parametrize("path", [*sorted({*PATHS} - MAY_BE_EMPTY), "/files/f"])
def test_nothing_is_no_answer(path: str) -> None:
    with pytest.raises(NoAnswerError, match="{}"):
        read(path, PATHS.get(path), {})


@pytest.mark.parametrize(("method", "path"), [("post", "/batches"), ("post", "/files")])
def test_nothing_was_made_where_nothing_is_said(method: str, path: str) -> None:
    made = Translator().translate(path, {"a": 1}, method=method)
    with pytest.raises(NoAnswerError, match="{}"):
        made.read(b"{}", now=5)


@pytest.mark.parametrize("path", ["/models", "/batches", "/files"])
def test_a_list_of_nothing_is_one(path: str) -> None:
    assert read(path, None, {}) is not None


def test_only_what_was_deleted_may_answer_with_no_body() -> None:
    def made(method: str, path: str) -> Any:
        return Translator().translate(path, None, method=method)

    assert made("delete", "/files/f").read(b"", now=5)["deleted"] is True
    assert made("delete", "/files/f").read(b"{}", now=5)["deleted"] is True
    for path in ("/files", "/files/f"):
        with pytest.raises(ValueError, match="EOF"):
            made("get", path).read(b"", now=5)


def test_what_failed_says_so_in_an_answer() -> None:
    failed = {"id": "v", "status": "failed", "error": {"code": "x", "message": "no cats"}}
    assert read("/videos/v", None, failed) == failed
    operation = {"name": "batches/1", "done": True, "error": {"code": 13, "message": "sorry"}}
    assert read("/batches/1", None, operation)["name"] == "batches/1"


def test_a_path_that_is_not_known_may_answer_anything() -> None:
    made = Translator().translate("/my/own", None)
    made.read(b'{"error": {"message": "mine"}}', now=5)
    assert not made.applied


GOOGLE = "https://generativelanguage.googleapis.com/v1beta"
BASE = f"{GOOGLE}/openai/"
VERTEX = "https://aiplatform.googleapis.com/v1/projects/p/locations/global"


@pytest.mark.parametrize(
    "path",
    [
        f"{GOOGLE}/models/m:generateContent",
        f"{GOOGLE}/models/m:countTokens",
        f"{GOOGLE}/models/m:embedContent",
        f"{GOOGLE}/models",
        f"{GOOGLE}/models/m",
        f"{GOOGLE}/batches/b",
        f"{GOOGLE}/files/f",
        f"{VERTEX}/publishers/google/models/m:generateContent",
        "https://else.example/v1/embeddings",
        "/models/m:generateContent",
        "/foo/models",
        "/foo/models/m",
        "/foo/embeddings",
        "/foo/batches",
        "/foo/videos",
    ],
)
@pytest.mark.parametrize("answer", [{"candidates": []}, {"id": "models/m", "status": "PENDING"}])
def test_a_route_that_is_not_openais_may_answer_anything(path: str, answer: Any) -> None:
    made = Translator().translate(path, {"contents": []}, base_url=BASE)
    assert made.read(json.dumps(answer).encode(), now=5) is AS_IS
    assert (made.body, made.url) == ({"contents": []}, None)


@pytest.mark.parametrize("path", ["models", "/models", f"{BASE}models"])
def test_a_route_of_openais_is_one_however_it_is_named(path: str) -> None:
    made = Translator().translate(path, None, base_url=BASE)
    read = made.read(b'{"data": [{"id": "models/m"}]}', now=5)
    assert read["data"] == [{"id": "m", "created": 0}]


def test_without_the_repair_an_error_passes() -> None:
    off = {"errors-in-answers": False}
    assert read("/models", None, {"error": ERROR}, repairs=off) == {"error": ERROR}
    answer = read("/chat/completions", PATHS["/chat/completions"], {"error": ERROR}, repairs=off)
    assert answer == {"error": ERROR}


def test_a_long_body_is_shown_in_part() -> None:
    with pytest.raises(NoAnswerError) as e:
        refuse_no_answer({"page": "x" * 1000}, ("data",))
    assert 200 < len(str(e.value)) < 300


OTHERS: list[dict[str, Any]] = [
    {"type": "ping"},
    {"object": "list", "data": []},
    {"id": "", "object": "", "choices": [], "prompt_filter_results": []},
]


@pytest.mark.parametrize("other", OTHERS)
def test_an_event_of_another_kind_passes_wherever_it_comes(other: dict[str, Any]) -> None:
    hello = chunk({"content": "Hi"})
    for stream in ([other, hello], [hello, other]):
        out = adapt([*stream, chunk({}, finish_reason="stop")], context())
        assert {**other, "choices": []} in out
        assert added_up(out)[0] == {**added_up([hello])[0], "finish_reason": "stop"}
        assert {value["id"] for value in out if value["choices"]} == {hello["id"]}


def test_an_empty_event_says_nothing() -> None:
    hello = chunk({"content": "Hi"})
    assert adapt([{}, hello, {}], context()) == [hello]


def test_a_stream_of_something_else_is_no_answer() -> None:
    others = ChunkAdapter(context())
    for event in ({"type": "ping"}, {"detail": "Not authenticated"}):
        others.adapt(event)
    with pytest.raises(NoAnswerError, match="no chunk of a chat answer.*ping"):
        others.end()
    off = ChunkAdapter(context(off=["errors-in-answers"]))
    assert off.adapt({"detail": "Not authenticated"})[0]["choices"] == []
    assert off.end() == []


OF_OTHER_KINDS: list[dict[str, Any]] = [
    {"model": "m", "created_at": "2026", "message": {"role": "assistant"}, "done": True},
    {"object": "list", "data": []},
    {"id": "r", "object": "response", "model": "m", "output": [], "usage": {"input_tokens": 1}},
    {"id": "a", "type": "message", "model": "m", "content": [], "usage": {"input_tokens": 1}},
    {"candidates": [], "model": "m"},
]


@pytest.mark.parametrize("body", OF_OTHER_KINDS)
def test_an_answer_of_another_kind_is_no_blocked_completion(body: dict[str, Any]) -> None:
    with pytest.raises(NoAnswerError, match="not one of this endpoint: {"):
        read("/chat/completions", PATHS["/chat/completions"], body)


@pytest.mark.parametrize(
    "body",
    [
        {"id": "x"},
        {"created": 1, "id": "x", "model": "m", "object": "chat.completion", "usage": {}},
        {"created": 1, "model": "m", "systemFingerprint": "f", "choices": None},
        {"object": "chat.completion", "provider": "p"},
    ],
)
def test_an_answer_without_choices_is_a_blocked_one(body: dict[str, Any]) -> None:
    (choice,) = read("/chat/completions", PATHS["/chat/completions"], body)["choices"]
    assert choice["finish_reason"] == "content_filter"
