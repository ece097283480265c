"""`batches`: what goes over the wire and what comes back, by scripted answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai.emulator import Reply
from gemini_openai.types import Batch

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

RUNNING = {"id": "batches/abc", "status": "in_progress"}
CREATE: Any = {
    "input_file_id": "files/7ker0qnexf7w",
    "endpoint": "/v1/chat/completions",
    "completion_window": "24h",
}


async def test_a_batch_begins_with_a_file(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(json=RUNNING))
    batch = await world.ask(lambda c: c.batches.create(**CREATE))
    assert type(batch) is Batch
    assert (batch.id, batch.status, batch.object) == ("batches/abc", "in_progress", "batch")
    request = emulator.requests[-1]
    assert (request.method, request.path) == ("POST", "/v1beta/openai/batches")
    assert request.json == CREATE


async def test_the_slash_of_an_id_stays_in_the_path(world: World, emulator: Emulator) -> None:
    client = world.client()
    emulator.script(Reply(json=RUNNING), Reply(json={**RUNNING, "status": "cancelled"}))
    batch = await world.result(client.batches.retrieve("batches/abc"))
    batch = await world.result(client.batches.cancel(batch.id))
    assert batch.status == "cancelled"
    asked = [(request.method, request.raw_path) for request in emulator.requests]
    assert asked == [
        ("GET", "/v1beta/openai/batches/batches/abc"),
        ("POST", "/v1beta/openai/batches/batches/abc/cancel"),
    ]
    assert emulator.requests[-1].body == b""


async def test_what_would_change_the_path_is_escaped(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(json=RUNNING))
    await world.ask(lambda c: c.batches.retrieve("a b?c#d%2F"))
    assert emulator.requests[-1].raw_path == "/v1beta/openai/batches/a%20b%3Fc%23d%252F"


async def test_batches_of_all_pages_are_listed(world: World, emulator: Emulator) -> None:
    pages = [
        {"data": [{"id": "batches/1"}, {"id": "batches/2"}], "has_more": True},
        {"data": [{"id": "batches/3"}], "has_more": False},
    ]
    emulator.script(*[Reply(json=page) for page in pages])
    batches = await world.collect(world.client().batches.list(limit=2, extra_query={"a": "b"}))
    assert [batch.id for batch in batches] == ["batches/1", "batches/2", "batches/3"]
    assert [request.query for request in emulator.requests] == [
        {"limit": ["2"], "a": ["b"]},
        {"limit": ["2"], "a": ["b"], "after": ["batches/2"]},
    ]


async def test_a_cancellation_that_is_answered_with_nothing_is_under_way(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(json={}))
    batch = await world.ask(lambda c: c.batches.cancel("batches/abc"))
    assert (batch.id, batch.status) == ("batches/abc", "cancelling")


@pytest.mark.parametrize("status", ["completed", "failed", "expired", "cancelled", "new-word"])
async def test_a_status_is_given_on_as_it_comes(
    world: World, emulator: Emulator, status: str
) -> None:
    emulator.script(Reply(json={**RUNNING, "status": status, "output_file_id": "files/batch-abc"}))
    batch = await world.ask(lambda c: c.batches.retrieve("batches/abc"))
    assert batch.status == status
    assert batch.output_file_id == "files/batch-abc"
    assert batch.request_counts is None
