"""`embeddings.create` with more texts than Gemini takes at once: several requests, one answer."""

from __future__ import annotations

import base64
import json
import struct
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from gemini_openai import (
    APIResponseValidationError,
    BadRequestError,
    InvalidRequestError,
    RateLimitError,
)
from gemini_openai.emulator import Reply
from gemini_openai.resources.embeddings import AT_ONCE
from gemini_openai.types import CreateEmbeddingResponse

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

MODEL = "gemini-embedding-001"
TEXTS = [f"text {number}" for number in range(250)]
ASK: Any = {"model": MODEL, "input": TEXTS, "dimensions": 2}
IN_EVENT_LOOPS = pytest.mark.parametrize("world_name", ["asyncio", "asyncio-httpx2", "trio"])


def number_of(text: str) -> int:
    return int(text.removeprefix("text "))


def answer_to(request: Any, **more: Any) -> dict[str, Any]:
    """An answer in which the vector of a text is the number in it."""
    data: list[dict[str, Any]] = [
        {"object": "embedding", "embedding": [float(number_of(text))], "index": place}
        for place, text in enumerate(json.loads(request.content)["input"])
    ]
    del data[0]["index"]
    return {"object": "list", "data": data, "model": MODEL, **more}


async def test_the_vectors_are_those_of_each_text_alone_and_in_their_order(
    world: World, emulator: Emulator
) -> None:
    answer = await world.ask(lambda c: c.embeddings.create(**ASK))

    assert type(answer) is CreateEmbeddingResponse
    assert [item.index for item in answer.data] == list(range(250))
    sent = sorted(
        (request.json for request in emulator.requests),
        key=lambda body: TEXTS.index(body["input"][0]),
    )
    assert [body["input"] for body in sent] == [TEXTS[:100], TEXTS[100:200], TEXTS[200:]]
    assert all(body["dimensions"] == 2 for body in sent)
    for place in (0, 99, 100, 249):
        alone = await world.ask(
            lambda c: c.embeddings.create(**{**ASK, "input": TEXTS[place]})  # noqa: B023
        )
        assert answer.data[place].embedding == alone.data[0].embedding


async def test_texts_may_come_from_a_generator_and_in_any_number(
    world: World, emulator: Emulator
) -> None:
    answer = await world.ask(
        lambda c: c.embeddings.create(**{**ASK, "input": (text for text in TEXTS[:101])})
    )
    assert len(answer.data) == 101
    assert sorted(len(request.json["input"]) for request in emulator.requests) == [1, 100]


async def test_usage_is_that_of_all_parts(world: World) -> None:
    headers = {"x-emulator-quirks": "-embedding_usage_missing"}
    client = world.client(default_headers=headers)
    whole = await world.result(client.embeddings.create(**ASK))
    parts = [
        await world.result(client.embeddings.create(**{**ASK, "input": TEXTS[at : at + 100]}))
        for at in (0, 100, 200)
    ]
    assert whole.usage.total_tokens == sum(part.usage.total_tokens for part in parts) > 250


async def test_an_answer_in_parts_looks_like_any_other(world: World) -> None:
    whole = await world.ask(lambda c: c.embeddings.create(**ASK))
    one = await world.ask(lambda c: c.embeddings.create(**{**ASK, "input": TEXTS[:1]}))
    assert whole.to_dict().keys() == one.to_dict().keys()
    assert whole.data[249].to_dict().keys() == one.data[0].to_dict().keys()
    assert whole.model == MODEL


async def test_base64_is_given_to_who_asks_for_it(world: World, emulator: Emulator) -> None:
    client = world.client()
    floats = await world.result(client.embeddings.create(**ASK))
    packed = await world.result(client.embeddings.create(**ASK, encoding_format="base64"))
    assert all(isinstance(item.embedding, str) for item in packed.data)
    for place in (0, 100, 249):
        unpacked = struct.unpack("<2f", base64.b64decode(packed.data[place].embedding))
        assert unpacked == pytest.approx(floats.data[place].embedding)
    assert {request.json["encoding_format"] for request in emulator.requests} == {"float"}


async def test_a_part_that_fails_in_passing_is_sent_again_and_no_other(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(503, headers={"retry-after-ms": "1"}))
    answer = await world.ask(lambda c: c.embeddings.create(**ASK))
    assert len(answer.data) == 250
    assert len(emulator.requests) == 4


