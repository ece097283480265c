"""`with_raw_response`, `with_streaming_response`: the response beside its answer, or before it."""

from __future__ import annotations

import gc
import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pydantic
import pytest

from gemini_openai import (
    APIConnectionError,
    APITimeoutError,
    AsyncStream,
    AuthenticationError,
    BaseModel,
    OpenAI,
    Stream,
    omit,
)
from gemini_openai._call.request import FinalRequestOptions, make_request_options
from gemini_openai._exceptions import NotSupportedError
from gemini_openai._legacy_response import LegacyAPIResponse
from gemini_openai._response import (
    APIResponse,
    AsyncAPIResponse,
    StreamAlreadyConsumed,
)
from gemini_openai.emulator import Reply, Sse, faults
from gemini_openai.pagination import AsyncCursorPage, SyncCursorPage
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
RAW = {"X-Stainless-Raw-Response": "true"}
STREAM = {"X-Stainless-Raw-Response": "stream"}
ANSWER = {
    "id": "one",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    ],
    "created": 1,
    "model": "m",
    "object": "chat.completion",
}
CHUNKS = [
    {
        "id": "one",
        "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}],
        "created": 1,
        "model": "m",
        "object": "chat.completion.chunk",
    }
]


class Short(BaseModel):
    id: str


class Plain(pydantic.BaseModel):
    id: str


