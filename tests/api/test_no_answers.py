"""What comes with status 200 and is no answer is never given as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO
from pydantic import BaseModel

from gemini_openai import (
    APIError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    IncompleteStreamError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
)
from gemini_openai.emulator import Reply, Sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator

GONE = {"code": 429, "message": "Resource has been exhausted", "status": "RESOURCE_EXHAUSTED"}
PAGE = "<!doctype html><html><head><title>Sign in</title></head></html>"

CALLS: dict[str, Callable[[Any], Any]] = {
    "chat": lambda c: c.chat.completions.create(**HELLO),
    "parse": lambda c: c.chat.completions.parse(**HELLO, response_format=dict[str, int]),
    "embeddings": lambda c: c.embeddings.create(model="gemini-embedding-001", input="a"),
    "images": lambda c: c.images.generate(model="imagen-4.0-generate-001", prompt="A tree"),
    "models": lambda c: c.models.list(),
    "model": lambda c: c.models.retrieve("gemini-2.5-flash"),
    "batches": lambda c: c.batches.list(),
    "batch": lambda c: c.batches.retrieve("batches/b"),
    "video": lambda c: c.videos.retrieve("v"),
    "raw": lambda c: parsed_raw(c),  # noqa: PLW0108  # it is defined below
}


def parsed_raw(client: Any) -> Any:
    answer = client.chat.completions.with_raw_response.create(**HELLO)
    return answer.parse() if not hasattr(answer, "__await__") else awaited(answer)


async def awaited(answer: Any) -> Any:
    return (await answer).parse()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", [{"error": GONE}, [{"error": GONE}]], ids=["object", "list"])
async def test_an_error_is_raised_in_the_class_it_names(
    world: World, emulator: Emulator, call: str, body: Any
) -> None:
    emulator.script(Reply(json=body))
    with pytest.raises(RateLimitError, match="answered 200.*Resource has been exhausted") as e:
        await world.ask(CALLS[call], max_retries=2)
    assert (e.value.status_code, e.value.code, e.value.type) == (429, "429", "RESOURCE_EXHAUSTED")
    assert e.value.response.status_code == 200
    assert len(emulator.requests) == 1  # it is not tried again


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        ({"code": 502, "message": "busy"}, InternalServerError, 502),
        ({"code": 13, "message": "busy"}, APIStatusError, 200),
        ("busy", APIStatusError, 200),
        ({"message": "busy", "code": "server_busy"}, APIStatusError, 200),
        ({"code": 400, "message": "API key not valid, busy"}, AuthenticationError, 400),
    ],
    ids=str,
)
async def test_an_error_without_a_status_keeps_that_of_the_response(
    world: World, emulator: Emulator, error: object, kind: type[APIStatusError], status: int
) -> None:
    emulator.script(Reply(json={"id": "g", "choices": None, "error": error}))
    with pytest.raises(APIStatusError, match="busy") as e:
        await world.ask(CALLS["chat"])
    assert (type(e.value), e.value.status_code) == (kind, status)


@pytest.mark.parametrize("body", [b"", b"{}"])
@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.files.retrieve("files/f"),
        lambda c: c.batches.retrieve("batches/b"),
        lambda c: c.batches.create(
            input_file_id="files/f", endpoint="/v1/chat/completions", completion_window="24h"
        ),
    ],
    ids=["file", "batch", "new batch"],
)
async def test_nothing_is_no_file_and_no_batch(
    world: World, emulator: Emulator, call: Any, body: bytes
) -> None:
    emulator.script(Reply(body=body, headers={"content-type": "application/json"}))
    with pytest.raises(APIResponseValidationError, match="{}|it is empty"):
        await world.ask(call)


@pytest.mark.parametrize("call", CALLS)
async def test_json_of_another_kind_is_shown(world: World, emulator: Emulator, call: str) -> None:
    emulator.script(Reply(json={"detail": "Not authenticated"}))
    with pytest.raises(APIResponseValidationError, match="Not authenticated") as e:
        await world.ask(CALLS[call])
    assert e.value.body == {"detail": "Not authenticated"}


@pytest.mark.parametrize("call", CALLS)
async def test_a_web_page_is_told_by_its_title(world: World, emulator: Emulator, call: str) -> None:
    page = Reply(body=PAGE.encode(), headers={"content-type": "text/html; charset=utf-8"})
    emulator.script(page)
    with pytest.raises(APIResponseValidationError, match=r"is text/html.*'Sign in'.*base_url") as e:
        await world.ask(CALLS[call])
    assert e.value.body == PAGE


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"upstream timed out", "text/plain", "is text/plain.*upstream timed out"),
        (b"", "text/plain", "it is empty"),
        (b"", "application/json", "it is empty"),
        (b"null", "application/json", "not the object it should be: null"),
        (b"[]", "application/json", r"not the object it should be: \[\]"),
        (b'"ok"', "application/json", 'not the object it should be: "ok"'),
        (b"5", "application/json", "not the object it should be: 5"),
    ],
)
async def test_what_is_no_object_is_no_model(
    world: World, emulator: Emulator, body: bytes, kind: str, words: str
) -> None:
    reply = Reply(body=body, headers={"content-type": kind})
    emulator.script(reply, reply)
    with pytest.raises(APIResponseValidationError, match=words):
        await world.ask(CALLS["chat"])
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    with pytest.raises((APIResponseValidationError, IncompleteStreamError)):
        await world.collect(stream)


async def test_who_asks_for_no_model_gets_what_came(world: World, emulator: Emulator) -> None:
    for cast_to in (object, dict):
        emulator.script(Reply(json={"error": GONE}), Reply(text=PAGE))
        client = world.client()
        ask = lambda: client.post("/chat/completions", cast_to=cast_to, body=HELLO)  # noqa: B023, E731
        assert await world.result(ask()) == {"error": GONE}
        assert await world.result(ask()) == PAGE


class Candidates(BaseModel):
    candidates: list[dict[str, str]]


async def test_googles_own_routes_answer_in_their_own_form(
    world: World, emulator: Emulator
) -> None:
    answer = {"candidates": [{"finishReason": "STOP"}]}
    for cast_to in (Candidates, dict[str, object]):
        emulator.script(Reply(json=answer))
        url = f"{emulator.origin}/v1beta/models/m:generateContent"
        got = await world.result(world.client().post(url, cast_to=cast_to, body={"contents": []}))
        assert (got.model_dump() if isinstance(got, Candidates) else got) == answer
    assert emulator.requests[-1].json == {"contents": []}


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_a_stream_that_is_none_says_what_it_is(
    world: World, emulator: Emulator, kind: str
) -> None:
    emulator.script(Reply(body=PAGE.encode() + b"\n\n", headers={"content-type": kind}))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    with pytest.raises(APIResponseValidationError, match=f"is {kind}.*'Sign in'"):
        await world.collect(stream)


@pytest.mark.parametrize("event", [b'{"detail": "Not authenticated"}', b"null", b'"ok"'])
async def test_an_event_of_another_kind_is_no_chunk(
    world: World, emulator: Emulator, event: bytes
) -> None:
    emulator.script(Sse(b"data: " + event + b"\n\ndata: [DONE]\n\n"))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    told = "Not authenticated|not an object|no chunk"
    with pytest.raises(APIResponseValidationError, match=told):
        await world.collect(stream)


async def test_a_byte_order_mark_before_json_is_passed_over(
    world: World, emulator: Emulator
) -> None:
    def marked(body: object, status: int = 200) -> Reply:
        content = b"\xef\xbb\xbf" + json.dumps(body).encode()
        return Reply(status, body=content, headers={"content-type": "application/json"})

    answer = {"id": "x", "choices": [{"index": 0, "message": {"content": "Hi"}}]}
    emulator.script(marked(answer), marked(answer), marked({"error": GONE}))
    assert (await world.ask(CALLS["chat"])).choices[0].message.content == "Hi"
    ask = lambda c: c.post("/chat/completions", cast_to=object, body=HELLO)  # noqa: E731
    assert (await world.ask(ask))["id"] == "x"
    with pytest.raises(RateLimitError, match="Resource has been exhausted"):
        await world.ask(CALLS["chat"])
    emulator.script(marked({"error": {"code": 404, "message": "Gone."}}, 404))
    with pytest.raises(NotFoundError, match="Gone"):
        await world.ask(CALLS["chat"])


PLAIN: dict[str, Any] = {
    "id": "x",
    "object": "chat.completion.chunk",
    "choices": [{"index": 0, "delta": {"content": "Hi"}}],
}
ENDED: dict[str, Any] = {
    **PLAIN,
    "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
    "error": {"code": 502, "message": "Provider disconnected"},
}


def events(*values: object) -> Sse:
    return Sse(b"".join(b"data: %b\n\n" % json.dumps(value).encode() for value in values))


async def of_stream(world: World) -> Any:
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    return await world.collect(stream)


async def of_helper(world: World) -> Any:
    manager = world.client().chat.completions.stream(**HELLO)
    if world.is_async:
        async with manager as stream:
            return [event async for event in stream]
    with manager as stream:
        return list(stream)


@pytest.mark.parametrize("read", [of_stream, of_helper])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(json={"error": GONE}),
        Reply(json=[{"error": GONE}]),
        events({"error": GONE}),
        events([{"error": GONE}]),
        events({"choices": [], "error": GONE}),
    ],
    ids=["a body", "a list", "an event", "an event with a list", "an event beside choices"],
)
async def test_an_error_in_place_of_a_stream_is_that_of_a_whole_answer(
    world: World, emulator: Emulator, reply: Any, read: Any
) -> None:
    emulator.script(reply)
    with pytest.raises(RateLimitError, match="answered 200.*Resource has been exhausted") as e:
        await read(world)
    assert (e.value.status_code, e.value.code, e.value.response.status_code) == (429, "429", 200)


@pytest.mark.parametrize("read", [of_stream, of_helper])
async def test_an_error_beside_choices_ends_a_stream(
    world: World, emulator: Emulator, read: Any
) -> None:
    emulator.script(events(PLAIN, ENDED))
    with pytest.raises(InternalServerError, match="^Provider disconnected$") as e:
        await read(world)
    assert e.value.status_code == 502


@pytest.mark.parametrize("before", [b"", b"data: %b\n\n" % json.dumps(PLAIN).encode()])
@pytest.mark.parametrize("data", [b'{"message": "boom"}', b"boom"])
async def test_an_event_that_is_named_error_is_raised_with_its_words(
    world: World, emulator: Emulator, before: bytes, data: bytes
) -> None:
    emulator.script(Sse(before + b"event: error\ndata: " + data + b"\n\n"))
    with pytest.raises(APIError, match="boom"):
        await of_stream(world)


@pytest.mark.parametrize("first", [{"type": "ping"}, {}, {"gateway": {"region": "eu"}}])
async def test_what_a_gateway_sends_first_is_no_end(
    world: World, emulator: Emulator, first: dict[str, Any]
) -> None:
    end = {**PLAIN, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    emulator.script(events(first, PLAIN, end))
    chunks = await of_stream(world)
    assert [c.choices[0].delta.content for c in chunks if c.choices] == ["Hi", None]


async def test_what_came_before_a_cut_is_repaired_like_all_chunks(
    world: World, emulator: Emulator
) -> None:
    raw = {"choices": [{"delta": {"content": "Hi"}}], "usage": {"total_tokens": 3}}
    emulator.script(Sse([raw, raw], done=False))
    options = {"include_usage": True}
    stream = await world.ask(
        lambda c: c.chat.completions.create(**HELLO, stream=True, stream_options=options)
    )
    got: list[Any] = [await world.first(stream), await world.first(stream)]
    with pytest.raises(IncompleteStreamError) as e:
        await world.collect(stream)
    assert e.value.chunks == got
    assert e.value.content == "HiHi"
    assert not any(c.usage.total_tokens for c in got)


async def test_a_stream_of_comments_that_is_cut_off_is_incomplete(
    world: World, emulator: Emulator
) -> None:
    headers = {"content-type": "text/event-stream"}
    emulator.script(Reply(body=b": waiting\n\n: waiting\n\n", headers=headers))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    with pytest.raises(IncompleteStreamError):
        await world.collect(stream)
