"""Embed any number of texts, a hundred in each request."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING, Any

from ..dialect import MAX_EMBEDDING_INPUTS
from ..resources.embeddings import AT_ONCE
from .attempts import add_remark
from .calls import Calls
from .options import LimitOptions
from .token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

    from .calls import MapResult


def embedding_calls(embeddings: Any, params: dict[str, Any], *, as_numpy: bool) -> Calls[Any]:
    """Describe the calls that embed chunks of texts.

    `embeddings` is the resource they are made with; `params` are those of `create_many`.
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

    client = embeddings._client
    once = type(embeddings)(client.with_options(max_retries=0))

    def make(chunk: tuple[int, list[str]]) -> Any:
        return once._create_from(chunk[0], {**params, "input": chunk[1]})

    def give(done: MapResult[tuple[int, list[str]], Any]) -> Iterable[Any]:
        first, texts = done.request
        try:
            vectors = [item.embedding for item in done.unwrap().data]
            if len(vectors) != len(texts):
                raise ValueError(f"The server gave {len(vectors)} vectors for {len(texts)} texts.")
        except Exception as error:
            last = first + len(texts) - 1
            which = f"text {first}" if last == first else f"texts {first} to {last}"
            add_remark(error, f"{which}, from 0")
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


def _numpy() -> Any:
    try:
        import numpy as np
    except ImportError as missing:
        raise ImportError(
            "as_numpy=True needs numpy, which is not installed. "
            "Install it with: pip install numpy; without it, vectors are lists of floats."
        ) from missing
    return np
