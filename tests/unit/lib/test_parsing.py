"""Types to formats, and answers to types."""

from __future__ import annotations

import dataclasses
import enum
import gc
import json
import logging
import re
import sys
import typing
import weakref
from typing import Annotated, Any, Generic, Literal, TypeVar, Union

import pydantic
import pydantic.dataclasses
import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from gemini_openai import (
    NOT_GIVEN,
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    OpenAIError,
    omit,
)
from gemini_openai._call.decode import fit
from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib._parsing import (
    get_input_tool_by_name,
    materialize_input_tools,
    maybe_parse_content,
    parse_chat_completion,
    parse_function_tool_arguments,
    type_to_response_format_param,
    validate_input_tools,
)
from gemini_openai.types.chat import ChatCompletion, ParsedChatCompletion, ParsedFunctionToolCall

T = TypeVar("T")


class City(BaseModel):
    name: str
    people: int = 0


@dataclasses.dataclass
class Place:
    name: str
    city: City | None = None


@pydantic.dataclasses.dataclass
class Spot:
    name: str


class Note(TypedDict):
    name: str


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Box(BaseModel, Generic[T]):
    item: T


def answer(
    content: str | None = None, finish_reason: str = "stop", **message: Any
) -> ChatCompletion:
    said = {"role": "assistant", "content": content, **message}
    body = {
        "id": "ccAXad3iNNbiz7IPocTe0Ac",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": said}],
        "created": 1763164273,
        "model": "gemini-flash-latest",
        "object": "chat.completion",
    }
    completion: ChatCompletion = fit(body, ChatCompletion)
    return completion


def call(name: str, arguments: str) -> dict[str, Any]:
    return {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}


def parsed(response_format: Any, completion: ChatCompletion, tools: Any = omit) -> Any:
    return parse_chat_completion(
        response_format=response_format, input_tools=tools, chat_completion=completion
    )


def parsed_content(response_format: Any, content: str) -> Any:
    return parsed(response_format, answer(content)).choices[0].message.parsed


KINDS: list[Any] = [
    pytest.param(City, '{"name": "Oslo"}', City(name="Oslo"), "City", id="a model"),
    pytest.param(Place, '{"name": "Oslo"}', Place("Oslo"), "Place", id="a dataclass"),
    pytest.param(Spot, '{"name": "Oslo"}', Spot("Oslo"), "Spot", id="a pydantic dataclass"),
    pytest.param(Note, '{"name": "Oslo"}', {"name": "Oslo"}, "Note", id="a TypedDict"),
    pytest.param(Colour, '"red"', Colour.RED, "Colour", id="an enum"),
    pytest.param(list[City], '[{"name": "Oslo"}]', [City(name="Oslo")], "list_City", id="a list"),
    pytest.param(
        Union[Colour, City],  # noqa: UP007  # the older spelling is a type of its own
        '{"name": "Oslo"}',
        City(name="Oslo"),
        "Colour_or_City",
        id="a Union",
    ),
    pytest.param(City | int, "5", 5, "City_or_int", id="a union"),
    pytest.param(Literal["a", "b c"], '"a"', "a", "Literal_a_b_c", id="a Literal"),
    pytest.param(
        Annotated[int, pydantic.Field(ge=3)], "5", 5, "int", id="a number with a condition"
    ),
    pytest.param(dict[str, int], '{"a": 1}', {"a": 1}, "dict_str_int", id="a dict type"),
    pytest.param(
        Box[City], '{"item": {"name": "A"}}', Box(item=City(name="A")), "Box_City", id="g"
    ),
]


@pytest.mark.parametrize(("kind", "content", "value", "name"), KINDS)
def test_any_type_is_asked_for_by_its_schema_and_read_back(
    kind: Any, content: str, value: object, name: str
) -> None:
    param: Any = type_to_response_format_param(kind)
    assert param["type"] == "json_schema"
    assert param["json_schema"].keys() == {"schema", "name", "strict"}
    assert param["json_schema"]["strict"] is True
    assert param["json_schema"]["name"] == name
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
    schema = param["json_schema"]["schema"]
    assert schema == json.loads(json.dumps(schema))
    assert parsed_content(kind, content) == value


