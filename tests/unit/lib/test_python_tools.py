"""Python functions and types to tools, and the arguments of their calls back."""

from __future__ import annotations

import copy
import dataclasses
import enum
import functools
import gc
import json
import math
import pickle
import re
import sys
import typing
import weakref
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic
import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from gemini_openai.lib._functions import arguments_of, as_tools, function_tool

T = TypeVar("T")


class Order(BaseModel):
    """An order."""

    item: str


class Box(BaseModel, Generic[T]):
    item: T


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Note(TypedDict):
    """A note to keep."""

    text: str


class Unit(enum.Enum):
    CELSIUS = "c"


def get_weather(
    city: str,
    day: date,
    unit: Literal["c", "f"] = "c",
    *,
    order: Order | None = None,
    _limit: Annotated[int, Field(ge=1, description="How many.")] = 3,
    note: Annotated[str, "A note."] = "",
) -> str:
    """Tell the weather.

    Of any city.

    Args:
        city: Its name.
        _limit: not this
    """
    return f"{city} {day} {unit} {order} {_limit} {note}"


def made(tool: Any) -> dict[str, Any]:
    """The `function` of the one tool that something is made into."""
    (only,) = as_tools([tool])
    assert only["type"] == "function"
    function: dict[str, Any] = only["function"]  # type: ignore[typeddict-item]
    assert json.loads(json.dumps(function)) == function
    return function


def parameters(tool: Any) -> dict[str, Any]:
    shown: dict[str, Any] = made(tool)["parameters"]
    return shown


def test_a_function_is_a_tool_by_its_name_docstring_and_signature() -> None:
    function = made(get_weather)
    assert function["name"] == "get_weather"
    assert function["description"] == "Tell the weather.\n\nOf any city."
    assert "strict" not in function
    shown = function["parameters"]
    assert shown["type"] == "object"
    assert shown["required"] == ["city", "day"]
    assert shown["properties"] == {
        "city": {"type": "string", "description": "Its name."},
        "day": {"type": "string", "format": "date"},
        "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
        "order": {"anyOf": [{"$ref": "#/$defs/Order"}, {"type": "null"}]},
        "_limit": {"type": "integer", "minimum": 1, "default": 3, "description": "How many."},
        "note": {"type": "string", "default": "", "description": "A note."},
    }


def test_the_arguments_of_a_call_are_what_the_function_takes() -> None:
    arguments = arguments_of(
        made(get_weather),
        '{"city": "Oslo", "day": "2026-01-02", "order": {"item": "a"}, "more": 1}',
    )
    assert arguments == {"city": "Oslo", "day": date(2026, 1, 2), "order": Order(item="a")}
    assert get_weather(**arguments).startswith("Oslo 2026-01-02 c item='a'")


def test_arguments_that_do_not_fit_the_hints_are_an_error() -> None:
    with pytest.raises(pydantic.ValidationError):
        arguments_of(made(get_weather), '{"city": "Oslo", "day": "tomorrow"}')


def test_a_function_without_parameters_takes_none() -> None:
    def now() -> str:
        return ""

    assert made(now) == {"name": "now", "parameters": {"type": "object", "properties": {}}}
    assert arguments_of(made(now), "") == {}


class Shop:
    """A shop."""

    def buy(self, item: str) -> None:
        """Buy it."""

    @classmethod
    def of(cls, name: str) -> None:
        """Find one."""

    @staticmethod
    def count(item: str) -> None:
        """Count them."""

    def __call__(self, item: str) -> None:
        pass


async def wait(seconds: float) -> None:
    """Wait."""


