"""Models to tools."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any, Generic, TypeVar

import pytest
from pydantic import BaseModel, create_model

from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib._tools import PydanticFunctionTool

T = TypeVar("T")


class Weather(BaseModel):
    """Tell the weather."""

    city: str


class Box(BaseModel, Generic[T]):
    item: T


def function_of(tool: Any) -> Any:
    return tool["function"]


def test_a_tool_is_strict_and_named_and_described_by_its_model() -> None:
    tool = pydantic_function_tool(Weather)
    assert json.loads(json.dumps(tool)) == {
        "type": "function",
        "function": {
            "name": "Weather",
            "description": "Tell the weather.",
            "strict": True,
            "parameters": {
                "title": "Weather",
                "description": "Tell the weather.",
                "type": "object",
                "properties": {"city": {"title": "City", "type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }


def test_a_name_and_a_description_may_be_given() -> None:
    function = function_of(pydantic_function_tool(Weather, name="weather", description="Look."))
    assert (function["name"], function["description"]) == ("weather", "Look.")


def test_a_model_without_words_gives_a_tool_without_description() -> None:
    assert "description" not in function_of(pydantic_function_tool(Box[int]))


def test_the_name_of_a_parametrised_model_is_one_that_servers_take() -> None:
    assert function_of(pydantic_function_tool(Box[int]))["name"] == "Box_int"


def test_a_model_without_a_usable_name_asks_for_one() -> None:
    model = create_model("天気", city=(str, ...))
    with pytest.raises(ValueError, match="name="):
        pydantic_function_tool(model)
    assert function_of(pydantic_function_tool(model, name="weather"))["name"] == "weather"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_of_a_tool_still_has_its_model(copied: Any) -> None:
    function = function_of(copied(pydantic_function_tool(Weather)))
    assert isinstance(function, PydanticFunctionTool)
    assert function.model is Weather
