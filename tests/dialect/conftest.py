"""A world in which `openai` itself is pointed at the emulator, as people point it at Gemini."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
from conftest import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gemini_openai.emulator import Emulator


class OpenAIWorld(World):
    """The `openai` package where `World` has ours, so that one program runs in both."""

    def __init__(self, base_url: str, http: httpx2.Client) -> None:
        super().__init__("blocking, openai", base_url)
        self._http = http

    def client(self, **options: Any) -> Any:
        """A client of `openai`. They share their connections: a pool takes 30 ms to make."""
        options = {"api_key": "any-key", "base_url": self._base_url, **options}
        return openai.OpenAI(**{"http_client": self._http, **options})


@pytest.fixture(scope="session")
def _openais_http() -> Iterator[httpx2.Client]:
    with httpx2.Client(verify=False, follow_redirects=True) as client:
        yield client


@pytest.fixture
def theirs(emulator: Emulator, _openais_http: httpx2.Client) -> OpenAIWorld:
    """Where a program written for `openai` is shown to break."""
    return OpenAIWorld(emulator.base_url, _openais_http)