def test_a_schema_stands_as_it_is_without_an_object_around_it() -> None:
    param: Any = type_to_response_format_param(list[int])
    assert param["json_schema"]["schema"] == {"type": "array", "items": {"type": "integer"}}


def test_a_name_with_nothing_to_keep_is_replaced() -> None:
    param: Any = type_to_response_format_param(pydantic.create_model("都市", a=(int, ...)))
    assert param["json_schema"]["name"] == "response"


def test_a_dict_is_a_format_already_and_nothing_is_parsed() -> None:
    given: Any = {"type": "json_object"}
    assert type_to_response_format_param(given) is given
    assert parsed_content(given, '{"name": "Oslo"}') is None


@pytest.mark.parametrize("nothing", [omit, NOT_GIVEN])
def test_no_format_is_no_parameter(nothing: Any) -> None:
    assert type_to_response_format_param(nothing) is omit
    assert parsed_content(nothing, '{"name": "Oslo"}') is None


@pytest.mark.parametrize("wrong", [None, "City", 5, object(), lambda: 1, weakref.ref])
def test_what_has_no_schema_is_refused_with_advice(wrong: Any) -> None:
    with pytest.raises(TypeError, match="pydantic model, a dataclass"):
        type_to_response_format_param(wrong)


@pytest.mark.parametrize("instance", [City(name="Oslo"), Place("Oslo"), Colour.RED])
def test_an_instance_in_place_of_its_class_is_told_so(instance: Any) -> None:
    name = type(instance).__name__
    with pytest.raises(TypeError) as caught:
        type_to_response_format_param(instance)
    assert str(caught.value) == (
        f"response_format is an instance of {name}. Give the class to parse() or stream(): "
        f"response_format={name}."
    )


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="pydantic reads both there")
def test_a_typed_dict_that_pydantic_does_not_read_is_told_with_the_one_it_does() -> None:
    Old = typing.TypedDict("Old", {"a": int})  # noqa: UP013
    for given in (Old, list[Old]):
        with pytest.raises(TypeError) as caught:
            type_to_response_format_param(given)
        assert "from typing_extensions import TypedDict" in str(caught.value)
        assert "is not a type" not in str(caught.value)


# --- the answer ---


def test_a_parsed_answer_is_a_new_one_and_the_other_stays() -> None:
    completion = answer('{"name": "Oslo"}', extra_content={"google": {"thought_signature": "c2ln"}})
    made = parsed(City, completion)
    assert type(made) is ParsedChatCompletion
    assert isinstance(made, ChatCompletion)
    assert made.choices[0].message.parsed == City(name="Oslo")
    assert made.choices[0].message.content == '{"name": "Oslo"}'
    assert made.choices[0].message.extra_content == {"google": {"thought_signature": "c2ln"}}
    assert not hasattr(completion.choices[0].message, "parsed")


def test_every_choice_is_parsed() -> None:
    completion = answer('{"name": "Oslo"}')
    completion.choices += answer('{"name": "Rome"}').choices
    names = [choice.message.parsed.name for choice in parsed(City, completion).choices]
    assert names == ["Oslo", "Rome"]


@pytest.mark.parametrize(
    "content",
    [
        '```json\n{"name": "Oslo"}\n```',
        'Here you are:\n\n```\n{"name": "Oslo"}\n```\n\nAnything else?',
        '{"name": "Oslo"}\nHope this helps!',
        'Use {braces}. [1] The city is {"name": "Oslo"}.',
    ],
)
def test_json_is_found_in_what_the_model_wrote_around_it(
    content: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "gemini_openai"):
        made = parsed(City, answer(content))
    assert made.choices[0].message.parsed == City(name="Oslo")
    assert made.choices[0].message.content == content
    assert "not all JSON" in caplog.text


