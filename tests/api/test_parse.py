"""`chat.completions.parse`: on the wire and back, blocking and in event loops."""

from __future__ import annotations

import dataclasses
import gc
import inspect
import json
import pickle
import warnings
import weakref
from typing import TYPE_CHECKING, Any
from unittest import mock

import pydantic
import pytest
from pydantic import BaseModel

import gemini_openai
from gemini_openai import ContentFilterFinishReasonError, LengthFinishReasonError, OpenAIError
from gemini_openai.emulator import Answer
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.resources.chat.completions import AsyncCompletions, Completions
from gemini_openai.types.chat import ChatCompletion, ParsedChatCompletion
from gemini_openai.types.shared import ResponseFormatJSONObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator

ASK: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Which city?"}]}


class City(BaseModel):
    """A city."""

    name: str
    people: int | None = None


class GetWeather(BaseModel):
    location: str


class Server:
    """Answers every request with one body, and keeps what it was sent."""

    def __init__(self, world: World, body: bytes, **response: Any) -> None:
        self.sent: list[Any] = []
        self._make = lambda: world.family.Response(
            200, content=body, headers={"content-type": "application/json"}, **response
        )
        self.client = world.transport(self._answer)

    def _answer(self, request: Any) -> Any:
        self.sent.append(json.loads(request.content))
        return self._make()


@pytest.fixture
def body(recorded: Callable[[str], bytes]) -> Callable[..., bytes]:
    """A recorded answer, with other words in it."""

    def make(content: str | None, finish_reason: str = "stop") -> bytes:
        recorded_body = json.loads(recorded("chat_nonstream_text.json"))
        choice = recorded_body["choices"][0]
        choice["message"]["content"], choice["finish_reason"] = content, finish_reason
        return json.dumps(recorded_body).encode()

    return make


async def test_an_answer_comes_back_as_the_model_asked_for(
    world: World, body: Callable[..., bytes]
) -> None:
    server = Server(world, body('{"name": "Oslo", "people": 717710}'))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=City, temperature=0)
    )
    assert type(completion) is ParsedChatCompletion
    assert completion.choices[0].message.parsed == City(name="Oslo", people=717710)
    assert completion.usage.total_tokens == 6
    (sent,) = server.sent
    assert sent == {
        **ASK,
        "temperature": 0,
        "stream": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "City",
                "strict": True,
                "schema": {
                    "title": "City",
                    "description": "A city.",
                    "type": "object",
                    "properties": {
                        "name": {"title": "Name", "type": "string"},
                        "people": {
                            "anyOf": [{"type": "integer"}, {"type": "null"}],
                            "title": "People",
                        },
                    },
                    "required": ["name", "people"],
                    "additionalProperties": False,
                },
            },
        },
    }


async def test_a_list_is_asked_for_and_read_without_an_object_around_it(
    world: World, body: Callable[..., bytes]
) -> None:
    server = Server(world, body('[{"name": "Oslo", "people": null}]'))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=list[City])
    )
    assert completion.choices[0].message.parsed == [City(name="Oslo")]
    schema = server.sent[0]["response_format"]["json_schema"]["schema"]
    assert schema["type"] == "array"


async def test_a_fence_is_seen_through_and_left_in_the_content(
    world: World, body: Callable[..., bytes]
) -> None:
    fenced = '```json\n{"name": "Oslo"}\n```'
    server = Server(world, body(fenced))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=City)
    )
    assert completion.choices[0].message.parsed == City(name="Oslo")
    assert completion.choices[0].message.content == fenced


async def test_a_fence_is_no_json_to_who_switches_that_repair_off(
    world: World, emulator: Emulator
) -> None:
    emulator.script(*[Answer('```json\n{"name": "Oslo"}\n```')] * 3)
    client = world.client(repairs={"json-in-text": False})
    asked: dict[str, Any] = {**ASK, "response_format": City}

    with pytest.raises(pydantic.ValidationError, match="Invalid JSON"):
        await world.result(client.chat.completions.parse(**asked))
    with pytest.raises(pydantic.ValidationError, match="Invalid JSON"):
        await last_completion(world, client.chat.completions.stream(**asked))
    seen = await last_completion(
        world, client.with_options(repairs=True).chat.completions.stream(**asked)
    )
    assert seen.choices[0].message.parsed == City(name="Oslo")


async def last_completion(world: World, manager: Any) -> Any:
    if not world.is_async:
        with manager as stream:
            return stream.get_final_completion()
    async with manager as stream:
        return await stream.get_final_completion()


