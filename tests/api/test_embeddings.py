"""`embeddings.create`, against the emulator over a real socket."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import omit
from gemini_openai.types import CreateEmbeddingResponse

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

TEXTS: Any = {"model": "gemini-embedding-001", "input": ["one", "two", "three"]}


async def test_each_text_has_a_vector_in_its_place(world: World) -> None:
    answer = await world.ask(lambda c: c.embeddings.create(**TEXTS, dimensions=8))

    assert type(answer) is CreateEmbeddingResponse
    assert [item.index for item in answer.data] == [0, 1, 2]
    assert [len(item.embedding) for item in answer.data] == [8, 8, 8]
    for item in answer.data:
        assert math.hypot(*item.embedding) == pytest.approx(1.0, abs=1e-5)
    alone = await world.ask(
        lambda c: c.embeddings.create(**{**TEXTS, "input": "two"}, dimensions=8)
    )
    assert alone.data[0].embedding == answer.data[1].embedding


async def test_floats_are_asked_for_when_the_caller_names_no_format(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    await world.result(client.embeddings.create(**TEXTS))
    await world.result(client.embeddings.create(**TEXTS, encoding_format=omit, user=omit))
    assert [request.json for request in emulator.requests] == [
        {**TEXTS, "encoding_format": "float"}
    ] * 2


async def test_texts_may_come_from_a_generator(world: World, emulator: Emulator) -> None:
    answer = await world.ask(
        lambda c: c.embeddings.create(**{**TEXTS, "input": (text for text in ("a", "b"))})
    )
    assert len(answer.data) == 2
    assert emulator.requests[-1].json["input"] == ["a", "b"]


async def test_what_gemini_leaves_out_is_filled_in(world: World) -> None:
    answer = await world.ask(lambda c: c.embeddings.create(**TEXTS))
    assert answer.usage.total_tokens == 0
    assert answer.model == "gemini-embedding-001"
    assert answer.object == "list"
