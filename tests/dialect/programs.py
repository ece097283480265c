"""The ordinary ways to ask with tools, as programs written for `openai` have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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


class Said(NamedTuple):
    """An answer taken apart, and of its tool calls what OpenAI documents: no more than that."""

    text: str | None
    calls: list[dict[str, Any]]
    finish_reason: str | None


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def with_quirks(names: str) -> dict[str, str]:
    return {"x-emulator-quirks": names}


def rebuilt(id: str, name: str, arguments: str) -> dict[str, Any]:
    """A tool call as people write it into their history."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


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
