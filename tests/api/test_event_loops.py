"""One async client in many event loops: each has connections of its own, closed at its end."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import trio
from small_server import SmallServer

from gemini_openai import AsyncOpenAI, OpenAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOPS = int(os.environ.get("EVENT_LOOPS", "100"))
HELLO: Any = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with SmallServer() as server:
        yield server


def run(name: str, act: Callable[[], Any]) -> Any:
    return trio.run(act) if name == "trio" else asyncio.run(act())


def connections(client: AsyncOpenAI) -> int:
    loops: Any = client._http._of_loop
    return sum(len(http._transport._pool.connections) for http, _ in loops.values())


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_many_loops_leave_nothing_behind(loop: str, server: SmallServer) -> None:
    async def ask() -> None:
        assert (await client.chat.completions.create(**HELLO)).choices
        async for _ in await client.chat.completions.create(**HELLO, stream=True):
            break

    def alive() -> set[int]:
        gc.collect()
        kinds = (asyncio.BaseEventLoop, httpx.AsyncClient)
        return {id(it) for it in gc.get_objects() if isinstance(it, kinds)}

    client = AsyncOpenAI(api_key="k", base_url=server.url)
    before = alive()
    for _ in range(LOOPS):
        run(loop, ask)
    assert server.opened >= LOOPS
    assert not client._http._of_loop
    assert len(alive() - before) <= 1


def test_a_loop_that_was_closed_without_ado_is_forgotten_at_the_next(server: SmallServer) -> None:
    client = AsyncOpenAI(api_key="k", base_url=server.url)
    for _ in range(3):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(client.chat.completions.create(**HELLO))
        (http, _), *others = client._http._of_loop.values()
        assert not others
        loop.run_until_complete(http.aclose())
        loop.close()


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_loops_of_several_threads_have_connections_of_their_own(
    loop: str, server: SmallServer
) -> None:
    async def ask() -> Any:
        for _ in range(3):
            await client.chat.completions.create(**HELLO)
        met.wait()
        http = client._client
        assert len(http._transport._pool.connections) == 1  # type: ignore[attr-defined]
        return http

    client, met = AsyncOpenAI(api_key="k", base_url=server.url), threading.Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        https = list(threads.map(lambda _: run(loop, ask), range(8)))
    assert len(set(map(id, https))) == 8
    assert all(http.is_closed for http in https)
    assert not client._http._of_loop
    assert server.opened == 8


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_closing_the_client_closes_the_connections_of_its_loop(
    loop: str, server: SmallServer
) -> None:
    async def ask() -> None:
        client = AsyncOpenAI(api_key="k", base_url=server.url)
        await client.chat.completions.create(**HELLO)
        http = client._client
        assert connections(client) == 1
        await client.close()
        assert client.is_closed()
        assert http.is_closed
        assert not client._http._of_loop

    run(loop, ask)


def test_outside_of_a_loop_there_is_the_http_client_of_the_next(server: SmallServer) -> None:
    seen: list[str] = []

    async def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async def ask() -> Any:
        await client.chat.completions.create(**HELLO)
        return client._client

    client = AsyncOpenAI(api_key="k", base_url=server.url)
    http = client._client
    assert isinstance(http, httpx.AsyncClient)
    assert client._client is http
    assert not http.is_closed
    assert http.timeout.connect == 5
    http.event_hooks["request"].append(note)
    assert asyncio.run(ask()) is http
    assert seen == ["/chat/completions"]
    assert http.is_closed
    assert client._client is not http
    assert asyncio.run(ask()) is not http


def test_an_http_client_of_the_callers_is_not_closed_with_a_loop(server: SmallServer) -> None:
    async def ask() -> None:
        await client.chat.completions.create(**HELLO)
        await http._transport.aclose()  # its connections cannot move to the next loop

    http = httpx.AsyncClient()
    client = AsyncOpenAI(api_key="k", base_url=server.url, http_client=http)
    for _ in range(2):
        asyncio.run(ask())
    assert client._client is http
    assert not http.is_closed


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_client_that_is_dropped_in_a_loop_closes_its_connections(
    loop: str, server: SmallServer
) -> None:
    async def ask() -> None:
        client = AsyncOpenAI(api_key="k", base_url=server.url)
        await client.chat.completions.create(**HELLO)
        pool = client._client._transport._pool  # type: ignore[attr-defined]
        del client
        gc.collect()
        for _ in range(100):
            await anyio.lowlevel.checkpoint()
        assert not pool.connections

    if loop == "trio":
        with pytest.warns(ResourceWarning, match="_close_with_loop"):
            run(loop, ask)
    else:
        run(loop, ask)


@pytest.mark.parametrize("loop", ["blocking", "asyncio"])
def test_a_response_can_be_read_when_its_client_is_gone(loop: str, server: SmallServer) -> None:
    def ask() -> int:
        stream = OpenAI(api_key="k", base_url=server.url).chat.completions.create(
            **HELLO, stream=True
        )
        response = stream.response
        del stream
        gc.collect()
        return response.read().count(b"data:")

    async def ask_async() -> int:
        client = AsyncOpenAI(api_key="k", base_url=server.url)
        response = (await client.chat.completions.create(**HELLO, stream=True)).response
        del client
        gc.collect()
        await anyio.sleep(0.01)
        return (await response.aread()).count(b"data:")

    assert (ask() if loop == "blocking" else asyncio.run(ask_async())) == 11
