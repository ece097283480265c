"""`litellm`, as it is used with Google's endpoint of OpenAI's protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import litellm

from . import KEY, TIMEOUT, Seen

if TYPE_CHECKING:
    from collections.abc import Callable


def make(_: str, url: str) -> Litellm:
    """The functions, at the root of a scenario."""
    return Litellm(url)


class Litellm:
    """What it has of the jobs."""

    def __init__(self, url: str) -> None:
        self.options: dict[str, Any] = {
            "api_key": KEY,
            "api_base": f"{url}/v1beta/openai/",
            "custom_llm_provider": "openai",
            "timeout": TIMEOUT,
            "max_retries": 0,
        }

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        return len(litellm.completion(**ask, **self.options).choices[0].message.content)

    async def answer_async(self, ask: dict[str, Any]) -> int:
        """The same in an event loop."""
        answer = await litellm.acompletion(**ask, **self.options)
        return len(answer.choices[0].message.content)

    def stream(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """Read a stream."""
        characters = 0
        for chunk in litellm.completion(**ask, **self.options, stream=True):
            characters += len(chunk.choices[0].delta.content or "")
            used()
        return Seen(characters)

    async def stream_async(self, ask: dict[str, Any], used: Callable[[], None]) -> Seen:
        """The same in an event loop."""
        characters = 0
        stream = await litellm.acompletion(**ask, **self.options, stream=True)
        async for chunk in stream:
            characters += len(chunk.choices[0].delta.content or "")
            used()
        return Seen(characters)