async def test_a_part_that_is_refused_is_the_error_of_the_call(world: World) -> None:
    def refuse_the_second(request: Any) -> Any:
        if "text 100" in json.loads(request.content)["input"]:
            return world.family.Response(429, json={"error": {"message": "too much"}})
        return world.family.Response(200, json=answer_to(request))

    client = world.transport(refuse_the_second, max_retries=0)
    with pytest.raises(RateLimitError, match="too much"):
        await world.result(client.embeddings.create(**ASK))


async def test_fewer_vectors_than_texts_are_an_error_and_no_shifted_answer(world: World) -> None:
    def lose_one(request: Any) -> Any:
        answer = answer_to(request)
        if len(answer["data"]) == 50:
            answer["data"].pop()
        return world.family.Response(200, json=answer)

    with pytest.raises(APIResponseValidationError, match="49 vectors for 50 texts"):
        await world.result(world.transport(lose_one).embeddings.create(**ASK))


@pytest.mark.parametrize("body", [{"object": "list"}, {"object": "list", "data": None}])
async def test_no_vectors_at_all_are_an_error_too(world: World, body: Any) -> None:
    client = world.transport(lambda request: world.family.Response(200, json=body))
    with pytest.raises(APIResponseValidationError, match="0 vectors for 2 texts"):
        await world.result(client.embeddings.create(model=MODEL, input=["a", "b"]))


async def test_texts_that_were_made_one_vector_are_an_error_that_says_so(world: World) -> None:
    client = world.client(default_headers={"x-emulator-quirks": "embeddings_fused"})
    with pytest.raises(APIResponseValidationError, match="embed them one by one"):
        await world.result(client.embeddings.create(model=MODEL, input=["a", "b"]))


async def test_an_empty_text_is_told_before_anything_is_sent(
    world: World, emulator: Emulator
) -> None:
    texts = [*TEXTS[:230], "", *TEXTS[231:]]
    with pytest.raises(InvalidRequestError, match=r"^input\[230\] is empty") as caught:
        await world.ask(lambda c: c.embeddings.create(**{**ASK, "input": texts}))
    assert caught.value.param == "input[230]"
    with pytest.raises(InvalidRequestError, match=r"^input\[1\] is empty"):
        await world.ask(lambda c: c.embeddings.create(model=MODEL, input=["a", ""]))
    assert not emulator.requests


async def test_a_text_at_fault_in_a_later_part_is_told_as_the_caller_counts(world: World) -> None:
    def refuse_the_last(request: Any) -> Any:
        if len(json.loads(request.content)["input"]) == 100:
            return world.family.Response(200, json=answer_to(request))
        message = "* BatchEmbedContentsRequest.requests[30].content: contains an empty Part."
        return world.family.Response(400, json=[{"error": {"code": 400, "message": message}}])

    client = world.transport(refuse_the_last)
    with pytest.raises(BadRequestError, match=r"requests\[30\].*\(input\[230\]\)$"):
        await world.result(client.embeddings.create(**ASK))
    many = client.embeddings.create_many(TEXTS, model=MODEL)
    with pytest.raises(BadRequestError, match=r"\(input\[230\]\) \(texts 200 to 249, from 0\)$"):
        await world.collect(many)
    many = client.embeddings.create_many([*TEXTS[:230], ""], model=MODEL)
    with pytest.raises(InvalidRequestError, match=r"^input\[230\] is empty"):
        await world.collect(many)


@pytest.mark.parametrize("tokens", [[1] * 101, [[1, 2]] * 101])
async def test_token_ids_are_refused_before_anything_is_sent(
    world: World, emulator: Emulator, tokens: Any
) -> None:
    with pytest.raises(InvalidRequestError, match="token ids"):
        await world.ask(lambda c: c.embeddings.create(**{**ASK, "input": iter(tokens)}))
    assert not emulator.requests