def test_json_that_is_whole_is_never_searched() -> None:
    content = json.dumps({"name": '```json\n{"name": "Rome"}\n```'})
    assert parsed_content(City, content).name.startswith("```json")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"people": 3}', "Field required"),
        ('```json\n{"people": 3}\n```', "Field required"),
        ("I cannot do that.", "Invalid JSON"),
        ('{"cities": [{"name": "Oslo"}, {"name": "Ro', "Invalid JSON"),
    ],
)
def test_what_does_not_fit_is_a_validation_error_that_shows_the_answer(
    content: str, says: str
) -> None:
    with pytest.raises(pydantic.ValidationError, match=says) as caught:
        parsed(City, answer(content))
    if sys.version_info >= (3, 11):
        assert content in caught.value.__notes__[-1]


@pytest.mark.parametrize("content", [None, ""])
def test_no_content_is_nothing_to_parse(content: str | None) -> None:
    assert parsed(City, answer(content)).choices[0].message.parsed is None


def test_a_refusal_is_not_parsed() -> None:
    made = parsed(City, answer('{"name": "Oslo"}', refusal="No."))
    assert made.choices[0].message.parsed is None


def test_what_is_said_beside_a_tool_call_need_not_fit() -> None:
    completion = answer("Let me look.", "tool_calls", tool_calls=[call("other", "{}")])
    made = parsed(City, completion)
    assert made.choices[0].message.parsed is None
    assert made.choices[0].message.content == "Let me look."


@pytest.mark.parametrize(
    ("finish_reason", "error"),
    [
        ("length", LengthFinishReasonError),
        ("content_filter", ContentFilterFinishReasonError),
        ("content_filter: PROHIBITED_CONTENT", ContentFilterFinishReasonError),
    ],
)
def test_an_unfinished_answer_raises_and_is_on_the_error(
    finish_reason: str, error: type[Exception]
) -> None:
    completion = answer('{"name": "Os', finish_reason)
    with pytest.raises(error) as caught:
        parsed(City, completion)
    assert getattr(caught.value, "completion") is completion  # noqa: B009


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (
            {"gemini_finish_reason": "function_call_filter: MALFORMED_FUNCTION_CALL"},
            r"'function_call_filter: MALFORMED_FUNCTION_CALL'.*no safety block.*Call again",
        ),
        ({"gemini_finish_reason": "SPII"}, "'SPII'.*personal data"),
        ({"finish_reason": "content_filter: SAFETY"}, "'content_filter: SAFETY'.*withheld"),
        ({"gemini_finish_reason": "NEW_WORD"}, "'NEW_WORD'.*not known, so it may not be whole"),
        ({"gemini_finish_reason": None}, "stopped by a content filter"),
        ({}, "stopped by a content filter"),
    ],
    ids=str,
)
def test_the_error_for_what_was_withheld_says_googles_word_and_what_it_means(
    choice: dict[str, Any], words: str
) -> None:
    completion = answer("", "content_filter")
    for name, value in choice.items():
        setattr(completion.choices[0], name, value)
    with pytest.raises(ContentFilterFinishReasonError, match=words):
        parsed(City, completion)
    assert "content filter" in str(ContentFilterFinishReasonError())


def test_an_answer_that_is_no_completion_is_an_error_that_shows_it() -> None:
    page: Any = "<html>Sign in</html>"
    with pytest.raises(OpenAIError, match="Sign in"):
        parsed(City, page)


def test_an_answer_without_choices_is_parsed_too() -> None:
    completion = answer("x")
    completion.choices = None  # type: ignore[assignment]
    assert parsed(City, completion).choices == []


# --- tools ---


def test_the_arguments_of_a_call_are_read_as_the_model_of_its_tool() -> None:
    tools = [pydantic_function_tool(City)]
    completion = answer(
        None,
        "tool_calls",
        tool_calls=[
            {
                **call("City", '{"name": "Oslo"}'),
                "extra_content": {"google": {"thought_signature": "s"}},
            }
        ],
    )
    made = parsed(omit, completion, tools)
    (tool_call,) = made.choices[0].message.tool_calls
    assert type(tool_call) is ParsedFunctionToolCall
    assert tool_call.function.parsed_arguments == City(name="Oslo")
    assert tool_call.extra_content == {"google": {"thought_signature": "s"}}


