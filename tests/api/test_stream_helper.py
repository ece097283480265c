"""`chat.completions.stream`: recorded streams as events, blocking and in event loops."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from pydantic import BaseModel
from short_chunks import chunk_body

import gemini_openai
from gemini_openai import LengthFinishReasonError
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib.streaming.chat import (
    AsyncChatCompletionStream,
    AsyncChatCompletionStreamManager,
    ChatCompletionStream,
    ChatCompletionStreamManager,
)
from gemini_openai.types.chat import ParsedChatCompletion

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conftest import World

ASK: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Which city?"}]}


class City(BaseModel):
    name: str
    people: int = 0


class Answer(BaseModel):
    value: bool


def sse(*bodies: Any) -> bytes:
    frames = [b"data: " + json.dumps(body).encode() + b"\n\n" for body in bodies]
    return b"".join([*frames, b"data: [DONE]\n\n"])


CITY = sse(
    chunk_body({"role": "assistant", "content": '{"name": "Os'}),
    chunk_body({"role": "assistant", "content": 'lo", "people": 7}'}, "stop"),
)


class Server:
    """Answers every request with one stream, and keeps requests and responses."""

    def __init__(self, world: World, body: bytes) -> None:
        self.sent: list[Any] = []
        self.responses: list[Any] = []
        self._world, self._body = world, body
        self.client = world.transport(self._answer)

    def _answer(self, request: Any) -> Any:
        self.sent.append(json.loads(request.content))
        response = self._world.family.Response(
            200, content=self._body, headers={"content-type": "text/event-stream"}
        )
        self.responses.append(response)
        return response


async def within(world: World, manager: Any, act: Callable[[Any], Awaitable[Any]]) -> Any:
    """`act` with the stream of `manager`, in its `with` block."""
    if world.is_async:
        async with manager as stream:
            return await act(stream)
    with manager as stream:
        return await act(stream)


async def events_and_answer(world: World, manager: Any) -> tuple[list[Any], Any]:
    async def act(stream: Any) -> Any:
        events = await world.collect(stream)
        return events, await world.result(stream.get_final_completion())

    events: list[Any]
    events, answer = await within(world, manager, act)
    return events, answer


def told(events: list[Any]) -> list[str]:
    """The types of the events, but for the chunks."""
    return [event.type for event in events if event.type != "chunk"]


async def test_a_recorded_text_is_told_and_put_together(
    world: World, recorded: Callable[[str], bytes]
) -> None:
    server = Server(world, recorded("chat_stream_text_usage_3chunks.sse"))
    manager = server.client.chat.completions.stream(**ASK)
    events, answer = await events_and_answer(world, manager)
    assert told(events) == ["content.delta"] * 3 + ["content.done"]
    text = "Hello there! How can I help you today?\n"
    assert [event.delta for event in events if event.type == "content.delta"] == [
        "Hello",
        " there",
        "! How can I help you today?\n",
    ]
    assert type(answer) is ParsedChatCompletion
    assert answer.choices[0].message.content == text
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.parsed is None
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (3, 11)
    assert server.sent == [{**ASK, "stream": True}]


async def test_a_recorded_tool_call_is_told_done_and_parsed(
    world: World, recorded: Callable[[str], bytes]
) -> None:
    server = Server(world, recorded("chat_stream_forced_tool_call_bool.sse"))
    tool = pydantic_function_tool(Answer, name="return_bool")
    manager = server.client.chat.completions.stream(**ASK, tools=iter([tool]))
    events, answer = await events_and_answer(world, manager)
    assert told(events) == [
        "tool_calls.function.arguments.delta",
        "tool_calls.function.arguments.done",
    ]
    assert events[-1].parsed_arguments == Answer(value=True)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.parsed_arguments == Answer(value=True)
    assert server.sent[0]["tools"] == [json.loads(json.dumps(tool))]


async def test_an_answer_is_parsed_as_it_comes_and_when_it_is_there(world: World) -> None:
    manager = Server(world, CITY).client.chat.completions.stream(**ASK, response_format=City)
    events, answer = await events_and_answer(world, manager)
    assert told(events) == ["content.delta", "content.delta", "content.done"]
    assert events[1].parsed == {}
    assert events[3].parsed == {"name": "Oslo", "people": 7}
    assert events[-1].parsed == City(name="Oslo", people=7)
    assert answer.choices[0].message.parsed == City(name="Oslo", people=7)


@pytest.mark.parametrize("kind", [City, list[City], City | int, {"type": "json_object"}])
async def test_the_same_format_is_asked_for_as_by_parse(world: World, kind: Any) -> None:
    server = Server(world, sse(chunk_body({"content": "1"}, "content_filter")))
    with pytest.raises(gemini_openai.OpenAIError):
        await events_and_answer(
            world, server.client.chat.completions.stream(**ASK, response_format=kind)
        )
    with pytest.raises(gemini_openai.OpenAIError):
        await world.result(server.client.chat.completions.parse(**ASK, response_format=kind))
    streamed, parsed = server.sent
    assert (streamed.pop("stream"), parsed.pop("stream")) == (True, False)
    assert streamed == parsed


async def test_nothing_is_sent_before_the_block_is_entered(world: World) -> None:
    server = Server(world, CITY)
    manager = server.client.chat.completions.stream(**ASK)
    expected = AsyncChatCompletionStreamManager if world.is_async else ChatCompletionStreamManager
    assert type(manager) is expected
    assert server.sent == []

    async def act(stream: Any) -> None:
        kind = AsyncChatCompletionStream if world.is_async else ChatCompletionStream
        assert type(stream) is kind
        assert len(server.sent) == 1

    await within(world, manager, act)


async def test_a_manager_that_is_never_entered_says_nothing(world: World) -> None:
    # A coroutine that was made and not awaited would warn, and warnings fail the tests.
    Server(world, CITY).client.chat.completions.stream(**ASK)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"response_format": None}, TypeError, "JSON Schema"),
        ({"response_format": lambda: 1}, TypeError, "JSON Schema"),
        ({"stream": True}, TypeError, "unexpected keyword argument 'stream'"),
    ],
)
async def test_bad_input_is_refused_by_the_call_itself(
    world: World, wrong: dict[str, Any], error: type[Exception], says: str
) -> None:
    stream = Server(world, CITY).client.chat.completions.stream
    with pytest.raises(error, match=says):
        stream(**ASK, **wrong)
    with pytest.raises(TypeError, match="missing 2 required"):
        stream()


async def test_tools_that_are_not_strict_may_be_called(world: World) -> None:
    parameters = {"type": "object", "properties": {"name": {"type": "string"}}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": parameters}}]
    server = Server(world, CITY)
    manager = server.client.chat.completions.stream(**ASK, tools=tools)
    _, answer = await events_and_answer(world, manager)
    assert answer.choices[0].message.tool_calls is None
    assert server.sent[0]["tools"] == tools


async def test_one_may_wait_for_the_answer_without_looking_at_events(world: World) -> None:
    manager = Server(world, CITY).client.chat.completions.stream(**ASK, response_format=City)

    async def act(stream: Any) -> Any:
        first = await world.first(stream)
        assert first.type == "chunk"
        assert stream.current_completion_snapshot.choices[0].message.content == '{"name": "Os'
        assert await world.result(stream.until_done()) is stream
        assert stream.current_completion_snapshot.choices[0].message.parsed["name"] == "Oslo"
        return await world.result(stream.get_final_completion())

    answer = await within(world, manager, act)
    assert answer.choices[0].message.parsed == City(name="Oslo", people=7)


async def test_leaving_the_block_early_closes_the_response(world: World) -> None:
    server = Server(world, CITY)

    async def act(stream: Any) -> None:
        await world.first(stream)

    await within(world, server.client.chat.completions.stream(**ASK), act)
    assert server.responses[0].is_closed
    gc.collect()  # trio complains of a generator that was left half-way


async def test_an_error_in_the_block_closes_the_response_and_comes_through(world: World) -> None:
    server = Server(world, CITY)

    async def act(stream: Any) -> None:
        await world.first(stream)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await within(world, server.client.chat.completions.stream(**ASK), act)
    assert server.responses[0].is_closed


async def test_a_stream_can_be_closed_by_hand(world: World) -> None:
    server = Server(world, CITY)

    async def act(stream: Any) -> None:
        await world.first(stream)
        await world.result(stream.close())
        assert server.responses[0].is_closed

    await within(world, server.client.chat.completions.stream(**ASK), act)


async def test_a_stream_may_be_left_by_a_block_of_its_own(world: World) -> None:
    server = Server(world, CITY)

    async def act(stream: Any) -> None:
        async def first_of_itself(same: Any) -> None:
            assert same is stream
            await world.first(same)

        await within(world, stream, first_of_itself)
        assert server.responses[0].is_closed

    await within(world, server.client.chat.completions.stream(**ASK), act)


async def test_leaving_what_could_not_be_entered_closes_nothing(world: World) -> None:
    # Tracers call both halves themselves, the second also where the first has raised.
    manager = Server(world, CITY).client.chat.completions.stream(**ASK)
    leave = manager.__aexit__ if world.is_async else manager.__exit__
    assert await world.result(leave(None, None, None)) is None


async def test_an_answer_that_is_cut_off_raises_where_it_was_to_be_parsed(world: World) -> None:
    server = Server(
        world,
        sse(chunk_body({"content": '{"name": "Os'}), chunk_body({"content": "l"}, "length")),
    )
    with pytest.raises(LengthFinishReasonError) as caught:
        await events_and_answer(
            world, server.client.chat.completions.stream(**ASK, response_format=City)
        )
    assert caught.value.completion.choices[0].message.content == '{"name": "Osl'
    assert server.responses[0].is_closed


async def test_an_error_of_the_server_on_the_way_comes_through(world: World) -> None:
    error = [{"error": {"code": 503, "message": "Overloaded.", "status": "UNAVAILABLE"}}]
    server = Server(world, sse(chunk_body({"content": "a"}), error))
    with pytest.raises(gemini_openai.APIError, match="Overloaded"):
        await events_and_answer(world, server.client.chat.completions.stream(**ASK))


async def test_a_refused_request_raises_on_entering(world: World) -> None:
    def refuse(_: Any) -> Any:
        body = [{"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}}]
        return world.family.Response(400, json=body)

    manager = world.transport(refuse).chat.completions.stream(**ASK)
    with pytest.raises(gemini_openai.BadRequestError, match="No."):
        await events_and_answer(world, manager)


async def test_stream_does_not_go_through_create(world: World) -> None:
    # Tracers wrap both; a call of one from the other would be two spans.
    client = Server(world, CITY).client
    with mock.patch.object(type(client.chat.completions), "create", side_effect=AssertionError):
        _, answer = await events_and_answer(world, client.chat.completions.stream(**ASK))
    assert answer.choices[0].finish_reason == "stop"


async def test_what_a_tracer_puts_in_place_of_the_chunks_is_what_is_told(world: World) -> None:
    client = Server(world, CITY).client
    request = client.request
    seen: list[Any] = []

    def wrap(stream: Any) -> Any:
        chunks = stream._iterator

        async def traced() -> Any:
            async for chunk in chunks:
                seen.append(chunk)
                yield chunk

        def traced_here() -> Any:
            for chunk in chunks:
                seen.append(chunk)
                yield chunk

        stream._iterator = traced() if world.is_async else traced_here()
        return stream

    def traced_request(*args: Any, **kwargs: Any) -> Any:
        answer = request(*args, **kwargs)
        if not world.is_async:
            return wrap(answer)

        async def later() -> Any:
            return wrap(await answer)

        return later()

    client.request = traced_request
    events, _ = await events_and_answer(world, client.chat.completions.stream(**ASK))
    assert [event.chunk for event in events if event.type == "chunk"] == seen
    assert len(seen) == 2
