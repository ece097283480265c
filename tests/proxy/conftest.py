"""Proxies in front of the emulator, on real sockets."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import openai
import pytest

from gemini_openai.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gemini_openai.emulator import Emulator

KEY = "AIza-the-key-of-the-proxy-and-of-nobody-else"


@pytest.fixture
def serve(emulator: Emulator) -> Iterator[Callable[..., Proxy]]:
    """Start a proxy with some options; it is stopped when the test is over."""
    with ExitStack() as stack:

        def start(**options: Any) -> Proxy:
            given = {"api_key": KEY, "base_url": emulator.base_url, **options}
            return stack.enter_context(Proxy(**given))

        yield start


@pytest.fixture
def proxy(serve: Callable[..., Proxy]) -> Proxy:
    return serve()


@pytest.fixture
def client(proxy: Proxy) -> Iterator[openai.OpenAI]:
    """A genuine client of OpenAI's, which knows the proxy's address and token only."""
    with client_of(proxy) as client:
        yield client


def client_of(proxy: Proxy, **options: Any) -> openai.OpenAI:
    given = {"api_key": proxy.token or "none", "base_url": proxy.base_url, "max_retries": 0}
    return openai.OpenAI(**{**given, **options})


def with_token(proxy: Proxy, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {proxy.token}", **headers}
