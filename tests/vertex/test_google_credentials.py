"""Google credentials with real google-auth, over sockets: found, and refreshed once for all."""

from __future__ import annotations

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import httpx
import httpx2
import pytest
from anyio import wait_all_tasks_blocked

from gemini_openai._google.vertex.errors import GoogleCredentialsError
from gemini_openai._google.vertex.refreshing import REFRESH_PAUSE, GoogleCredentials
from gemini_openai.emulator.routes.tokens import invalid_grant

if TYPE_CHECKING:
    from vertex.vertex_world import Clock, Vertex

LIFE = 3600
STALE = LIFE - 225 + 1  # google-auth's threshold


# --- found ---


def test_credentials_are_looked_for_by_the_first_call(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    assert vertex.google.calls == []
    assert repr(credentials) == "<GoogleCredentials, not looked for yet>"
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"]


def test_copies_share_one_token(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    for shared in (credentials, copy.copy(credentials), copy.deepcopy({"c": credentials})["c"]):
        assert vertex.ask(shared) == 200
    assert vertex.google.calls == ["token"]


@pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_token_calls_go_over_a_client_of_either_family(
    vertex: Vertex, adc: str, family: Any
) -> None:
    sent: list[str] = []
    hooks = {"request": [lambda request: sent.append(request.url.path)]}
    with family.Client(event_hooks=hooks, trust_env=False) as http:
        assert vertex.ask(GoogleCredentials(http=lambda: http)) == 200
    assert sent == ["/token"]


def test_the_project_comes_from_the_key_file_without_a_token_call(vertex: Vertex, adc: str) -> None:
    assert GoogleCredentials().find_project() == "emulated-project"
    assert GoogleCredentials(project="given").find_project() == "given"
    assert vertex.google.calls == []


def test_a_missing_file_is_named(vertex: Vertex, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = str(vertex.files / "nowhere.json")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", missing)
    for ask in (GoogleCredentials().headers, GoogleCredentials().find_project):
        with pytest.raises(GoogleCredentialsError) as caught:
            ask()
        assert "GOOGLE_APPLICATION_CREDENTIALS" in str(caught.value)
        assert missing in str(caught.value)


def test_no_credentials_at_all_says_where_they_were_looked_for(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("google.auth.compute_engine._metadata.is_on_gce", lambda request: False)
    monkeypatch.setenv("GEMINI_API_KEY", "AIza")
    with pytest.raises(GoogleCredentialsError) as caught:
        GoogleCredentials().headers()
    for word in ("credentials argument", "metadata server", "gcloud auth", "leave vertexai out"):
        assert word in str(caught.value)


def test_without_google_auth_the_error_says_how_to_install_it(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "google.auth", None)
    with pytest.raises(GoogleCredentialsError, match=r"pip install 'gemini-openai\[vertex\]'"):
        GoogleCredentials().headers()


@pytest.mark.parametrize("wrong", ["ya29.a-token", 7, object()])
def test_what_are_no_credentials_is_said_at_once(wrong: object) -> None:
    with pytest.raises(TypeError, match=type(wrong).__name__):
        GoogleCredentials(wrong)


def test_a_token_in_place_of_credentials_is_not_shown_in_the_error() -> None:
    with pytest.raises(TypeError, match="goes stale") as caught:
        GoogleCredentials("ya29.a-token")
    assert "ya29" not in str(caught.value)


# --- fresh, stale, invalid ---


def test_a_fresh_token_takes_no_lock(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    credentials.headers()
    with credentials._refresh_lock:  # a call that wanted it would wait for ever
        assert vertex.ask(credentials) == 200


def test_a_stale_token_is_used_while_one_refresh_runs_behind_it(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    credentials = GoogleCredentials(clock=clock.seconds)
    old = credentials.headers()
    clock.advance(STALE)
    with vertex.google.hold():
        with ThreadPoolExecutor(16) as pool:
            seen = list(pool.map(lambda _: credentials.headers(), range(64)))
        assert all(headers == old for headers in seen)
        vertex.google.wait_for_calls(2)
        clock.advance(REFRESH_PAUSE)
        assert credentials.headers() == old  # a slow refresh gets no second one beside it
        flight = credentials._refresh
    assert flight is not None
    flight.result(5)
    assert credentials.headers() != old
    assert vertex.google.calls == ["token", "token"]
    assert vertex.ask(credentials) == 200


def test_where_no_thread_can_be_begun_a_stale_token_is_used(
    vertex: Vertex, adc: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = GoogleCredentials(clock=clock.seconds)
    old = credentials.headers()
    clock.advance(STALE)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    with monkeypatch.context() as ending:
        ending.setattr(threading.Thread, "start", refuse)
        assert credentials.headers() == old
    assert vertex.google.calls == ["token"]


def test_a_failed_early_refresh_is_logged_and_tried_again_after_a_pause(
    vertex: Vertex, adc: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = GoogleCredentials(clock=clock.seconds)
    old = credentials.headers()
    clock.advance(STALE)
    vertex.google.fail(invalid_grant(), invalid_grant())

    def early() -> None:
        assert credentials.headers() == old
        assert credentials._refresh is not None
        credentials._refresh.result(5)

    early()
    assert "The present token is used while it lasts" in caplog.text
    calls = len(vertex.google.calls)
    early()
    assert len(vertex.google.calls) == calls
    clock.advance(REFRESH_PAUSE)
    early()
    assert len(vertex.google.calls) == calls + 1
    assert credentials.headers() != old


def test_a_token_whose_whole_life_is_short_is_not_renewed_by_every_call(
    vertex: Vertex, adc: str
) -> None:
    vertex.google.expires_in = 200
    credentials = GoogleCredentials()
    for _ in range(20):
        assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"]


def test_a_token_that_was_born_expired_is_handed_on_for_the_server_to_judge(
    vertex: Vertex, adc: str
) -> None:
    vertex.google.expires_in = 0
    assert GoogleCredentials().headers()["authorization"].startswith("Bearer ")


def test_64_threads_with_an_expired_token_make_one_token_call(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    clock.advance(LIFE)
    start = threading.Barrier(64)
    asked = threading.Semaphore(0)

    def ask(_: int) -> str:
        start.wait()
        asked.release()
        return credentials.headers()["authorization"]

    with ThreadPoolExecutor(64) as pool:
        with vertex.google.hold():
            answers = pool.map(ask, range(64))
            for _ in range(64):
                asked.acquire()
            vertex.google.wait_for_calls(2)
        tokens = set(answers)
    assert len(tokens) == 1
    assert vertex.google.calls == ["token", "token"]


async def test_200_tasks_with_an_expired_token_make_one_token_call_and_take_no_threads(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    credentials = GoogleCredentials()
    old = (await credentials.headers_async())["authorization"]
    clock.advance(LIFE)
    seen: list[str] = []

    async def ask() -> None:
        seen.append((await credentials.headers_async())["authorization"])

    threads = threading.active_count()
    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            for _ in range(200):
                group.start_soon(ask)
            await wait_all_tasks_blocked()
            await anyio.to_thread.run_sync(vertex.google.wait_for_calls, 2)
            # The refresh, and the worker that has just waited for the call to arrive.
            assert threading.active_count() <= threads + 2
            assert anyio.to_thread.current_default_thread_limiter().borrowed_tokens == 0
            assert seen == []
    assert len(seen) == 200
    assert {old}.isdisjoint(seen)
    assert len(set(seen)) == 1
    assert vertex.google.calls == ["token", "token"]


# --- after a 401 ---


def test_a_revoked_token_is_refreshed_and_the_call_answered(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    vertex.google.revoke()
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token", "token"]
    assert [r.outcome.status for r in vertex.emulator.requests if "/chat/" in r.path] == [
        200,
        401,
        200,
    ]


def test_eight_401s_of_one_token_are_one_refresh(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    rejected = credentials.headers()
    with ThreadPoolExecutor(8) as pool:
        fresh = list(pool.map(lambda _: credentials.headers(rejected), range(8)))
    assert rejected not in fresh
    assert all(headers == fresh[0] for headers in fresh)
    assert vertex.google.calls == ["token", "token"]


def test_a_late_401_of_an_old_token_gets_the_present_one_without_a_refresh(
    vertex: Vertex, adc: str
) -> None:
    credentials = GoogleCredentials()
    old = credentials.headers()
    present = credentials.headers(old)
    assert credentials.headers(old) == present
    assert vertex.google.calls == ["token", "token"]


async def test_a_late_401_in_an_event_loop_gets_the_present_token_too(
    vertex: Vertex, adc: str
) -> None:
    credentials = GoogleCredentials()
    old = await credentials.headers_async()
    present = await credentials.headers_async(old)
    assert await credentials.headers_async(old) == present
    assert vertex.google.calls == ["token", "token"]


def test_a_late_401_does_not_wait_for_a_refresh_that_is_none_of_its_business(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    credentials = GoogleCredentials(clock=clock.seconds)
    old = credentials.headers()
    present = credentials.headers(old)
    clock.advance(STALE)
    with vertex.google.hold():
        assert credentials.headers() == present
        vertex.google.wait_for_calls(3)  # the early refresh
        assert credentials.headers(old, timeout=5) == present
