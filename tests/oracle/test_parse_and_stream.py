"""`parse` and `stream` through `openai` and through us: the request, the events, the answer.

What differs on purpose stands in `EVENT_DIFFERENCES` and `WHERE_WE_PART`, with the reason.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads it
import decimal  # noqa: TC003
import enum
import json
import warnings
from typing import Annotated, Any, Generic, Literal, TypeVar

import httpx
import httpx2
import openai
import pydantic
import pytest
from openai._models import construct_type
from openai.lib._parsing import _completions as their_parsing
from openai.lib._pydantic import to_strict_json_schema as their_schema
from openai.lib.streaming.chat import (
    ChatCompletionStreamState as TheirState,
    _events as their_classes,
)
from openai.types.chat import ChatCompletion as TheirCompletion, ChatCompletionChunk as TheirChunk
from oracle.differences import EVENT_DIFFERENCES
from pydantic import BaseModel, Field
from short_chunks import USAGE, call, calling, chunk_body, tokens

import gemini_openai
import gemini_openai.lib
from gemini_openai._call.decode import fit
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib._parsing import _completions as our_parsing
from gemini_openai.lib._pydantic import to_strict_json_schema
from gemini_openai.lib.streaming.chat import ChatCompletionStreamState, _events as our_classes
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk

ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "Which city?"}]}
T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Street(BaseModel):
    """A street.

    In a city.
    """

    name: str
    houses: int | None = Field(default=None, description="How many.", ge=0, lt=1000)


class City(BaseModel):
    name: str
    people: int = 0


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]


class Map(BaseModel):
    first: Street = Field(description="The first one.")
    rest: list[Street] = []
    by_name: dict[str, Street]
    counts: dict[str, int]
    either: Street | City | None
    colour: Colour = Field(default=Colour.RED, description="Its colour.")
    pet: Cat | Dog = Field(discriminator="kind")


class Tree(BaseModel):
    value: Annotated[str, Field(min_length=1, pattern="^a")]
    children: list[Tree] = []


class Times(BaseModel):
    at: dt.datetime
    price: decimal.Decimal
    pair: tuple[int, str]
    anything: Any
    one: Literal["x"] = "x"


class Box(BaseModel, Generic[T]):
    item: T
    items: list[T]


class Closed(BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    at: int = Field(alias="theAt")


class Open(BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    a: int


class Listed(pydantic.RootModel[list[Street]]):
    pass


class Raw(BaseModel):
    a: Any = Field(json_schema_extra={"allOf": [{"type": "object", "properties": {"q": {}}}]})
    b: Any = Field(
        json_schema_extra={
            "type": "object",
            "properties": {"q": {"type": "string", "default": None}},
        }
    )


class Nothing(BaseModel):
    pass


MODELS: list[Any] = [
    Street,
    City,
    Map,
    Tree,
    Times,
    Box[int],
    Box[Street],
    Closed,
    Open,
    Listed,
    Raw,
    Nothing,
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_strict_schema_of_a_model_is_the_same(model: Any) -> None:
    ours, theirs = to_strict_json_schema(model), their_schema(model)
    assert ours == theirs
    assert list(ours.get("properties", {})) == list(theirs.get("properties", {}))


@pytest.mark.parametrize("kind", [list[Street], Colour, dict[str, Map], int], ids=str)
def test_the_strict_schema_through_an_adapter_is_the_same(kind: Any) -> None:
    adapter: Any = pydantic.TypeAdapter(kind)
    assert to_strict_json_schema(adapter) == their_schema(adapter)


@pytest.mark.parametrize("model", [Street, City, Map, Tree], ids=lambda model: model.__name__)
@pytest.mark.parametrize("words", [{}, {"name": "n"}, {"description": "d"}, {"description": ""}])
def test_the_tool_of_a_model_is_the_same(model: Any, words: dict[str, str]) -> None:
    assert pydantic_function_tool(model, **words) == openai.pydantic_function_tool(model, **words)


# --- requests ---


class Caught(Exception):
    """Thrown in place of sending."""


def body_of(client: Any, act: Any) -> Any:
    """The body that a call would send, as tracers see it: before any repair."""
    caught: list[Any] = []

    def request(cast_to: Any, options: Any, **_: Any) -> Any:
        caught.append((options.method, options.url, options.json_data))
        raise Caught

    client.request = request
    with pytest.raises(Caught):
        act(client)
    ((method, url, body),) = caught
    return method, url, json.loads(json.dumps(body))


def enter(manager: Any) -> None:
    with manager:
        pass


REQUESTS: list[dict[str, Any]] = [
    *({"response_format": model} for model in (Street, City, Map, Tree, Times)),
    {"response_format": {"type": "json_object"}},
    {"response_format": City, "temperature": 0.5, "max_tokens": None, "n": 2},
    {"tools": [pydantic_function_tool(Map)], "tool_choice": "auto"},
    {},
]


@pytest.mark.parametrize("given", REQUESTS)
@pytest.mark.parametrize("method", ["parse", "stream"])
def test_the_request_is_the_same(method: str, given: dict[str, Any]) -> None:
    def act(client: Any) -> None:
        result = getattr(client.chat.completions, method)(**ASK, **given)
        if method == "stream":
            enter(result)

    options: Any = {"api_key": "k", "base_url": "http://127.0.0.1:1/"}
    with gemini_openai.OpenAI(**options) as ours, openai.OpenAI(**options) as theirs:
        assert body_of(ours, act) == body_of(theirs, act)


@pytest.mark.parametrize(
    "given",
    [
        {"response_format": None},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"tools": [{"type": "custom", "custom": {"name": "f"}}]},
        {"stream": True},
        {"unknown": 1},
    ],
)
@pytest.mark.parametrize("method", ["parse", "stream"])
def test_bad_input_is_the_same_class_of_error(method: str, given: dict[str, Any]) -> None:
    def error(client: Any) -> Any:
        try:
            result = getattr(client.chat.completions, method)(**ASK, **given)
            if method == "stream":
                enter(result)
        except Exception as error:  # noqa: BLE001  # whichever it is
            return type(error).__name__
        return None

    options: Any = {"api_key": "k", "base_url": "http://127.0.0.1:1/", "max_retries": 0}
    with gemini_openai.OpenAI(**options) as ours, openai.OpenAI(**options) as theirs:
        assert error(ours) == error(theirs)


# --- whole answers ---


def answer(content: Any = None, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "finish_reason": finish_reason, "message": said}
    envelope = {"id": "1", "created": 1, "model": "m", "object": "chat.completion"}
    return {**envelope, "choices": [choice], "usage": USAGE}


OSLO = '{"name": "Oslo", "people": 7}'
STRICT: Any = {"type": "function", "function": {"name": "f", "strict": True}}
LAX: Any = {"type": "function", "function": {"name": "g"}}
CITY = pydantic_function_tool(City)
THEIR_CITY = openai.pydantic_function_tool(City)

ANSWERS: list[Any] = [
    (City, [], answer(OSLO)),
    (City, [], answer('{"name": "Oslo", "people": "7", "more": []}')),
    (City, [], answer(None)),
    (City, [], answer("")),
    (City, [], answer(OSLO, refusal="No.")),
    (City, [], answer('{"people": 7}')),
    (City, [], answer("Oslo")),
    (City, [], answer("{", "length")),
    (None, [], answer("{", "length")),
    (None, [], answer("{", "content_filter")),
    ({"type": "json_object"}, [], answer(OSLO)),
    (None, [CITY], answer(None, tool_calls=[{"id": "a", **call("City", OSLO)}])),
    (None, [CITY], answer(None, tool_calls=[{"id": "a", **call("City", "{}")}])),
    (None, [CITY], answer(None, tool_calls=[{"id": "a", **call("Town", OSLO)}])),
    (None, [STRICT, LAX], answer(None, tool_calls=[{"id": "a", **call("f", OSLO)}])),
    (None, [STRICT, LAX], answer(None, tool_calls=[{"id": "a", **call("g", OSLO)}])),
    (None, [STRICT], answer(None, tool_calls=[{"id": "a", **call("f", "{")}])),
    (City, [CITY], answer(OSLO, tool_calls=[])),
]


def outcome(act: Any) -> Any:
    """What `act` gives, dumped, or the name of the error it raises."""
    try:
        result = act()
    except Exception as error:  # noqa: BLE001  # whichever it is
        return type(error).__name__
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openai's own, when it dumps what it parsed
        return result.model_dump()


@pytest.mark.parametrize("case", ANSWERS, ids=range(len(ANSWERS)))
def test_a_whole_answer_is_parsed_the_same(case: Any) -> None:
    response_format, tools, body = case
    ours = outcome(
        lambda: our_parsing.parse_chat_completion(
            response_format=gemini_openai.omit if response_format is None else response_format,
            input_tools=tools,
            chat_completion=fit(body, ChatCompletion),
        )
    )
    theirs: Any = outcome(
        lambda: their_parsing.parse_chat_completion(
            response_format=openai.omit if response_format is None else response_format,
            input_tools=[THEIR_CITY if tool is CITY else tool for tool in tools],
            chat_completion=construct_type(value=body, type_=TheirCompletion),  # type: ignore[arg-type]
        )
    )
    assert ours == theirs


# --- streams ---


def events_of(stream: Any) -> tuple[list[tuple[str, Any]], Any]:
    """The class and the dump of each event, and the dump of the answer, or an error's name."""
    told: list[tuple[str, Any]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            told.extend((type(event).__name__, event.model_dump()) for event in stream)
            return told, stream.get_final_completion().model_dump()
        except Exception as error:  # noqa: BLE001  # whichever it is
            return told, type(error).__name__


def tools_of(package: Any) -> list[Any]:
    return [package.pydantic_function_tool(City), STRICT, LAX]


def both(bodies: list[Any], name: str) -> tuple[Any, Any]:
    """One stream through both clients, with what its name says is asked for."""
    frames = [f"data: {json.dumps(body)}\n\n" for body in bodies]
    content = "".join([*frames, "data: [DONE]\n\n"]).encode()
    headers = {"content-type": "text/event-stream"}
    results = []
    for package, family in ((gemini_openai, httpx), (openai, httpx2)):
        given: dict[str, Any] = {"response_format": City} if "json" in name else {}
        if "tool call" in name:
            given["tools"] = tools_of(gemini_openai.lib if package is gemini_openai else openai)
        transport = family.MockTransport(
            lambda _, family=family: family.Response(200, content=content, headers=headers)
        )
        http: Any = family.Client(transport=transport)
        with (
            package.OpenAI(api_key="k", base_url="http://x/", http_client=http) as client,
            client.chat.completions.stream(**ASK, **given) as stream,
        ):
            results.append(events_of(stream))
    ours, theirs = results
    return ours, theirs


def without_differences(ours: Any, theirs: Any) -> Any:
    """`ours`, with what openai has where `EVENT_DIFFERENCES` says that it leaves it out."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return {
            name: None
            if name in EVENT_DIFFERENCES and theirs.get(name) is None
            else without_differences(item, theirs.get(name))
            for name, item in ours.items()
        }
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return [
            without_differences(*pair) if isinstance(pair[0], (dict, list, tuple)) else pair[0]
            for pair in zip(ours, theirs, strict=True)
        ]
    return ours


def piece(text: str, index: int = 0) -> dict[str, Any]:
    return {"tool_calls": [{"index": index, "function": {"arguments": text}}]}


def logprobs(**parts: str) -> dict[str, Any]:
    both = {"content": None, "refusal": None}
    return {"choice": {"logprobs": {**both, **{k: tokens(v) for k, v in parts.items()}}}}


START = chunk_body({"role": "assistant", "content": ""})

STREAMS: dict[str, Any] = {
    "text": [
        START,
        chunk_body({"content": "Hel"}),
        chunk_body({"content": "lo"}),
        chunk_body({}, "stop"),
    ],
    "text and usage": [
        START,
        chunk_body({"content": "a"}),
        chunk_body({}, "stop"),
        chunk_body(usage=USAGE),
    ],
    "a last chunk with text": [START, chunk_body({"content": "a"}, "stop")],
    "cut off text": [START, chunk_body({"content": "a"}), chunk_body({}, "length")],
    "json": [START, *(chunk_body({"content": c}) for c in OSLO), chunk_body({}, "stop")],
    "json that does not fit": [START, chunk_body({"content": '{"a": 1}'}), chunk_body({}, "stop")],
    "cut off json": [START, chunk_body({"content": "{"}), chunk_body({}, "length")],
    "filtered json": [START, chunk_body({"content": "{"}), chunk_body({}, "content_filter")],
    "a refusal": [
        START,
        chunk_body({"refusal": "No"}),
        chunk_body({"refusal": "!"}),
        chunk_body({}, "stop"),
    ],
    "logprobs": [
        START,
        chunk_body({"content": "ab"}, **logprobs(content="ab")),
        chunk_body({"content": "c"}, **logprobs(content="c")),
        chunk_body({}, "stop"),
    ],
    "logprobs of both kinds": [
        START,
        chunk_body({"content": "a", "refusal": "b"}, **logprobs(content="a", refusal="b")),
        chunk_body({}, "stop"),
    ],
    "two choices": [
        START,
        chunk_body({"role": "assistant", "content": "B"}, index=1),
        chunk_body({"content": "a"}),
        chunk_body({}, "stop", index=1),
        chunk_body({}, "stop"),
    ],
    "a tool call": [
        chunk_body(calling(call("City", "", index=0, id="a"), content=None)),
        *(chunk_body(piece(letter)) for letter in OSLO),
        chunk_body({}, "tool_calls"),
    ],
    "two tool calls after text": [
        START,
        chunk_body({"content": "Hm."}),
        chunk_body({"tool_calls": [call("City", "", index=0, id="a")]}),
        chunk_body(piece(OSLO)),
        chunk_body({"tool_calls": [call("g", "", index=1, id="b")]}),
        chunk_body(piece("{}", 1)),
        chunk_body({}, "tool_calls"),
    ],
    "tool calls of a strict and a lax tool": [
        chunk_body(calling(call("f", "", index=0, id="a"))),
        chunk_body(piece(OSLO)),
        chunk_body({"tool_calls": [call("g", "", index=1, id="b")]}),
        chunk_body(piece(OSLO, 1)),
        chunk_body({}, "tool_calls"),
    ],
    "a tool call that does not fit": [
        chunk_body(calling(call("City", "", index=0, id="a"))),
        chunk_body(piece("{}")),
        chunk_body({}, "tool_calls"),
    ],
    "a tool call with a signature": [
        chunk_body(calling(call("g", "", index=0, id="a", extra_content={"google": {"s": "x"}}))),
        chunk_body(piece("{}")),
        chunk_body({}, "tool_calls"),
    ],
    "the old function call": [
        chunk_body({"role": "assistant", "function_call": {"name": "f", "arguments": "{"}}),
        chunk_body({"function_call": {"arguments": "}"}}),
        chunk_body({}, "function_call"),
    ],
    "text in a field of its own": [
        chunk_body({"role": "assistant", "reasoning_content": "Let me "}),
        chunk_body({"reasoning_content": "see."}),
        chunk_body({"content": "4"}),
        chunk_body({}, "stop"),
    ],
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_as_openai_sends_it_is_told_and_put_together_the_same(name: str) -> None:
    (our_events, our_answer), (their_events, their_answer) = both(STREAMS[name], name)
    assert [kind for kind, _ in our_events] == [kind for kind, _ in their_events]
    for (_, ours), (_, theirs) in zip(our_events, their_events, strict=True):
        assert without_differences(ours, theirs) == theirs
    assert our_answer == their_answer


@pytest.mark.parametrize(
    "name",
    [name for name in vars(their_classes) if name.endswith("Event") and "Stream" not in name],
)
def test_an_event_class_has_the_same_fields(name: str) -> None:
    ours, theirs = getattr(our_classes, name), getattr(their_classes, name)
    assert ours.model_fields.keys() == theirs.model_fields.keys()
    assert ours.model_fields["type"].annotation == theirs.model_fields["type"].annotation


# --- streams as Gemini sends them ---

SIGNED = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
NAMELESS = {"tool_calls": [{"index": 0, "id": "a", "type": "function"}]}
TWO = [call("City", OSLO, index=0, id="a"), call("City", OSLO, index=0, id="b")]


def role(final: Any, told: list[str]) -> Any:
    return final.choices[0].message.role


def completion_tokens(final: Any, told: list[str]) -> Any:
    return final.usage and final.usage.completion_tokens


def dones(final: Any, told: list[str]) -> Any:
    return [kind for kind in told if kind.endswith("done")]


def arguments(final: Any, told: list[str]) -> Any:
    return [tool_call.function.arguments for tool_call in final.choices[0].message.tool_calls]


def names(final: Any, told: list[str]) -> Any:
    return [tool_call.function.name for tool_call in final.choices[0].message.tool_calls]


def google(final: Any, told: list[str]) -> Any:
    return final.choices[0].message.extra_content["google"]


def parsed(final: Any, told: list[str]) -> Any:
    return final.choices[0].message.parsed


def service_tier(final: Any, told: list[str]) -> Any:
    return final.service_tier


TOOL_DONE = "tool_calls.function.arguments.done"

WHERE_WE_PART: list[Any] = [
    # what is sent, what is looked at, ours, openai's (an error is raised)
    pytest.param(
        [chunk_body({"role": "assistant", "content": c}) for c in "ab"],
        role,
        "assistant",
        "assistantassistant",
        id="Gemini says the role in every chunk",
    ),
    pytest.param(
        [chunk_body({"content": "a"})],
        role,
        "assistant",
        None,
        id="some servers never say the role",
    ),
    pytest.param(
        [chunk_body({"content": "a"}, "stop", usage=USAGE), chunk_body()],
        completion_tokens,
        2,
        None,
        id="Gemini sends usage with every chunk: the last that comes holds",
    ),
    pytest.param(
        [chunk_body(calling(call("City", OSLO, index=0, id="a")), "stop")],
        dones,
        [TOOL_DONE],
        [],
        id="Gemini ends with a whole call in the last chunk: it is told to be done",
    ),
    pytest.param(
        [
            chunk_body(calling(call("g", "{}", index=0, id="a"))),
            chunk_body(calling(call("g", "{}", index=1, id="b")), "stop"),
        ],
        dones,
        [TOOL_DONE, TOOL_DONE],
        [TOOL_DONE],
        id="and so is the last of several",
    ),
    pytest.param(
        [chunk_body(calling(*TWO)), chunk_body({}, "stop")],
        arguments,
        [OSLO, OSLO],
        [OSLO + OSLO],
        id="Gemini gives all calls the index 0",
    ),
    pytest.param(
        [
            chunk_body(calling(call("g", "{}", index=None, id="a"))),
            chunk_body(piece("", 0), "stop"),
        ],
        arguments,
        ["{}"],
        TypeError,
        id="or null",
    ),
    pytest.param(
        [
            chunk_body(calling(call("g", "{}", index=1, id="b"))),
            chunk_body(calling(call("g", "{}", index=0, id="a"))),
        ],
        arguments,
        ["{}", "{}"],
        IndexError,
        id="or the wrong way round",
    ),
    pytest.param(
        [chunk_body(calling(call("g", c, index=0, id="a"))) for c in ("{", "}")],
        names,
        ["g"],
        ["gg"],
        id="some servers say the name in every delta",
    ),
    pytest.param(
        [chunk_body(NAMELESS), chunk_body(calling(call("g", "{}", index=0)))],
        names,
        ["g"],
        AssertionError,
        id="or later than the id",
    ),
    pytest.param(
        [chunk_body(SIGNED), chunk_body(SIGNED)],
        google,
        {"thought_signature": "c2ln"},
        {"thought_signature": "c2lnc2ln"},
        id="a signature is whole, and once is enough",
    ),
    pytest.param(
        [chunk_body({"extra_content": {"google": {"thought": True}}})] * 2,
        google,
        {"thought": True},
        {"thought": 2},
        id="yes and yes is not two",
    ),
    pytest.param(
        [chunk_body({"content": f"```json\n{OSLO}"}), chunk_body({"content": "\n```"}, "stop")],
        parsed,
        City(name="Oslo", people=7),
        ValueError,
        id="Gemini may put JSON into a fence",
    ),
    pytest.param(
        [chunk_body({"content": "Let me look."}), chunk_body(calling(call("g", "{}", index=0)))],
        parsed,
        None,
        ValueError,
        id="and may speak before it calls a tool",
    ),
    pytest.param(
        [chunk_body({"content": "a"}), chunk_body(service_tier="default")],
        service_tier,
        "default",
        None,
        id="what a later chunk adds is kept",
    ),
]


@pytest.mark.parametrize(("bodies", "look", "ours", "theirs"), WHERE_WE_PART)
def test_a_stream_as_gemini_sends_it_is_put_together_otherwise(
    bodies: list[Any], look: Any, ours: Any, theirs: Any
) -> None:
    def outcome_of(state: Any, chunks: list[Any]) -> Any:
        events = [event for chunk in chunks for event in state.handle_chunk(chunk)]
        return look(state.get_final_completion(), [event.type for event in events])

    given: dict[str, Any] = {"response_format": City} if look is parsed else {}
    our_state = ChatCompletionStreamState(**given, input_tools=tools_of(gemini_openai.lib))
    assert outcome_of(our_state, [fit(body, ChatCompletionChunk) for body in bodies]) == ours
    their_chunks = [construct_type(value=body, type_=TheirChunk) for body in bodies]
    their_state: Any = TheirState(**given, input_tools=tools_of(openai))
    if isinstance(theirs, type):
        with pytest.raises(theirs):
            outcome_of(their_state, their_chunks)
    else:
        assert outcome_of(their_state, their_chunks) == theirs
