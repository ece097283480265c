"""Those who wait for a refresh, and refreshes that fail; with real google-auth, over sockets."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import httpx
import pytest
from anyio import wait_all_tasks_blocked
from google.oauth2 import service_account

from gemini_openai import APIConnectionError, APITimeoutError
from gemini_openai._google.vertex.credentials import SCOPES
from gemini_openai._google.vertex.errors import GoogleCredentialsError
from gemini_openai._google.vertex.refreshing import GoogleCredentials
from gemini_openai._primitives.fork import _after_fork
from gemini_openai.emulator.routes.tokens import invalid_grant, unavailable

if TYPE_CHECKING:
    from vertex.vertex_world import Clock, Vertex

LIFE = 3600
BACKENDS = ("asyncio", "trio")


# --- waiting ---


async def test_a_cancelled_waiter_does_not_stop_the_refresh(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    got: list[dict[str, str]] = []

    async def wait() -> None:
        got.append(await credentials.headers_async())

    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            async with anyio.create_task_group() as began_the_refresh:
                began_the_refresh.start_soon(wait)
                await wait_all_tasks_blocked()
                group.start_soon(wait)
                await wait_all_tasks_blocked()
                began_the_refresh.cancel_scope.cancel()
            assert got == []
    assert len(got) == 1
    assert vertex.google.calls == ["token"]


async def test_a_refresh_whose_only_waiter_left_serves_the_next_call(
    vertex: Vertex, adc: str
) -> None:
    credentials = GoogleCredentials()
    with vertex.google.hold():
        with anyio.move_on_after(0.02) as scope:
            await credentials.headers_async()
        assert scope.cancelled_caught
        await anyio.to_thread.run_sync(vertex.google.wait_for_calls, 1)
    await credentials.headers_async()
    assert vertex.google.calls == ["token"]


@pytest.mark.parametrize("timeout", [0.02, httpx.Timeout(None, read=0.02)], ids=["s", "Timeout"])
async def test_waiting_is_bounded_by_the_timeout_of_the_call(
    vertex: Vertex,
    adc: str,
    timeout: Any,  # noqa: ASYNC109  # what is tested
) -> None:
    credentials = GoogleCredentials()
    with vertex.google.hold():
        with pytest.raises(APITimeoutError, match=r"Google credentials, 0\.02 s allowed"):
            await credentials.headers_async(timeout=timeout)
        with pytest.raises(APITimeoutError, match=r"Google credentials, 0\.02 s allowed"):
            credentials.headers(timeout=timeout)
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"]


def test_two_event_loops_and_a_thread_share_one_refresh(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    waiting = threading.Semaphore(0)

    async def main() -> dict[str, str]:
        got: dict[str, str] = {}

        async def ask() -> None:
            got.update(await credentials.headers_async())

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await wait_all_tasks_blocked()
            waiting.release()
        return got

    with ThreadPoolExecutor(3) as pool:
        with vertex.google.hold():
            loops = [pool.submit(anyio.run, main, backend=backend) for backend in BACKENDS]
            thread = pool.submit(credentials.headers)
            for _ in loops:
                waiting.acquire()
            vertex.google.wait_for_calls(1)
        answers = [future.result(5) for future in (*loops, thread)]
    assert answers[0] == answers[1] == answers[2] != {}
    assert vertex.google.calls == ["token"]


FORKED = """
import os, sys, threading, warnings
from gemini_openai._google.vertex.refreshing import GoogleCredentials

class Slow:
    token = None
    began, release = threading.Event(), threading.Event()
    def refresh(self, request):
        if os.getpid() == parent:
            self.began.set()
            self.release.wait()
        self.token = str(os.getpid())