async def test_a_recorded_tool_call_has_its_arguments_parsed(
    world: World, recorded: Callable[[str], bytes]
) -> None:
    server = Server(world, recorded("chat_nonstream_tool_call.json"))
    tool = pydantic_function_tool(GetWeather, name="get_weather")
    completion = await world.result(server.client.chat.completions.parse(**ASK, tools=iter([tool])))
    (call,) = completion.choices[0].message.tool_calls
    assert call.function.parsed_arguments == GetWeather(location="Tokyo")
    assert call.function.arguments == '{"location":"Tokyo"}'
    assert server.sent[0]["tools"] == [json.loads(json.dumps(tool))]


@pytest.mark.parametrize(
    ("finish_reason", "error"),
    [("length", LengthFinishReasonError), ("content_filter", ContentFilterFinishReasonError)],
)
async def test_an_unfinished_answer_raises(
    world: World, body: Callable[..., bytes], finish_reason: str, error: type[Exception]
) -> None:
    server = Server(world, body('{"name": "Os', finish_reason))
    with pytest.raises(error) as caught:
        await world.result(server.client.chat.completions.parse(**ASK, response_format=City))
    completion = getattr(caught.value, "completion")  # noqa: B009
    assert completion.choices[0].message.content == '{"name": "Os'


@pytest.mark.parametrize("word", ["eos_token", "end_turn", "COMPLETE"])
async def test_an_answer_that_another_server_calls_whole_is_parsed(
    world: World, body: Callable[..., bytes], word: str
) -> None:
    server = Server(world, body('{"name": "Oslo", "people": 1}', word))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=City)
    )
    assert completion.choices[0].finish_reason == "stop"
    assert completion.choices[0].message.parsed == City(name="Oslo", people=1)


async def test_an_answer_that_does_not_fit_raises(world: World, body: Callable[..., bytes]) -> None:
    server = Server(world, body('{"people": 3}'))
    with pytest.raises(pydantic.ValidationError, match="Field required"):
        await world.result(server.client.chat.completions.parse(**ASK, response_format=City))


async def test_a_web_page_is_no_answer_to_parse(world: World) -> None:
    def page(_: Any) -> Any:
        return world.family.Response(200, html="<title>Sign in</title>")

    client = world.transport(page)
    with pytest.raises(OpenAIError, match="Sign in"):
        await world.result(client.chat.completions.parse(**ASK, response_format=City))


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"response_format": None}, TypeError, "JSON Schema"),
        ({"stream": True}, TypeError, "unexpected keyword argument 'stream'"),
        ({"modle": "x"}, TypeError, "unexpected keyword argument 'modle'"),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            ValueError,
            "'f' is not strict",
        ),
        ({"tools": [{"type": "custom", "custom": {"name": "f"}}]}, ValueError, "custom"),
    ],
)
async def test_bad_input_is_refused_before_anything_is_sent(
    world: World, wrong: dict[str, Any], error: type[Exception], says: str
) -> None:
    server = Server(world, b"{}")
    with pytest.raises(error, match=says):
        await world.result(server.client.chat.completions.parse(**ASK, **wrong))
    with pytest.raises(TypeError, match="missing 2 required"):
        await world.result(server.client.chat.completions.parse())
    assert server.sent == []


@pytest.mark.parametrize("kind", [City, list[City], int])
async def test_create_says_which_method_takes_a_type(world: World, kind: Any) -> None:
    server = Server(world, b"{}")
    with pytest.raises(TypeError, match="parse"):
        await world.result(server.client.chat.completions.create(**ASK, response_format=kind))
    assert server.sent == []


async def test_create_says_that_an_instance_is_no_type(world: World, body: Any) -> None:
    server = Server(world, body("{}"))
    create = server.client.chat.completions.create
    with pytest.raises(TypeError, match=r"instance of City\. Give the class to parse\(\)"):
        await world.result(create(**ASK, response_format=City(name="Oslo")))
    assert server.sent == []
    await world.result(create(**ASK, response_format=ResponseFormatJSONObject(type="json_object")))
    assert server.sent[0]["response_format"] == {"type": "json_object"}


async def test_extras_and_headers_travel_as_with_create(
    world: World, body: Callable[..., bytes]
) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return world.family.Response(
            200,
            content=body("{}"),
            headers={"content-type": "application/json", "x-request-id": "r1"},
        )

    completion = await world.result(
        world.transport(answer).chat.completions.parse(
            **ASK,
            response_format=dict[str, int],
            extra_headers={"x-mine": "1"},
            extra_query={"a": "b"},
            extra_body={"reasoning_effort": "low"},
        )
    )
    (request,) = seen
    assert request.headers["x-mine"] == "1"
    assert request.url.params["a"] == "b"
    assert json.loads(request.content)["reasoning_effort"] == "low"
    assert completion._request_id == "r1"
    assert completion.choices[0].message.parsed == {}


