"""Calls on Vertex AI with real google-auth: tokens that run out, are taken back, or do not come."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import pytest
from anyio import wait_all_tasks_blocked
from vertex.vertex_world import CHAT, HOUR, QUESTION, STALE, VertexWorld, settled

from gemini_openai import (
    APIConnectionError,
    APITimeoutError,
    AsyncClient,
    AuthenticationError,
    GoogleCredentialsError,
    RateLimitError,
)
from gemini_openai.emulator import Reply, faults
from gemini_openai.emulator.routes.tokens import invalid_grant, unavailable

if TYPE_CHECKING:
    from vertex.vertex_world import Clock, Vertex

BACKENDS = ("asyncio", "trio")
ASYNC_WORLDS = pytest.mark.parametrize(
    "world_name", ["asyncio", "asyncio-httpx2", "trio"], indirect=True
)


def ask(client: Any) -> Any:
    return client.chat.completions.create(**QUESTION)


# --- in time ---


async def test_a_service_account_answers_by_its_file(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    answer = await on_vertex.ask(ask)
    assert "You said: hi" in answer.choices[0].message.content
    assert vertex.google.calls == ["token"]


async def test_a_token_that_runs_out_in_mid_run_is_renewed_before_it_is_refused(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    client = on_vertex.client()
    for pause in (HOUR // 2, HOUR // 2, HOUR, 0):
        await on_vertex.result(ask(client))
        clock.advance(pause)
    assert vertex.statuses == [200] * 4
    assert vertex.google.calls == ["token"] * 3


async def test_a_stale_token_is_used_while_the_next_one_is_fetched(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    client = on_vertex.client()
    await on_vertex.result(ask(client))
    old = client.auth_headers
    clock.advance(STALE)
    with vertex.google.hold():
        for _ in range(3):
            await on_vertex.result(ask(client))
        assert client.auth_headers == old
    await anyio.to_thread.run_sync(settled, client)
    assert client.auth_headers != old
    assert vertex.statuses == [200] * 4
    assert vertex.google.calls == ["token"] * 2


def test_64_threads_with_an_expired_token_make_one_token_call(
    vertex: Vertex, adc: str, clock: Clock
) -> None:
    with vertex.client() as client, ThreadPoolExecutor(64) as pool:
        ask(client)
        clock.advance(HOUR)
        start = threading.Barrier(64)

        def call(_: int) -> None:
            start.wait()
            ask(client)

        with vertex.google.hold():
            answers = pool.map(call, range(64))
            vertex.google.wait_for_calls(2)
            assert len(vertex.chats) == 1
        assert len([*answers]) == 64
    assert vertex.statuses == [200] * 65
    assert len({r.headers["authorization"] for r in vertex.chats}) == 2
    assert vertex.google.calls == ["token", "token"]


@ASYNC_WORLDS
async def test_200_tasks_with_an_expired_token_make_one_token_call(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    client = on_vertex.client()
    await ask(client)
    clock.advance(HOUR)
    answers: list[Any] = []

    async def call() -> None:
        answers.append(await ask(client))

    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            for _ in range(200):
                group.start_soon(call)
            await wait_all_tasks_blocked()
            await anyio.to_thread.run_sync(vertex.google.wait_for_calls, 2)
            assert len(vertex.chats) == 1
    assert len(answers) == 200
    assert vertex.statuses == [200] * 201
    assert len({r.headers["authorization"] for r in vertex.chats}) == 2
    assert vertex.google.calls == ["token", "token"]


# --- after a 401 ---


async def test_a_revoked_token_is_refreshed_and_the_call_answered(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    """With no retries allowed: the request itself was never judged."""
    client = on_vertex.client(max_retries=0)
    await on_vertex.result(ask(client))
    vertex.google.revoke()
    await on_vertex.result(ask(client))
    assert vertex.statuses == [200, 401, 200]
    assert vertex.chats[1].body == vertex.chats[2].body
    assert vertex.google.calls == ["token", "token"]


async def test_a_revoked_token_does_not_stop_a_stream_from_beginning(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    await on_vertex.result(ask(client))
    vertex.google.revoke()
    stream = await on_vertex.result(client.chat.completions.create(**QUESTION, stream=True))
    chunks = await on_vertex.collect(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert "You said: hi" in text
    assert vertex.statuses == [200, 401, 200]


async def test_a_second_401_is_the_callers(on_vertex: VertexWorld, vertex: Vertex) -> None:
    for _ in range(2):
        vertex.emulator.script(
            Reply(401, json=[{"error": {"code": 401, "message": "Not you.", "status": "X"}}]),
            path=CHAT,
        )
    with pytest.raises(AuthenticationError, match=r"Not you\."):
        await on_vertex.ask(ask, max_retries=5)
    assert vertex.statuses == [401, 401]
    assert vertex.google.calls == ["token", "token"]


async def test_a_401_between_retries_costs_none_of_them(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client(max_retries=1, retry_budget=0)
    await on_vertex.result(ask(client))
    vertex.google.revoke()
    vertex.emulator.script(faults.overloaded(), path=CHAT)
    await on_vertex.result(ask(client))
    assert vertex.statuses == [200, 503, 401, 200]


async def test_a_token_that_cannot_be_renewed_leaves_the_401_with_a_reason(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    await on_vertex.result(ask(client))
    vertex.google.revoke()
    vertex.google.fail(*[invalid_grant("Invalid JWT Signature.")] * 2)
    with pytest.raises(AuthenticationError, match=r"not refreshed: .*Invalid JWT Signature") as e:
        await on_vertex.result(ask(client))
    assert e.value.status_code == 401
    await on_vertex.result(ask(client))  # and the next call recovers


# --- no token ---


async def test_a_failing_token_server_is_a_connection_error_and_the_next_call_recovers(
    on_vertex: VertexWorld, vertex: Vertex, no_backoff: None
) -> None:
    client = on_vertex.client()
    vertex.google.fail(*[unavailable()] * 3)
    with pytest.raises(APIConnectionError, match="failed, repeatedly"):
        await on_vertex.result(ask(client))
    assert vertex.chats == []
    await on_vertex.result(ask(client))
    assert vertex.statuses == [200]


async def test_refused_credentials_are_an_error_that_says_what_to_do(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    vertex.google.fail(invalid_grant("Invalid JWT Signature."))
    with pytest.raises(GoogleCredentialsError, match="gcloud iam service-accounts keys list"):
        await on_vertex.ask(ask)


async def test_waiting_for_a_token_ends_with_the_timeout_of_the_call(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    with vertex.google.hold(), pytest.raises(APITimeoutError, match="Google credentials"):
        await on_vertex.result(ask(client.with_options(timeout=0.05)))
    await on_vertex.result(ask(client))
    assert vertex.google.calls == ["token"]


async def test_waiting_for_a_token_ends_with_the_deadline_of_the_call(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    with vertex.google.hold(), pytest.raises(APITimeoutError, match="waiting for credentials") as e:
        await on_vertex.result(ask(client.with_options(deadline=0.1)))
    assert e.value.deadline == 0.1
    await on_vertex.result(ask(client))
    assert vertex.google.calls == ["token"]


@ASYNC_WORLDS
async def test_a_cancelled_call_leaves_its_refresh_to_the_others(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    answers: list[Any] = []

    async def call() -> None:
        answers.append(await ask(client))

    async with anyio.create_task_group() as group:
        with vertex.google.hold():
            async with anyio.create_task_group() as first:
                first.start_soon(call)
                await wait_all_tasks_blocked()
                group.start_soon(call)
                await wait_all_tasks_blocked()
                first.cancel_scope.cancel()
            assert answers == []
    assert len(answers) == 1
    assert vertex.statuses == [200]
    assert vertex.google.calls == ["token"]


def test_one_client_in_two_event_loops_at_once_makes_one_token_call(
    vertex: Vertex, adc: str
) -> None:
    client = AsyncClient(vertexai=True, project="p", base_url=vertex.emulator.origin)
    waiting = threading.Semaphore(0)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(ask, client)
            await wait_all_tasks_blocked()
            waiting.release()
        await client._client.aclose()

    with ThreadPoolExecutor(2) as pool:
        with vertex.google.hold():
            loops = [pool.submit(anyio.run, main, backend=backend) for backend in BACKENDS]
            for _ in loops:
                waiting.acquire()
            vertex.google.wait_for_calls(1)
        for loop in loops:
            loop.result(10)
    assert vertex.statuses == [200, 200]
    assert vertex.google.calls == ["token"]


# --- told, and not told ---


async def test_no_token_is_in_a_log_an_error_or_a_url(
    on_vertex: VertexWorld, vertex: Vertex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = on_vertex.client()
    await on_vertex.result(ask(client))
    vertex.google.revoke()
    await on_vertex.result(ask(client))
    vertex.emulator.script(faults.vertex_exhausted(), path=CHAT)
    with pytest.raises(RateLimitError) as caught:
        await on_vertex.result(ask(client))
    shown = [
        *(record.getMessage() for record in caplog.records),
        *(str(getattr(caught.value, name)) for name in ("message", "body", "args")),
        repr(client),
        repr(client._google),
        *(f"{r.raw_path} {r.query}" for r in vertex.emulator.requests),
    ]
    assert any("[secret]" in text for text in shown)
    assert not [text for text in shown if "ya29." in text]