class Entered:
    """A `with_streaming_response` context manager of either world, for `async with`."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    async def __aenter__(self) -> Any:
        if hasattr(self._manager, "__aenter__"):
            return await self._manager.__aenter__()
        return self._manager.__enter__()

    async def __aexit__(self, *exc_info: object) -> None:
        if hasattr(self._manager, "__aexit__"):
            await self._manager.__aexit__(*exc_info)
        else:
            self._manager.__exit__(*exc_info)


async def raw(world: World, **params: Any) -> Any:
    return await world.ask(lambda c: c.chat.completions.with_raw_response.create(**HELLO, **params))


def streaming(world: World, **params: Any) -> Entered:
    client = world.client()
    return Entered(client.chat.completions.with_streaming_response.create(**HELLO, **params))


async def first(iterator: Any) -> Any:
    return await anext(iterator) if hasattr(iterator, "__anext__") else next(iterator)


async def test_a_raw_response_has_the_http_side_and_the_answer(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(json=ANSWER, headers={"x-request-id": "request-7"}))
    response = await raw(world)
    assert type(response) is LegacyAPIResponse
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.method == response.http_request.method == "POST"
    assert str(response.url).endswith("/chat/completions")
    assert response.http_version == "HTTP/1.1"
    assert response.content == response.text.encode() == response.http_response.content
    assert response.is_closed
    assert response.elapsed.total_seconds() > 0
    assert response.retries_taken == 0
    assert response.request_id == "request-7"
    assert isinstance(response.http_response, world.family.Response)
    assert repr(response) == "<LegacyAPIResponse [200 OK] type=ChatCompletion>"
    answer = response.parse()
    assert type(answer) is ChatCompletion
    assert answer.id == "one"
    assert answer._request_id == "request-7"


@pytest.mark.parametrize("name", ["X-Stainless-Raw-Response", "x-stainless-raw-response"])
async def test_the_header_set_by_hand_asks_for_the_raw_response(
    world: World, emulator: Emulator, name: str
) -> None:
    response = await world.ask(
        lambda c: c.chat.completions.create(**HELLO, extra_headers={name: "true"})
    )
    assert type(response) is LegacyAPIResponse
    assert type(response.parse()) is ChatCompletion


async def test_the_header_in_the_options_of_a_verb_asks_for_the_raw_response(
    world: World,
) -> None:
    # litellm's path: BaseLLM's `client.post(path, cast_to=, body=, options=)`.
    response = await world.ask(
        lambda c: c.post(
            "/chat/completions", cast_to=ChatCompletion, body=HELLO, options={"headers": RAW}
        )
    )
    assert type(response) is LegacyAPIResponse
    assert type(response.parse()) is ChatCompletion


async def test_the_header_in_the_clients_defaults_asks_for_the_raw_response(world: World) -> None:
    response = await world.ask(lambda c: c.chat.completions.create(**HELLO), default_headers=RAW)
    assert type(response) is LegacyAPIResponse


async def test_the_header_is_not_sent(world: World, emulator: Emulator) -> None:
    await raw(world)
    async with streaming(world):
        pass
    assert len(emulator.requests) == 2
    for request in emulator.requests:
        assert not [name for name in request.headers if "stainless-raw" in name]


async def test_the_callers_headers_are_sent_and_left_as_they_are(
    world: World, emulator: Emulator
) -> None:
    headers = {"X-Team": "blue"}
    await raw(world, extra_headers=headers)
    assert emulator.requests[-1].headers["x-team"] == "blue"
    assert headers == {"X-Team": "blue"}


async def test_an_answer_is_parsed_once_for_each_type(world: World) -> None:
    response = await raw(world)
    assert response.parse() is response.parse()
    assert response.parse(to=Short) is response.parse(to=Short)
    assert set(response._parsed_by_type) == {ChatCompletion, Short}


@pytest.mark.parametrize(
    ("to", "value"),
    [
        (Short, Short(**ANSWER)),
        (Plain, Plain(id="one")),
        (dict, ANSWER),
        (dict[str, object], ANSWER),
        (object, ANSWER),
        (ChatCompletion, ChatCompletion.model_validate(ANSWER)),
    ],
)
async def test_an_answer_is_parsed_to_the_type_asked_for(
    world: World, emulator: Emulator, to: Any, value: object
) -> None:
    emulator.script(Reply(json=ANSWER))
    assert (await raw(world)).parse(to=to) == value
    emulator.script(Reply(json=ANSWER))
    async with streaming(world) as response:
        assert await world.result(response.parse(to=to)) == value


async def test_an_answer_can_be_had_as_text_bytes_or_response(world: World) -> None:
    response = await raw(world)
    assert response.parse(to=str) == response.text
    assert response.parse(to=bytes) == response.content
    for family in (httpx, httpx2):
        assert response.parse(to=family.Response) is response.http_response
    assert response.parse(to=type(None)) is None


async def test_a_class_derived_from_the_response_cannot_be_had(world: World) -> None:
    class Mine(world.family.Response):  # type: ignore[name-defined, misc]
        pass

    with pytest.raises(ValueError, match="Mine is derived from Response"):
        (await raw(world)).parse(to=Mine)


async def test_a_raw_stream_is_parsed_to_the_stream(world: World, emulator: Emulator) -> None:
    emulator.script(Sse(CHUNKS))
    response = await raw(world, stream=True)
    assert not response.is_closed
    stream = response.parse()
    assert isinstance(stream, AsyncStream if world.is_async else Stream)
    assert stream is response.parse()
    (chunk,) = await world.collect(stream)
    assert type(chunk) is ChatCompletionChunk
    assert chunk.choices[0].delta.content == "Hi"


async def test_a_raw_stream_can_be_of_another_type(world: World, emulator: Emulator) -> None:
    emulator.script(Sse(CHUNKS))
    response = await raw(world, stream=True)
    stream_class: Any = AsyncStream if world.is_async else Stream
    assert await world.collect(response.parse(to=stream_class[Short])) == [Short(**CHUNKS[0])]


async def test_a_raw_stream_is_of_no_other_class(world: World, emulator: Emulator) -> None:
    emulator.script(Sse(CHUNKS))
    response = await raw(world, stream=True)
    wrong: Any = Stream if world.is_async else AsyncStream
    right = "AsyncStream" if world.is_async else "Stream"
    for to in (Short, str, wrong[Short]):
        with pytest.raises(TypeError, match=rf"such as {right}\[YourChunk\]"):
            response.parse(to=to)
    await world.collect(response.parse())


async def test_retries_are_counted(world: World, emulator: Emulator) -> None:
    emulator.script(*[Reply(status=503, headers={"retry-after-ms": "1"})] * 2)
    assert (await raw(world)).retries_taken == 2
    emulator.script(Reply(status=503, headers={"retry-after-ms": "1"}))
    async with streaming(world) as response:
        assert response.retries_taken == 1


def shout(answer: Any) -> Any:
    return answer.model_copy(update={"model": answer.model.upper()})


async def test_a_post_parser_is_for_the_declared_type(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(json=ANSWER, headers={"x-request-id": "request-7"}))
    response = await world.ask(
        lambda c: c.post(
            "/chat/completions",
            cast_to=ChatCompletion,
            body=HELLO,
            options={"headers": RAW, "post_parser": shout},
        )
    )
    assert response.parse().model == "M"
    assert response.parse()._request_id == "request-7"
    assert response.parse(to=ChatCompletion).model == "M"
    assert response.parse(to=dict)["model"] == "m"
    assert response.parse(to=Short).model_dump()["model"] == "m"


async def test_a_raw_parsed_answer_is_parsed_when_asked_for(
    world: World, emulator: Emulator
) -> None:
    said = {"role": "assistant", "content": '{"id": "two"}'}
    answer = {**ANSWER, "choices": [{"index": 0, "finish_reason": "stop", "message": said}]}
    emulator.script(Reply(json=answer), Reply(json=answer))
    response = await world.ask(
        lambda c: c.chat.completions.with_raw_response.parse(**HELLO, response_format=Short)
    )
    assert response.parse(to=dict) == answer
    assert response.parse().choices[0].message.parsed == Short(id="two")
    completions = world.client().chat.completions.with_streaming_response
    async with Entered(completions.parse(**HELLO, response_format=Short)) as opened:
        parsed = await world.result(opened.parse())
        assert parsed.choices[0].message.parsed == Short(id="two")


async def test_a_streaming_response_is_sent_for_on_entering(
    world: World, emulator: Emulator
) -> None:
    manager = streaming(world)
    assert emulator.requests == []
    async with manager as response:
        assert len(emulator.requests) == 1
        assert type(response) is (AsyncAPIResponse if world.is_async else APIResponse)
        assert response.status_code == 200
        assert not response.is_closed
        answer = await world.result(response.parse())
        assert type(answer) is ChatCompletion
        assert answer is await world.result(response.parse())
    assert response.is_closed


async def test_a_streaming_response_that_is_never_entered_is_never_sent(
    world: World, emulator: Emulator
) -> None:
    streaming(world)
    gc.collect()  # a forgotten coroutine would warn here
    assert emulator.requests == []


async def test_a_body_is_there_before_its_end(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([b"first line\n", b"second"], hold=True))
    async with streaming(world) as response:
        part = await first(response.iter_bytes())
    assert part in {b"first line\n", b"first line\nsecond"}
    assert response.is_closed
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


@pytest.mark.parametrize("left_by", ["iter_bytes", "iter_text", "iter_lines", "parse"])
async def test_leaving_early_closes_the_connection(
    world: World, emulator: Emulator, left_by: str
) -> None:
    emulator.script(Sse([b'data: {"id": "one"}\n\n'], hold=True))
    async with streaming(world, stream=True) as response:
        if left_by == "parse":
            to = (AsyncStream if world.is_async else Stream)[Short]
            iterator = await world.result(response.parse(to=to))
        else:
            iterator = getattr(response, left_by)()
        await first(iterator)
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


async def test_a_body_can_be_had_in_every_form(world: World, emulator: Emulator) -> None:
    body = b'{"text":\r\n"gr\xc3\xbcn"}'
    for act, expected in (
        (lambda r: r.read(), body),
        (lambda r: r.text(), body.decode()),
        (lambda r: r.json(), {"text": "grün"}),
        (lambda r: world.collect(r.iter_lines()), ['{"text":', '"grün"}']),
        (lambda r: world.collect(r.iter_bytes(8)), [body[:8], body[8:16], body[16:]]),
        (lambda r: world.collect(r.iter_text(9)), ['{"text":\r', '\n"grün"}']),
    ):
        emulator.script(Reply(body=body))
        async with streaming(world) as response:
            assert await world.result(act(response)) == expected


async def test_a_body_that_was_read_stays(world: World) -> None:
    async with streaming(world) as response:
        body = await world.result(response.read())
        assert await world.result(response.read()) == body
        assert b"".join(await world.collect(response.iter_bytes())) == body


async def test_a_body_that_went_by_is_gone(world: World) -> None:
    async with streaming(world) as response:
        await world.collect(response.iter_lines())
        for act in (response.read, response.text, response.json, response.parse):
            with pytest.raises(StreamAlreadyConsumed, match=r"Call read\(\) before"):
                await world.result(act())
        with pytest.raises(StreamAlreadyConsumed):
            await world.collect(response.iter_bytes())


async def test_a_body_that_breaks_off_is_a_connection_error(
    world: World, emulator: Emulator
) -> None:
    for act in (lambda r: r.read(), lambda r: world.collect(r.iter_lines())):
        emulator.script(Sse([b"half"], cut=True))
        async with streaming(world) as response:
            with pytest.raises(APIConnectionError, match="before the body was complete") as caught:
                await world.result(act(response))
        assert isinstance(caught.value.__cause__, world.family.RemoteProtocolError)


async def test_a_body_that_stops_coming_is_a_timeout(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([b"half"], hold=True))
    async with streaming(world, timeout=0.05) as response:
        with pytest.raises(APITimeoutError):
            await world.result(response.read())


async def test_a_refusal_is_raised_with_its_body_read(world: World, emulator: Emulator) -> None:
    emulator.script(faults.bad_key(), faults.bad_key())
    with pytest.raises(AuthenticationError, match="API key not valid"):
        await raw(world)
    with pytest.raises(AuthenticationError, match="API key not valid") as caught:
        async with streaming(world):
            pytest.fail("the block was entered")
    assert caught.value.response.is_closed


@pytest.mark.parametrize("value", ["stream", "raw"])
async def test_the_header_can_ask_for_the_open_response(world: World, value: str) -> None:
    headers = {"X-Stainless-Raw-Response": value}
    response = await world.ask(lambda c: c.chat.completions.create(**HELLO, extra_headers=headers))
    assert type(response) is (AsyncAPIResponse if world.is_async else APIResponse)
    assert response.is_closed is (value == "raw")
    assert type(await world.result(response.parse())) is ChatCompletion


async def test_every_way_to_a_view_leads_to_it(world: World) -> None:
    client = world.client()
    for completions in (
        client.chat.completions.with_raw_response,
        client.chat.with_raw_response.completions,
        client.with_raw_response.chat.completions,
    ):
        assert type(await world.result(completions.create(**HELLO))) is LegacyAPIResponse
    for completions in (
        client.chat.completions.with_streaming_response,
        client.chat.with_streaming_response.completions,
        client.with_streaming_response.chat.completions,
    ):
        async with Entered(completions.create(**HELLO)) as response:
            assert isinstance(response, (APIResponse, AsyncAPIResponse))
    assert client.chat.completions.with_raw_response is client.chat.completions.with_raw_response


async def test_a_copy_has_views_of_its_own(world: World, emulator: Emulator) -> None:
    client = world.client()
    assert client.with_raw_response
    copy = client.with_options(default_headers={"X-Team": "blue"})
    await world.result(copy.with_raw_response.chat.completions.create(**HELLO))
    assert emulator.requests[-1].headers["x-team"] == "blue"


async def test_a_view_shows_the_signature_of_its_method(world: World) -> None:
    completions = world.client().chat.completions
    for view in (completions.with_raw_response, completions.with_streaming_response):
        assert inspect.signature(view.create) == inspect.signature(completions.create)
        assert view.create.__doc__ == completions.create.__doc__
    create = completions.with_raw_response.create
    assert inspect.iscoroutinefunction(create) is world.is_async


async def test_a_view_refuses_what_its_method_refuses(world: World) -> None:
    with pytest.raises(TypeError, match="mesages"):
        await world.ask(lambda c: c.chat.completions.with_raw_response.create(mesages=[]))


def test_a_client_view_names_what_it_has() -> None:
    with OpenAI(api_key="k") as client:
        assert "chat" in dir(client.with_raw_response)
        with pytest.raises(AttributeError, match="no attribute 'chatt'"):
            getattr(client.with_raw_response, "chatt")  # noqa: B009
        assert not hasattr(client.with_raw_response, "_private")


async def test_a_raw_list_is_parsed_to_a_page_that_goes_on(
    world: World, emulator: Emulator
) -> None:
    page = {"object": "list", "data": [{"id": "b1"}], "has_more": True}
    emulator.script(
        Reply(json=page), Reply(json={**page, "data": [{"id": "b2"}], "has_more": False})
    )
    response = await world.ask(lambda c: c.batches.with_raw_response.list(limit=1))
    assert type(response) is LegacyAPIResponse
    assert [batch.id for batch in await world.collect(response.parse())] == ["b1", "b2"]
    assert [request.query for request in emulator.requests] == [
        {"limit": ["1"]},
        {"limit": ["1"], "after": ["b1"]},
    ]


async def test_a_list_can_be_parsed_to_pages_of_another_type(
    world: World, emulator: Emulator
) -> None:
    page = {"object": "list", "data": [{"id": "b1"}], "has_more": True}
    emulator.script(Reply(json=page), Reply(json={"data": [{"id": "b2"}], "has_more": False}))
    response = await world.ask(lambda c: c.batches.with_raw_response.list())
    kind: Any = AsyncCursorPage if world.is_async else SyncCursorPage
    shorts = await world.collect(response.parse(to=kind[Short]))
    assert shorts == [Short(id="b1"), Short(id="b2")]
    assert response.parse(to=dict) == page


async def test_what_gemini_has_not_says_so_in_every_view(world: World) -> None:
    client = world.client()
    for completions in (
        client.chat.completions.with_raw_response,
        client.with_raw_response.beta.chat.completions,
    ):
        with pytest.raises(NotSupportedError, match=r"not offer chat\.completions\.retrieve"):
            await world.result(completions.retrieve("id"))
        with pytest.raises(NotSupportedError, match=r"not offer chat\.completions\.list"):
            completions.list()
    with pytest.raises(NotSupportedError, match=r"not offer videos\.remix"):
        async with Entered(client.videos.with_streaming_response.remix("id", prompt="")):
            pytest.fail("the block was entered")
    with pytest.raises(NotSupportedError, match=r"not offer audio\.speech\.create"):
        client.with_raw_response.audio.speech.create()


@pytest.mark.parametrize(
    ("value", "view"),
    [("true", "raw"), ("stream", "open"), ("raw", "read"), (omit, None), ("", None)],
)
def test_the_header_that_asks_for_a_view_becomes_an_option(value: Any, view: str | None) -> None:
    headers = {"X-A": "b", "x-stainless-RAW-response": value}
    options = make_request_options(extra_headers=headers)
    assert options == {"headers": {"X-A": "b"}, **({"view": view} if view else {})}
    by_verb = FinalRequestOptions(method="get", url="/x", headers=headers)
    assert by_verb == FinalRequestOptions(method="get", url="/x", **options)
    assert (by_verb.headers, by_verb.view) == ({"X-A": "b"}, view)
    assert replace(by_verb, url="/y").view == view