async def test_a_raw_response_parses_too(world: World, body: Callable[..., bytes]) -> None:
    server = Server(world, body('{"name": "Oslo"}'))
    raw = await world.result(
        server.client.chat.completions.with_raw_response.parse(**ASK, response_format=City)
    )
    assert raw.status_code == 200
    assert raw.parse().choices[0].message.parsed == City(name="Oslo")


async def test_a_parsed_message_can_be_sent_back(world: World, body: Callable[..., bytes]) -> None:
    server = Server(world, body('{"name": "Oslo"}'))
    client = server.client
    first = await world.result(client.chat.completions.parse(**ASK, response_format=City))
    messages = [*ASK["messages"], first.choices[0].message, {"role": "user", "content": "More"}]
    await world.result(client.chat.completions.create(model="m", messages=messages))
    sent = server.sent[1]["messages"][1]
    assert (sent["role"], sent["content"]) == ("assistant", '{"name": "Oslo"}')


async def test_a_parsed_answer_dumps_without_a_warning_and_pickles(
    world: World, body: Callable[..., bytes]
) -> None:
    server = Server(world, body('{"name": "Oslo"}'))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=City)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dumped = completion.model_dump()
        completion.model_dump_json()
        completion.to_dict()
    assert dumped["choices"][0]["message"]["parsed"] == {"name": "Oslo", "people": None}
    assert pickle.loads(pickle.dumps(completion)) == completion


@pytest.mark.parametrize("world_name", ["blocking"], indirect=True)  # collecting takes its time
@pytest.mark.parametrize("kind", ["a model", "a list", "a dataclass"])
async def test_a_type_made_at_run_time_is_let_go_after_its_call(
    world: World, body: Callable[..., bytes], kind: str
) -> None:
    made: Any = (
        dataclasses.make_dataclass("Made", [("name", str)])
        if kind == "a dataclass"
        else pydantic.create_model("Made", name=(str, ...))
    )
    as_list = kind == "a list"
    server = Server(world, body('[{"name": "Oslo"}]' if as_list else '{"name": "Oslo"}'))
    completion = await world.result(
        server.client.chat.completions.parse(**ASK, response_format=list[made] if as_list else made)
    )
    assert completion.choices[0].message.parsed
    gone = weakref.ref(made)
    del made, completion
    gc.collect()
    assert gone() is None


async def test_parse_does_not_go_through_create(world: World, body: Callable[..., bytes]) -> None:
    # Tracers wrap both; a call of one from the other would be two spans.
    server = Server(world, body('{"name": "Oslo"}'))
    completions = type(server.client.chat.completions)
    with mock.patch.object(completions, "create", side_effect=AssertionError):
        completion = await world.result(
            server.client.chat.completions.parse(**ASK, response_format=City)
        )
    assert completion.choices[0].message.parsed == City(name="Oslo")


async def test_a_tracer_sees_the_class_that_is_answered(
    world: World, body: Callable[..., bytes]
) -> None:
    server = Server(world, body('{"name": "Oslo"}'))
    seen: list[Any] = []
    request = server.client.request

    def traced(cast_to: Any, options: Any, **more: Any) -> Any:
        seen.append((cast_to, options.url, options.json_data["model"]))
        return request(cast_to, options, **more)

    server.client.request = traced
    await world.result(server.client.chat.completions.parse(**ASK, response_format=City))
    assert seen == [(ChatCompletion, "/chat/completions", "gemini-2.5-flash")]


@pytest.mark.parametrize("method", ["parse", "stream"])
@pytest.mark.parametrize("completions", [Completions, AsyncCompletions])
def test_the_signature_has_what_create_takes_but_stream(completions: Any, method: str) -> None:
    create = inspect.signature(completions.create).parameters
    ours = inspect.signature(getattr(completions, method)).parameters
    assert ours.keys() == create.keys() - {"stream"}
    required = [name for name, p in ours.items() if p.default is p.empty and name != "self"]
    assert sorted(required) == ["messages", "model"]


def test_parse_is_a_coroutine_function_where_it_is_awaited() -> None:
    assert inspect.iscoroutinefunction(AsyncCompletions.parse)
    assert not inspect.iscoroutinefunction(AsyncCompletions.stream)
    assert gemini_openai.AsyncOpenAI(api_key="k").chat.completions.parse is not None
