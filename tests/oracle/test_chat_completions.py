"""The same call through `openai` and through us: on the wire, and in the result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
import pytest
from oracle.differences import CHUNK_DIFFERENCES, STREAM_DIFFERENCES

import gemini_openai
from gemini_openai.emulator import Drop, Reply, Sse, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gemini_openai.emulator import Emulator

RECORDED = Path(__file__).parents[1] / "recorded" / "developer_api"
HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


@pytest.fixture
def clients(emulator: Emulator) -> Iterator[tuple[Any, Any]]:
    options: Any = {"api_key": "any-key", "base_url": emulator.base_url, "max_retries": 1}
    # Without the repairs of the dialect, which have tests of their own, we are to be the same.
    with (
        gemini_openai.OpenAI(**options, repairs=False) as ours,
        openai.OpenAI(**options) as theirs,
    ):
        yield ours, theirs


def both(clients: tuple[Any, Any], act: Callable[[Any], Any]) -> tuple[Any, Any]:
    ours, theirs = (act(client) for client in clients)
    return ours, theirs


def on_the_wire(emulator: Emulator) -> tuple[Any, Any]:
    ours, theirs = [
        (request.method, request.path, request.query, request.json)
        for request in emulator.requests[-2:]
    ]
    return ours, theirs


PARAMETERS: list[dict[str, Any]] = [
    {},
    {"temperature": 0.5, "top_p": None, "stop": ["a"], "max_tokens": 5, "n": 2},
    {"tools": [WEATHER], "tool_choice": "auto", "parallel_tool_calls": True},
    {"response_format": {"type": "json_object"}},
    {"reasoning_effort": "low", "user": "me"},
    {"extra_body": {"temperature": 1, "extra_body": {"google": {"cached_content": None}}}},
    {"extra_query": {"a": 1, "b": [True, None, "x"], "c": {"d": 1.5}}},
    {"messages": ({"role": "user", "content": text} for text in "ab")},
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("number", range(len(PARAMETERS)))
def test_the_request_is_the_same(
    clients: tuple[Any, Any], emulator: Emulator, number: int, stream: bool
) -> None:
    given = PARAMETERS[number]
    if "messages" in given:
        given = {"messages": [{"role": "user", "content": text} for text in "ab"]}

    def act(client: Any) -> None:
        emulator.script(Reply(400))
        with pytest.raises((openai.BadRequestError, gemini_openai.BadRequestError)):
            client.chat.completions.create(**{**HELLO, **given}, stream=stream)

    both(clients, act)
    ours, theirs = on_the_wire(emulator)
    assert ours == theirs


def whole_bodies() -> list[Any]:
    found = []
    for path in sorted(RECORDED.glob("chat_nonstream*.json*")):
        if "headers" in path.name:
            continue
        lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
        found += [pytest.param(line, id=f"{path.name}-{n}") for n, line in enumerate(lines)]
    return found


@pytest.mark.parametrize("body", whole_bodies())
def test_a_recorded_answer_is_dumped_the_same(
    clients: tuple[Any, Any], emulator: Emulator, body: str
) -> None:
    emulator.script(Reply(body=body.encode()), Reply(body=body.encode()))
    ours, theirs = both(clients, lambda c: c.chat.completions.create(**HELLO))
    assert ours.model_dump() == theirs.model_dump()
    assert list(ours.model_dump()) == list(theirs.model_dump())
    assert ours.to_dict() == theirs.to_dict()
    assert ours.model_dump_json() == theirs.model_dump_json()
    assert ours.to_json() == theirs.to_json()
    assert repr(ours) == repr(theirs)


def without_differences(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: without_differences(item)
            for key, item in value.items()
            if not (key in CHUNK_DIFFERENCES and item in (None, "", 0))
        }
    return [without_differences(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.sse")), ids=lambda path: path.name)
def test_a_recorded_stream_is_dumped_the_same(
    clients: tuple[Any, Any], emulator: Emulator, path: Path
) -> None:
    emulator.script(Sse(path.read_bytes()), Sse(path.read_bytes()))
    ours, theirs = both(clients, lambda c: [*c.chat.completions.create(**HELLO, stream=True)])
    assert len(ours) == len(theirs)
    for mine, oracle in zip(ours, theirs, strict=True):
        assert without_differences(mine.model_dump()) == without_differences(oracle.model_dump())
        assert mine.to_dict() == oracle.to_dict()


def test_a_stream_of_openais_own_is_the_same_with_our_repairs(emulator: Emulator) -> None:
    """Of what openai sends only the usage of a stream with `include_usage` comes otherwise."""
    envelope = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    deltas: list[Any] = [{"role": "assistant", "content": ""}, {"content": "Hi"}, {}]
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices[-1]["finish_reason"] = "stop"
    usage = {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6}
    usage |= {"completion_tokens_details": {"reasoning_tokens": 1}}
    usage |= {"prompt_tokens_details": {"cached_tokens": 0}}
    chunks = [{**envelope, "choices": [choice], "usage": None} for choice in choices]
    stream = Sse([*chunks, {**envelope, "choices": [], "usage": usage}])
    emulator.script(stream, stream)
    found = []
    for package in (gemini_openai, openai):
        with package.OpenAI(api_key="k", base_url=emulator.base_url) as client:
            asked = {"stream": True, "stream_options": {"include_usage": True}}
            found.append(
                [chunk.to_dict() for chunk in client.chat.completions.create(**HELLO, **asked)]
            )
    ours, theirs = found
    assert ours[-1] == theirs[-1]
    for mine, oracle in zip(ours[:-1], theirs[:-1], strict=True):
        assert {key for key in oracle if mine[key] != oracle[key]} == STREAM_DIFFERENCES.keys()
        assert (mine["usage"]["total_tokens"], oracle["usage"]) == (0, None)


ODD: list[Any] = [
    {"choices": None, "usage": None},
    {"choices": [{"index": "0", "message": {"content": 1}}]},
    {"id": 3, "created": "now", "choices": [{"finish_reason": "odd", "index": 0, "message": {}}]},
    {"choices": [{"index": 0, "message": {"tool_calls": None}, "finish_reason": None}]},
    {},
]


@pytest.mark.parametrize("body", ODD, ids=json.dumps)
def test_an_odd_answer_is_read_by_neither_with_an_error(
    clients: tuple[Any, Any], emulator: Emulator, body: Any
) -> None:
    emulator.script(Reply(json=body), Reply(json=body))
    ours, theirs = both(clients, lambda c: c.chat.completions.create(**HELLO))
    assert ours.to_dict(warnings=False).keys() == theirs.to_dict(warnings=False).keys()


ERRORS: list[Any] = [
    pytest.param(
        Reply(status, json={"error": {"message": "No.", "type": "t", "param": "p"}}), id=f"{status}"
    )
    for status in (400, 401, 403, 404, 409, 418, 422, 429, 500, 503)
]


@pytest.mark.parametrize("refusal", ERRORS)
def test_a_refusal_as_openai_words_it_is_the_same_error(
    clients: tuple[Any, Any], emulator: Emulator, refusal: Reply
) -> None:
    def act(client: Any) -> Any:
        emulator.script(refusal)
        with pytest.raises((openai.APIStatusError, gemini_openai.APIStatusError)) as caught:
            client.with_options(max_retries=0).chat.completions.create(**HELLO)
        return caught.value

    ours, theirs = both(clients, act)
    assert type(ours).__name__ == type(theirs).__name__
    for attribute in ("message", "code", "type", "param", "body", "status_code", "request_id"):
        assert getattr(ours, attribute) == getattr(theirs, attribute)
    assert str(ours) == str(theirs)


def test_a_list_shaped_refusal_has_its_words_here_and_not_there(
    clients: tuple[Any, Any], emulator: Emulator
) -> None:
    def act(client: Any) -> Any:
        emulator.script(faults.quota_per_day())
        with pytest.raises((openai.APIStatusError, gemini_openai.APIStatusError)) as caught:
            client.with_options(max_retries=0).chat.completions.create(**HELLO)
        return caught.value

    ours, theirs = both(clients, act)
    assert ours.body == theirs.body
    assert "exceeded your current quota" in str(ours)
    assert "exceeded your current quota" not in str(theirs)


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(429, headers={"retry-after-ms": "1"}),
        Reply(503, headers={"retry-after": "0.001"}),
        Reply(400, headers={"x-should-retry": "true", "retry-after-ms": "1"}),
        Reply(503, headers={"x-should-retry": "false"}),
        Reply(401),
    ],
    ids=lambda reply: f"{reply.status} {dict(reply.headers)}",
)
def test_as_many_requests_are_sent(
    clients: tuple[Any, Any], emulator: Emulator, trouble: Reply
) -> None:
    counts = []
    for client in clients:
        emulator.reset()
        emulator.script(trouble, trouble)
        with pytest.raises((openai.APIStatusError, gemini_openai.APIStatusError)):
            client.chat.completions.create(**HELLO)
        counts.append(len(emulator.requests))
    emulator.reset()
    assert counts[0] == counts[1]


def test_a_cut_stream_raises_here_and_ends_silently_there(
    clients: tuple[Any, Any], emulator: Emulator
) -> None:
    cut = Sse(
        (RECORDED / "chat_stream_text_usage_2chunks.sse").read_bytes().split(b"\n\n")[0] + b"\n\n",
        done=False,
    )
    emulator.script(cut, cut)
    ours, theirs = clients
    assert len([*theirs.chat.completions.create(**HELLO, stream=True)]) == 1
    with pytest.raises(gemini_openai.IncompleteStreamError):
        [*ours.chat.completions.create(**HELLO, stream=True)]


def test_a_lost_connection_is_the_same_class(clients: tuple[Any, Any], emulator: Emulator) -> None:
    for client in clients:
        emulator.script(Drop())
        with pytest.raises((openai.APIConnectionError, gemini_openai.APIConnectionError)) as caught:
            client.with_options(max_retries=0).chat.completions.create(**HELLO)
        assert type(caught.value).__name__ == "APIConnectionError"


@pytest.mark.parametrize(
    "arguments",
    [
        {"model": "m"},
        {"messages": []},
        {},
        {**HELLO, "no_such_thing": 1},
        {**HELLO, "metadata": {"a": object()}},
    ],
)
def test_bad_arguments_are_the_same_class_of_error(
    clients: tuple[Any, Any], arguments: dict[str, Any]
) -> None:
    for client in clients:
        with pytest.raises(TypeError):
            client.chat.completions.create(**arguments)
