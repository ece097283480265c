"""`embeddings.create_many` against the emulator: blocking, in asyncio and in trio."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import gemini_openai
from gemini_openai.bulk import RateLimiter
from gemini_openai.emulator import Emulator, Reply, faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from conftest import World

SMALL: Any = {"model": "gemini-embedding-001", "dimensions": 2}

# httpx sends a body from an async generator, which trio complains of if cancelled in the middle.
pytestmark = pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")


def texts(count: int) -> Iterator[str]:
    return (f"text {number}" for number in range(count))


async def test_ten_thousand_texts_have_their_vectors_in_order(
    world: World, emulator: Emulator
) -> None:
    vectors = await world.collect(world.client().embeddings.create_many(texts(10_000), **SMALL))
    assert len(vectors) == 10_000
    assert len(emulator.requests) == 100
    assert {len(request.json["input"]) for request in emulator.requests} == {100}
    for number in (0, 99, 100, 5_432, 9_999):
        alone = await world.ask(lambda c, n=number: c.embeddings.create(input=f"text {n}", **SMALL))
        assert vectors[number] == alone.data[0].embedding


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
async def test_there_are_as_many_vectors_as_texts(world: World, count: int) -> None:
    many = world.client().embeddings.create_many(texts(count), **SMALL)
    assert len(await world.collect(many)) == count


async def test_texts_are_taken_in_as_vectors_are_taken_out(world: World) -> None:
    taken = 0

    def source() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield f"text {taken}"

    vectors = world.client().embeddings.create_many(
        source(), concurrency=2, look_ahead=300, **SMALL
    )
    assert taken == 0
    for given in range(1, 1001):
        await world.first(vectors)
        assert taken <= given + 400  # and the request whose vectors are being handed out
    await world.leave(vectors)


async def test_vectors_can_be_arrays(world: World) -> None:
    vectors = await world.collect(
        world.client().embeddings.create_many(texts(3), as_numpy=True, **SMALL)
    )
    plain = await world.collect(world.client().embeddings.create_many(texts(3), **SMALL))
    assert [vector.dtype for vector in vectors] == [np.float32] * 3
    assert np.allclose(np.stack(vectors), np.array(plain))


async def test_without_numpy_the_error_says_what_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_numpy(name: str, *rest: Any, **more: Any) -> Any:
        if name == "numpy":
            raise ModuleNotFoundError("No module named 'numpy'", name="numpy")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_numpy)
    with pytest.raises(ImportError, match="pip install numpy"):
        world.client().embeddings.create_many(texts(3), as_numpy=True, **SMALL)


async def test_progress_counts_the_texts(world: World) -> None:
    told: list[int] = []
    many = world.client().embeddings.create_many(texts(250), on_progress=told.append, **SMALL)
    await world.collect(many)
    assert told == [100, 200, 250]


async def test_each_request_is_tried_again_by_itself(world: World, emulator: Emulator) -> None:
    soon = Reply(503, json={}, headers={"retry-after-ms": "1"})
    emulator.script(soon, faults.quota_per_minute("0.01s"), soon)
    vectors = await world.collect(
        world.client().embeddings.create_many(texts(500), limiter=RateLimiter(per=0.01), **SMALL)
    )
    assert len(vectors) == 500
    assert len(emulator.requests) == 8


async def test_an_error_says_of_which_texts_and_keeps_the_vectors_before(
    world: World, emulator: Emulator
) -> None:
    refusal = Reply(400, json=[{"error": {"code": 400, "message": "Too long."}}])
    emulator.script(refusal, when=lambda request: b'"text 200"' in request.body)
    vectors = world.client().embeddings.create_many(texts(1000), **SMALL)
    for _ in range(200):
        await world.first(vectors)
    with pytest.raises(gemini_openai.BadRequestError, match=r"Too long.*texts 200 to 299") as told:
        await world.first(vectors)
    assert "texts 200 to 299" in told.value.message
    assert await world.collect(vectors) == []
    await world.leave(vectors)


async def test_what_is_no_text_is_named_by_its_place(world: World) -> None:
    vectors = world.client().embeddings.create_many(["a"] * 150 + [None], **SMALL)
    for _ in range(100):  # what was asked for before, and paid, is given before
        await world.first(vectors)
    with pytest.raises(TypeError, match="number 150 is NoneType"):
        await world.first(vectors)
    with pytest.raises(TypeError, match="one string"):
        world.client().embeddings.create_many("a text", **SMALL)


async def test_unknown_and_missing_keywords_are_refused_at_once(world: World) -> None:
    with pytest.raises(TypeError, match="'input'"):
        world.client().embeddings.create_many([], input="a", **SMALL)
    with pytest.raises(TypeError, match="'model'"):
        world.client().embeddings.create_many([])
    with pytest.raises(ValueError, match="look_ahead"):
        world.client().embeddings.create_many([], look_ahead=0, **SMALL)


async def test_texts_may_come_from_an_async_iterable(world: World) -> None:
    if not world.is_async:
        pytest.skip("a blocking client takes iterables only")

    async def source() -> AsyncIterator[str]:
        for text in texts(150):
            yield text

    vectors = await world.collect(world.client().embeddings.create_many(source(), **SMALL))
    assert len(vectors) == 150


async def test_numpy_is_not_loaded_for_lists(world: World) -> None:
    """Whoever wants lists pays nothing for arrays."""
    loaded = sys.modules.pop("numpy")
    try:
        await world.collect(world.client().embeddings.create_many(texts(3), **SMALL))
        assert "numpy" not in sys.modules
    finally:
        sys.modules["numpy"] = loaded
