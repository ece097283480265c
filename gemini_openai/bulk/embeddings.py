"""`embeddings.create_many`: any number of texts to their vectors, a hundred in each request."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .._exceptions import APIError
from ..dialect import MAX_EMBEDDING_INPUTS as BATCH
from .map import call_steps, one_limiter, prepare
from .tasks import AsyncResults
from .threads import Results
from .token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from .._client import AsyncClient, Client
    from .rate_limit import RateLimiter
    from .tasks import Tasks
    from .threads import Crew

ErrorT = TypeVar("ErrorT", bound=Exception)


class Manner(NamedTuple):
    """How the texts are embedded; see `Embeddings.create_many`."""

    params: dict[str, Any]
    concurrency: int
    look_ahead: int | None
    rpm: float | None
    tpm: float | None
    limiter: RateLimiter | None
    as_numpy: bool
    on_progress: Callable[[int], object] | None


class _Chunk(NamedTuple):
    first: int
    vectors: list[list[float]]


class _Failed(NamedTuple):
    error: Exception


def embed_many(client: Client, texts: Iterable[str], manner: Manner) -> Results[Any]:
    """The vectors of `texts`, by requests in threads."""
    _refuse_one(texts)
    once, policy = prepare(client)
    limiter = one_limiter(manner.limiter, manner.rpm, manner.tpm)

    def work(_: int, numbered: tuple[int, list[str]], crew: Crew) -> _Chunk | _Failed:
        first, chunk = numbered

        def perform() -> Any:
            return once.embeddings.create(input=chunk, **manner.params)

        try:
            steps = call_steps(limiter, policy, estimate_tokens(chunk))
            return _Chunk(first, _vectors(crew.drive(steps, perform), chunk))
        except Exception as error:  # noqa: BLE001  # raised when its turn has come
            return _Failed(_naming(error, first, len(chunk)))

    return Results(
        _chunks(texts),
        work,
        _giver(manner),
        concurrency=manner.concurrency,
        look_ahead=_in_chunks(manner),
        ordered=True,
    )


def embed_many_async(
    client: AsyncClient, texts: Iterable[str] | AsyncIterable[str], manner: Manner
) -> AsyncResults[Any]:
    """The vectors of `texts`, by requests in tasks."""
    _refuse_one(texts)
    once, policy = prepare(client)
    limiter = one_limiter(manner.limiter, manner.rpm, manner.tpm)

    async def work(_: int, numbered: tuple[int, list[str]], tasks: Tasks) -> _Chunk | _Failed:
        first, chunk = numbered

        async def perform() -> Any:
            return await once.embeddings.create(input=chunk, **manner.params)

        try:
            steps = call_steps(limiter, policy, estimate_tokens(chunk))
            return _Chunk(first, _vectors(await tasks.drive(steps, perform), chunk))
        except Exception as error:  # noqa: BLE001  # raised when its turn has come
            return _Failed(_naming(error, first, len(chunk)))

    return AsyncResults(
        _chunks_async(texts) if isinstance(texts, AsyncIterable) else _chunks(texts),
        work,
        _giver(manner),
        concurrency=manner.concurrency,
        look_ahead=_in_chunks(manner),
        ordered=True,
    )


def _in_chunks(manner: Manner) -> int:
    """The bound on texts as one on chunks: at least one, at most two for each call at once."""
    if manner.look_ahead is None:
        return 2 * manner.concurrency
    if manner.look_ahead < 1:
        raise ValueError(f"look_ahead must be 1 or more, not {manner.look_ahead!r}.")
    return max(1, manner.look_ahead // BATCH)


def _giver(manner: Manner) -> Callable[[_Chunk | _Failed], Iterable[Any]]:
    """What makes of an answer the vectors to hand out; raises the error of one that failed."""
    if manner.as_numpy:
        _numpy()  # told now, and not after the first answer

    def give(outcome: _Chunk | _Failed) -> Iterable[Any]:
        if isinstance(outcome, _Failed):
            raise outcome.error
        if manner.on_progress is not None:
            manner.on_progress(outcome.first + len(outcome.vectors))
        return _rows(outcome.vectors) if manner.as_numpy else outcome.vectors

    return give


def _rows(vectors: list[list[float]]) -> Iterable[Any]:
    # One array each: a row of a common one would keep all the others in memory.
    numpy = _numpy()
    return [numpy.asarray(vector, dtype=numpy.float32) for vector in vectors]


def _numpy() -> Any:
    try:
        import numpy as np
    except ImportError as missing:
        raise ImportError(
            "as_numpy=True needs numpy, which is not installed. "
            "Install it with: pip install numpy; without it, vectors are lists of floats."
        ) from missing
    return np


def _vectors(answer: Any, chunk: list[str]) -> list[list[float]]:
    vectors = [item.embedding for item in answer.data]
    if len(vectors) != len(chunk):
        raise ValueError(f"The server gave {len(vectors)} vectors for {len(chunk)} texts.")
    return vectors


def _naming(error: ErrorT, first: int, count: int) -> ErrorT:
    """The error, its message saying which texts it is about."""
    which = f"text {first}" if count == 1 else f"texts {first} to {first + count - 1}"
    told = f"{error.message if isinstance(error, APIError) else error} ({which}, from 0)"
    if isinstance(error, APIError):
        error.message = told
    error.args = (told, *error.args[1:])
    return error


def _refuse_one(texts: object) -> None:
    if isinstance(texts, str):
        raise TypeError("texts is one string; give a list or another iterable of strings.")


class _Cutter:
    """Texts in, full chunks out, each with the number of its first text."""

    def __init__(self) -> None:
        self._first = 0
        self._chunk: list[str] = []

    def add(self, text: object) -> Iterator[tuple[int, list[str]]]:
        """Take a text; raises `TypeError` for what is none."""
        if not isinstance(text, str):
            place = self._first + len(self._chunk)
            raise TypeError(f"texts are to be strings; number {place} is {type(text).__name__}.")
        self._chunk.append(text)
        if len(self._chunk) == BATCH:
            yield from self.rest()

    def rest(self) -> Iterator[tuple[int, list[str]]]:
        """What is left, if anything."""
        if self._chunk:
            yield self._first, self._chunk
            self._first += len(self._chunk)
            self._chunk = []


def _chunks(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    cutter = _Cutter()
    for text in texts:
        yield from cutter.add(text)
    yield from cutter.rest()


async def _chunks_async(texts: AsyncIterable[str]) -> AsyncIterator[tuple[int, list[str]]]:
    cutter = _Cutter()
    async for text in texts:
        for chunk in cutter.add(text):
            yield chunk
    for chunk in cutter.rest():
        yield chunk
