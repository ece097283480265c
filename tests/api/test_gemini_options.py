"""Gemini's own options as keywords of `chat.completions`, and what they ask for in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from gemini_openai import GeminiWarning, InvalidRequestError, UnsupportedParameterError, omit
from gemini_openai.emulator import Answer, Reply
from gemini_openai.types.chat import ChatCompletionChunk, ChatCompletionMessage
from gemini_openai.types.chat.chat_completion_chunk import ChoiceDelta

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
ANSWER = Answer("Hi!", thoughts="A greeting.")


class Note(BaseModel):
    text: str


async def use(world: World, manager: Any) -> Any:
    """The whole answer of a `stream()`."""
    if not world.is_async:
        with manager as stream:
            return stream.get_final_completion()
    async with manager as stream:
        return await stream.get_final_completion()


@pytest.mark.parametrize(
    ("options", "google"),
    [
        ({"thinking_budget": 1024}, {"thinking_config": {"thinking_budget": 1024}}),
        (
            {"thinking_budget": 0, "include_thoughts": None},
            {"thinking_config": {"thinking_budget": 0}},
        ),
        (
            {"include_thoughts": True, "thinking_budget": -1},
            {"thinking_config": {"include_thoughts": True, "thinking_budget": -1}},
        ),
        ({"cached_content": "cachedContents/abc"}, {"cached_content": "cachedContents/abc"}),
        (
            {
                "thinking_budget": 1024,
                "extra_body": {"google": {"cached_content": "cachedContents/a"}},
            },
            {"thinking_config": {"thinking_budget": 1024}, "cached_content": "cachedContents/a"},
        ),
    ],
)
async def test_an_option_arrives_where_gemini_looks_for_it(
    world: World, emulator: Emulator, options: dict[str, Any], google: dict[str, Any]
) -> None:
    client = world.client()
    await world.result(client.chat.completions.create(**HELLO, **options))
    await world.result(client.chat.completions.parse(**HELLO, **options))
    await use(world, client.chat.completions.stream(**HELLO, **options))
    for request in emulator.requests:
        extra = request.json.pop("extra_body")
        assert extra == {"google": google}
        assert request.json.keys() - {"stream"} == {*HELLO, "extra_body"}
    assert len(emulator.requests) == 3


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [
        ("gemini-3-pro-preview", {"thinking_level": "low"}, {"thinking_level": "low"}),
        ("gemini-2.5-flash", {"thinking_level": "low"}, {"thinking_budget": 1024}),
        ("gemini-2.5-flash", {"thinking_budget": "medium"}, {"thinking_budget": 8192}),
        ("gemini-4-argon", {"thinking_budget": "medium"}, {"thinking_level": "medium"}),
    ],
)
async def test_a_level_is_sent_to_gemini_3_and_later_and_a_budget_to_others(
    world: World, emulator: Emulator, model: str, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    asked = {**HELLO, "model": model, **given}
    await world.ask(lambda c: c.chat.completions.create(**asked))
    assert emulator.requests[-1].json["extra_body"]["google"]["thinking_config"] == sent


@pytest.mark.parametrize("option", [{"thinking_level": "minimal"}, {"thinking_budget": 100}])
async def test_what_a_model_lacks_is_told_once_and_the_nearest_is_sent(
    world: World, emulator: Emulator, option: dict[str, Any]
) -> None:
    asked = {**HELLO, "model": "gemini-4-neon", **option}
    client = world.client()
    with pytest.warns(GeminiWarning, match="gemini-4-neon does not take thinking_"):
        await world.result(client.chat.completions.create(**asked))
    await world.result(client.chat.completions.create(**asked))  # a second warning would fail
    config = emulator.requests[-1].json["extra_body"]["google"]["thinking_config"]
    assert config == {"thinking_level": "low"}


async def test_a_refusal_that_lists_valid_efforts_is_learnt_for_the_requests_that_follow(
    world: World, emulator: Emulator
) -> None:
    words = "Invalid reasoning_effort: minimal. Valid values are: high, low, medium, none"
    asked = {**HELLO, "model": "gemini-3-flash-preview", "reasoning_effort": "minimal"}
    emulator.script(Reply(status=400, json=[{"error": {"code": 400, "message": words}}]))
    client = world.client()
    with pytest.warns(GeminiWarning, match="reasoning_effort='minimal'; 'low' was sent"):
        await world.result(client.chat.completions.create(**asked))
    await world.result(client.with_options(timeout=9).chat.completions.create(**asked))
    sent = [request.json["reasoning_effort"] for request in emulator.requests]
    assert sent == ["minimal", "low", "low"]


@pytest.mark.parametrize(
    "both",
    [
        {"thinking_budget": 1024, "reasoning_effort": "low"},
        {"thinking_level": "low", "reasoning_effort": "low"},
        {"thinking_level": "low", "thinking_budget": 1024},
        {
            "thinking_budget": 1024,
            "extra_body": {"google": {"thinking_config": {"thinking_budget": 1}}},
        },
    ],
)
async def test_two_words_on_one_thing_are_an_error_before_anything_is_sent(
    world: World, emulator: Emulator, both: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequestError, match=r"thinking_budget|thinking_level"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO, **both))
    assert not emulator.requests


async def test_safety_settings_are_vertexs_and_the_error_says_so(
    world: World, emulator: Emulator
) -> None:
    settings = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}]
    with pytest.raises(UnsupportedParameterError, match="vertexai=True") as caught:
        await world.ask(lambda c: c.chat.completions.create(**HELLO, safety_settings=settings))
    assert caught.value.param == "safety_settings"
    assert not emulator.requests


async def test_an_omitted_option_is_not_sent(world: World, emulator: Emulator) -> None:
    none = {"thinking_budget": omit, "include_thoughts": omit, "cached_content": omit}
    await world.ask(lambda c: c.chat.completions.create(**HELLO, **none))
    assert emulator.requests[-1].json == HELLO


async def test_thoughts_are_an_attribute_of_the_message(world: World, emulator: Emulator) -> None:
    emulator.script(ANSWER, ANSWER)
    client = world.client()
    completion = await world.result(client.chat.completions.create(**HELLO, include_thoughts=True))
    message = completion.choices[0].message
    assert (message.content, message.reasoning_content) == ("Hi!", "A greeting.")
    assert message.to_dict()["reasoning_content"] == "A greeting."
    # Without having asked for them there are none.
    completion = await world.result(client.chat.completions.create(**HELLO))
    assert completion.choices[0].message.reasoning_content is None
    assert "reasoning_content" not in completion.choices[0].message.to_dict()


async def test_thoughts_are_an_attribute_of_deltas(world: World, emulator: Emulator) -> None:
    emulator.script(ANSWER)
    client = world.client()
    stream = await world.result(
        client.chat.completions.create(**HELLO, include_thoughts=True, stream=True)
    )
    deltas = [choice.delta for chunk in await world.collect(stream) for choice in chunk.choices]
    assert "".join(delta.reasoning_content or "" for delta in deltas) == "A greeting."
    assert "".join(delta.content or "" for delta in deltas) == "Hi!"


async def test_parsed_answers_and_events_have_thoughts_too(
    world: World, emulator: Emulator
) -> None:
    said = Answer('{"text": "Hi!"}', thoughts="A greeting.")
    emulator.script(said, said)
    client = world.client()
    asked = {**HELLO, "include_thoughts": True, "response_format": Note}
    parsed = await world.result(client.chat.completions.parse(**asked))
    streamed = await use(world, client.chat.completions.stream(**asked))
    for completion in (parsed, streamed):
        message = completion.choices[0].message
        assert message.reasoning_content == "A greeting."
        assert message.parsed == Note(text="Hi!")


@pytest.mark.parametrize("model", [ChatCompletionMessage, ChoiceDelta])
def test_thoughts_are_no_field_and_can_be_written(model: Any) -> None:
    message = model(content="Hi!")
    assert message.reasoning_content is None
    assert "reasoning_content" not in model.model_fields
    message.reasoning_content = "A greeting."
    assert message.reasoning_content == "A greeting."
    assert message.model_dump(exclude_unset=True)["reasoning_content"] == "A greeting."
    assert model.model_validate(message.to_dict()) == message


def test_thoughts_survive_an_answer_that_does_not_fit() -> None:
    delta = {"role": "model", "content": "a", "reasoning_content": "b"}
    chunk = ChatCompletionChunk.construct(id="x", choices=[{"index": 0, "delta": delta}])
    assert chunk.choices[0].delta.reasoning_content == "b"
