"""This package and `openai`: one surface, so one code."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import EMBEDDING_MODEL, KEY, THREADS, TIMEOUT, Seen
from .by_hand import ByHand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def make(name: str, url: str) -> Sdk:
    """`ours`, `fast` (ours, with the other engine) or `openai`."""
    return (Openai if name == "openai" else Ours)(name, url)


class Sdk:
    """What both can do."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.package = import_module("openai" if name == "openai" else "gemini_openai")
        self.options = {
            "api_key": KEY,
            "base_url": f"{url}/v1beta/openai/",
            "timeout": TIMEOUT,
            "max_retries": 0,
        }

    @cached_property
    def client(self) -> Any:
        """The blocking client."""
        more = {"http_client": self.package.DefaultFastClient()} if self.name == "fast" else {}
        return self.package.OpenAI(**self.options, **more)

    @cached_property
    def async_client(self) -> Any:
        """The asynchronous client."""
        more = {"http_client": self.package.DefaultAsyncFastClient()} if self.name == "fast" else {}
        return self.package.AsyncOpenAI(**self.options, **more)

    def further(self) -> None:
        """Make one more client, and make it ready to call."""
        assert self.package.OpenAI(**self.options).chat.completions

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        return len(self.client.chat.completions.create(**ask).choices[0].message.content)

    async def answer_async(self, ask: dict[str, Any]) -> int:
        """The same in an event loop."""
        answer = await self.async_client.chat.completions.create(**ask)
        return len(answer.choices[0].message.content)

    def stream(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """Read a stream."""
        characters = calls = tokens = 0
        for chunk in self.client.chat.completions.create(**ask, stream=True):
            if chunk.usage:
                tokens = chunk.usage.completion_tokens
            if chunk.choices:
                delta = chunk.choices[0].delta
                if text := delta.content:
                    characters += len(text)
                elif delta.tool_calls:
                    calls += len(delta.tool_calls)
                elif text := getattr(delta, "reasoning_content", None):
                    characters += len(text)
            used()
        return Seen(characters, calls, tokens)

    async def stream_async(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """The same in an event loop, for text."""
        characters = 0
        async for chunk in await self.async_client.chat.completions.create(**ask, stream=True):
            if chunk.choices and (text := chunk.choices[0].delta.content):
                characters += len(text)
            used()
        return Seen(characters)

    async def hold(self, ask: dict[str, Any]) -> Any:
        """Begin a stream, and read its first chunk."""
        stream = await self.async_client.chat.completions.create(**ask, stream=True)
        chunks = aiter(stream)
        assert (await anext(chunks)).choices[0].delta.content
        return stream, chunks

    def models(self) -> int:
        """How many models are listed."""
        return len(self.client.models.list().data)

    def embed(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts, in one request."""
        answer = self.client.embeddings.create(
            model=EMBEDDING_MODEL, input=texts, encoding_format="float"
        )
        return [row.embedding for row in answer.data]


class Ours(Sdk):
    """What this package has beyond that: many calls."""

    def embed_many(self, texts: list[str]) -> Iterator[list[float]]:
        """The vectors of many texts."""
        options = {"model": EMBEDDING_MODEL, "concurrency": THREADS}
        with self.client.embeddings.create_many(texts, **options) as vectors:
            yield from vectors

    def map_threads(self, ask: dict[str, Any], count: int, at_once: int) -> list[int]:
        """Many calls in threads."""
        with self.client.map([ask] * count, concurrency=at_once) as results:
            return [len(done.result.choices[0].message.content) for done in results]

    async def map_async(self, ask: dict[str, Any], count: int, at_once: int) -> list[int]:
        """Many calls in tasks."""
        async with self.async_client.map([ask] * count, concurrency=at_once) as results:
            return [len(done.result.choices[0].message.content) async for done in results]


class Openai(Sdk, ByHand):
    """The same by hand, where `openai` has no method for it."""