def passed_on(function: Any) -> Any:
    @functools.wraps(function)
    def around(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return around


@pytest.mark.parametrize(
    ("tool", "name", "description", "names"),
    [
        (Shop().buy, "buy", "Buy it.", ["item"]),
        (Shop.of, "of", "Find one.", ["name"]),
        (Shop.count, "count", "Count them.", ["item"]),
        (Shop(), "Shop", "A shop.", ["item"]),
        (wait, "wait", "Wait.", ["seconds"]),
        (passed_on(wait), "wait", "Wait.", ["seconds"]),
        (functools.partial(get_weather, "Oslo", unit="c", note=""), "get_weather", ..., ...),
    ],
    ids=["method", "class method", "static method", "object", "async", "wrapped", "partial"],
)
def test_whatever_can_be_called_is_a_tool(
    tool: Any, name: str, description: Any, names: Any
) -> None:
    function = made(tool)
    assert function["name"] == name
    if description is not ...:
        assert function["description"] == description
        assert list(function["parameters"]["properties"]) == names
    else:
        assert list(function["parameters"]["properties"]) == ["day", "order", "_limit"]


def test_what_is_beside_the_named_parameters_is_left_out() -> None:
    def f(a: int, *rest: int, b: str = "x", **more: Any) -> None:
        pass

    assert list(parameters(f)["properties"]) == ["a", "b"]


def test_the_type_of_a_parameter_without_a_hint_is_that_of_its_default() -> None:
    def f(a=1, b="x", c=None):  # type: ignore[no-untyped-def]
        pass

    assert parameters(f)["properties"] == {
        "a": {"type": "integer", "default": 1},
        "b": {"type": "string", "default": "x"},
        "c": {},
    }


def test_a_default_is_shown_if_it_has_a_json_form() -> None:
    def f(a: Unit = Unit.CELSIUS, b: tuple[int, ...] = (1, 2), c: Any = object()) -> None:  # noqa: B008
        pass

    shown = parameters(f)["properties"]
    assert shown["a"]["default"] == "c"
    assert shown["b"]["default"] == [1, 2]
    assert "default" not in shown["c"]


class Limits(BaseModel):
    most: float = math.inf
    bounded: float = Field(1.0, le=math.inf, ge=0)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_default_that_json_has_no_number_for_is_not_shown(number: float) -> None:
    def f(a: float = number, b: Limits | None = None, default: float = number) -> None:
        pass

    f.__defaults__ = (number, [number], number)
    tools = as_tools([f, Limits])
    shown: Any = json.loads(json.dumps(tools, allow_nan=False))
    properties = shown[0]["function"]["parameters"]["properties"]
    assert properties["a"] == properties["default"] == {"type": "number"}
    assert "default" not in properties["b"]
    assert shown[0]["function"]["parameters"].get("required", []) == []
    limits = shown[1]["function"]["parameters"]["properties"]
    assert [key for key, schema in limits.items() if "default" in schema] == ["bounded"]
    assert limits["bounded"]["minimum"] == 0


def test_a_function_that_is_changed_is_described_anew() -> None:
    def inner(a: int = 1, *, b: int = 2) -> None:
        "Old."

    @functools.wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> None:
        pass

    for f, described in ((inner, inner), (outer, inner)):
        before = made(f)
        assert made(f) == before
        described.__doc__ = f"New of {f.__code__.co_name}."
        assert made(f)["description"] == described.__doc__
        described.__defaults__ = (3,)
        assert made(f)["parameters"]["properties"]["a"]["default"] == 3
        described.__kwdefaults__["b"] = 4
        assert made(f)["parameters"]["properties"]["b"]["default"] == 4
        described.__annotations__["b"] = str
        assert made(f)["parameters"]["properties"]["b"]["type"] == "string"
        described.__annotations__["b"] = int
        described.__defaults__ = (1,)
        described.__kwdefaults__["b"] = 2
    outer.__name__ = "renamed"
    assert made(outer)["name"] == "inner"
    inner.__name__ = "renamed"
    assert made(outer)["name"] == "renamed"


def test_a_dict_that_can_be_called_is_a_tool_as_it_is() -> None:
    class Tool(dict[str, Any]):
        def __call__(self) -> None:
            pass

    tool = Tool(type="function", function={"name": "f"})
    assert as_tools([tool])[0] is tool
    assert as_tools(tool) is tool  # an error says that it is no list


def nameless() -> Any:
    return lambda: 1


def no_hint(a, b):  # type: ignore[no-untyped-def]
    pass


def positional(a: int, /) -> None:
    pass


def unreadable(a: Missing) -> None:  # type: ignore[name-defined]  # noqa: F821
    pass


def without_json(a: int, b: weakref.ref[int]) -> None:
    pass


def anything(*args: Any, **kwargs: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("tool", "says"),
    [
        (nameless(), "a lambda has no name"),
        (no_hint, "parameter 'a' of no_hint() has no type hint"),
        (positional, "parameter 'a' of positional() is positional only"),
        (unreadable, "the type hint of parameter 'a' of unreadable() cannot be read"),
        (without_json, "the type of parameter 'b' of without_json() has no JSON form"),
        (anything, "anything() takes *args or **kwargs only"),
        (Shop.buy, "buy is not bound to an object"),
        (len, "parameter 'obj' of len() is positional only"),
        (str, "<class 'str'> is no tool. Give a function"),
        (list[int], "list[int] is no tool. Give a function"),
        (Unit, "is no tool. Give a function"),
    ],
)
def test_what_cannot_be_a_tool_is_an_error_that_names_it(tool: Any, says: str) -> None:
    with pytest.raises(TypeError, match=rf"^tools\[1\]: {re.escape(says)}|^tools\[1\]: .*no tool"):
        as_tools([get_weather, tool])
    with pytest.raises(TypeError, match=re.escape(says)):
        as_tools([tool])


def test_a_function_in_place_of_a_list_is_an_error() -> None:
    with pytest.raises(TypeError, match=re.escape("Give a list of them: tools=[...].")):
        as_tools(get_weather)


def test_dicts_in_the_list_stay_the_same_objects() -> None:
    given = {"type": "function", "function": {"name": "f"}}
    first, second = as_tools(iter([given, get_weather]))
    assert first is given
    assert second["type"] == "function"


@pytest.mark.parametrize(
    ("tool", "name", "arguments", "value"),
    [
        (Order, "Order", '{"item": "a"}', Order(item="a")),
        (Box[int], "Box_int", '{"item": 1}', Box[int](item=1)),
        (Point, "Point", '{"x": 1}', Point(1)),
        (Note, "Note", '{"text": "t"}', {"text": "t"}),
    ],
)
def test_types_are_tools_whose_arguments_are_their_values(
    tool: Any, name: str, arguments: str, value: Any
) -> None:
    function = made(tool)
    assert function["name"] == name
    assert function["strict"] is True
    assert arguments_of(function, arguments) == value


def test_types_are_described_by_their_own_docstrings_only() -> None:
    assert made(Note)["description"] == "A note to keep."
    assert "description" not in made(Point)


def test_a_name_and_a_description_may_be_given() -> None:
    tool: Any = function_tool(get_weather, name="weather", description="Look.")
    assert (tool["function"]["name"], tool["function"]["description"]) == ("weather", "Look.")
    tool["function"]["parameters"]["properties"].clear()
    assert parameters(get_weather)["properties"]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
@pytest.mark.parametrize("tool", [wait, Point])
def test_a_copy_of_a_tool_still_reads_arguments(copied: Any, tool: Any) -> None:
    function = copied(made(tool))
    text = '{"seconds": 1.5}' if tool is wait else '{"x": 1}'
    assert arguments_of(function, text) == ({"seconds": 1.5} if tool is wait else Point(1))


def test_a_function_that_was_a_tool_can_be_collected() -> None:
    def f(a: int) -> None:
        pass

    as_tools([f])
    gone = weakref.ref(f)
    del f
    gc.collect()
    assert gone() is None


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="pydantic reads both there")
def test_a_typed_dict_that_pydantic_does_not_read_is_an_error_that_says_which_it_does() -> None:
    Old = typing.TypedDict("Old", {"a": int})  # noqa: UP013
    with pytest.raises(TypeError, match="from typing_extensions import TypedDict"):
        as_tools([Old])
