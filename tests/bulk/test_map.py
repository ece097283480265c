"""`client.map` against the emulator: blocking, in asyncio and in trio, each test written once."""

from __future__ import annotations

import json
import pickle
import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

import gemini_openai
from gemini_openai.bulk import MapResult, RateLimiter
from gemini_openai.emulator import Answer, Reply, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator, Received

# httpx sends a body from an async generator, which trio complains of if cancelled in the middle.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")


def asking(text: str) -> dict[str, Any]:
    return {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": text}]}


def numbered(count: int) -> list[dict[str, Any]]:
    return [asking(f"number {number}") for number in range(count)]


def asked_about(number: int) -> Any:
    def is_it(request: Received) -> bool:
        return json.loads(request.body)["messages"][0]["content"] == f"number {number}"

    return is_it


class Counted:
    """An endless source of requests that knows how many were taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            self.taken += 1
            yield asking(f"number {self.taken - 1}")


async def test_each_request_has_its_result_in_its_place(world: World) -> None:
    requests = numbered(50)
    results = await world.collect(world.client().map(iter(requests), concurrency=8))
    assert [done.index for done in results] == list(range(50))
    assert [done.request for done in results] == requests
    for number, done in enumerate(results):
        assert done.error is None
        assert f"number {number}" in done.unwrap().choices[0].message.content.split("\n")[0]


async def test_no_requests_make_no_results(world: World, emulator: Emulator) -> None:
    assert await world.collect(world.client().map([])) == []
    assert emulator.requests == []


async def test_a_slow_answer_holds_back_its_place_only(world: World, emulator: Emulator) -> None:
    """The first request waits for its second attempt; those behind it are done meanwhile."""
    emulator.script(Reply(503, json={}, headers={"retry-after-ms": "50"}), when=asked_about(0))
    ordered = await world.collect(world.client().map(numbered(6), concurrency=6))
    assert [done.index for done in ordered] == [0, 1, 2, 3, 4, 5]
    emulator.script(Reply(503, json={}, headers={"retry-after": "60"}), when=asked_about(0))
    as_they_come = world.client().map(numbered(6), concurrency=6, ordered=False)
    first = [await world.first(as_they_come) for _ in range(5)]
    assert {done.index for done in first} == {1, 2, 3, 4, 5}
    await world.leave(as_they_come)


async def test_an_error_is_one_items_and_no_others(world: World, emulator: Emulator) -> None:
    requests: list[Any] = [
        *numbered(2),
        {**asking("x"), "model": "no-such-model"},
        {**asking("x"), "no_such_keyword": 1},
        {**asking("x"), "stream": True},
        "not a request",
        asking("last"),
    ]
    results = await world.collect(world.client(repairs=False).map(requests, concurrency=2))
    assert [type(done.error) for done in results] == [
        type(None),
        type(None),
        gemini_openai.NotFoundError,
        TypeError,
        TypeError,
        TypeError,
        type(None),
    ]
    assert "no_such_keyword" in str(results[3].error)
    assert "stream" in str(results[4].error)
    assert "not str" in str(results[5].error)
    with pytest.raises(gemini_openai.NotFoundError):
        results[2].unwrap()
    assert len(emulator.requests) == 4


async def test_what_fails_in_passing_is_tried_again(world: World, emulator: Emulator) -> None:
    soon = Reply(503, json={}, headers={"retry-after-ms": "1"})
    emulator.script(soon, soon, when=asked_about(1))
    emulator.script(soon, soon, soon, when=asked_about(2))
    results = await world.collect(world.client(max_retries=2).map(numbered(4)))
    assert [type(done.error) for done in results] == [
        type(None),
        type(None),
        gemini_openai.InternalServerError,
        type(None),
    ]
    assert len(emulator.requests) == 1 + 3 + 3 + 1


async def test_after_a_429_everyone_waits_and_the_rate_is_learnt(
    world: World, emulator: Emulator
) -> None:
    limiter = RateLimiter(per=0.2)
    emulator.script(*[faults.quota_per_minute("0.1s")] * 4)
    results = await world.collect(world.client().map(numbered(12), concurrency=6, limiter=limiter))
    assert [done.error for done in results] == [None] * 12
    assert len(emulator.requests) == 16
    assert limiter.limit is not None


async def test_more_429s_than_retries_do_not_lose_a_call(world: World, emulator: Emulator) -> None:
    emulator.script(*[faults.quota_per_minute("0.001s")] * 8)
    client = world.client(max_retries=1)
    results = await world.collect(client.map(numbered(1), limiter=RateLimiter(per=0.001)))
    assert results[0].error is None
    assert len(emulator.requests) == 9


async def test_a_daily_quota_is_not_waited_for(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_day("41s"))
    (done,) = await world.collect(world.client().map(numbered(1)))
    assert isinstance(done.error, gemini_openai.RateLimitError)
    assert "daily quota" in str(done.error)
    assert len(emulator.requests) == 1


async def test_a_wait_longer_than_the_budget_is_told_at_once(
    world: World, emulator: Emulator
) -> None:
    emulator.script(faults.quota_per_minute("600s"))
    (done,) = await world.collect(world.client().map(numbered(1)))
    assert isinstance(done.error, gemini_openai.RateLimitError)
    assert "retry_budget" in str(done.error)


async def test_no_retries_means_none(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_minute("0.001s"))
    (done,) = await world.collect(world.client(max_retries=0).map(numbered(1)))
    assert isinstance(done.error, gemini_openai.RateLimitError)
    assert len(emulator.requests) == 1


async def test_requests_keep_to_the_rate(world: World, emulator: Emulator) -> None:
    limiter = RateLimiter(rpm=5, per=0.2)
    begun = time.monotonic()
    await world.collect(world.client().map(numbered(15), limiter=limiter))
    assert time.monotonic() - begun >= 0.4
    assert len(emulator.requests) == 15


@pytest.mark.parametrize("tpm", [None, 1_000_000])
async def test_tokens_are_estimated_only_where_they_have_a_limit(
    world: World, tpm: float | None
) -> None:
    asked: list[object] = []

    def tokens(request: object) -> float:
        asked.append(request)
        return 1

    requests = numbered(3)
    await world.collect(world.client().map(requests, tokens=tokens, tpm=tpm, concurrency=1))
    assert asked == ([] if tpm is None else requests)


async def test_tokens_are_estimated_and_then_counted(world: World) -> None:
    limiter = RateLimiter(tpm=1_000_000)
    requests = [asking("x" * 4000)]
    (done,) = await world.collect(world.client().map(requests, limiter=limiter))
    really = done.unwrap().usage.prompt_tokens
    assert limiter._tokens == really


async def test_a_million_requests_are_taken_in_as_results_are_taken_out(world: World) -> None:
    source = Counted()
    results = world.client().map(source, concurrency=4, look_ahead=10)
    assert source.taken == 0
    for given in range(1, 30):
        done = await world.first(results)
        assert done.index == given - 1
        assert source.taken <= given + 10
    await world.leave(results)
    taken = source.taken
    assert [item async for item in results] == [] if world.is_async else list(results) == []
    assert source.taken == taken


async def test_the_error_of_the_source_comes_after_the_results_before_it(world: World) -> None:
    def source() -> Iterator[dict[str, Any]]:
        yield from numbered(3)
        raise OSError("the disk is gone")

    results = world.client().map(source())
    for index in range(3):
        assert (await world.first(results)).index == index
    with pytest.raises(OSError, match="the disk is gone"):
        await world.first(results)
    assert await world.collect(results) == []


async def test_a_type_as_response_format_is_parsed(world: World, emulator: Emulator) -> None:
    class City(BaseModel):
        name: str

    emulator.script(Answer('{"name": "Rome"}'))
    (done,) = await world.collect(world.client().map([{**asking("x"), "response_format": City}]))
    assert done.unwrap().choices[0].message.parsed == City(name="Rome")


async def test_any_call_can_be_mapped(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(503, json={}, headers={"retry-after-ms": "1"}))

    def embed(client: Any, text: str) -> Any:
        return client.embeddings.create(model="gemini-embedding-001", input=text, dimensions=4)

    results = await world.collect(world.client().map(["one", "two"], call=embed))
    assert [len(done.unwrap().data[0].embedding) for done in results] == [4, 4]
    assert [done.request for done in results] == ["one", "two"]
    assert len(emulator.requests) == 3


async def test_the_call_of_an_app_may_raise_what_it_likes(world: World) -> None:
    def fail(client: Any, number: int) -> Any:
        raise KeyError(number)

    results = await world.collect(world.client().map([1, 2], call=fail))
    assert [done.error.args for done in results] == [(1,), (2,)]


async def test_a_limiter_can_be_shared_and_excludes_limits_beside_it(world: World) -> None:
    limiter = RateLimiter(rpm=1000)
    client = world.client()
    await world.collect(client.map(numbered(3), limiter=limiter))
    await world.collect(client.map(numbered(3), limiter=limiter))
    assert len(limiter._sent) == 6
    with pytest.raises(ValueError, match="not both"):
        client.map([], limiter=limiter, rpm=5)


@pytest.mark.parametrize("bounds", [{"concurrency": 0}, {"look_ahead": 0}, {"rpm": 0}])
async def test_bounds_below_one_are_refused(world: World, bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(bounds))):
        world.client().map([], **bounds)


async def test_results_and_their_errors_can_be_pickled(world: World) -> None:
    requests = [asking("x"), {**asking("x"), "model": "no-such-model"}]
    good, bad = pickle.loads(pickle.dumps(await world.collect(world.client().map(requests))))
    assert isinstance(good, MapResult)
    assert good.unwrap().choices
    assert isinstance(bad.error, gemini_openai.NotFoundError)