@pytest.mark.parametrize(
    ("strict", "arguments"), [(True, {"name": "Oslo"}), (False, None), (None, None)]
)
def test_a_strict_tool_without_a_model_has_plain_arguments(
    strict: bool | None, arguments: object
) -> None:
    tools = [{"type": "function", "function": {"name": "city", "strict": strict}}]
    completion = answer(None, "tool_calls", tool_calls=[call("city", '{"name": "Oslo"}')])
    (tool_call,) = parsed(omit, completion, tools).choices[0].message.tool_calls
    assert tool_call.function.parsed_arguments == arguments


def test_no_text_at_all_is_no_arguments() -> None:
    class Now(BaseModel):
        zone: str = "UTC"

    completion = answer(None, "tool_calls", tool_calls=[call("Now", "")])
    (tool_call,) = (
        parsed(omit, completion, [pydantic_function_tool(Now)]).choices[0].message.tool_calls
    )
    assert tool_call.function.parsed_arguments == Now()


def test_arguments_that_do_not_fit_are_a_validation_error() -> None:
    completion = answer(None, "tool_calls", tool_calls=[call("City", '{"people": 1}')])
    with pytest.raises(pydantic.ValidationError, match="Field required"):
        parsed(omit, completion, [pydantic_function_tool(City)])


def test_a_call_of_a_custom_tool_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    custom = {"id": "c2", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    completion = answer(None, "tool_calls", tool_calls=[custom, call("x", "{}")])
    made = parsed(omit, completion)
    assert [tool_call.id for tool_call in made.choices[0].message.tool_calls] == ["c1"]
    assert "shell" in caplog.text


def test_tools_are_taken_from_any_iterable_once() -> None:
    tool = pydantic_function_tool(City)
    assert validate_input_tools(iter([tool])) == [tool]
    assert materialize_input_tools(iter([tool])) == [tool]
    for function in (validate_input_tools, materialize_input_tools):
        assert function(omit) is omit


@pytest.mark.parametrize(
    ("tool", "says"),
    [
        ({"type": "function", "function": {"name": "city"}}, "'city' is not strict"),
        ({"type": "function", "function": {"name": "city", "strict": False}}, "not strict"),
        ({"type": "custom", "custom": {"name": "city"}}, "of type 'custom'"),
    ],
)
def test_a_tool_that_cannot_be_parsed_is_refused(tool: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        validate_input_tools([tool])


def test_the_single_steps_are_there_for_those_who_import_them() -> None:
    tool = pydantic_function_tool(City)
    message = answer('{"name": "Oslo"}').choices[0].message
    assert maybe_parse_content(response_format=City, message=message) == City(name="Oslo")
    assert get_input_tool_by_name(input_tools=[tool], name="City") is tool
    assert get_input_tool_by_name(input_tools=[tool], name="Town") is None
    function = (
        answer(None, tool_calls=[call("City", '{"name": "A"}')]).choices[0].message.tool_calls
    )
    assert function is not None
    given: Any = function[0]
    assert parse_function_tool_arguments(input_tools=[tool], function=given.function) == City(
        name="A"
    )


# --- what is kept ---


def made_at_run_time(kind: str) -> Any:
    if kind == "a dataclass":
        return dataclasses.make_dataclass("Made", [("name", str)])
    if kind == "a TypedDict":
        return TypedDict("Made", {"name": str})
    if kind == "an enum":
        return enum.Enum("Made", {"A": "Oslo"})
    return pydantic.create_model("Made", name=(str, ...))


@pytest.mark.parametrize("kind", ["a model", "a list", "a dataclass", "a TypedDict", "an enum"])
def test_a_type_made_at_run_time_is_let_go(kind: str) -> None:
    made = made_at_run_time(kind)
    response_format: Any = list[made] if kind == "a list" else made
    content = {"an enum": '"Oslo"', "a list": '[{"name": "Oslo"}]'}.get(kind, '{"name": "Oslo"}')
    type_to_response_format_param(response_format)
    value = parsed_content(response_format, content)
    assert value
    gone = weakref.ref(made)
    del made, response_format, value
    gc.collect()
    assert gone() is None