async def test_a_raw_response_of_several_requests_has_all_vectors(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    raw = await world.result(client.embeddings.with_raw_response.create(**ASK))
    assert [item.index for item in raw.parse().data] == list(range(250))
    assert len(json.loads(raw.content)["data"]) == 250
    assert "content-encoding" not in raw.headers
    assert raw.retries_taken == 0
    assert len(emulator.requests) == 3
    view = client.embeddings.with_streaming_response.create(**ASK)
    assert len((await opened(world, view)).data) == 250


async def test_a_post_of_many_texts_is_sent_in_parts(world: World, emulator: Emulator) -> None:
    client = world.client()
    body = {**ASK, "encoding_format": "base64"}
    answer = await world.result(client.post("/embeddings", cast_to=dict, body=body))
    assert [item["index"] for item in answer["data"]] == list(range(250))
    whole = await world.result(client.embeddings.create(**{**ASK, "encoding_format": "float"}))
    last = base64.b64decode(answer["data"][249]["embedding"])
    assert list(struct.unpack("<2f", last)) == pytest.approx(whole.data[249].embedding)


async def test_a_refused_part_of_a_post_is_told_by_the_place_of_its_text(
    world: World, emulator: Emulator
) -> None:
    client = world.client(max_retries=0)
    emulator.script(None, None, Reply(status=429))
    with pytest.raises(RateLimitError):
        await world.result(client.post("/embeddings", cast_to=dict, body=ASK))
    assert len(emulator.requests) == 3
    body = {**ASK, "input": [*TEXTS[:120], ""]}
    with pytest.raises(InvalidRequestError, match=r"input\[120\]"):
        await world.result(client.post("/embeddings", cast_to=dict, body=body))


async def opened(world: World, view: Any) -> Any:
    if not world.is_async:
        with view as response:
            return response.parse()
    async with view as response:
        return await response.parse()


async def test_who_switches_the_parts_off_hears_the_server(
    world: World, emulator: Emulator
) -> None:
    client = world.client(repairs={"embedding-batches": False})
    with pytest.raises(BadRequestError, match="at most 100 requests"):
        await world.result(client.embeddings.create(**ASK))
    assert len(emulator.requests) == 1


@IN_EVENT_LOOPS
async def test_an_async_client_has_a_few_parts_under_way_at_once_and_no_more(world: World) -> None:
    under_way: set[int] = set()
    most = 0
    as_many_as_may = anyio.Event()

    async def answer(request: Any) -> Any:
        nonlocal most
        first = number_of(json.loads(request.content)["input"][0])
        under_way.add(first)
        most = max(most, len(under_way))
        if len(under_way) == AT_ONCE:
            as_many_as_may.set()
        with anyio.fail_after(10):  # if they came one after the other, it would never be set
            await as_many_as_may.wait()
        for _ in range(10 - first // 100):  # those that came first are answered last
            await anyio.lowlevel.checkpoint()
        under_way.remove(first)
        return world.family.Response(200, json=answer_to(request))

    texts = [f"text {number}" for number in range(1000)]
    made = await world.result(world.transport(answer).embeddings.create(model=MODEL, input=texts))
    assert most == AT_ONCE == 4
    assert [item.embedding for item in made.data] == [[float(n)] for n in range(1000)]


@IN_EVENT_LOOPS
async def test_when_one_part_fails_the_others_are_given_up(world: World) -> None:
    asked: list[int] = []

    async def answer(request: Any) -> Any:
        first = number_of(json.loads(request.content)["input"][0])
        asked.append(first)
        if first != 100:
            await anyio.sleep_forever()
        return world.family.Response(429, json={"error": {"message": "too much"}})

    texts = [f"text {number}" for number in range(1000)]
    client = world.transport(answer, max_retries=0)
    with anyio.fail_after(10), pytest.raises(RateLimitError) as caught:
        await world.result(client.embeddings.create(model=MODEL, input=texts))
    assert caught.value.status_code == 429
    assert len(asked) <= AT_ONCE


async def test_a_tracer_in_place_of_post_sees_each_part(world: World) -> None:
    seen: list[Any] = []
    client = world.client()
    post = client.embeddings._post

    def trace(path: str, **given: Any) -> Any:
        seen.append((path, len(given["body"]["input"])))
        return post(path, **given)

    client.embeddings._post = trace
    await world.result(client.embeddings.create(**ASK))
    assert sorted(seen) == [("/embeddings", 50), ("/embeddings", 100), ("/embeddings", 100)]
