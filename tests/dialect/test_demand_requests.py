"""What Gemini refuses of a request, the same program through `openai` and through us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import openai
import pytest
from dialect.programs import (
    ECHO,
    HELLO,
    WEATHER,
    rebuilt,
    refused,
    said,
    step,
    user,
    with_quirks,
)
from pydantic import BaseModel, Field

import gemini_openai
from gemini_openai import GeminiWarning, InvalidRequestError
from gemini_openai.emulator import Answer, Call
from gemini_openai.lib import pydantic_function_tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import World

    from gemini_openai.emulator import Emulator

# --- A3: parameters ---

INJECTED: Any = {"store": True, "metadata": {"run": "7"}}
FELT: Any = {"seed": 7, "frequency_penalty": 0.5, "logit_bias": {"50256": -100}, "logprobs": True}
OTHERS: Any = {"extra_body": {"top_k": 40, "reasoning": {"effort": "low"}}}


@pytest.mark.parametrize(
    "given", [INJECTED, FELT, OTHERS], ids=["injected", "of_openai", "of_others"]
)
async def test_a3_parameters_that_openai_takes_are_no_error(
    world: World, theirs: World, emulator: Emulator, given: Any
) -> None:
    await refused(theirs, "Unknown name", **given)
    client = world.client()
    names = {**given, **given.get("extra_body", {})}.keys() - {"extra_body"}
    with pytest.warns(GeminiWarning) as caught:
        assert await said(world, client, **given) == ECHO
    assert len(caught) == len(names)
    for name in names:
        (warning,) = [w for w in caught if f"does not take {name};" in str(w.message)]
        assert ("The answer may differ" in str(warning.message)) is (name not in INJECTED)
    assert await said(world, client, **given) == ECHO  # told once
    assert emulator.requests[-1].json == HELLO
    with pytest.raises(gemini_openai.UnsupportedParameterError):
        await said(world, world.client(unsupported="error"), **given)


async def test_a3_a_name_nobody_has_heard_of_is_learnt_from_the_refusal(
    world: World, theirs: World, emulator: Emulator
) -> None:
    given: Any = {"extra_body": {"chat_template_kwargs": {"a": 1}, "min_p": 0.1}}
    await refused(theirs, "chat_template_kwargs", **given)
    emulator.reset()
    with pytest.warns(GeminiWarning, match="does not know") as caught:
        assert await said(world, max_tokens=500, **given) == ECHO
    assert len(caught) == 2
    assert [sorted(request.json) for request in emulator.requests] == [
        ["chat_template_kwargs", "max_tokens", "messages", "min_p", "model"],
        ["max_tokens", "messages", "model"],
    ]


# --- A4: schemas ---


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: float = Field(gt=0)


class Square(BaseModel):
    kind: Literal["square"]
    side: float = Field(gt=0)


class Drawing(BaseModel):
    """With what pydantic writes that Gemini refuses."""

    version: Literal[2]
    place: tuple[int, int]
    shape: Annotated[Circle | Square, Field(discriminator="kind")]
    frame: Square | None = None
    labels: dict[str, str] = {}


DRAWN = Drawing(version=2, place=(3, 4), shape=Circle(kind="circle", radius=1.5))
TOOLS: dict[str, Any] = {
    # A tool as other programs have written it, and something of what Gemini refuses in it.
    "mcp": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "count": {"type": "integer", "exclusiveMinimum": 0},
            "mode": {"const": "fast"},
            "tags": {"type": "object", "patternProperties": {"^x-": {"type": "string"}}},
        },
    },
    "siblings": {
        "type": "object",
        "properties": {"to": {"$ref": "#/$defs/Person", "description": "Whom to write to."}},
        "$defs": {"Person": {"type": "object", "properties": {"name": {"type": "string"}}}},
    },
    "mixed_enum": {"type": "object", "properties": {"on": {"enum": [True, "auto", 1]}}},
    "conditions": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "if": {"required": ["a"]},
        "then": {"required": ["b"]},
    },
}


@pytest.mark.parametrize("name", TOOLS)
async def test_a4_a_tool_with_any_schema_is_taken(
    world: World, theirs: World, emulator: Emulator, name: str
) -> None:
    tool = {"type": "function", "function": {"name": "draw", "parameters": TOOLS[name]}}

    async def program(world: World) -> Any:
        completion = await world.ask(lambda c: c.chat.completions.create(**HELLO, tools=[tool]))
        return completion.choices[0].message.tool_calls[0].function.name

    with pytest.raises(openai.BadRequestError) as caught:
        await program(theirs)
    assert "Request contains an invalid argument." in caught.value.response.text
    assert await program(world) == "draw"
    sent = emulator.requests[-1].json["tools"][0]["function"]["parameters"]
    assert sent["properties"].keys() == TOOLS[name]["properties"].keys()


async def test_a4_a_pydantic_model_is_a_response_format(
    world: World, theirs: World, emulator: Emulator
) -> None:
    async def program(world: World) -> Any:
        emulator.script(Answer(DRAWN.model_dump_json()))
        return await world.ask(lambda c: c.chat.completions.parse(**HELLO, response_format=Drawing))

    with pytest.raises(openai.BadRequestError):
        await program(theirs)
    parsed = (await program(world)).choices[0].message.parsed
    assert parsed == DRAWN
    assert type(parsed) is Drawing


async def test_a4_the_users_own_model_still_checks_the_answer(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Answer(DRAWN.model_dump_json().replace("1.5", "-1")))
    with pytest.raises(ValueError, match="greater than 0"):
        await world.ask(lambda c: c.chat.completions.parse(**HELLO, response_format=Drawing))


async def test_a4_a_pydantic_model_is_a_tool(
    world: World, theirs: World, emulator: Emulator
) -> None:
    async def program(world: World, make: Callable[..., Any]) -> Any:
        tool = make(Square)
        completion = await world.ask(lambda c: c.chat.completions.parse(**HELLO, tools=[tool]))
        return completion.choices[0].message.tool_calls[0].function.parsed_arguments

    with pytest.raises(openai.BadRequestError):
        await program(theirs, openai.pydantic_function_tool)
    made = await program(world, pydantic_function_tool)
    assert type(made) is Square
    assert made.kind == "square"


# --- A7: messages ---


def result(id: str, **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": f"found {id}", **more}


EMPTY_AND_HELLO = [{"type": "text", "text": text} for text in ("", "Hello")]
NAMES = "tool_names_required"
HISTORIES: dict[str, tuple[list[Any], str, str, str]] = {
    # messages, the emulator's quirks, a word of Google's refusal, our answer
    "results_without_a_name": (
        [user("Hello"), step("a"), result("a")],
        NAMES,
        "Name cannot be empty",
        "[emulator] look_a returned: found a",
    ),
    "results_in_another_order": (
        [user("Hello"), step("a", "b"), result("b"), user("Hello"), result("a")],
        "",
        "number of function response parts",
        ECHO,
    ),
    "a_result_before_its_call": (
        [user("Hello"), result("a"), step("a")],
        "",
        "Name cannot be empty",
        "[emulator] look_a returned: found a",
    ),
    "ids_that_gemini_left_empty": (
        [user("Hello"), step("", ""), result("", content="1"), result("", content="2")],
        NAMES,
        "Name cannot be empty",
        "[emulator] look_ returned: 1; look_ returned: 2",
    ),
    "only_the_system_speaks": (
        [{"role": "system", "content": "Hello"}],
        "",
        "contents is not specified",
        ECHO,
    ),
    "an_empty_message": (
        [user("Hi"), {"role": "assistant", "content": ""}, user("Hello")],
        "",
        "invalid argument",
        ECHO,
    ),
    "an_older_function_call": (
        [
            user("Hello"),
            {"role": "assistant", "function_call": {"name": "look", "arguments": "{}"}},
            {"role": "function", "name": "look", "content": "found it"},
        ],
        "",
        "function call turn",
        "[emulator] look returned: found it",
    ),
    "a_call_without_arguments": (
        [user("Hello"), {"role": "assistant", "tool_calls": [rebuilt("a", "f", "")]}, result("a")],
        "",
        "Expected a valid JSON object",
        "[emulator] f returned: found a",
    ),
    "a_call_with_arguments_that_are_null": (
        [
            user("Hello"),
            {"role": "assistant", "tool_calls": [rebuilt("a", "f", "null")]},
            result("a"),
        ],
        "",
        "Expected a valid JSON object",
        "[emulator] f returned: found a",
    ),
    "what_model_dump_gives": (
        [user("Hello"), {**step("a"), "refusal": None, "function_call": None}, result("a")],
        "null_message_fields_refused",
        "Value is not a string: null",
        "[emulator] look_a returned: found a",
    ),
    "an_empty_part_before_a_call_without_text": (
        [{"role": "user", "content": EMPTY_AND_HELLO}, step("a"), result("a")],
        "",
        "required oneof field",
        "[emulator] look_a returned: found a",
    ),
    "an_empty_part": (
        [{"role": "user", "content": [{"type": "text", "text": ""}]}, user("Hello")],
        "",
        "invalid argument",
        ECHO,
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
async def test_a7_a_history_that_openai_would_take_is_taken(
    world: World, theirs: World, name: str
) -> None:
    messages, quirks, words, answer = HISTORIES[name]
    given = {"messages": messages, "extra_headers": with_quirks(quirks), "tools": [WEATHER]}
    if answer == ECHO:
        del given["tools"]
    await refused(theirs, words, **given)
    assert await said(world, **given) == answer


NUMBER = rebuilt("a", "look", "20")


@pytest.mark.parametrize(
    ("messages", "place"),
    [
        ([user("Hello"), result("a")], "messages[1] is a result for the tool call 'a'"),
        ([user("Hello"), step("a", "b"), result("a")], "messages[1] calls look_b ('b'), and no"),
        ([user("Hi"), {"role": "assistant", "content": "Hi"}, user("")], "messages[2] is empty"),
        ({"role": "user", "content": "Hello"}, "messages is a dict; give a list"),
        ("Hello", "messages is a text; give a list"),
        (["Hello"], "messages[0] is a text; give a dict"),
        ([{"role": "bot", "content": "Hello"}], "messages[0].role is 'bot': use system,"),
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "cat.png"}}]}],
            "messages[0].content[0].image_url.url begins with 'cat.png'",
        ),
        (
            [user("Hello"), {"role": "assistant", "tool_calls": [NUMBER]}, result("a")],
            "messages[1].tool_calls[0] calls 'look' with arguments that are a number",
        ),
    ],
    ids=[
        *("orphan", "missing", "empty", "a_dict", "a_text", "a_list_of_text", "a_role", "a_path"),
        "a_number_of_arguments",
    ],
)
async def test_a7_what_cannot_be_meant_is_an_error_that_names_the_message(
    world: World, theirs: World, emulator: Emulator, messages: list[Any], place: str
) -> None:
    await refused(theirs, "", messages=messages)
    emulator.reset()
    with pytest.raises(InvalidRequestError) as caught:
        await said(world, messages=messages)
    assert str(caught.value).startswith(place)
    assert caught.value.param == place.partition(" ")[0]
    assert not emulator.requests


async def test_a7_what_a_user_appends_goes_back_as_it_would_from_openai(
    world: World, theirs: World, emulator: Emulator
) -> None:
    """A message with calls and without content has no `content` on the wire, however it is kept."""

    async def program(world: World, keep: Callable[[Any], Any]) -> Any:
        emulator.script(Answer(calls=[Call("get_weather", {"city": "Oslo"}, id="a")]))
        client, asked = world.client(), {"model": HELLO["model"], "tools": [WEATHER]}
        messages = [user("Hello")]
        made = await world.result(client.chat.completions.create(**asked, messages=messages))
        messages += [keep(made.choices[0].message), result("a", name="get_weather")]
        await world.result(client.chat.completions.create(**asked, messages=messages))
        return emulator.requests[-1].json["messages"]

    as_openai = await program(theirs, lambda message: message)
    assert "content" not in as_openai[1]
    for keep in (
        lambda message: message,
        lambda message: message.model_dump(),
        lambda message: message.model_dump(exclude_unset=True),
        lambda message: message.to_dict(),
    ):
        assert await program(world, keep) == as_openai


@pytest.mark.parametrize("name", ["stop", "tools", "temperature", "max_tokens", "response_format"])
async def test_a7_a_parameter_that_is_null_has_its_default(
    world: World, theirs: World, emulator: Emulator, name: str
) -> None:
    quirks: Any = {"extra_headers": with_quirks("null_parameters_refused")}
    await refused(theirs, "null", **{name: None}, **quirks)
    assert await said(world, **{name: None}, **quirks) == ECHO
    assert emulator.requests[-1].json == HELLO


SYSTEMS: dict[str, list[Any]] = {
    "leading": [
        {"role": "system", "content": 'begin with "A"'},
        {"role": "developer", "content": 'begin with "B"'},
        user("Hello"),
    ],
    "in_the_middle": [
        {"role": "system", "content": [{"type": "text", "text": 'begin with "A"'}]},
        user("Hi"),
        {"role": "assistant", "content": "Hi"},
        {"role": "system", "content": 'begin with "B"'},
        user("Hello"),
    ],
}


@pytest.mark.parametrize("name", SYSTEMS)
async def test_a7_every_system_message_is_obeyed(world: World, theirs: World, name: str) -> None:
    assert await said(theirs, messages=SYSTEMS[name]) == "[emulator] B You said: Hello"
    assert await said(world, messages=SYSTEMS[name]) == "[emulator] A B You said: Hello"


async def test_a7_a_signature_of_another_model_is_replaced_after_the_refusal(
    world: World, theirs: World, emulator: Emulator
) -> None:
    extra = {"google": {"thought_signature": "from-elsewhere"}}
    again = {
        "role": "assistant",
        "tool_calls": [{**rebuilt("a", "f", "{}"), "extra_content": extra}],
    }
    given: Any = {"model": "gemini-3-pro-preview", "messages": [user("Hello"), again, result("a")]}
    await refused(theirs, "Corrupted thought signature.", **given)
    emulator.reset()
    with pytest.warns(GeminiWarning, match="thought signature"):
        assert await said(world, **given) == "[emulator] f returned: found a"
    assert len(emulator.requests) == 2
