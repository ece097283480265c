"""The ordinary ways to ask with tools, as programs written for `openai` have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import openai
import pytest

if TYPE_CHECKING:
    from conftest import World

WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


MODEL = "gemini-2.5-flash"
ECHO = "[emulator] You said: Hello"


class Said(NamedTuple):
    """An answer taken apart, and of its tool calls what OpenAI documents: no more than that."""

    text: str | None
    calls: list[dict[str, Any]]
    finish_reason: str | None


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


HELLO: Any = {"model": MODEL, "messages": [user("Hello")]}


def with_quirks(names: str) -> dict[str, str]:
    return {"x-emulator-quirks": names}


def rebuilt(id: str, name: str, arguments: str) -> dict[str, Any]:
    """A tool call as people write it into their history."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def step(*ids: str) -> dict[str, Any]:
    """An assistant's message with a call for each id, of functions named after them."""
    calls = [rebuilt(id, f"look_{id}", "{}") for id in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


async def said(world: World, client: Any = None, **request: Any) -> str:
    """The text of the answer to one request."""
    request = {**HELLO, **request}
    completion = await world.result((client or world.client()).chat.completions.create(**request))
    text: str = completion.choices[0].message.content
    return text


async def refused(theirs: World, words: str, **request: Any) -> None:
    """Through `openai` the request is a 400, and the error does not say why."""
    with pytest.raises(openai.BadRequestError) as caught:
        await said(theirs, **request)
    assert str(caught.value) == "Error code: 400"
    assert words in caught.value.response.text


async def whole(world: World, client: Any, **request: Any) -> Said:
    """`create`."""
    completion = await world.result(client.chat.completions.create(**request))
    return _of_choice(completion.choices[0])


async def chunk_by_chunk(world: World, client: Any, **request: Any) -> Said:
    """`create(stream=True)`, tool calls put together by their index."""
    text, reason = "", None
    calls: dict[int, dict[str, Any]] = {}
    stream = await world.result(client.chat.completions.create(**request, stream=True))
    for chunk in await world.collect(stream):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
            for item in choice.delta.tool_calls or []:
                call = calls.setdefault(item.index, rebuilt("", "", ""))
                call["id"] += item.id or ""
                call["function"]["name"] += item.function.name or ""
                call["function"]["arguments"] += item.function.arguments or ""
    return Said(text or None, list(calls.values()), reason)


async def event_by_event(world: World, client: Any, **request: Any) -> Said:
    """`stream()`, and the completion that it puts together."""
    manager = client.chat.completions.stream(**request)
    if world.is_async:
        async with manager as stream:
            completion = await stream.get_final_completion()
    else:
        with manager as stream:
            completion = stream.get_final_completion()
    return _of_choice(completion.choices[0])


WAYS = (whole, chunk_by_chunk, event_by_event)


def _of_choice(choice: Any) -> Said:
    message = choice.message
    calls = [
        rebuilt(call.id, call.function.name, call.function.arguments)
        for call in message.tool_calls or []
    ]
    return Said(message.content, calls, choice.finish_reason)
