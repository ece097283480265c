"""Streams: their end, their early end, errors on the way, and what tracers do to them."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from anyio import CancelScope
from anyio.lowlevel import checkpoint

from gemini_openai import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    AsyncStream,
    IncompleteStreamError,
    OpenAI,
    Stream,
)
from gemini_openai.emulator import Reply, Sse, faults
from gemini_openai.types.chat import ChatCompletionChunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


def chunk(content: str | None, finish: str | None = None) -> dict[str, Any]:
    choice: dict[str, Any] = {"delta": {"content": content, "role": "assistant"}, "index": 0}
    if finish:
        choice["finish_reason"] = finish
    return {
        "choices": [choice],
        "created": 1,
        "id": "x",
        "model": "m",
        "object": "chat.completion.chunk",
    }


async def streamed(world: World, **options: Any) -> Any:
    return await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True), **options)


def texts(chunks: list[Any]) -> list[str]:
    return [c.choices[0].delta.content for c in chunks]


async def test_a_stream_is_of_its_worlds_class(world: World) -> None:
    stream = await streamed(world)
    assert isinstance(stream, AsyncStream if world.is_async else Stream)
    assert stream.response.status_code == 200
    await world.collect(stream)


async def test_leaving_a_with_block_early_closes_the_connection(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one"), chunk("two")], hold=True))
    stream = await streamed(world)
    if world.is_async:
        async with stream:
            assert (await anext(stream)).choices[0].delta.content == "one"
    else:
        with stream:
            assert next(stream).choices[0].delta.content == "one"
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


async def test_close_closes_the_connection(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one")], hold=True))
    stream = await streamed(world)
    await world.first(stream)
    await world.result(stream.close())
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


@pytest.mark.parametrize("kept", [False, True], ids=["dropped", "kept and closed"])
async def test_leaving_a_loop_early_closes_the_connection_without_a_word(
    world: World, emulator: Emulator, kept: bool
) -> None:
    """Without a warning, above all: trio and asyncio both complain of generators left half-way."""
    emulator.script(Sse([chunk("one"), chunk("two")], hold=True))
    stream = await streamed(world)
    if world.is_async:
        async for _ in stream:
            break
    else:
        for _ in stream:
            break
    if kept:
        await world.result(stream.close())
    del stream
    for _ in range(20):  # what is dropped is closed by another task
        await checkpoint()
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


async def test_a_stream_is_closed_where_its_task_is_cancelled(
    world: World, emulator: Emulator
) -> None:
    if not world.is_async:
        pytest.skip("a blocking call cannot be cancelled")
    emulator.script(Sse([chunk("one")], hold=True))
    stream = await streamed(world)
    await anext(stream)
    with CancelScope() as scope:
        scope.cancel()
        await stream.close()
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_loop_may_stop_and_another_go_on(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one"), chunk("two"), chunk("three", "stop")]))
    stream = await streamed(world)
    first = await world.first(stream)
    rest = await world.collect(stream)
    assert texts([first, *rest]) == ["one", "two", "three"]


async def test_tracers_may_replace_the_iterator(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one"), chunk("two", "stop")]))
    stream = await streamed(world)
    seen = []
    original = stream._iterator

    def traced() -> Iterator[Any]:
        for item in original:
            seen.append(item)
            yield item

    async def traced_async() -> Any:
        async for item in original:
            seen.append(item)
            yield item

    stream._iterator = traced_async() if world.is_async else traced()
    assert await world.collect(stream) == seen
    assert texts(seen) == ["one", "two"]


async def test_a_subclass_of_stream_given_as_stream_cls_is_used(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one", "stop")]))

    class Traced(Stream[ChatCompletionChunk]):
        def __stream__(self) -> Iterator[ChatCompletionChunk]:
            for item in super().__stream__():
                item.traced = True  # type: ignore[attr-defined]
                yield item

    class AsyncTraced(AsyncStream[ChatCompletionChunk]):
        async def __stream__(self) -> Any:
            async for item in super().__stream__():
                item.traced = True  # type: ignore[attr-defined]
                yield item

    stream = await world.ask(
        lambda c: c.post(
            "/chat/completions",
            cast_to=ChatCompletionChunk,
            body={**HELLO, "stream": True},
            stream=True,
            stream_cls=AsyncTraced if world.is_async else Traced,
        )
    )
    (only,) = await world.collect(stream)
    assert only.traced


async def test_a_subclass_of_stream_may_read_with_an_iterator_of_its_own(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one")], hold=True))

    class Ticks:
        """An iterator that is no generator, and has nothing to close."""

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> str:
            return "tick"

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> str:
            return "tick"

    class Ticking(Stream[str]):
        def __stream__(self) -> Any:
            return Ticks()

    class AsyncTicking(AsyncStream[str]):
        def __stream__(self) -> Any:
            return Ticks()

    stream = await world.ask(
        lambda c: c.post(
            "/chat/completions",
            cast_to=str,
            body={**HELLO, "stream": True},
            stream=True,
            stream_cls=AsyncTicking if world.is_async else Ticking,
        )
    )
    assert await world.first(stream) == "tick"
    await world.result(stream.close())
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


def test_a_stream_that_is_left_as_the_interpreter_ends_is_left_to_it(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.script(Sse([chunk("one")], hold=True))
    with OpenAI(api_key="k", base_url=emulator.base_url) as client:
        stream: Any = client.chat.completions.create(**HELLO, stream=True)
        next(stream)
        with monkeypatch.context() as ending:
            ending.setattr(sys, "is_finalizing", lambda: True)
            stream._iterator.close()
        assert not stream.response.is_closed
        stream.close()


@pytest.mark.parametrize("cut", [True, "reset"])
async def test_a_stream_cut_off_raises_with_what_came(
    world: World, emulator: Emulator, cut: Any
) -> None:
    emulator.script(Sse([chunk("one"), chunk("two")], cut=cut))
    stream = await streamed(world)
    got = [await world.first(stream), await world.first(stream)]
    with pytest.raises(IncompleteStreamError, match="before the answer was complete") as caught:
        await world.collect(stream)
    assert caught.value.chunks == got
    assert caught.value.content == "onetwo"
    assert isinstance(caught.value, APIConnectionError)
    assert caught.value.__cause__ is not None


async def test_a_stream_that_just_ends_raises(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one")], done=False))
    stream = await streamed(world)
    with pytest.raises(IncompleteStreamError) as caught:
        await world.collect(stream)
    assert caught.value.content == "one"


async def test_a_finish_reason_without_done_is_an_end(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one", "stop")], done=False))
    assert texts(await world.collect(await streamed(world))) == ["one"]


async def test_a_cut_after_the_finish_reason_loses_nothing(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one", "stop")], cut=True))
    assert texts(await world.collect(await streamed(world))) == ["one"]


async def test_done_without_a_finish_reason_is_an_end(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one")], done=True))
    assert texts(await world.collect(await streamed(world))) == ["one"]


@pytest.mark.parametrize("as_event", [True, False])
async def test_an_error_on_the_way_raises_after_the_chunks_before_it(
    world: World, emulator: Emulator, as_event: bool
) -> None:
    emulator.script(faults.error_in_stream(chunk("one"), as_event=as_event))
    stream = await streamed(world)
    assert (await world.first(stream)).choices[0].delta.content == "one"
    with pytest.raises(APIError, match="The model is overloaded") as caught:
        await world.collect(stream)
    assert caught.value.code == "503"
    assert caught.value.type == "UNAVAILABLE"
    assert not isinstance(caught.value, IncompleteStreamError)


async def test_an_error_on_the_way_gives_the_connection_up(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one"), 'data: {"error": {"message": "No."}}\n\n'], hold=True))
    stream = await streamed(world)
    with pytest.raises(APIError, match=r"No\."):
        await world.collect(stream)
    assert stream.response.is_closed
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)


async def test_an_error_as_a_list_raises_too(world: World, emulator: Emulator) -> None:
    error = [{"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}}]
    import json

    emulator.script(Sse([chunk("one"), f"data: {json.dumps(error)}\n\n"]))
    with pytest.raises(APIError, match=r"Slow down\.") as caught:
        await world.collect(await streamed(world))
    assert caught.value.body == error


async def test_the_word_error_in_an_answer_is_no_error(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk('{"error": {"code": 500}}', "stop")]))
    assert texts(await world.collect(await streamed(world))) == ['{"error": {"code": 500}}']


async def test_a_refusal_before_the_stream_is_an_ordinary_error(
    world: World, emulator: Emulator
) -> None:
    emulator.script(faults.bad_key())
    with pytest.raises(APIError, match="API key not valid"):
        await streamed(world)


async def test_silence_longer_than_the_timeout_raises(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one")], hold=True))
    stream = await streamed(world, timeout=0.1)
    await world.first(stream)
    with pytest.raises(APITimeoutError):
        await world.collect(stream)


async def test_an_odd_chunk_is_kept(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([{"choices": None, "odd": 1}, chunk("x", "stop")]))
    odd, plain = await world.collect(await streamed(world))
    assert odd.odd == 1
    assert odd.choices == []
    assert plain.choices[0].finish_reason == "stop"


async def test_an_event_that_is_no_json_raises(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([chunk("one"), 'data: {"choices": [\n\n', chunk("two", "stop")]))
    stream = await streamed(world)
    assert (await world.first(stream)).choices[0].delta.content == "one"
    with pytest.raises(APIResponseValidationError, match="An event of the stream is not JSON"):
        await world.collect(stream)


async def test_the_usage_of_a_stream_cut_after_its_end_is_not_lost(
    world: World, emulator: Emulator
) -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    emulator.script(Sse([{**chunk("one", "stop"), "usage": usage}], cut=True))
    stream = await world.ask(
        lambda c: c.chat.completions.create(
            **HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    chunks = await world.collect(stream)
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == 3


async def test_programs_read_the_usage_of_a_stream_in_each_of_the_usual_ways(
    world: World, emulator: Emulator
) -> None:
    asked: Any = {**HELLO, "stream_options": {"include_usage": True}}
    whole = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    chunks = await world.collect(
        await world.ask(lambda c: c.chat.completions.create(**asked, stream=True))
    )
    printed = [chunk.usage.to_dict() for chunk in chunks]
    assert len(printed) == len(chunks)
    assert sum(chunk.usage.total_tokens for chunk in chunks) == whole.usage.total_tokens
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens
    text, usage = "", None
    for chunk in chunks:
        if chunk.usage:  # as for `openai`, whose other chunks have none
            usage = chunk.usage
            continue
        text += chunk.choices[0].delta.content or ""
    assert usage.total_tokens == whole.usage.total_tokens
    assert text == whole.choices[0].message.content


async def test_a_stream_of_anything_can_be_asked_for(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([{"a": 1}, {"a": 2}]))
    stream = await world.ask(
        lambda c: c.post(
            "/chat/completions",
            cast_to=dict,
            body={**HELLO, "stream": True},
            stream=True,
            stream_cls=(AsyncStream if world.is_async else Stream)[dict[str, int]],
        )
    )
    assert await world.collect(stream) == [{"a": 1}, {"a": 2}]


async def test_other_event_streams_need_no_finish_reason(world: World, emulator: Emulator) -> None:
    emulator.script(Sse([{"a": 1}], done=False))
    stream = await world.ask(
        lambda c: c.post("/chat/completions", cast_to=object, body=HELLO, stream=True)
    )
    assert await world.collect(stream) == [{"a": 1}]


def test_a_stream_works_in_one_loop_after_another(emulator: Emulator) -> None:
    from gemini_openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="k", base_url=emulator.base_url)

    async def read() -> str:
        async with await client.chat.completions.create(**HELLO, stream=True) as stream:
            text = "".join([c.choices[0].delta.content or "" async for c in stream])
        await client._client.aclose()
        return text

    assert asyncio.run(read()) == asyncio.run(read())


@pytest.mark.parametrize("cut", [False, True], ids=["a clean end", "a cut"])
async def test_a_choice_that_began_and_did_not_end_is_told_of(
    world: World, emulator: Emulator, cut: bool
) -> None:
    first = chunk("whole", "stop")
    second = {**chunk("half of"), "choices": [{**chunk("half of")["choices"][0], "index": 1}]}
    emulator.script(Sse([first, second], done=False, cut=cut))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True, n=2))
    with pytest.raises(IncompleteStreamError, match="no finish reason of choice 1 came") as caught:
        await world.collect(stream)
    assert texts(caught.value.chunks) == ["whole", "half of"]


async def test_an_end_inside_an_event_is_an_incomplete_stream(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([chunk("one"), b'data: {"id": "x", "choices": [{"ind'], done=False))
    with pytest.raises(IncompleteStreamError, match="inside an event") as caught:
        await world.collect(await streamed(world))
    assert caught.value.content == "one"


@pytest.mark.parametrize("text", [b"\\ud800", b"\xff"], ids=["half a pair", "no UTF-8"])
async def test_broken_text_is_kept_whole_and_streamed(
    world: World, emulator: Emulator, text: bytes
) -> None:
    streamed_body = json.dumps(chunk("TEXT", "stop")).encode().replace(b"TEXT", text)
    message = {"role": "assistant", "content": "TEXT"}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    whole_body = json.dumps({"id": "x", "choices": [choice]}).encode().replace(b"TEXT", text)
    emulator.script(Sse(b"data: " + streamed_body + b"\n\n"), Reply(body=whole_body))
    assert texts(await world.collect(await streamed(world))) == ["\ufffd"]
    whole = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert whole.choices[0].message.content == "\ufffd"
