"""Leaving `client.map` and `create_many` before their end: what was under way is ended."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.emulator import Emulator, Reply, Stall, faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator


# httpx sends a body from an async generator, which trio complains of if cancelled in the middle.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def client(emulator: Emulator, anyio_backend: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key="k", base_url=emulator.base_url) as client:
        yield client


@pytest.fixture
def blocking(emulator: Emulator) -> Iterator[OpenAI]:
    with OpenAI(api_key="k", base_url=emulator.base_url) as client:
        yield client


def endless() -> Iterator[dict[str, Any]]:
    while True:
        yield {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


async def until(emulator: Emulator, predicate: Any) -> None:
    await anyio.to_thread.run_sync(lambda: emulator.wait_for(predicate))


def one_answer_and_stalls(emulator: Emulator, stalls: int) -> None:
    emulator.script(lambda _: Reply(json={"choices": []}), *[Stall()] * stalls)


def gone(emulator: Emulator, count: int) -> Any:
    return lambda: sum(request.disconnected for request in emulator.requests) == count


async def test_the_end_of_the_with_block_aborts_what_is_in_flight(
    client: AsyncOpenAI, emulator: Emulator
) -> None:
    one_answer_and_stalls(emulator, 4)
    async with client.map(endless(), concurrency=3, look_ahead=4, ordered=False) as results:
        async for _ in results:
            await until(emulator, lambda: len(emulator.requests) == 4)
            break
    await until(emulator, gone(emulator, 3))
    assert [item async for item in results] == []
    assert len(emulator.requests) == 4
    emulator.reset()


async def test_a_break_aborts_what_is_in_flight(client: AsyncOpenAI, emulator: Emulator) -> None:
    one_answer_and_stalls(emulator, 4)
    async for _ in client.map(endless(), concurrency=3, look_ahead=4, ordered=False):
        await until(emulator, lambda: len(emulator.requests) == 4)
        break
    gc.collect()
    await until(emulator, gone(emulator, 3))
    assert len(emulator.requests) == 4
    emulator.reset()


async def test_an_error_in_the_loop_aborts_what_is_in_flight(
    client: AsyncOpenAI, emulator: Emulator
) -> None:
    one_answer_and_stalls(emulator, 2)

    async def fail() -> None:
        async with client.map(endless(), concurrency=2, look_ahead=3, ordered=False) as results:
            async for _ in results:
                await until(emulator, lambda: len(emulator.requests) == 3)
                raise KeyError

    with pytest.raises(KeyError):
        await fail()
    await until(emulator, gone(emulator, 2))
    emulator.reset()


async def test_cancelling_who_waits_aborts_what_is_in_flight(
    client: AsyncOpenAI, emulator: Emulator
) -> None:
    emulator.script(Stall(), Stall(), Stall())
    async with anyio.create_task_group() as group:

        async def collect() -> None:
            async for _ in client.map(endless(), concurrency=3):
                pytest.fail("nothing was answered")

        group.start_soon(collect)
        await until(emulator, lambda: len(emulator.requests) == 3)
        group.cancel_scope.cancel()
    await until(emulator, gone(emulator, 3))
    assert len(emulator.requests) == 3


async def test_cancelling_ends_waits_for_a_quota(client: AsyncOpenAI, emulator: Emulator) -> None:
    emulator.script(*[faults.quota_per_minute("60s")] * 3)
    async with anyio.create_task_group() as group:

        async def collect() -> None:
            async for _ in client.map(endless(), concurrency=3):
                pytest.fail("nothing was answered")

        group.start_soon(collect)
        await until(emulator, lambda: sum(r.answered for r in emulator.requests) == 3)
        group.cancel_scope.cancel()
    assert len(emulator.requests) == 3


async def test_scopes_around_the_loop_stay_in_order(client: AsyncOpenAI) -> None:
    """No scope of ours is left open in the task of the caller."""
    with anyio.fail_after(20):
        async for done in client.map(endless(), concurrency=2):
            with anyio.CancelScope():
                await anyio.lowlevel.checkpoint()
                if done.index == 3:
                    break
    with anyio.move_on_after(20) as scope:
        results = client.map(endless(), concurrency=2)
        await anext(results)
    await results.close()
    assert not scope.cancelled_caught


async def test_an_async_source_is_closed_with_the_results(client: AsyncOpenAI) -> None:
    closed = anyio.Event()

    async def source() -> AsyncIterator[dict[str, Any]]:
        try:
            for request in endless():
                await anyio.lowlevel.checkpoint()
                yield request
        finally:
            closed.set()

    async with client.map(source(), concurrency=2) as results:
        assert (await anext(results)).error is None
    assert closed.is_set()


async def test_vectors_left_behind_are_aborted_too(client: AsyncOpenAI, emulator: Emulator) -> None:
    emulator.script(Stall(), Stall(), when=lambda r: b"late" in r.body)
    texts = ["early"] * 100 + ["late"] * 10_000
    async with client.embeddings.create_many(
        texts, model="gemini-embedding-001", dimensions=2, concurrency=3, look_ahead=300
    ) as vectors:
        assert len(await anext(vectors)) == 2
        await until(emulator, lambda: len(emulator.requests) >= 3)
    await until(emulator, gone(emulator, 2))
    assert [vector async for vector in vectors] == []


@pytest.fixture
def threads_end() -> Iterator[Callable[[], None]]:
    """Waits for the threads that a test started."""
    before = set(threading.enumerate())

    def join() -> None:
        for thread in set(threading.enumerate()) - before:
            if thread.name in {"gemini-openai-map", "asks"}:
                thread.join(5)
                assert not thread.is_alive()

    yield join
    join()


def test_blocking_results_can_be_closed_from_another_thread(
    threads_end: Callable[[], None],
) -> None:
    with Emulator() as emulator, OpenAI(api_key="k", base_url=emulator.base_url) as client:
        emulator.script(Stall(), Stall(), Stall())
        results = client.map(endless(), concurrency=3)
        got: list[object] = []
        waiting = threading.Thread(target=lambda: got.extend(results))
        waiting.start()
        emulator.wait_for(lambda: len(emulator.requests) == 3)
        results.close()
        waiting.join(5)
        assert not waiting.is_alive()
        assert got == []
        assert len(emulator.requests) == 3
    threads_end()  # the emulator is gone, and with it the calls that were in flight


def test_blocking_waits_for_a_quota_end_when_the_loop_is_left(
    blocking: OpenAI, emulator: Emulator, threads_end: Callable[[], None]
) -> None:
    emulator.script(*[faults.quota_per_minute("60s")] * 2)
    results = blocking.map(endless(), concurrency=2)
    threading.Thread(target=lambda: list(results), name="asks", daemon=True).start()
    emulator.wait_for(lambda: sum(request.answered for request in emulator.requests) == 2)
    results.close()
    threads_end()
    assert len(emulator.requests) == 2


def test_a_blocking_loop_that_is_left_begins_nothing_more(
    blocking: OpenAI, emulator: Emulator, threads_end: Callable[[], None]
) -> None:
    for done in blocking.map(endless(), concurrency=4):
        if done.index == 10:
            break
    gc.collect()
    threads_end()
    assert len(emulator.requests) <= 11 + 16


def test_a_blocking_close_may_wait_for_the_calls_on_the_wire(
    blocking: OpenAI, emulator: Emulator
) -> None:
    before = threading.active_count()
    results = blocking.map(endless(), concurrency=4)
    next(results)
    results.close(wait=True)
    assert threading.active_count() <= before
    assert all(request.answered for request in emulator.requests)


def test_a_destructor_waits_for_no_thread_and_all_threads_end(
    blocking: OpenAI, emulator: Emulator, threads_end: Callable[[], None]
) -> None:
    results = blocking.map(endless(), concurrency=2)
    next(results)
    lock, held, enough = results._workers._changed, threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            enough.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    destructor = threading.Thread(target=results.__del__)
    destructor.start()
    destructor.join(5)
    waited = destructor.is_alive()
    enough.set()
    holder.join()
    assert not waited
    threads_end()
