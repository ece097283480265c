"""Eleven bugs that users of other Vertex clients reported, one test or more each, on our client.

The numbers are those of the issues they were reported in.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import httpx
import pytest
from anyio import wait_all_tasks_blocked
from google.oauth2 import service_account
from vertex.vertex_world import CHAT, HOUR, QUESTION, STALE, settled

from gemini_openai import AsyncClient, OpenAIError
from gemini_openai.emulator import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from vertex.vertex_world import Clock, Vertex, VertexWorld


@pytest.fixture
async def client(vertex: Vertex, adc: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        vertexai=True, project="p", base_url=vertex.emulator.origin, max_retries=0
    ) as made:
        vertex.by_the_clock(made)
        yield made


async def test_a_program_outlives_its_first_token(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    """1. A token frozen into the client: hermes-agent#69096, simple-openai#342, weaviate#959."""
    client = on_vertex.client()
    for _ in range(60):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
        await anyio.to_thread.run_sync(settled, client)
        clock.advance(290)
    assert vertex.statuses == [200] * 60
    assert len(vertex.google.calls) == 5  # in hardly five hours


async def test_a_good_token_costs_no_token_call(on_vertex: VertexWorld, vertex: Vertex) -> None:
    """2. A refresh before every request: ogx#4928, litellm#5622, grok-cli#286."""
    client = on_vertex.client()
    for _ in range(10):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.google.calls == ["token"]


@pytest.mark.parametrize("life", [1, 120, 600])
async def test_a_token_lives_as_long_as_its_server_says(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock, life: int
) -> None:
    """3. A private timer of an hour, where tokens come aged: pydantic-ai#1186."""
    vertex.google.expires_in = life
    client = on_vertex.client()
    for _ in range(3):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
        clock.advance(life)
    assert vertex.statuses == [200] * 3
    assert len({r.headers["authorization"] for r in vertex.chats}) == 3


async def test_an_expired_token_brings_no_herd(
    vertex: Vertex, client: AsyncClient, clock: Clock
) -> None:
    """4. Each of hundreds of calls refreshes for itself: litellm#26024, litellm#26569.

    Blocking callers and tasks with the same credentials: a way round the lock for either would
    show.
    """
    await client.chat.completions.create(**QUESTION)
    blocking = vertex.client()
    blocking._google = client._google
    clock.advance(HOUR)
    with blocking, ThreadPoolExecutor(20) as pool:
        async with anyio.create_task_group() as group:
            with vertex.google.hold():
                threads = [
                    pool.submit(blocking.chat.completions.create, **QUESTION) for _ in range(20)
                ]
                for _ in range(100):
                    group.start_soon(lambda: client.chat.completions.create(**QUESTION))
                await wait_all_tasks_blocked()
        for thread in threads:
            await anyio.to_thread.run_sync(thread.result, 10)
    assert vertex.statuses == [200] * 121
    assert vertex.google.calls == ["token", "token"]


