"""Only the JSON of it, without a network: what stands beside big requests and answers."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any
from urllib.request import urlopen

from pydantic_core import from_json


def make(_: str, url: str) -> PlainJson:
    """What writes requests and reads the answers of a scenario."""
    return PlainJson(url)


class PlainJson:
    """Writes the request, and reads a body that it fetched once."""

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def body(self) -> bytes:
        """The answer of the scenario."""
        with urlopen(f"{self.url}/v1beta/openai/chat/completions", b"{}") as response:
            return bytes(response.read())

    def answer(self, ask: dict[str, Any]) -> int:
        """The length of an answer's text."""
        body = json.dumps(ask, ensure_ascii=False, separators=(",", ":")).encode()
        assert body
        return len(from_json(self.body)["choices"][0]["message"]["content"])
