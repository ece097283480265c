"""When it does not go well, the same program through `openai` and through us: A5, A6, A15."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import openai
import pytest
from dialect.programs import chunk_by_chunk, event_by_event, user, whole

import gemini_openai
from gemini_openai import APIError, APITimeoutError, IncompleteStreamError, RateLimitError
from gemini_openai.emulator import Answer, Sse, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator, Received

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [user("Hello")]}


# --- A5: quotas ---


class Clock:
    """Time that passes when somebody waits, and without waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float] = []
        monkeypatch.setattr(time, "sleep", self.waits.append)
        monkeypatch.setattr(anyio, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await anyio.lowlevel.checkpoint()

    def quota_for(self, seconds: float) -> Callable[[Received], Any]:
        """A server that answers only when so many seconds have passed, and says so until then."""

        def answer(request: Received) -> Any:
            left = seconds - sum(self.waits)
            return faults.quota_per_minute(f"{left:.3f}s") if left > 0 else Answer("At last.")

        return answer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize("ask", [whole, chunk_by_chunk], ids=lambda way: way.__name__)
async def test_a5_the_time_google_asks_for_is_waited(
    world: World, theirs: World, emulator: Emulator, clock: Clock, ask: Any
) -> None:
    async def program(world: World, attempts: int) -> Any:
        emulator.script(*[clock.quota_for(31)] * attempts)
        return await ask(world, world.client(), **HELLO)

    with pytest.raises(openai.RateLimitError):
        await program(theirs, 3)
    assert len(emulator.requests) == 3
    assert sum(clock.waits) < 3  # of 31 seconds: all attempts are wasted
    clock.waits.clear()
    emulator.reset()
    assert (await program(world, 2)).text == "At last."
    assert len(emulator.requests) == 2
    assert clock.waits == [pytest.approx(31)]


async def test_a5_the_quota_of_a_day_is_not_asked_for_again(
    world: World, theirs: World, emulator: Emulator, clock: Clock
) -> None:
    async def program(world: World, attempts: int) -> Any:
        emulator.script(*[faults.quota_per_day("2s")] * attempts)
        return await whole(world, world.client(), **HELLO)

    with pytest.raises(openai.RateLimitError) as theirs_caught:
        await program(theirs, 3)
    assert str(theirs_caught.value) == "Error code: 429"
    clock.waits.clear()
    emulator.reset()
    quota = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
    with pytest.raises(RateLimitError, match=f"not retried: the daily quota {quota}") as caught:
        await program(world, 1)
    assert len(emulator.requests) == 1
    assert clock.waits == []
    kinds = [detail["@type"].rpartition(".")[2] for detail in caught.value.details]
    assert kinds == ["Help", "QuotaFailure", "RetryInfo"]
    violation = caught.value.details[1]["violations"][0]
    assert (violation["quotaId"], violation["quotaValue"]) == (quota, "250")


async def test_a5_a_wait_beyond_the_budget_is_not_begun(
    world: World, emulator: Emulator, clock: Clock
) -> None:
    emulator.script(faults.quota_per_minute("500s"))
    with pytest.raises(RateLimitError, match="asks to wait 500 s"):
        await whole(world, world.client(retry_budget=60), **HELLO)
    assert clock.waits == []


# --- A6: errors ---

REFUSED: dict[str, tuple[Any, Any, str]] = {
    # client options, request, words of Google's that are wanted
    "field": ({}, {"max_tokens": "many"}, "Invalid value at 'max_tokens'"),
    "model": ({}, {"model": "palm"}, "models/palm is not found"),
    "key": ({"api_key": "bad-key"}, {}, "API key not valid"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a6_an_error_says_what_google_said(world: World, theirs: World, name: str) -> None:
    options, given, words = REFUSED[name]

    async def program(world: World) -> Any:
        return await whole(world, world.client(max_retries=0, **options), **{**HELLO, **given})

    with pytest.raises(openai.APIStatusError) as theirs_caught:
        await program(theirs)
    lost = theirs_caught.value
    assert str(lost) == f"Error code: {lost.status_code}"
    assert (lost.code, lost.type, lost.param) == (None, None, None)
    with pytest.raises(gemini_openai.APIStatusError) as caught:
        await program(world)
    error = caught.value
    assert words in str(error)
    assert (error.code, error.status_code) == (str(lost.status_code), lost.status_code)
    assert error.type in {"INVALID_ARGUMENT", "NOT_FOUND"}
    assert error.param == ("max_tokens" if name == "field" else None)
    assert (
        type(error)
        is {
            "field": gemini_openai.BadRequestError,
            "model": gemini_openai.NotFoundError,
            "key": gemini_openai.AuthenticationError,
        }[name]
    )


def chunk(text: str) -> Any:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}}
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 5,
        "model": "gemini-2.5-flash",
        "choices": [choice],
    }