async def test_a_token_that_was_taken_back_is_replaced(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    """5. A 401 does not end the life of a cached token: litellm#23512, litellm#23635."""
    client = on_vertex.client()
    for _ in range(3):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
        vertex.google.revoke()
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.statuses == [200, *[401, 200] * 3]
    assert len(vertex.google.calls) == 4


async def test_the_401s_of_five_tasks_are_one_refresh(vertex: Vertex, client: AsyncClient) -> None:
    """5, many at once."""
    await client.chat.completions.create(**QUESTION)
    vertex.google.revoke()
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(lambda: client.chat.completions.create(**QUESTION))
    assert vertex.statuses.count(200) == 6
    assert vertex.google.calls == ["token", "token"]


async def test_credentials_without_a_token_are_refreshed_before_their_first_use(
    on_vertex: VertexWorld, vertex: Vertex, adc: str
) -> None:
    """6. No token, no expiry, so "not expired": anthropic-sdk-python#601."""
    given = service_account.Credentials.from_service_account_file(adc)
    assert not given.expired
    client = on_vertex.client(credentials=given)
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.statuses == [200]


def test_a_new_login_is_picked_up_by_a_running_program(
    vertex: Vertex, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """7. `gcloud auth application-default login` again, and still the old one: litellm#13092."""
    path = vertex.write(vertex.google.person("1//old", "payer"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
    with vertex.client(http_client=vertex.to_google()) as client:
        client.chat.completions.create(**QUESTION)
        vertex.google.revoke_refresh_token("1//old")
        vertex.google.revoke()
        vertex.write(vertex.google.person("1//new", "payer"))
        client.chat.completions.create(**QUESTION)
    assert vertex.statuses == [200, 401, 200]


class Watch:
    """What one thread reads, resolves or starts, by Python's audit events."""

    EVENTS = frozenset(
        {
            *("open", "os.listdir", "os.scandir", "socket.connect", "socket.getaddrinfo"),
            *("subprocess.Popen", "time.sleep"),
        }
    )

    def __init__(self) -> None:
        self.thread: int | None = None
        self.seen: list[str] = []
        sys.addaudithook(self.note)  # for as long as the process lives: none can be taken away

    def note(self, event: str, arguments: Any) -> None:
        if self.thread == threading.get_ident() and event in self.EVENTS:
            self.seen.append(event)


@pytest.fixture(scope="session")
def _watch() -> Watch:
    return Watch()


@pytest.fixture
def watch(_watch: Watch) -> Iterator[Watch]:
    _watch.seen.clear()
    yield _watch
    _watch.thread = None


async def test_nothing_is_read_or_connected_to_in_the_event_loops_thread(
    vertex: Vertex, adc: str, clock: Clock, watch: Watch
) -> None:
    """8. Files and sockets of google-auth on the event loop: pydantic-ai's list of exceptions.

    The chat's own request is answered without a socket, so that what is seen is the credentials'.
    """
    tokens: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tokens.append(request.headers["authorization"])
        revoked = len(tokens) == 4
        return httpx.Response(401 if revoked else 200, json={"choices": []})

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with AsyncClient(vertexai=True, project="p", http_client=http) as client:
        vertex.by_the_clock(client)
        client._settings.translator  # noqa: B018  # modules are read when they are first needed
        await client.with_options(api_key="warm").chat.completions.create(**QUESTION)
        watch.thread = threading.get_ident()
        for pause in (STALE, HOUR, 0):  # found and refreshed, stale, expired, refused
            await client.chat.completions.create(**QUESTION)
            await anyio.to_thread.run_sync(settled, client)
            clock.advance(pause)
        assert watch.seen == []
    with open(adc):  # noqa: ASYNC230, PTH123  # the watch works
        assert watch.seen == ["open"]
    assert len(tokens) == 5
    assert vertex.google.calls == ["token"] * 4


async def test_other_tasks_run_while_a_refresh_takes_its_time(
    vertex: Vertex, client: AsyncClient
) -> None:
    """8, seen from the outside."""
    turns = 0
    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            group.start_soon(lambda: client.chat.completions.create(**QUESTION))
            await wait_all_tasks_blocked()
            for _ in range(100):
                await anyio.lowlevel.checkpoint()
                turns += 1
            assert vertex.chats == []
    assert turns == 100


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_event_loop_that_ended_leaves_nothing_behind(
    vertex: Vertex, adc: str, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    """9. Locks of closed loops, and of other loops: google-genai prunes a table of them."""
    client = AsyncClient(vertexai=True, project="p", base_url=vertex.emulator.origin)

    async def leave_early() -> None:
        with anyio.move_on_after(0.02):
            await client.chat.completions.create(**QUESTION)

    async def ask() -> None:
        await client.chat.completions.create(**QUESTION)
        await client._client.aclose()

    with vertex.google.hold():
        for _ in range(3):
            anyio.run(leave_early, backend=backend)
    settled(client)
    anyio.run(ask, backend=backend)
    assert vertex.google.calls == ["token"]
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_a_loops_objects_are_let_go_with_the_refresh_they_waited_for(
    vertex: Vertex, adc: str
) -> None:
    """9, as memory."""
    client = AsyncClient(vertexai=True, project="p", base_url=vertex.emulator.origin)
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await client.chat.completions.create(**QUESTION)
        await client._client.aclose()

    anyio.run(main)
    vertex.google.revoke()
    anyio.run(main)  # the next refresh takes the place of the first
    gc.collect()
    assert loops[0]() is None


async def test_a_token_goes_to_no_other_origin(on_vertex: VertexWorld, vertex: Vertex) -> None:
    """10. Credentials across a redirect, as openai's own test has it: of the chat."""
    elsewhere = f"http://localhost:{vertex.emulator.port}/elsewhere"
    vertex.emulator.script(
        Reply(307, text="", headers={"Location": elsewhere}),
        path=CHAT,
    )
    with pytest.raises(OpenAIError):
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION))
    followed = [r for r in vertex.emulator.requests if r.path == "/elsewhere"]
    assert followed
    assert not [r for r in followed if "ya29." in str(r.headers)]


async def test_an_assertion_goes_to_no_other_origin(on_vertex: VertexWorld, vertex: Vertex) -> None:
    """10. And of the token call, whose body is the secret."""
    elsewhere = f"http://localhost:{vertex.emulator.port}/token"
    vertex.google.fail(Reply(307, text="", headers={"Location": elsewhere}))
    with pytest.raises(OpenAIError):
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION))
    assert [r.path for r in vertex.emulator.requests] == ["/token"]


async def test_a_token_is_in_a_header_and_in_no_url(on_vertex: VertexWorld, vertex: Vertex) -> None:
    """11. `?key=` in the access log."""
    client = on_vertex.client()
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    await on_vertex.result(client.models.list())
    token = client.auth_headers["Authorization"].removeprefix("Bearer ")
    for request in vertex.emulator.requests:
        assert request.query == {}
        assert token not in request.raw_path


async def test_an_api_key_pasted_into_the_base_url_is_not_sent(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    """11. The query of a whole URL somebody pasted is left out."""
    whole = f"{vertex.emulator.vertex_url('p')}chat/completions?key=AIza-secret"
    await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION), base_url=whole)
    assert vertex.chats[0].query == {}
