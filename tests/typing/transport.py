"""Clients below others, as a type checker sees them."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2
import openai
from typing_extensions import assert_type

from gemini_openai.transport import (
    async_http_client,
    async_openai_client,
    http_client,
    openai_client,
)


def of_each_family() -> None:
    assert_type(http_client("httpx"), httpx.Client)
    assert_type(http_client("httpx2", api_key="k", repairs={"usage": False}), httpx2.Client)
    assert_type(async_http_client("httpx", vertexai=True, project="p"), httpx.AsyncClient)
    assert_type(async_http_client("httpx2", timeout=5), httpx2.AsyncClient)


def of_the_installed_openai() -> None:
    http: Any = http_client(unsupported="drop", model_map={"gpt-4o": "gemini-pro-latest"})
    openai.OpenAI(api_key="k", http_client=http)
    openai.AsyncOpenAI(api_key="k", http_client=async_http_client(trust_env=False))


def genuine() -> None:
    assert_type(openai_client(api_key="k", max_retries=3), openai.OpenAI)
    assert_type(async_openai_client("httpx2", deadline=60), openai.AsyncOpenAI)
