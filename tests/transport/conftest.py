"""Genuine clients of `openai` on our transport, blocking and in event loops, of both families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import World

from gemini_openai import transport
from gemini_openai._transport import clients

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gemini_openai.emulator import Emulator


class Genuine(World):
    """A world whose clients are `openai`'s own."""

    @property
    def family_name(self) -> str:
        return str(self.family.__name__)

    def client(self, **options: Any) -> Any:
        """A genuine client on the transport for the emulator; closed when the test is over."""
        make = transport.async_openai_client if self.is_async else transport.openai_client
        options = {"api_key": "any-key", "base_url": self._base_url, **options}
        client = make(self.family_name, **{"verify": False, **options})
        self._clients.append(client)
        return client

    def http(self, **options: Any) -> Any:
        """An HTTP client with the dialect in it."""
        make: Any = transport.async_http_client if self.is_async else transport.http_client
        return make(self.family_name, **{"verify": False, **options})

    def on(self, http: Any, **options: Any) -> Any:
        """A genuine client on an HTTP client, as a framework makes one."""
        kind = openai.AsyncOpenAI if self.is_async else openai.OpenAI
        client = kind(http_client=http, **{"api_key": "any-key", **options})
        self._clients.append(client)
        return client

    def ours(self, **options: Any) -> Any:
        """Our own client of this world."""
        return super().client(**options)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt and warned of in another test does not count."""
    monkeypatch.setattr(clients, "_remembered", {})


@pytest.fixture
async def genuine(
    world_name: str, emulator: Emulator, anyio_backend: str
) -> AsyncIterator[Genuine]:
    """Each test that takes this runs five times; its body is written once."""
    made = Genuine(world_name, emulator.base_url)
    yield made
    await made.close()
