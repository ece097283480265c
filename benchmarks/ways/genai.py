"""`google-genai`, over Google's own protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google import genai

from . import KEY, TIMEOUT, Seen

if TYPE_CHECKING:
    from collections.abc import Callable


def make(_: str, url: str) -> Genai:
    """The client at the root of a scenario."""
    return Genai(url)


class Genai:
    """What it has of the jobs."""

    def __init__(self, url: str) -> None:
        options = {"base_url": url, "timeout": TIMEOUT * 1000}
        self.client = genai.Client(api_key=KEY, vertexai=False, http_options=options)

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        return len(self.client.models.generate_content(**_native(ask)).text)

    async def answer_async(self, ask: dict[str, Any]) -> int:
        """The same in an event loop."""
        return len((await self.client.aio.models.generate_content(**_native(ask))).text)

    def stream(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """Read a stream."""
        characters = 0
        for chunk in self.client.models.generate_content_stream(**_native(ask)):
            characters += len(chunk.text)
            used()
        return Seen(characters)

    async def stream_async(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """The same in an event loop."""
        characters = 0
        async for chunk in await self.client.aio.models.generate_content_stream(**_native(ask)):
            characters += len(chunk.text)
            used()
        return Seen(characters)


def _native(ask: dict[str, Any]) -> dict[str, Any]:
    system, user = (message["content"] for message in ask["messages"])
    return {"model": ask["model"], "contents": user, "config": {"system_instruction": system}}
