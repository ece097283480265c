"""Events: pydantic models whose costly fields wait to be looked at."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pydantic
import pytest
from pydantic import BaseModel
from short_chunks import call, calling, chunk, tokens

from gemini_openai.lib import pydantic_function_tool
from gemini_openai.lib.streaming.chat import (
    ChatCompletionStreamState,
    ChunkEvent,
    ContentDeltaEvent,
    ContentDoneEvent,
)


class City(BaseModel):
    name: str


def events() -> dict[str, Any]:
    """One event of each type."""
    state: Any = ChatCompletionStreamState(
        response_format=City, input_tools=[pydantic_function_tool(City)]
    )
    chunks = [
        chunk({"content": '{"name":'}, choice={"logprobs": {"content": tokens("{")}}),
        chunk({"content": ' "A"}'}),
        chunk(calling(call("City", '{"name": "B"}', id="a")), "tool_calls"),
    ]
    told = [event for each in chunks for event in state.handle_chunk(each)]
    refused: Any = ChatCompletionStreamState()
    told += refused.handle_chunk(
        chunk({"refusal": "no"}, "stop", choice={"logprobs": {"refusal": tokens("n")}})
    )
    return {event.type: event for event in reversed(told)}


TYPES = sorted(events())


def test_there_is_an_event_of_each_type_here() -> None:
    assert len(TYPES) == 11


@pytest.mark.parametrize("kind", TYPES)
def test_an_event_dumps_all_its_fields_without_having_been_looked_at(kind: str) -> None:
    event = events()[kind]
    dumped = event.model_dump()
    assert dumped.keys() == type(event).model_fields.keys()
    assert dumped["type"] == kind
    assert json.loads(events()[kind].model_dump_json()) == event.model_dump(mode="json")
    assert event.to_dict() == event.model_dump(exclude_unset=True)
    assert dict(events()[kind]).keys() == dumped.keys()


@pytest.mark.parametrize("kind", TYPES)
def test_an_event_shows_all_its_fields(kind: str) -> None:
    shown = repr(events()[kind])
    assert all(f"{name}=" in shown for name in type(events()[kind]).model_fields)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "copied", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy]
)
def test_a_copy_of_an_event_is_equal_to_it(kind: str, copied: Any) -> None:
    event = copied(events()[kind])
    assert event == events()[kind]
    assert event != "something else"


@pytest.mark.parametrize("kind", TYPES)
def test_an_event_within_another_model_is_dumped_whole(kind: str) -> None:
    event = events()[kind]
    holder: Any = pydantic.create_model("Holder", event=(type(event), ...))
    held = holder.model_construct(event=event)
    assert held.model_dump()["event"] == events()[kind].model_dump()


@pytest.mark.parametrize("kind", TYPES)
def test_an_event_may_be_read_back_from_its_dump(kind: str) -> None:
    event = events()[kind]
    again = type(event).model_validate(event.model_dump())
    assert again.model_dump() == event.model_dump()


def test_an_event_can_be_made_by_hand() -> None:
    made = ContentDeltaEvent(type="content.delta", delta="b", snapshot="ab")
    assert (made.snapshot, made.parsed) == ("ab", None)
    done = ContentDoneEvent[City](type="content.done", content="x", parsed=City(name="x"))
    assert done.parsed == City(name="x")


def test_a_field_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="snapshoot"):
        events()["content.delta"].snapshoot  # noqa: B018


def test_the_text_of_an_event_is_that_of_its_time_however_late_one_looks() -> None:
    state: Any = ChatCompletionStreamState(response_format=City)
    first = state.handle_chunk(chunk({"content": '{"name": "A"'}))[1]
    second = state.handle_chunk(chunk({"content": "}"}))[1]
    state.handle_chunk(chunk({}, "stop"))
    assert (second.snapshot, second.parsed) == ('{"name": "A"}', {"name": "A"})
    assert (first.snapshot, first.parsed) == ('{"name": "A"', {"name": "A"})


def test_the_answer_in_a_chunk_event_is_that_of_the_first_look() -> None:
    state: Any = ChatCompletionStreamState()
    first: ChunkEvent = state.handle_chunk(chunk({"content": "a"}))[0]
    assert first.snapshot.choices[0].message.content == "a"
    state.handle_chunk(chunk({"content": "b"}))
    assert first.snapshot.choices[0].message.content == "a"
