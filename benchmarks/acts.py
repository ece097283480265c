"""What a job does with a way, and the check that it got what was sent.

An act is prepared with a way and a job, and gives a function that does it so many times and returns
how many of its unit came of it, or a number of bytes.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import tracemalloc
from typing import TYPE_CHECKING, Any

from . import recorded
from .asks import ask, texts
from .jobs import MANY
from .resident import resident
from .ways import Seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from .jobs import Job

    Run = Callable[[int], float]

LOOP = asyncio.new_event_loop()


class Used:
    """Tells the server that a part has been used, but for the last; see `server`."""

    def __init__(self, path: str, job: Job, streams: int = 1) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.part = job.written * streams
        self.whole = job.chunks * streams
        self.seen = 0

    def __call__(self) -> None:
        """One event has been used."""
        self.seen += 1
        if self.seen % self.part == 0 and self.seen < self.whole:
            self.socket.send(b".")


def answer(way: Any, job: Job, _: str) -> Run:
    """One call after the other."""
    asked = ask(job.ask)

    def run(count: int) -> float:
        for _ in range(count):
            assert way.answer(asked) == job.characters
        return count

    return run


def answer_async(way: Any, job: Job, _: str) -> Run:
    """Calls in an event loop, many at once; one alone comes first."""
    asked = ask(job.ask)
    assert in_loop(way.answer_async(asked)) == job.characters

    async def calls(count: int) -> None:
        for _ in range(count // MANY):
            got = await asyncio.gather(*(way.answer_async(asked) for _ in range(MANY)))
            assert got == [job.characters] * MANY

    def run(count: int) -> float:
        in_loop(calls(count))
        return count

    return run


def stream(way: Any, job: Job, pace: str) -> Run:
    """Streams, one after the other; the unit is a chunk."""
    asked, expected = ask(job.ask), sent(job)
    used = Used(pace, job)

    def run(count: int) -> float:
        for _ in range(count // job.chunks):
            used.seen = 0
            way.stream(asked, used).check(expected)
        return count

    return run


def stream_async(way: Any, job: Job, pace: str) -> Run:
    """Many streams at once, after one alone; the unit is a chunk."""
    asked, expected = ask(job.ask), sent(job)
    in_loop(way.stream_async(asked, Used(pace, job))).check(expected)
    used = Used(pace, job, MANY)

    async def streams() -> None:
        used.seen = 0
        for seen in await asyncio.gather(*(way.stream_async(asked, used) for _ in range(MANY))):
            seen.check(expected)

    def run(count: int) -> float:
        for _ in range(count // (job.chunks * MANY)):
            in_loop(streams())
        in_loop(asyncio.sleep(0))  # what ends generators that were left
        return count

    return run


def embed(way: Any, _: Job, __: str) -> Run:
    """Requests for a hundred vectors each; the unit is a request."""
    wanted = texts(100)

    def run(count: int) -> float:
        for _ in range(count):
            check_vectors(way.embed(wanted), 100)
        return count

    return run


def embed_many(way: Any, _: Job, __: str) -> Run:
    """Very many vectors; the unit is a text."""

    def run(count: int) -> float:
        check_vectors(way.embed_many(texts(count)), count)
        return count

    return run


def models(way: Any, _: Job, __: str) -> Run:
    """Lists of models."""

    def run(count: int) -> float:
        for _ in range(count):
            assert way.models() == recorded.MODELS
        return count

    return run


def map_threads(way: Any, job: Job, _: str) -> Run:
    """Many calls in threads."""

    def run(count: int) -> float:
        assert way.map_threads(ask(job.ask), count, MANY) == [job.characters] * count
        return count

    return run


def map_async(way: Any, job: Job, _: str) -> Run:
    """Many calls in tasks."""

    def run(count: int) -> float:
        lengths = in_loop(way.map_async(ask(job.ask), count, MANY))
        assert lengths == [job.characters] * count
        return count

    return run


def further(way: Any, _: Job, __: str) -> Run:
    """Clients made after the first."""

    def run(count: int) -> float:
        for _ in range(count):
            way.further()
        return count

    return run


def held(way: Any, job: Job, _: str) -> Run:
    """Bytes of memory for each stream that is open."""
    asked = ask(job.ask)

    async def streams(count: int) -> float:
        first = [await way.hold(asked)]  # what all share is there afterwards
        before = resident()
        first += await asyncio.gather(*(way.hold(asked) for _ in range(count)))
        return (resident() - before) / count

    return lambda count: in_loop(streams(count))


def peak(way: Any, job: Job, _: str) -> Run:
    """Bytes that one call allocates at once, beyond those of the request and the body."""
    asked = ask(job.ask)
    assert way.answer(asked) == job.characters

    def run(_: int) -> float:
        gc.collect()
        tracemalloc.start()
        try:
            assert way.answer(asked) == job.characters
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return run


def in_loop(awaitable: Awaitable[Any]) -> Any:
    """Await something in the one event loop of the process."""
    return LOOP.run_until_complete(awaitable)


def sent(job: Job) -> Seen:
    """What a stream has."""
    kind = job.scenario.split("-")[1]
    calls = job.chunks // recorded.TOOL_CALL_EVERY if kind == "tools" else 0
    every = recorded.TOOL_CALL_EVERY
    characters = sum(
        len(recorded.text_of(number))
        for number in range(job.chunks)
        if not calls or number % every != every - 1
    )
    tags = recorded.THOUGHT_TAGS if kind == "thoughts" else 0
    tokens = 6 * (job.chunks - 1) if kind in {"usage", "recorded"} else 0
    return Seen(characters + tags, calls, tokens)


def check_vectors(vectors: Iterable[list[float]], count: int) -> None:
    """Raise an error if these are not vectors as they were sent, or not so many."""
    for vector in vectors:
        assert len(vector) == recorded.DIMENSIONS
        assert isinstance(vector[-1], float)
        count -= 1
    assert count == 0


ACTS: dict[str, Callable[[Any, Job, str], Run]] = {
    act.__name__: act
    for act in (
        answer,
        answer_async,
        stream,
        stream_async,
        embed,
        embed_many,
        models,
        map_threads,
        map_async,
        further,
        held,
        peak,
    )
}
