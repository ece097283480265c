"""The results of `parse`: `parsed` may be anything, a dump follows it, no class is kept for it."""

from __future__ import annotations

import dataclasses
import gc
import warnings
import weakref
from typing import Any

import pydantic
import pytest

from gemini_openai.types.chat import (
    ChatCompletion,
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
    ParsedChoice,
    ParsedFunctionToolCall,
)

BODY = {
    "id": "ccAXad3iNNbiz7IPocTe0Ac",
    "choices": [
        {
            "finish_reason": "stop",
            "index": 0,
            "message": {
                "role": "assistant",
                "content": '{"city": "Oslo"}',
                "tool_calls": [
                    {
                        "id": "function-call-1",
                        "type": "function",
                        "function": {"name": "weather", "arguments": '{"city": "Oslo"}'},
                        "extra_content": {"google": {"thought_signature": "c2ln"}},
                    }
                ],
            },
        }
    ],
    "created": 1763164273,
    "model": "gemini-flash-latest",
    "object": "chat.completion",
}


class Weather(pydantic.BaseModel):
    city: str


class NordicWeather(Weather):
    snow: int = 2


@dataclasses.dataclass
class Place:
    city: str


def answer(parsed: object) -> ParsedChatCompletion[Any]:
    completion: ParsedChatCompletion[Any] = ParsedChatCompletion.model_validate(BODY)
    completion.choices[0].message.parsed = parsed
    calls = completion.choices[0].message.tool_calls
    assert calls is not None
    calls[0].function.parsed_arguments = parsed
    return completion


@pytest.mark.parametrize(
    ("parsed", "dumped"),
    [
        (Weather(city="Oslo"), {"city": "Oslo"}),
        (NordicWeather(city="Oslo"), {"city": "Oslo", "snow": 2}),
        (Place("Oslo"), {"city": "Oslo"}),
        ([Weather(city="Oslo")], [{"city": "Oslo"}]),
        ({"city": "Oslo"}, {"city": "Oslo"}),
        (None, None),
    ],
    ids=["a model", "its subclass", "a dataclass", "a list of models", "a dict", "nothing"],
)
def test_a_dump_follows_what_was_parsed_without_a_warning(parsed: object, dumped: object) -> None:
    completion = answer(parsed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        message = completion.model_dump()["choices"][0]["message"]
        text = completion.model_dump_json()
    assert message["parsed"] == dumped
    assert message["tool_calls"][0]["function"]["parsed_arguments"] == dumped
    assert (
        pydantic.TypeAdapter(dict[str, Any]).validate_json(text)["choices"][0]["message"] == message
    )


def test_the_parts_are_the_parsed_classes_and_keep_the_signature() -> None:
    completion = answer(Weather(city="Oslo"))
    assert isinstance(completion, ChatCompletion)
    assert type(completion) is ParsedChatCompletion
    choice = completion.choices[0]
    assert type(choice) is ParsedChoice
    assert type(choice.message) is ParsedChatCompletionMessage
    assert choice.message.tool_calls is not None
    (call,) = choice.message.tool_calls
    assert type(call) is ParsedFunctionToolCall
    assert call.to_dict()["extra_content"] == {"google": {"thought_signature": "c2ln"}}


def test_a_blocked_answer_has_an_empty_message() -> None:
    body = {**BODY, "choices": [{"finish_reason": "content_filter", "index": 0}]}
    completion: ParsedChatCompletion[Any] = ParsedChatCompletion.model_validate(body)
    message = completion.choices[0].message
    assert type(message) is ParsedChatCompletionMessage
    assert (message.role, message.content, message.parsed) == ("assistant", None, None)


def test_a_type_given_as_parameter_is_validated() -> None:
    body = answer(Weather(city="Oslo")).to_dict(mode="json")
    again = ParsedChatCompletion[Weather].model_validate(body)
    assert again.choices[0].message.parsed == Weather(city="Oslo")


def test_a_model_made_at_run_time_is_let_go_with_its_answer() -> None:
    made = pydantic.create_model("Made", city=(str, ...))
    gone = weakref.ref(made)
    completion = answer(made(city="Oslo"))
    assert completion.model_dump()["choices"][0]["message"]["parsed"] == {"city": "Oslo"}
    del made, completion
    gc.collect()
    assert gone() is None
