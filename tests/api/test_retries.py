"""Retries over a real socket: how many, after what, and with what body. Nothing waits long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import gemini_openai
from gemini_openai.emulator import Drop, Reply, Stall, faults

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
SOON = {"retry-after-ms": "1"}


def soon(status: int) -> Reply:
    return Reply(status, json=[{"error": {"code": status, "message": "Not now."}}], headers=SOON)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_a_passing_trouble_is_tried_again(
    world: World, emulator: Emulator, status: int
) -> None:
    emulator.script(soon(status), soon(status))
    completion = await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert completion.choices
    assert len(emulator.requests) == 3
    assert len({request.body for request in emulator.requests}) == 1


async def test_there_are_two_retries_by_default(world: World, emulator: Emulator) -> None:
    emulator.script(soon(503), soon(503), soon(503))
    with pytest.raises(gemini_openai.InternalServerError):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_would_fail_again_is_not_tried_again(
    world: World, emulator: Emulator, status: int
) -> None:
    emulator.script(soon(status))
    with pytest.raises(gemini_openai.APIStatusError):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 1


async def test_the_server_may_decide(world: World, emulator: Emulator) -> None:
    yes = {**SOON, "x-should-retry": "true"}
    no = {**SOON, "x-should-retry": "false"}
    emulator.script(Reply(400, headers=yes), Reply(503, headers=no))
    with pytest.raises(gemini_openai.InternalServerError):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 2


async def test_max_retries_may_be_set_for_a_client_or_for_a_call(
    world: World, emulator: Emulator
) -> None:
    client = world.client(max_retries=0)
    emulator.script(soon(500), soon(500), soon(500))
    with pytest.raises(gemini_openai.InternalServerError):
        await world.result(client.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 1
    patient = client.with_options(max_retries=5)
    await world.result(patient.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 4
    assert client.max_retries == 0


async def test_googles_retry_delay_is_kept(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_minute("0.05s"))
    await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 2


async def test_a_delay_beyond_the_budget_raises_at_once(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_minute("41s"))
    with pytest.raises(gemini_openai.RateLimitError, match="asks to wait 41 s.*retry_budget=10"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO), retry_budget=10)
    assert len(emulator.requests) == 1


async def test_a_daily_quota_fails_at_once_and_says_so(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_day("0.01s"))
    with pytest.raises(
        gemini_openai.RateLimitError, match="not retried: the daily quota GenerateRequestsPerDay"
    ):
        await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert len(emulator.requests) == 1


async def test_a_connection_that_breaks_is_tried_again(world: World, emulator: Emulator) -> None:
    emulator.script(Drop())
    await world.ask(lambda c: c.chat.completions.create(**HELLO), retry_budget=0)
    assert len(emulator.requests) == 2


async def test_a_timeout_is_tried_again(world: World, emulator: Emulator) -> None:
    emulator.script(Stall())
    await world.ask(lambda c: c.chat.completions.create(**HELLO, timeout=0.3), retry_budget=0)
    assert len(emulator.requests) == 2


async def test_a_refused_stream_is_tried_again(world: World, emulator: Emulator) -> None:
    emulator.script(soon(503))
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, stream=True))
    assert await world.collect(stream)
    assert len(emulator.requests) == 2
