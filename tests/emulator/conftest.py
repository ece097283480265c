"""An emulator and a plain HTTP client for each test, and a way to ask it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gemini_openai.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORDED = Path(__file__).parent.parent / "recorded" / "developer_api"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clock=lambda: 1769093697.5) as running:
        yield running


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    """A client without a key. `verify` spares it the 50 ms of reading certificates."""
    with httpx.Client(verify=False, timeout=5) as client:
        yield client


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    """A client with a key, whose URLs begin where those of `openai` do."""
    headers = {"Authorization": "Bearer any-key"}
    with httpx.Client(
        base_url=emulator.base_url, headers=headers, verify=False, timeout=5
    ) as client:
        yield client


@pytest.fixture
def recorded() -> Callable[[str], str]:
    return lambda name: (RECORDED / name).read_text("utf-8")


@pytest.fixture
def ask(http: httpx.Client) -> Callable[..., httpx.Response]:
    """Post a chat request: a text or messages, and any other fields."""

    def post(said: str | list[dict[str, Any]] = "Hello", **fields: Any) -> httpx.Response:
        messages = [{"role": "user", "content": said}] if isinstance(said, str) else said
        quirks = fields.pop("quirks", "")
        body = {"model": "gemini-2.5-flash", "messages": messages, **fields}
        return http.post("chat/completions", json=body, headers={"x-emulator-quirks": quirks})

    return post
