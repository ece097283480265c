"""The floor: what a user writes by hand with httpx and `pydantic_core.from_json`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from pydantic_core import from_json

from . import EMBEDDING_MODEL, KEY, TIMEOUT, Seen
from .by_hand import ByHand

if TYPE_CHECKING:
    from collections.abc import Callable

HEADERS = {"Authorization": f"Bearer {KEY}"}
LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)  # as `openai` has them


def make(_: str, url: str) -> Floor:
    """The floor at the root of a scenario."""
    return Floor(url)


class Floor(ByHand):
    """Everything by hand."""

    def __init__(self, url: str) -> None:
        self.chat = f"{url}/v1beta/openai/chat/completions"
        self.embeddings = f"{url}/v1beta/openai/embeddings"
        self.list = f"{url}/v1beta/openai/models"

    @cached_property
    def http(self) -> httpx.Client:
        """The blocking client."""
        return httpx.Client(timeout=TIMEOUT, limits=LIMITS)

    @cached_property
    def async_http(self) -> httpx.AsyncClient:
        """The asynchronous client."""
        return httpx.AsyncClient(timeout=TIMEOUT, limits=LIMITS)

    def further(self) -> None:
        """Make one more client."""
        assert httpx.Client(timeout=TIMEOUT, limits=LIMITS)

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        response = self.http.post(self.chat, json=ask, headers=HEADERS)
        return len(from_json(response.content)["choices"][0]["message"]["content"])

    async def answer_async(self, ask: dict[str, Any]) -> int:
        """The same in an event loop."""
        response = await self.async_http.post(self.chat, json=ask, headers=HEADERS)
        return len(from_json(response.content)["choices"][0]["message"]["content"])

    def stream(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """Read a stream."""
        characters = calls = tokens = 0
        body = {**ask, "stream": True}
        with self.http.stream("POST", self.chat, json=body, headers=HEADERS) as response:
            for line in response.iter_lines():
                if not line.startswith("data: {"):
                    continue
                chunk = from_json(line[6:])
                if usage := chunk.get("usage"):
                    tokens = usage["completion_tokens"]
                delta = chunk["choices"][0]["delta"]
                if text := delta.get("content"):
                    characters += len(text)
                elif tool_calls := delta.get("tool_calls"):
                    calls += len(tool_calls)
                used()
        return Seen(characters, calls, tokens)

    async def stream_async(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """The same in an event loop, for text."""
        characters = 0
        body = {**ask, "stream": True}
        posted = self.async_http.stream("POST", self.chat, json=body, headers=HEADERS)
        async with posted as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    characters += len(from_json(line[6:])["choices"][0]["delta"]["content"])
                    used()
        return Seen(characters)

    async def hold(self, ask: dict[str, Any]) -> Any:
        """Begin a stream, and read its first chunk."""
        body = {**ask, "stream": True}
        request = self.async_http.build_request("POST", self.chat, json=body, headers=HEADERS)
        response = await self.async_http.send(request, stream=True)
        lines = response.aiter_lines()
        assert from_json((await anext(lines))[6:])["choices"][0]["delta"]["content"]
        return response, lines

    def models(self) -> int:
        """How many models are listed."""
        return len(from_json(self.http.get(self.list, headers=HEADERS).content)["data"])

    def embed(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts, in one request."""
        body = {"model": EMBEDDING_MODEL, "input": texts, "encoding_format": "float"}
        response = self.http.post(self.embeddings, json=body, headers=HEADERS)
        return [row["embedding"] for row in from_json(response.content)["data"]]