@pytest.mark.parametrize("name", ["as_a_list", "without_data"])
async def test_a6_an_error_in_the_middle_of_a_stream_raises(
    world: World, theirs: World, emulator: Emulator, name: str
) -> None:
    if name == "as_a_list":
        event = b'data: [{"error": {"code": 503, "message": "The model is overloaded. "}}]\n\n'
        trouble = Sse([chunk("Hel"), event], done=False)
    else:
        trouble = faults.error_in_stream(chunk("Hel"), as_event=False)

    async def program(world: World) -> Any:
        emulator.script(trouble)
        return await chunk_by_chunk(world, world.client(), **HELLO)

    if name == "as_a_list":
        with pytest.raises(AttributeError):  # the list is given out as if it were a chunk
            await program(theirs)
    else:
        assert (await program(theirs)).text == "Hel"
    with pytest.raises(APIError, match="The model is overloaded") as caught:
        await program(world)
    assert caught.value.code == "503"


# --- A15: streams that stop ---


@pytest.mark.parametrize("ask", [chunk_by_chunk, event_by_event], ids=lambda way: way.__name__)
async def test_a15_a_stream_that_ends_too_early_raises_with_what_came(
    world: World, theirs: World, emulator: Emulator, ask: Any
) -> None:
    async def program(world: World) -> Any:
        emulator.script(Sse([chunk("Hel"), chunk("lo, my")], done=False))
        return await ask(world, world.client(), **HELLO)

    said = await program(theirs)
    assert (said.text, said.finish_reason) == ("Hello, my", None)
    with pytest.raises(IncompleteStreamError, match="The stream ended before") as caught:
        await program(world)
    assert caught.value.content == "Hello, my"
    assert len(caught.value.chunks) == 2


@pytest.mark.parametrize("cut", [True, "reset"])
async def test_a15_a_stream_that_breaks_off_raises_with_what_came(
    world: World, theirs: World, emulator: Emulator, cut: Any
) -> None:
    async def program(world: World) -> Any:
        emulator.script(Sse([chunk("Hel")], cut=cut))
        return await chunk_by_chunk(world, world.client(), **HELLO)

    with pytest.raises(openai.APIConnectionError) as theirs_caught:
        await program(theirs)
    assert str(theirs_caught.value) == "Connection error."
    with pytest.raises(IncompleteStreamError, match="The connection broke") as caught:
        await program(world)
    assert caught.value.content == "Hel"


async def test_a15_a_stream_that_falls_silent_is_given_up_after_the_read_timeout(
    world: World, emulator: Emulator
) -> None:
    """A time for the first byte and one for the gaps is one: `read` of the timeout."""
    emulator.script(Sse([chunk("Hel")], hold=True))
    timeout = world.family.Timeout(20, read=0.1)
    with pytest.raises(APITimeoutError):
        await chunk_by_chunk(world, world.client(), **HELLO, timeout=timeout)
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)
