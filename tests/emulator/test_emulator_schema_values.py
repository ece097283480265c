"""Values made for schemas: pydantic's own validation is the judge."""

from __future__ import annotations

import datetime as dt
import enum
import uuid  # noqa: TC003  # pydantic looks for it
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from gemini_openai.emulator.answers.schema_values import Hints, value_for


class Colour(enum.Enum):
    red = "red"
    blue = "blue"


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid")

    street: str = Field(min_length=3, description="With the house number")
    postcode: Annotated[str, Field(max_length=2)]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=1, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    weight: float = Field(gt=0, lt=0.25)


class Person(BaseModel):
    name: str
    age: int | None
    colour: Colour = Colour.red
    home: Address = Field(description="Where they live")
    others: list[Address] = Field(min_length=2, max_length=3)
    pet: Cat | Dog = Field(discriminator="kind")
    scores: dict[str, float]
    pair: tuple[int, str, bool]
    tags: set[Literal["a", "b", "c"]] = Field(min_length=3)
    numbers: set[int] = Field(min_length=3)
    born: dt.date
    seen: AwareDatetime
    id: uuid.UUID
    nothing: None = None


class Tree(BaseModel):
    value: int
    children: list[Tree]


class Linked(BaseModel):
    value: str
    next: Linked | None = None


class Strictest(BaseModel):
    even: int = Field(multiple_of=2, gt=10, lt=14)
    third: float = Field(multiple_of=0.5, ge=0.75, le=1.25)
    low: int = Field(le=-5)
    high: float = Field(ge=1e6)
    word: str = Field(min_length=12, max_length=12)


@pytest.mark.parametrize("text", ["", 'Order "Blue" for Ada Lovelace, 3 of 17.5, not 999999999'])
@pytest.mark.parametrize("model", [Person, Address, Tree, Linked, Strictest, Cat, Dog])
def test_a_value_fits_its_model(model: type[BaseModel], text: str) -> None:
    model.model_validate(value_for(model.model_json_schema(), Hints.of(text)))


@pytest.mark.parametrize(
    "type_",
    [
        int | str | None,
        list[list[int]],
        dict[str, list[Colour]],
        tuple[int, ...],
        Annotated[list[bool], Field(min_length=4)],
        Literal["x", 3],
        dt.time,
        bool,
    ],
)
def test_a_value_fits_its_type(type_: Any) -> None:
    adapter = TypeAdapter(type_)
    adapter.validate_python(value_for(adapter.json_schema()), strict=False)


@settings(max_examples=60, deadline=None)
@given(
    step=st.integers(1, 50),
    times=st.integers(-40, 40),
    below=st.integers(0, 30),
    above=st.integers(0, 30),
    hint=st.integers(-100, 100),
)
def test_an_integer_is_within_its_limits(
    step: int, times: int, below: int, above: int, hint: int
) -> None:
    some = step * times  # so that there is one
    low, high = some - below, some + above
    adapter = TypeAdapter(Annotated[int, Field(ge=low, le=high, multiple_of=step)])
    adapter.validate_python(
        value_for(adapter.json_schema(), Hints.of(f"about {hint}")), strict=True
    )


@settings(max_examples=40, deadline=None)
@given(low=st.integers(0, 20), more=st.integers(0, 20), text=st.text(max_size=30))
def test_lengths_are_within_their_limits(low: int, more: int, text: str) -> None:
    word = TypeAdapter(Annotated[str, Field(min_length=low, max_length=low + more)])
    word.validate_python(value_for(word.json_schema(), Hints.of(text)))
    items = TypeAdapter(Annotated[list[str], Field(min_length=low, max_length=low + more)])
    items.validate_python(value_for(items.json_schema(), Hints.of(text)))


def test_hints_are_found_in_a_text() -> None:
    hints = Hints.of('Book a table for 4 at Chez Nous in Paris, under "Curie". It costs 12.50.')
    assert hints.quoted == ("Curie",)
    assert hints.names == ("Chez Nous", "Paris", "Curie")
    assert hints.numbers == (4.0, 12.5)


def test_a_value_takes_what_the_text_offers() -> None:
    schema = {
        "properties": {
            "guests": {"type": "integer"},
            "place": {"type": "string"},
            "city": {"type": "string"},
            "outside": {"type": "boolean"},
            "meal": {"enum": ["lunch", "dinner"]},
        }
    }
    text = "A table for 4 at Chez Nous in Paris for dinner, not outside."
    assert value_for(schema, Hints.of(text)) == {
        "guests": 4,
        "place": "Chez Nous",
        "city": "Paris",
        "outside": False,
        "meal": "dinner",
    }


def test_a_schema_that_requires_itself_still_ends() -> None:
    schema = {"type": "object", "properties": {"self": {"$ref": "#"}}, "required": ["self"]}
    assert value_for(schema)["self"]["self"]
    assert value_for({"$ref": "#"}) == "text"


def test_all_of_holds_all() -> None:
    schema = {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"properties": {"b": {"allOf": [{"minLength": 5}, {"minLength": 2}]}}},
        ]
    }
    value = value_for(schema)
    assert isinstance(value["a"], int)
    assert len(value["b"]) >= 5
