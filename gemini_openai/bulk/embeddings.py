"""Embed any number of texts, a hundred in each request."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING, Any

from .._exceptions import APIError
from ..dialect import MAX_EMBEDDING_INPUTS
from ..resources.embeddings import AT_ONCE
from .calls import Calls
from .options import LimitOptions
from .token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator

    from .._base_client import BaseClient
    from .calls import MapResult


def embedding_calls(
    client: BaseClient[Any, Any, Any],
    create: Callable[..., Any],
    params: dict[str, Any],
    *,
    as_numpy: bool,
) -> Calls[Any]:
    """Describe the calls that embed chunks of texts.

    `create` makes one request without retries; `params` are those of `create_many`.
    """
    on_progress = params.pop("on_progress", None)
    limits = {name: params.pop(name) for name in LimitOptions.__annotations__ if name in params}
    limits.setdefault("concurrency", AT_ONCE)
    # The bound on texts as one on chunks: if not given, two for each call at once.
    if (texts_ahead := limits.get("look_ahead")) is None:
        limits["look_ahead"] = 2 * limits["concurrency"]
    elif texts_ahead >= 1:
        limits["look_ahead"] = max(1, texts_ahead // MAX_EMBEDDING_INPUTS)
    numpy = _numpy() if as_numpy else None  # told now, and not after the first answer

    def make(chunk: tuple[int, list[str]]) -> Any:
        return create(input=chunk[1], **params)

    def give(done: MapResult[tuple[int, list[str]], Any]) -> Iterable[Any]:
        first, texts = done.request
        try:
            vectors = [item.embedding for item in done.unwrap().data]
            if len(vectors) != len(texts):
                raise ValueError(f"The server gave {len(vectors)} vectors for {len(texts)} texts.")
        except Exception as error:
            _say_which(error, first, len(texts))
            raise
        if on_progress is not None:
            on_progress(first + len(vectors))
        if numpy is None:
            return vectors
        # One array each: a row of a common one would keep all the others in memory.
        return [numpy.asarray(vector, dtype=numpy.float32) for vector in vectors]

    return Calls(client, make, give, tokens=lambda chunk: estimate_tokens(chunk[1]), **limits)


def in_chunks(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Cut texts into what one request takes, each chunk with the number of its first text.

    Raises `TypeError` for a single string, and while iterated over for what is not a string.
    """
    if isinstance(texts, str):
        raise TypeError("texts is one string; give a list or another iterable of strings.")
    return _chunks(texts)


def _chunks(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    first, checked = 0, map(_checked, count(), texts)
    while chunk := list(islice(checked, MAX_EMBEDDING_INPUTS)):
        yield first, chunk
        first += len(chunk)


async def in_chunks_async(texts: AsyncIterable[str]) -> AsyncIterator[tuple[int, list[str]]]:
    """Cut texts from an async iterable; see `in_chunks`."""
    first = 0
    chunk: list[str] = []
    async for text in texts:
        chunk.append(_checked(first + len(chunk), text))
        if len(chunk) == MAX_EMBEDDING_INPUTS:
            yield first, chunk
            first, chunk = first + MAX_EMBEDDING_INPUTS, []
    if chunk:
        yield first, chunk


def _checked(number: int, text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"texts must be strings; number {number} is {type(text).__name__}.")
    return text


def _say_which(error: Exception, first: int, texts: int) -> None:
    """Add to an error's message which texts it is about."""
    which = f"text {first}" if texts == 1 else f"texts {first} to {first + texts - 1}"
    told = f"{error.message if isinstance(error, APIError) else error} ({which}, from 0)"
    if isinstance(error, APIError):
        error.message = told
    error.args = (told, *error.args[1:])


def _numpy() -> Any:
    try:
        import numpy as np
    except ImportError as missing:
        raise ImportError(
            "as_numpy=True needs numpy, which is not installed. "
            "Install it with: pip install numpy; without it, vectors are lists of floats."
        ) from missing
    return np
