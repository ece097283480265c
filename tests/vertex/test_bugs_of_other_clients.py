"""Eleven bugs that users of other Vertex clients reported, one test or more each.

The numbers are those of the issues they were reported in.
"""

from __future__ import annotations

import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from anyio import wait_all_tasks_blocked

from gemini_openai._google_auth import GoogleCredentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex.vertex_world import Clock, Vertex

HOUR = 3600


def test_a_program_outlives_its_first_token(vertex: Vertex, adc: str, clock: Clock) -> None:
    """1. A token frozen into the client: hermes-agent#69096, simple-openai#342, weaviate#959."""
    credentials = GoogleCredentials(clock=clock.seconds)
    for _ in range(60):
        assert vertex.ask(credentials) == 200
        if flight := credentials._flight:
            flight.result(5)
        clock.advance(290)
    statuses = [r.fate.status for r in vertex.emulator.requests if "/chat/" in r.path]
    assert statuses == [200] * 60
    assert len(vertex.google.calls) == 5  # in hardly five hours


def test_a_good_token_costs_no_token_call(vertex: Vertex, adc: str) -> None:
    """2. A refresh before every request: ogx#4928, litellm#5622, grok-cli#286."""
    credentials = GoogleCredentials()
    for _ in range(10):
        assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"]


@pytest.mark.parametrize("life", [1, 120, 600])
def test_a_token_lives_as_long_as_its_server_says(
    vertex: Vertex, adc: str, clock: Clock, life: int
) -> None:
    """3. A private timer of an hour, where tokens come aged: pydantic-ai#1186."""
    vertex.google.expires_in = life
    credentials = GoogleCredentials(clock=clock.seconds)
    first = credentials.headers()
    clock.advance(life)
    second = credentials.headers()
    assert second != first
    assert vertex.google.accepts(second["authorization"].removeprefix("Bearer "))


async def test_an_expired_token_brings_no_herd(vertex: Vertex, adc: str, clock: Clock) -> None:
    """4. Each of hundreds of calls refreshes for itself: litellm#26024, litellm#26569.

    Blocking callers and tasks together: a way round the lock for either would show.
    """
    credentials = GoogleCredentials()
    await credentials.headers_async()
    clock.advance(HOUR)
    with ThreadPoolExecutor(20) as pool:
        async with anyio.create_task_group() as group:
            with vertex.google.hold():
                threads = [pool.submit(credentials.headers) for _ in range(20)]
                for _ in range(100):
                    group.start_soon(credentials.headers_async)
                await wait_all_tasks_blocked()
        assert len({thread.result(5)["authorization"] for thread in threads}) == 1
    assert vertex.google.calls == ["token", "token"]


def test_a_token_that_was_taken_back_is_replaced(vertex: Vertex, adc: str) -> None:
    """5. A 401 does not end the life of a cached token: litellm#23512, litellm#23635."""
    credentials = GoogleCredentials()
    for _ in range(3):
        assert vertex.ask(credentials) == 200
        vertex.google.revoke()
    assert vertex.ask(credentials) == 200
    assert len(vertex.google.calls) == 4


def test_credentials_without_a_token_are_refreshed_before_their_first_use(
    vertex: Vertex, adc: str
) -> None:
    """6. No token, no expiry, so "not expired": anthropic-sdk-python#601."""
    from google.oauth2 import service_account

    given = service_account.Credentials.from_service_account_file(adc)
    assert not given.expired
    assert vertex.ask(GoogleCredentials(given)) == 200
    statuses = [r.fate.status for r in vertex.emulator.requests if "/chat/" in r.path]
    assert statuses == [200]


def test_a_new_login_is_picked_up_by_a_running_program(
    vertex: Vertex, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """7. `gcloud auth application-default login` again, and still the old one: litellm#13092."""
    path = vertex.write(vertex.google.person("1//old", "payer"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
    with vertex.to_google() as http:
        credentials = GoogleCredentials(http=lambda: http)
        assert vertex.ask(credentials) == 200
        vertex.google.revoke_refresh_token("1//old")
        vertex.google.revoke()
        vertex.write(vertex.google.person("1//new", "payer"))
        assert vertex.ask(credentials) == 200


class Watch:
    """What one thread reads, connects to or starts, by Python's audit events."""

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
    """8. Files and sockets of google-auth on the event loop: pydantic-ai's list of exceptions."""
    credentials = GoogleCredentials(clock=clock.seconds)
    watch.thread = threading.get_ident()
    first = await credentials.headers_async()  # found, and refreshed
    clock.advance(HOUR - 200)
    await credentials.headers_async()  # stale
    clock.advance(HOUR)
    await credentials.headers_async()  # expired
    await credentials.headers_async(first)  # an old token was refused
    assert watch.seen == []
    with open(adc):  # noqa: ASYNC230, PTH123  # the watch works
        assert watch.seen == ["open"]


async def test_other_tasks_run_while_a_refresh_takes_its_time(vertex: Vertex, adc: str) -> None:
    """8, seen from the outside."""
    credentials = GoogleCredentials()
    turns = 0
    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            group.start_soon(credentials.headers_async)
            await wait_all_tasks_blocked()
            for _ in range(100):
                await anyio.lowlevel.checkpoint()
                turns += 1
    assert turns == 100


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_event_loop_that_ended_leaves_nothing_behind(
    vertex: Vertex, adc: str, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    """9. Locks of closed loops, and of other loops: google-genai prunes a table of them."""
    credentials = GoogleCredentials()

    async def leave_early() -> None:
        with anyio.move_on_after(0.02):
            await credentials.headers_async()

    with vertex.google.hold():
        for _ in range(3):
            anyio.run(leave_early, backend=backend)
        flight = credentials._flight
    assert flight is not None
    flight.result(5)
    assert anyio.run(credentials.headers_async, backend=backend) == credentials.headers()
    assert vertex.google.calls == ["token"]
    assert caplog.text == ""


def test_a_loops_objects_are_let_go_with_the_refresh_they_waited_for(
    vertex: Vertex, adc: str
) -> None:
    """9, as memory."""
    import asyncio
    import weakref

    credentials = GoogleCredentials()
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await credentials.headers_async()

    anyio.run(main)
    credentials.headers()
    vertex.google.revoke()
    vertex.ask(credentials)  # the next refresh takes the place of the first
    gc.collect()
    assert loops[0]() is None


def test_a_token_request_goes_to_no_other_origin(
    vertex: Vertex, adc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """10. Credentials across a redirect. Of the token call; that of a chat is the client's."""
    from gemini_openai import OpenAIError
    from gemini_openai.emulator import Reply

    elsewhere = f"http://localhost:{vertex.emulator.port}/token"
    vertex.google.fail(Reply(307, text="", headers={"Location": elsewhere}))
    with (
        httpx.Client(follow_redirects=True, trust_env=False) as http,
        pytest.raises(OpenAIError),
    ):
        GoogleCredentials(http=lambda: http).headers()
    assert [r.path for r in vertex.emulator.requests] == ["/token"]


def test_a_token_is_in_a_header_and_in_no_url(vertex: Vertex, adc: str) -> None:
    """11. `?key=` in the access log. The headers we give are all there is."""
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    token = credentials.headers()["authorization"].removeprefix("Bearer ")
    for request in vertex.emulator.requests:
        assert request.query == {}
        assert token not in request.raw_path
