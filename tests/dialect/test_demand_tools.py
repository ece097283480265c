"""Tools on Gemini, the same program through `openai` and through us: A1, A2, A8."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from dialect.programs import (
    WAYS,
    WEATHER,
    chunk_by_chunk,
    event_by_event,
    user,
    whole,
    with_quirks,
)

from gemini_openai import GeminiWarning
from gemini_openai.emulator import Answer, Call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import World

    from gemini_openai.emulator import Emulator

GEMINI_3 = "gemini-3-pro-preview"
PLACEHOLDER = "skip_thought_signature_validator"
STEPS = [["Oslo"], ["Rome", "Bern"]] * 5
"""The cities asked about in each of ten steps, some of them at once."""
ways = pytest.mark.parametrize("ask", WAYS, ids=lambda way: way.__name__)


async def call_tools(
    world: World,
    emulator: Emulator,
    ask: Callable[..., Any],
    client: Any,
    messages: list[Any],
    steps: Sequence[list[str]],
) -> None:
    """The tool loop of every tutorial; of a call, only id, type and function are kept."""
    for cities in steps:
        emulator.script(Answer(calls=[Call("get_weather", {"city": city}) for city in cities]))
        said = await ask(world, client, model=GEMINI_3, messages=messages, tools=[WEATHER])
        messages.append({"role": "assistant", "content": said.text, "tool_calls": said.calls})
        for call in said.calls:
            city = json.loads(call["function"]["arguments"])["city"]
            result = {"role": "tool", "tool_call_id": call["id"], "content": f"{city}: rain"}
            messages.append(result)


def signatures(emulator: Emulator) -> list[list[str | None]]:
    """Those on the tool calls of the last request, step by step."""
    return [
        [
            call.get("extra_content", {}).get("google", {}).get("thought_signature")
            for call in message["tool_calls"]
        ]
        for message in emulator.requests[-1].json["messages"]
        if message.get("tool_calls")
    ]


@ways
async def test_a1_a_tool_loop_rebuilt_by_hand_runs_for_many_turns_on_gemini_3(
    world: World, theirs: World, emulator: Emulator, ask: Callable[..., Any]
) -> None:
    async def program(world: World) -> Any:
        client = world.client()
        messages: list[Any] = [user("How is the weather, city by city?")]
        await call_tools(world, emulator, ask, client, messages, STEPS)
        emulator.script(Answer("It rains."))
        last = await ask(world, client, model=GEMINI_3, messages=messages, tools=[WEATHER])
        return last.text, messages

    if ask is event_by_event:  # it does not even get through the first answer
        with pytest.raises(TypeError, match="NoneType"):
            await program(theirs)
        assert len(emulator.requests) == 1
    else:
        with pytest.raises(openai.BadRequestError) as caught:
            await program(theirs)
        assert len(emulator.requests) == 2
        assert "missing a thought_signature" in caught.value.response.text
    emulator.reset()

    text, messages = await program(world)
    assert text == "It rains."
    assert len(messages) == 1 + sum(1 + len(cities) for cities in STEPS)
    assert not any("extra_content" in json.dumps(message) for message in messages)
    kept = signatures(emulator)
    assert [[bool(text) for text in step] for step in kept] == [[True], [True, False]] * 5
    first = [step[0] for step in kept]
    assert len(set(first)) == len(STEPS)
    assert PLACEHOLDER not in first


@ways
async def test_a1_after_a_restart_the_loop_goes_on_with_one_warning(
    world: World, emulator: Emulator, ask: Callable[..., Any]
) -> None:
    messages: list[Any] = [user("How is the weather, city by city?")]
    await call_tools(world, emulator, ask, world.client(), messages, STEPS[:5])
    messages = json.loads(json.dumps(messages))  # all that outlives a process
    with pytest.warns(GeminiWarning, match="Google's placeholder") as caught:
        await call_tools(world, emulator, ask, world.client(), messages, STEPS[5:])
    assert len(caught) == 1
    first = [step[0] for step in signatures(emulator)]
    assert first[:5] == [PLACEHOLDER] * 5
    assert PLACEHOLDER not in first[5:]
    assert all(first[5:])


async def test_a1_each_turn_of_a_long_talk_may_call_tools(
    world: World, theirs: World, emulator: Emulator
) -> None:
    """Ten questions, each with a call and an answer; by the emulator's rules, unscripted."""

    async def program(world: World) -> list[Any]:
        client = world.client()
        messages: list[Any] = []
        for _ in range(10):
            messages.append(user("What is the weather in Oslo?"))
            for _ in range(2):
                copy = client.with_options(timeout=20)  # which many apps make for each call
                said = await whole(world, copy, model=GEMINI_3, messages=messages, tools=[WEATHER])
                calls = {"tool_calls": said.calls} if said.calls else {}
                messages.append({"role": "assistant", "content": said.text, **calls})
                messages += [
                    {"role": "tool", "tool_call_id": call["id"], "content": "rain"}
                    for call in said.calls
                ]
        return messages

    with pytest.raises(openai.BadRequestError):
        await program(theirs)
    messages = await program(world)
    answers = [message["content"] for message in messages if message["role"] == "assistant"]
    assert answers == [None, "[emulator] get_weather returned: rain"] * 10


