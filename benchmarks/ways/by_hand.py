"""What a user writes by hand for many calls, where a way has no method for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from . import BATCH, THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator


class ByHand:
    """Many calls, made of a way's own single ones."""

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        raise NotImplementedError

    async def answer_async(self, ask: dict[str, Any]) -> int:
        """The same in an event loop."""
        raise NotImplementedError

    def embed(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts, in one request."""
        raise NotImplementedError

    def embed_many(self, texts: list[str]) -> Iterator[list[float]]:
        """The vectors of many texts."""
        batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
        with ThreadPoolExecutor(THREADS) as threads:
            for vectors in threads.map(self.embed, batches):
                yield from vectors

    def map_threads(self, ask: dict[str, Any], count: int, at_once: int) -> list[int]:
        """Many calls in threads."""
        with ThreadPoolExecutor(at_once) as threads:
            return list(threads.map(self.answer, [ask] * count))

    async def map_async(self, ask: dict[str, Any], count: int, at_once: int) -> list[int]:
        """Many calls in tasks."""
        turn = asyncio.Semaphore(at_once)

        async def one() -> int:
            async with turn:
                return await self.answer_async(ask)

        return await asyncio.gather(*(one() for _ in range(count)))
