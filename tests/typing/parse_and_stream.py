"""What users write with `parse` and `stream`, checked by four type checkers."""

from __future__ import annotations

import dataclasses
import enum
from typing import Literal

from pydantic import BaseModel
from typing_extensions import TypedDict, assert_type

from gemini_openai import AsyncOpenAI, OpenAI, omit
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib.streaming.chat import (
    AsyncChatCompletionStream,
    ChatCompletionStream,
    ChatCompletionStreamEvent,
    ChatCompletionStreamManager,
    ChatCompletionStreamState,
    ParsedChatCompletionSnapshot,
)
from gemini_openai.types.chat import (
    ChatCompletion,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
    ParsedChatCompletion,
    ParsedFunctionToolCall,
)

client = OpenAI(api_key="k")
async_client = AsyncOpenAI(api_key="k")
messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hello"}]


class City(BaseModel):
    name: str


class River(BaseModel):
    length: int


@dataclasses.dataclass
class Place:
    name: str


class Note(TypedDict):
    text: str


class Colour(enum.Enum):
    RED = "red"


def parse_gives_what_was_asked_for() -> None:
    parse = client.chat.completions.parse
    completion = parse(model="m", messages=messages, response_format=City)
    assert_type(completion, ParsedChatCompletion[City])
    assert_type(completion.choices[0].message.parsed, City | None)
    assert_type(completion.choices[0].message.content, str | None)
    assert_type(completion.choices[0].message.tool_calls, list[ParsedFunctionToolCall] | None)


def parse_takes_types_of_every_kind() -> None:
    parse = client.chat.completions.parse
    place = parse(model="m", messages=messages, response_format=Place)
    assert_type(place.choices[0].message.parsed, Place | None)
    note = parse(model="m", messages=messages, response_format=Note)
    assert_type(note.choices[0].message.parsed, Note | None)
    colour = parse(model="m", messages=messages, response_format=Colour)
    assert_type(colour.choices[0].message.parsed, Colour | None)
    cities = parse(model="m", messages=messages, response_format=list[City])
    assert_type(cities.choices[0].message.parsed, list[City] | None)
    counts = parse(model="m", messages=messages, response_format=dict[str, int])
    assert_type(counts.choices[0].message.parsed, dict[str, int] | None)
    either = parse(model="m", messages=messages, response_format=City | River)
    assert_type(either.choices[0].message.parsed, City | River | None)
    word = parse(model="m", messages=messages, response_format=Literal["yes", "no"])
    assert_type(word.choices[0].message.parsed, Literal["yes", "no"] | None)


def parse_without_a_type_parses_nothing() -> None:
    parse = client.chat.completions.parse
    assert_type(parse(model="m", messages=messages), ParsedChatCompletion[None])
    assert_type(
        parse(model="m", messages=messages, response_format=omit), ParsedChatCompletion[None]
    )
    assert_type(
        parse(model="m", messages=messages, response_format={"type": "json_object"}),
        ParsedChatCompletion[None],
    )


async def parse_in_an_event_loop() -> None:
    parse = async_client.chat.completions.parse
    assert_type(
        await parse(model="m", messages=messages, response_format=City), ParsedChatCompletion[City]
    )
    assert_type(
        await parse(model="m", messages=messages, response_format=City | River),
        ParsedChatCompletion[City | River],
    )


def tools_are_made_of_models() -> None:
    tool = pydantic_function_tool(City, name="city")
    assert_type(tool, ChatCompletionToolParam)
    client.chat.completions.parse(model="m", messages=messages, tools=[tool], temperature=0)


def get_weather(city: str) -> str:
    return city


async def wait(seconds: float) -> None:
    del seconds


def tools_are_functions_and_types() -> None:
    completions = client.chat.completions
    tool: ChatCompletionToolParam = {"type": "function", "function": {"name": "now"}}
    completion = completions.create(
        model="m", messages=messages, tools=[get_weather, wait, City, Place, Note, tool]
    )
    assert_type(completion, ChatCompletion)
    completions.parse(model="m", messages=messages, tools=[get_weather, City])
    completions.stream(model="m", messages=messages, tools=(get_weather, str.upper))


def stream_gives_events_that_know_their_fields() -> None:
    manager = client.chat.completions.stream(model="m", messages=messages, response_format=City)
    assert_type(manager, ChatCompletionStreamManager[City])
    with manager as stream:
        assert_type(stream, ChatCompletionStream[City])
        for event in stream:
            assert_type(event, ChatCompletionStreamEvent[City])
            if event.type == "content.delta":
                assert_type(event.delta, str)
                assert_type(event.parsed, object | None)
            elif event.type == "content.done":
                assert_type(event.parsed, City | None)
            elif event.type == "tool_calls.function.arguments.done":
                assert_type(event.parsed_arguments, object)
            elif event.type == "chunk":
                assert_type(event.snapshot, ParsedChatCompletionSnapshot)
        assert_type(stream.until_done(), ChatCompletionStream[City])
        assert_type(stream.current_completion_snapshot, ParsedChatCompletionSnapshot)
        assert_type(stream.get_final_completion(), ParsedChatCompletion[City])


async def stream_in_an_event_loop() -> None:
    stream_of = async_client.chat.completions.stream
    async with stream_of(model="m", messages=messages, response_format=list[City]) as stream:
        assert_type(stream, AsyncChatCompletionStream[list[City]])
        async for event in stream:
            if event.type == "content.done":
                assert_type(event.parsed, list[City] | None)
        completion = await stream.get_final_completion()
        assert_type(completion.choices[0].message.parsed, list[City] | None)
    async with stream_of(model="m", messages=messages) as stream_of_text:
        assert_type(stream_of_text, AsyncChatCompletionStream[None])


def chunks_of_anywhere_can_be_put_together() -> None:
    state = ChatCompletionStreamState(response_format=City)
    for chunk in client.chat.completions.create(model="m", messages=messages, stream=True):
        for event in state.handle_chunk(chunk):
            if event.type == "content.done":
                assert_type(event.parsed, City | None)
    assert_type(state.get_final_completion(), ParsedChatCompletion[City])
