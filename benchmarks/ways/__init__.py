"""The ways of doing the same: each module has a class whose methods are what jobs consist of.

A way is made with the root of a scenario. Methods that it does not have are jobs that it cannot do.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from ..recorded import THOUGHT_TAGS

TIMEOUT = 600  # seconds, for all; an interpreter that is watched is slow
KEY = "k"
BATCH = 100  # texts in a request for embeddings
THREADS = 4  # requests for embeddings at once
EMBEDDING_MODEL = "gemini-embedding-001"
_MODULES = {
    "floor": "floor",
    "ours": "sdk",
    "openai": "sdk",
    "fast": "sdk",
    "genai": "genai",
    "litellm": "litellm",
    "json": "plain_json",
}


class Seen(NamedTuple):
    """What was read of a stream."""

    characters: int
    tool_calls: int = 0
    tokens: int = 0

    def check(self, expected: Seen) -> None:
        """Raise an error if it is not what was sent; the tags of thoughts may be in it or not."""
        without_tags = expected._replace(characters=expected.characters - THOUGHT_TAGS)
        assert self in {expected, without_tags}, (self, expected)


def make(name: str, url: str) -> Any:
    """A way of a name."""
    return import_module(f".{_MODULES[name]}", __name__).make(name, url)
