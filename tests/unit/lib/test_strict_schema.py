"""Types to the schemas that OpenAI calls strict."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest
from pydantic import BaseModel, Field, TypeAdapter

from gemini_openai.lib._pydantic import is_basemodel_type, to_strict_json_schema


class Step(BaseModel):
    text: str
    minutes: int | None = None


class Recipe(BaseModel):
    """How to cook."""

    title: str = "untitled"
    first: Step = Field(description="The first step.")
    steps: list[Step]
    notes: dict[str, str]


class Comment(BaseModel):
    text: str
    answers: list[Comment]


class Chain(BaseModel):
    next: Chain = Field(description="The next link.")


def test_every_object_is_closed_and_every_property_required() -> None:
    schema = to_strict_json_schema(Recipe)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["title", "first", "steps", "notes"]
    step = schema["$defs"]["Step"]
    assert step["additionalProperties"] is False
    assert step["required"] == ["text", "minutes"]


def test_an_object_that_says_what_else_it_holds_stays_open() -> None:
    notes = to_strict_json_schema(Recipe)["properties"]["notes"]
    assert notes["additionalProperties"] == {"type": "string"}


def test_the_parts_of_a_schema_are_strict_each_by_itself() -> None:
    parts = [{"type": "object", "properties": {name: {"type": "string"}}} for name in "ab"]
    extra = {"allOf": parts}
    schema = to_strict_json_schema(
        pydantic.create_model("Both", x=(int, Field(json_schema_extra=extra)))
    )
    made = schema["properties"]["x"]["allOf"]
    assert [part["required"] for part in made] == [["a"], ["b"]]
    assert [part["additionalProperties"] for part in made] == [False, False]


def test_a_default_of_null_is_dropped_and_another_kept() -> None:
    schema = to_strict_json_schema(Recipe)
    assert schema["properties"]["title"]["default"] == "untitled"
    assert "default" not in schema["$defs"]["Step"]["properties"]["minutes"]


def test_a_reference_with_words_beside_it_is_written_out() -> None:
    first = to_strict_json_schema(Recipe)["properties"]["first"]
    assert first["description"] == "The first step."
    assert first["properties"].keys() == {"text", "minutes"}
    assert "$ref" not in first


def test_properties_keep_their_order() -> None:
    assert list(to_strict_json_schema(Recipe)["properties"]) == [*Recipe.model_fields]


@pytest.mark.parametrize("model", [Comment, Chain])
def test_a_model_within_itself_has_a_schema(model: type[BaseModel]) -> None:
    definition = to_strict_json_schema(model)["$defs"][model.__name__]
    assert definition["additionalProperties"] is False


def test_the_schema_of_a_model_is_its_own_every_time() -> None:
    to_strict_json_schema(Recipe)["properties"].clear()
    assert to_strict_json_schema(Recipe)["properties"]
    assert Recipe.model_json_schema()["required"] == ["first", "steps", "notes"]


def test_any_type_has_one_through_an_adapter() -> None:
    schema = to_strict_json_schema(TypeAdapter(list[Step]))
    assert schema["type"] == "array"
    assert schema["$defs"]["Step"]["additionalProperties"] is False


@pytest.mark.parametrize("wrong", [int, list[Step], "Step", None, {"type": "object"}])
def test_what_is_neither_is_refused_with_advice(wrong: Any) -> None:
    with pytest.raises(TypeError, match="pydantic.TypeAdapter"):
        to_strict_json_schema(wrong)


def test_a_model_class_is_known_with_and_without_parameters() -> None:
    assert is_basemodel_type(Step)
    assert is_basemodel_type(pydantic.RootModel[int])
    assert not is_basemodel_type(list[Step])
    assert not is_basemodel_type(Step(text="x"))
