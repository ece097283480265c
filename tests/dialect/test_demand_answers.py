"""What Gemini answers, the same program through `openai` and through us."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

import openai
import pytest
from dialect.programs import WEATHER, chunk_by_chunk, event_by_event, user, whole, with_quirks
from pydantic import BaseModel, ValidationError

from gemini_openai import (
    APIResponseValidationError,
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    NotSupportedError,
)
from gemini_openai.emulator import Answer

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

GEMINI_3 = "gemini-3-pro-preview"
HELLO: Any = {"model": GEMINI_3, "messages": [user("Hello there, how do you do?")]}
ECHO = "[emulator] You said: Hello there, how do you do?"
OPENAIS_REASONS = {"stop", "length", "tool_calls", "content_filter", "function_call"}


# --- A9: answers with nothing in them ---

EMPTY = {
    # A quirk: what becomes of the usual `choices[0].message.content` with `openai`, Google's word.
    "choices_null": (TypeError, None),
    "prompt_blocked": (AttributeError, "content_filter: PROHIBITED_CONTENT"),
    "malformed_function_call": (None, "function_call_filter: MALFORMED_FUNCTION_CALL"),
}


@pytest.mark.parametrize("quirk", EMPTY)
async def test_a9_an_answer_that_was_withheld_is_one_that_can_be_read(
    world: World, theirs: World, quirk: str
) -> None:
    async def program(world: World) -> tuple[str | None, str]:
        said = await whole(
            world, world.client(), **HELLO, tools=[WEATHER], extra_headers=with_quirks(quirk)
        )
        return said.text, said.finish_reason

    breaks, word = EMPTY[quirk]
    if breaks:
        with pytest.raises(breaks):
            await program(theirs)
    else:
        said = await program(theirs)
        assert said[1] not in OPENAIS_REASONS
    assert await program(world) == (None, "content_filter")
    completion = await world.ask(
        lambda c: c.chat.completions.create(
            **HELLO, tools=[WEATHER], extra_headers=with_quirks(quirk)
        )
    )
    assert completion.choices[0].gemini_finish_reason == word
    assert completion.choices[0].message.role == "assistant"


@pytest.mark.parametrize("quirk", EMPTY)
async def test_a9_a_stream_that_was_withheld_can_be_read(
    world: World, theirs: World, quirk: str
) -> None:
    given = {**HELLO, "tools": [WEATHER], "extra_headers": with_quirks(quirk)}
    if quirk == "choices_null":
        with pytest.raises(TypeError):
            await chunk_by_chunk(theirs, theirs.client(), **given)
    else:
        said = await chunk_by_chunk(theirs, theirs.client(), **given)
        assert said.finish_reason not in OPENAIS_REASONS
    said = await chunk_by_chunk(world, world.client(), **given)
    assert said == (None, [], "content_filter")
    with pytest.raises(ContentFilterFinishReasonError):  # as `openai` does for OpenAI's answers
        await event_by_event(world, world.client(), **given)


class Reply(BaseModel):
    answer: str


async def test_a9_thinking_that_ate_the_limit_is_told_with_the_remedy(
    world: World, theirs: World
) -> None:
    given = {**HELLO, "max_tokens": 20}

    async def program(world: World) -> Any:
        return await world.ask(lambda c: c.chat.completions.parse(**given, response_format=Reply))

    with pytest.raises(openai.LengthFinishReasonError) as theirs_caught:
        await program(theirs)
    assert "thinking" not in str(theirs_caught.value)
    with pytest.raises(LengthFinishReasonError, match="lower reasoning_effort") as caught:
        await program(world)
    usage = caught.value.completion.usage
    assert usage.completion_tokens == usage.completion_tokens_details.reasoning_tokens == 20
    assert (await whole(world, world.client(), **given))[::2] == (None, "length")


# --- A11: usage ---


async def test_a11_the_parts_of_the_usage_add_up(world: World, theirs: World) -> None:
    async def program(world: World) -> tuple[int, int]:
        usage = (await world.ask(lambda c: c.chat.completions.create(**HELLO))).usage
        return usage.prompt_tokens + usage.completion_tokens, usage.total_tokens

    added, total = await program(theirs)
    assert total - added == 64  # which the model thought, and nobody is told of
    added, total = await program(world)
    assert added == total
    usage = (await world.ask(lambda c: c.chat.completions.create(**HELLO))).usage
    assert usage.completion_tokens_details.reasoning_tokens == 64
    assert usage.prompt_tokens_details.cached_tokens == 0
    assert usage.gemini_usage["completion_tokens"] == usage.completion_tokens - 64


async def test_a11_a_stream_tells_its_usage_once_at_its_end(world: World, theirs: World) -> None:
    async def program(world: World) -> tuple[list[int], int, bool]:
        """Prompt tokens wherever they are told, the sum of all tokens, and whether it adds up."""
        stream = await world.ask(
            lambda c: c.chat.completions.create(
                **HELLO, stream=True, stream_options={"include_usage": True}
            )
        )
        chunks = await world.collect(stream)
        told = [chunk.usage for chunk in chunks if chunk.usage is not None]
        last = chunks[-1]
        return (
            [usage.prompt_tokens for usage in told],
            sum(usage.total_tokens for usage in told),
            last.choices == []
            and last.usage.prompt_tokens + last.usage.completion_tokens == last.usage.total_tokens,
        )

    assert await program(theirs) == ([8, 8, 7], 99, False)
    assert await program(world) == ([0, 0, 0, 7], 83, True)


# --- A12: embeddings ---

VECTORS: Any = {"model": "gemini-embedding-001", "dimensions": 4}


async def test_a12_any_number_of_texts_is_embedded_in_order(
    world: World, theirs: World, emulator: Emulator
) -> None:
    texts = [f"text {number}" for number in range(250)]

    async def program(world: World) -> list[list[float]]:
        answer = await world.ask(
            lambda c: c.embeddings.create(**VECTORS, input=texts, encoding_format="float")
        )
        return [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]

    with pytest.raises(openai.BadRequestError) as caught:
        await program(theirs)
    assert "at most 100 requests can be in one batch" in caught.value.response.text
    emulator.reset()
    vectors = await program(world)
    assert len(vectors) == 250
    assert sorted(len(request.json["input"]) for request in emulator.requests) == [50, 100, 100]
    for place in (0, 99, 100, 249):
        given = {**VECTORS, "input": texts[place]}
        alone = await world.ask(lambda c, given=given: c.embeddings.create(**given))
        assert alone.data[0].embedding == vectors[place]


async def test_a12_an_ordinary_call_is_not_refused_for_its_format(
    world: World, theirs: World, emulator: Emulator
) -> None:
    given = {**VECTORS, "input": ["a", "b"], "extra_headers": with_quirks("base64_refused")}
    with pytest.raises(openai.BadRequestError):
        await theirs.ask(lambda c: c.embeddings.create(**given))
    assert emulator.requests[-1].json["encoding_format"] == "base64"  # unasked
    answer = await world.ask(lambda c: c.embeddings.create(**given))
    assert [len(item.embedding) for item in answer.data] == [4, 4]
    packed = await world.ask(lambda c: c.embeddings.create(**given, encoding_format="base64"))
    for item, same in zip(answer.data, packed.data, strict=True):
        floats = struct.unpack("<4f", base64.b64decode(same.embedding))
        assert floats == pytest.approx(item.embedding)


async def test_a12_the_first_vector_has_its_index(world: World, theirs: World) -> None:
    async def program(world: World) -> list[int | None]:
        answer = await world.ask(
            lambda c: c.embeddings.create(**VECTORS, input=["a", "b"], encoding_format="float")
        )
        return [item.index for item in answer.data]

    assert await program(theirs) == [None, 1]
    assert await program(world) == [0, 1]


async def test_a12_one_vector_for_many_texts_is_an_error(world: World, theirs: World) -> None:
    given = {**VECTORS, "input": ["a", "b", "c"], "extra_headers": with_quirks("embeddings_fused")}
    answer = await theirs.ask(lambda c: c.embeddings.create(**given, encoding_format="float"))
    assert len(answer.data) == 1  # the vector of what?
    with pytest.raises(APIResponseValidationError, match="1 vectors for 3 texts"):
        await world.ask(lambda c: c.embeddings.create(**given))


# --- A18: thoughts ---

THINKING: Any = {"extra_body": {"extra_body": {"google": {"thinking_config": {}}}}}
THINKING["extra_body"]["extra_body"]["google"]["thinking_config"]["include_thoughts"] = True
THOUGHTS = (
    "**Reading the request**\n\nWhat was said? The emulator follows a rule; no model thinks.\n"
)


@pytest.mark.parametrize(
    ("ask", "quirks"),
    [
        (whole, ""),
        (chunk_by_chunk, ""),
        (event_by_event, ""),
        (chunk_by_chunk, "thought_left_open"),  # a whole answer then has no end of its thoughts
    ],
)
async def test_a18_thoughts_are_not_in_the_text(
    world: World, theirs: World, ask: Any, quirks: str
) -> None:
    given = {**HELLO, **THINKING, "extra_headers": with_quirks(quirks)}
    said = await ask(theirs, theirs.client(), **given)
    assert said.text.startswith("<thought>**Reading")
    assert (await ask(world, world.client(), **given)).text == ECHO


async def test_a18_thoughts_are_in_a_field_of_their_own(world: World) -> None:
    answer = await world.ask(lambda c: c.chat.completions.create(**HELLO, **THINKING))
    assert answer.choices[0].message.reasoning_content == THOUGHTS
    stream = await world.ask(lambda c: c.chat.completions.create(**HELLO, **THINKING, stream=True))
    deltas = [chunk.choices[0].delta for chunk in await world.collect(stream)]
    pieces = [delta.reasoning_content for delta in deltas if delta.reasoning_content]
    assert "".join(pieces) == THOUGHTS


# --- A19: the Responses API ---


async def test_a19_the_responses_api_is_refused_with_advice_before_anything_is_sent(
    world: World, theirs: World, emulator: Emulator
) -> None:
    async def program(world: World) -> Any:
        return await world.ask(lambda c: c.responses.create(model=GEMINI_3, input="Hello"))

    with pytest.raises(openai.NotFoundError) as caught:
        await program(theirs)
    assert str(caught.value) == "Error code: 404"
    emulator.reset()
    with pytest.raises(NotSupportedError, match=r"Use chat\.completions\.create"):
        await program(world)
    assert not emulator.requests


# --- A21: JSON in Markdown ---


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"answer": "42"}\n```',
        'Here you are:\n\n```\n{"answer": "42"}\n```\nAnything else?',
        'The answer is {"answer": "42"}.',
    ],
    ids=["fence", "prose_and_fence", "prose"],
)
async def test_a21_parse_finds_the_json_and_leaves_the_text_alone(
    world: World, theirs: World, emulator: Emulator, text: str
) -> None:
    async def program(world: World) -> Any:
        emulator.script(Answer(text))
        completion = await world.ask(
            lambda c: c.chat.completions.parse(**HELLO, response_format=Reply)
        )
        return completion.choices[0].message

    with pytest.raises(ValidationError):
        await program(theirs)
    message = await program(world)
    assert message.parsed == Reply(answer="42")
    assert message.content == text
