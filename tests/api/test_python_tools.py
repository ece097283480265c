"""Python functions and types as tools, functions under names that Gemini refuses, odd formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from gemini_openai import GeminiWarning, InvalidRequestError
from gemini_openai.emulator import Answer, Call

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

ASK: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Go."}]}


class Order(BaseModel):
    """Order something."""

    item: str
    count: int = 1


def get_weather(city: str, days: int = 1) -> str:
    """Tell the weather.

    Args:
        city: Its name.
    """
    return f"{city} {days}"


TOOLS: Any = [get_weather, Order, {"type": "function", "function": {"name": "now"}}]
CALLS = Answer(
    calls=[Call("get_weather", {"city": "Oslo"}), Call("Order", {"item": "a", "count": 2})]
)


async def test_functions_and_types_are_sent_as_tools(world: World, emulator: Emulator) -> None:
    emulator.script(CALLS)
    answer = await world.ask(lambda c: c.chat.completions.create(**ASK, tools=TOOLS))
    sent = emulator.requests[-1].json["tools"]
    assert [tool["function"]["name"] for tool in sent] == ["get_weather", "Order", "now"]
    assert sent[0]["function"] == {
        "name": "get_weather",
        "description": "Tell the weather.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Its name."},
                "days": {"type": "integer", "default": 1},
            },
            "required": ["city"],
        },
    }
    first, second = answer.choices[0].message.tool_calls
    assert get_weather(**json.loads(first.function.arguments)) == "Oslo 1"
    assert second.function.name == "Order"


async def test_parse_reads_the_arguments_of_functions_and_types(
    world: World, emulator: Emulator
) -> None:
    emulator.script(CALLS)
    answer = await world.ask(lambda c: c.chat.completions.parse(**ASK, tools=TOOLS[:2]))
    first, second = answer.choices[0].message.tool_calls
    assert first.function.parsed_arguments == {"city": "Oslo"}
    assert second.function.parsed_arguments == Order(item="a", count=2)


async def test_stream_reads_the_arguments_of_functions_and_types(
    world: World, emulator: Emulator
) -> None:
    emulator.script(CALLS)
    manager = world.client().chat.completions.stream(**ASK, tools=iter(TOOLS))
    if world.is_async:
        async with manager as stream:
            events = [event async for event in stream]
    else:
        with manager as stream:
            events = list(stream)
    done = [event for event in events if event.type == "tool_calls.function.arguments.done"]
    assert [event.parsed_arguments for event in done] == [
        {"city": "Oslo"},
        Order(item="a", count=2),
    ]


@pytest.mark.parametrize("method", ["create", "parse", "stream"])
async def test_what_cannot_be_a_tool_is_an_error_before_anything_is_sent(
    world: World, emulator: Emulator, method: str
) -> None:
    def call(client: Any, tools: Any) -> Any:
        return getattr(client.chat.completions, method)(**ASK, tools=tools)

    with pytest.raises(TypeError, match=r"tools\[1\]: a lambda has no name"):
        await world.ask(lambda c: call(c, [get_weather, lambda: 1]))
    with pytest.raises(TypeError, match="Give a list of them"):
        await world.ask(lambda c: call(c, get_weather))
    assert not emulator.requests


@pytest.mark.parametrize("method", ["create", "parse"])
async def test_tools_that_are_no_list_are_an_error_before_anything_is_sent(
    world: World, emulator: Emulator, method: str
) -> None:
    with pytest.raises(InvalidRequestError, match="tools is a dict. Give a list"):
        await world.ask(lambda c: getattr(c.chat.completions, method)(**ASK, tools=TOOLS[2]))
    assert not emulator.requests


@pytest.mark.parametrize("method", ["create", "parse"])
async def test_none_in_place_of_tools_is_no_tools(
    world: World, emulator: Emulator, method: str
) -> None:
    answer = await world.ask(lambda c: getattr(c.chat.completions, method)(**ASK, tools=None))
    assert answer.choices[0].message.content
    assert "tools" not in emulator.requests[-1].json


async def test_parse_reads_the_arguments_of_a_flat_tool(world: World, emulator: Emulator) -> None:
    emulator.script(Answer(calls=[Call("f", {"a": 1})]))
    flat = {"type": "function", "name": "f", "strict": True, "parameters": {"type": "object"}}
    answer = await world.ask(lambda c: c.chat.completions.parse(**ASK, tools=[flat]))
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.parsed_arguments == {"a": 1}


def nineteenth(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "strict": True, "parameters": {}}}


async def test_an_app_sees_its_own_names_of_functions_all_the_way(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    messages = [*ASK["messages"]]
    for turn in range(2):
        emulator.script(Answer(calls=[Call("_19th", {})]))
        answer = await world.result(
            client.chat.completions.parse(
                model="gemini-3-pro-preview", messages=messages, tools=[nineteenth("19th")]
            )
        )
        message = answer.choices[0].message
        (call,) = message.tool_calls
        assert call.function.name == "19th"
        assert call.function.parsed_arguments == {}
        sent = json.dumps(emulator.requests[-1].json)
        assert '"19th"' not in sent
        assert sent.count('"_19th"') == 1 + 2 * turn
        messages += [message, {"role": "tool", "tool_call_id": call.id, "content": "x"}]


async def test_a_stream_has_the_apps_own_names_of_functions(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Answer(calls=[Call("_19th", {"a": "b"})]))
    chunks = await world.collect(
        await world.ask(
            lambda c: c.chat.completions.create(**ASK, tools=[nineteenth("19th")], stream=True)
        )
    )
    names = [
        call.function.name
        for chunk in chunks
        for call in chunk.choices[0].delta.tool_calls or ()
        if call.function.name
    ]
    assert names == ["19th"]


async def test_a_format_beside_tools_is_asked_for_in_words_and_parsed(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Answer('```json\n{"item": "a"}\n```'))
    with pytest.warns(GeminiWarning, match="takes no response_format beside tools"):
        answer = await world.ask(
            lambda c: c.chat.completions.parse(**ASK, tools=[get_weather], response_format=Order)
        )
    assert answer.choices[0].message.parsed == Order(item="a")
    sent = emulator.requests[-1].json
    assert "response_format" not in sent
    assert '"item"' in sent["messages"][0]["content"]


async def test_a_schema_alone_is_a_format(world: World, emulator: Emulator) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    await world.ask(lambda c: c.chat.completions.create(**ASK, response_format=schema))
    assert emulator.requests[-1].json["response_format"]["json_schema"]["schema"] == schema


async def test_a_format_in_text_is_an_error_that_shows_one(
    world: World, emulator: Emulator
) -> None:
    with pytest.raises(InvalidRequestError, match="Give a dict: {'type': 'json_object'}"):
        await world.ask(lambda c: c.chat.completions.create(**ASK, response_format="json"))
    assert not emulator.requests