OSLO, ROME = ("get_weather", '{"city":"Oslo"}'), ("get_weather", '{"city":"Rome"}')
MERGED = [("get_weatherget_weather", '{"city":"Oslo"}{"city":"Rome"}')]
PARALLEL = {
    # What Gemini does with two calls: what a program that goes by the index makes of it, and what
    # `openai.stream()` does.
    "tool_call_index_missing": (MERGED, TypeError),
    "tool_call_index_null": (MERGED, TypeError),
    "tool_call_index_zero": (MERGED, MERGED),
    "tool_call_index_zero, parallel_calls_in_own_chunks": (MERGED, MERGED),
    "tool_call_index_zero, empty_tool_call_ids": (MERGED, MERGED),
    "tool_call_index_swapped": (
        [("get_weather", '{"city":"Rome"}'), ("get_weather", '":"Oslo"}{"city')],
        IndexError,
    ),
    "-tool_call_index_missing, name_in_every_fragment": (
        [("get_weather" * 3, arguments) for _, arguments in (OSLO, ROME)],
        [("get_weather" * 3, arguments) for _, arguments in (OSLO, ROME)],
    ),
}


async def two_calls(
    world: World, ask: Callable[..., Any], quirks: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """Functions and arguments of the calls in a streamed answer, and their ids."""
    said = await ask(
        world,
        world.client(),
        model=GEMINI_3,
        messages=[user("What is the weather in Oslo and Rome?")],
        tools=[WEATHER],
        extra_headers=with_quirks(quirks),
    )
    made = [(call["function"]["name"], call["function"]["arguments"]) for call in said.calls]
    return made, [call["id"] for call in said.calls]


@pytest.mark.parametrize("quirks", PARALLEL)
async def test_a2_parallel_streamed_calls_stay_apart(
    world: World, theirs: World, quirks: str
) -> None:
    for ask, broken in zip((chunk_by_chunk, event_by_event), PARALLEL[quirks], strict=True):
        if isinstance(broken, list):
            calls, _ = await two_calls(theirs, ask, quirks)
            assert calls == broken
        else:
            with pytest.raises(broken):
                await two_calls(theirs, ask, quirks)
        calls, ids = await two_calls(world, ask, quirks)
        assert calls == [OSLO, ROME]
        assert len(set(ids)) == 2


@ways
async def test_a2_calls_without_an_id_get_one_each(
    world: World, theirs: World, ask: Callable[..., Any]
) -> None:
    quirks = "-tool_call_index_missing, empty_tool_call_ids"
    assert await two_calls(theirs, ask, quirks) == ([OSLO, ROME], ["", ""])
    calls, ids = await two_calls(world, ask, quirks)
    assert calls == [OSLO, ROME]
    assert len({*ids, ""}) == 3


async def test_a2_who_reads_only_the_first_call_of_a_delta_misses_none(
    world: World, theirs: World
) -> None:
    async def program(world: World) -> list[str]:
        stream = await world.result(
            world.client().chat.completions.create(
                model=GEMINI_3,
                messages=[user("What is the weather in Oslo and Rome?")],
                tools=[WEATHER],
                stream=True,
            )
        )
        deltas = [chunk.choices[0].delta for chunk in await world.collect(stream)]
        return [delta.tool_calls[0].function.arguments for delta in deltas if delta.tool_calls]

    assert await program(theirs) == [OSLO[1]]
    assert await program(world) == [OSLO[1], ROME[1]]


async def test_a8_a_loop_that_goes_by_the_finish_reason_runs_its_tools(
    world: World, theirs: World
) -> None:
    async def program(world: World) -> str | None:
        client = world.client()
        messages: list[Any] = [user("What is the weather in Oslo?")]
        while True:
            said = await chunk_by_chunk(
                world, client, model="gemini-2.5-flash", messages=messages, tools=[WEATHER]
            )
            if said.finish_reason != "tool_calls":
                return said.text
            messages.append({"role": "assistant", "tool_calls": said.calls})
            messages += [
                {"role": "tool", "tool_call_id": call["id"], "content": "rain"}
                for call in said.calls
            ]

    assert await program(theirs) is None
    assert await program(world) == "[emulator] get_weather returned: rain"


async def test_a8_googles_own_word_is_kept_beside(world: World) -> None:
    stream = await world.ask(
        lambda c: c.chat.completions.create(
            model="gemini-2.5-flash",
            messages=[user("What is the weather in Oslo?")],
            tools=[WEATHER],
            stream=True,
        )
    )
    last = (await world.collect(stream))[-1].choices[0]
    assert (last.finish_reason, last.gemini_finish_reason) == ("tool_calls", "stop")
