"""Memory does not follow what a server sends: answers, refusals and events have a bound."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO

from gemini_openai import APIResponseValidationError, BadRequestError, OpenAI
from gemini_openai._constants import MAX_ERROR_BYTES
from gemini_openai.emulator import Reply, Sse

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

CHAT = "/v1beta/openai/chat/completions"
PACKED = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
MB = 1 << 20


@cache
def bomb(size: int) -> bytes:
    """`size` bytes of JSON in a thousandth of that."""
    return gzip.compress(b"[" + b" " * size + b"]", 9)


def answer(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return json.dumps(body).encode()


async def test_an_answer_within_the_bound_is_read(world: World, emulator: Emulator) -> None:
    body = answer("a" * 5000)
    for reply in (Reply(body=body), Reply(body=gzip.compress(body), headers=PACKED)):
        emulator.script(reply, path=CHAT)
        done = await world.ask(
            lambda c: c.chat.completions.create(**HELLO), max_response_bytes=len(body)
        )
        assert done.choices[0].message.content == "a" * 5000


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_an_answer_beyond_the_bound_is_an_error_that_says_so(
    packed: bool, world: World, emulator: Emulator
) -> None:
    body = answer("a" * 5000)
    reply = Reply(body=gzip.compress(body), headers=PACKED) if packed else Reply(body=body)
    emulator.script(reply, path=CHAT)
    client = world.client(max_response_bytes=1000)
    with pytest.raises(APIResponseValidationError, match=r"larger than 1000 bytes.*max_response_b"):
        await world.result(client.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 1
    done = await world.result(
        client.with_options(max_response_bytes=None).chat.completions.create(**HELLO)
    )
    assert done.choices


async def test_a_view_of_the_response_has_the_bound_too(world: World, emulator: Emulator) -> None:
    emulator.script(*[Reply(body=answer("a" * 5000), headers={}) for _ in range(2)], path=CHAT)
    client = world.client(max_response_bytes=1000)
    with pytest.raises(APIResponseValidationError, match="larger than 1000 bytes"):
        await world.result(client.chat.completions.with_raw_response.create(**HELLO))
    opened = client.chat.completions.with_streaming_response.create(**HELLO)
    response = await (opened.__aenter__() if world.is_async else world.result(opened.__enter__()))
    with pytest.raises(APIResponseValidationError, match="larger than 1000 bytes"):
        await world.result(response.parse())
    await world.result(response.close())


async def test_a_file_may_have_any_size(world: World, emulator: Emulator) -> None:
    file = emulator.add_file(b"x" * 5000)
    client = world.client(max_response_bytes=1000)
    assert len((await world.result(client.files.content(file.name))).content) == 5000


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_of_a_refusal_only_the_beginning_is_read(
    stream: bool, packed: bool, world: World, emulator: Emulator
) -> None:
    body = b"The server is lost. " + b"z" * 3 * MB
    headers = {"Content-Type": "text/plain"}
    if packed:
        body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
    emulator.script(Reply(400, body=body, headers=headers), path=CHAT)
    with pytest.raises(BadRequestError, match="has more than 1048576 bytes") as caught:
        await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=stream))
    assert "The server is lost." in str(caught.value)
    assert len(str(caught.value.body)) == MAX_ERROR_BYTES


@pytest.mark.parametrize("status", [200, 400])
async def test_a_small_body_that_unpacks_to_a_large_one_takes_little_memory(
    status: int, world: World, emulator: Emulator
) -> None:
    client = world.client(max_response_bytes=4 * MB, max_retries=0)
    await world.result(client.chat.completions.create(**HELLO))
    emulator.script(Reply(status, body=bomb(100 * MB), headers=PACKED), path=CHAT)
    tracemalloc.start()
    try:
        with pytest.raises((APIResponseValidationError, BadRequestError), match="bytes, and was"):
            await world.result(client.chat.completions.create(**HELLO))
        assert tracemalloc.get_traced_memory()[1] < 30 * MB
    finally:
        tracemalloc.stop()


async def test_a_body_that_is_packed_twice_is_not_read(world: World, emulator: Emulator) -> None:
    twice = {**PACKED, "Content-Encoding": "gzip, gzip"}
    emulator.script(Reply(body=gzip.compress(bomb(MB)), headers=twice), path=CHAT)
    with pytest.raises(APIResponseValidationError, match=r"more than once \(gzip, gzip\)"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))


async def test_an_event_without_an_end_is_an_error_that_says_so(
    world: World, emulator: Emulator
) -> None:
    whole = b'data: {"id": "x", "choices": [{"index": 0, "delta": {"content": "one"}}]}\n\n'
    emulator.script(Sse([whole, *[b"data: " + b"x" * 50_000] * 100], done=False))
    client = world.client(max_response_bytes=100_000)
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    with pytest.raises(APIResponseValidationError, match="more than 100000 bytes, and no") as e:
        await world.collect(stream)
    assert [chunk.choices[0].delta.content for chunk in e.value.chunks] == ["one"]
    assert e.value.body is None


async def test_a_packed_stream_is_read(world: World, emulator: Emulator) -> None:
    choice = {"index": 0, "delta": {"content": "ä" * 9000}, "finish_reason": "stop"}
    data = b"data: " + json.dumps({"id": "x", "choices": [choice]}).encode() + b"\n\n"
    packed = gzip.compress(data + b"data: [DONE]\n\n")
    emulator.script(Sse(packed, done=False, headers={"Content-Encoding": "gzip"}))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    (chunk,) = await world.collect(stream)
    assert chunk.choices[0].delta.content == "ä" * 9000


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_nesting_without_an_end_is_an_error_that_says_so(
    stream: bool, world: World, emulator: Emulator
) -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    emulator.script(Sse(b"data: " + deep + b"\n\n") if stream else Reply(body=deep), path=CHAT)

    async def ask() -> None:
        done = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=stream))
        await world.collect(done)

    with pytest.raises(APIResponseValidationError, match="nested too deeply|recursion"):
        await ask()


@pytest.mark.parametrize("most", [0, -1, 1.5, "many"])
def test_a_bound_must_be_a_whole_number_above_0(most: Any) -> None:
    with pytest.raises(ValueError, match="max_response_bytes must be a whole number above 0"):
        OpenAI(api_key="any", max_response_bytes=most)
    with pytest.raises(ValueError, match="max_response_bytes"):
        OpenAI(api_key="any").with_options(max_response_bytes=most)
    assert OpenAI(api_key="any", max_response_bytes=None).max_response_bytes is None


async def test_the_time_that_a_packed_answer_took_is_known(
    world: World, emulator: Emulator
) -> None:
    for options in ({}, {"deadline": 30}):
        emulator.script(Reply(body=gzip.compress(answer("a")), headers=PACKED), path=CHAT)
        raw = await world.ask(
            lambda c, options=options: c.chat.completions.with_raw_response.create(
                **HELLO, **options
            )
        )
        assert raw.elapsed.total_seconds() > 0