parent = os.getpid()
credentials = GoogleCredentials(Slow())
threading.Thread(target=credentials.headers, daemon=True).start()
Slow.began.wait()
warnings.simplefilter("ignore")  # forking with threads is what is tested
child = os.fork()
if child == 0:
    headers = credentials.headers(timeout=5)
    os._exit(0 if headers == {"authorization": f"Bearer {os.getpid()}"} else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.process
def test_a_process_forked_during_a_refresh_makes_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")


# --- failure and recovery ---


def test_locks_that_were_held_at_a_fork_are_free_in_the_child(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    with credentials._find_lock, credentials._refresh_lock:
        _after_fork()
        assert credentials.headers()  # would wait for ever


def test_a_failing_token_server_is_a_connection_error_and_the_next_call_recovers(
    vertex: Vertex, adc: str, no_backoff: None
) -> None:
    credentials = GoogleCredentials()
    vertex.google.fail(*[unavailable()] * 3)
    with pytest.raises(APIConnectionError, match="failed, repeatedly") as caught:
        credentials.headers()
    assert str(caught.value.request.url) == f"{vertex.emulator.origin}/token"
    assert vertex.google.calls == ["token"] * 3
    assert vertex.ask(credentials) == 200


def test_an_unreachable_token_server_is_a_connection_error(
    vertex: Vertex, adc: str, clock: Clock, no_backoff: None
) -> None:
    credentials = GoogleCredentials()
    credentials.headers()
    clock.advance(LIFE)
    vertex.emulator.stop()
    with pytest.raises(APIConnectionError, match="No access token could be had") as caught:
        credentials.headers()
    assert not isinstance(caught.value, APITimeoutError)
    vertex.emulator._wanted_port = vertex.emulator.port
    vertex.emulator.start()
    assert vertex.ask(credentials) == 200


def test_every_waiter_gets_an_error_of_its_own(vertex: Vertex, adc: str) -> None:
    credentials = GoogleCredentials()
    vertex.google.fail(invalid_grant())
    asked = threading.Semaphore(0)

    def ask(_: int) -> BaseException | None:
        asked.release()
        try:
            credentials.headers()
        except GoogleCredentialsError as error:
            return error
        return None

    with ThreadPoolExecutor(4) as pool:
        with vertex.google.hold():
            answers = pool.map(ask, range(4))
            for _ in range(4):
                asked.acquire()
            vertex.google.wait_for_calls(1)
        errors = [error for error in answers if error is not None]
    assert errors
    assert len({id(error) for error in errors}) == len(errors)


def test_a_refusal_says_whose_credentials_where_and_what_to_do(vertex: Vertex, adc: str) -> None:
    vertex.google.fail(invalid_grant("Invalid JWT Signature."))
    with pytest.raises(GoogleCredentialsError) as caught:
        GoogleCredentials().headers()
    message = str(caught.value)
    for word in (
        "service account",
        "robot@emulated-project.iam.gserviceaccount.com",
        adc,
        f"{vertex.emulator.origin}/token",
        "Invalid JWT Signature.",
        "keys list",
    ):
        assert word in message


def test_a_key_that_was_replaced_by_another_account_is_found(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    vertex.google._keys.clear()
    vertex.key_file("successor")
    clock.advance(LIFE)
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token"] * 3  # the first, the refused, the successor's


def test_credentials_that_were_refused_from_the_start_are_looked_for_again_by_the_next_call(
    vertex: Vertex, adc: str
) -> None:
    credentials = GoogleCredentials()
    vertex.google._keys.clear()
    with pytest.raises(GoogleCredentialsError, match="account not found"):
        credentials.headers()
    assert vertex.google.calls == ["token"]
    vertex.key_file("successor")
    assert vertex.ask(credentials) == 200
    assert vertex.google.calls == ["token", "token"]


def test_an_account_whose_rejected_token_cannot_be_renewed_is_not_asked_for_again(
    vertex: Vertex, adc: str
) -> None:
    credentials = GoogleCredentials()
    assert vertex.ask(credentials) == 200
    vertex.google.revoke()
    vertex.google._keys.clear()
    assert vertex.ask(credentials) == 401
    vertex.key_file("successor")
    assert vertex.ask(credentials) == 200
    assert vertex.statuses == [200, 401, 200]  # not once more with the token that was rejected


def test_credentials_that_were_given_are_never_exchanged_for_found_ones(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    given = service_account.Credentials.from_service_account_file(adc, scopes=SCOPES)
    credentials = GoogleCredentials(given)
    assert vertex.ask(credentials) == 200
    vertex.google._keys.clear()
    vertex.key_file("successor")
    clock.advance(LIFE)
    with pytest.raises(GoogleCredentialsError, match="account not found"):
        credentials.headers()


def test_no_secret_is_in_a_log_a_repr_or_an_error(
    vertex: Vertex, adc: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    credentials = GoogleCredentials()
    token = credentials.headers()["authorization"].removeprefix("Bearer ")
    clock.advance(LIFE)
    secret = "ya29.a0AfB_byC-1234567890abcdefghijklmnopqrstuv"
    # What a careless server might repeat.
    vertex.google.fail(*[invalid_grant(f"cannot use {secret}")] * 2)
    with pytest.raises(GoogleCredentialsError) as caught:
        credentials.headers()
    assertion = next(r.body for r in vertex.emulator.requests if r.path == "/token").decode()
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("gemini_openai"))
    for shown in (ours, repr(credentials), repr(caught.value), str(caught.value)):
        assert token not in shown
        assert secret[5:] not in shown
        assert assertion[-40:] not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
