"""How people test their apps: respx, transports and patches reach us as they reach openai."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import httpx
import respx

from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.types.chat import ChatCompletion

if TYPE_CHECKING:
    import pytest

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
ANSWER = {
    "choices": [
        {"finish_reason": "stop", "index": 0, "message": {"content": "Hi", "role": "assistant"}}
    ],
    "created": 1,
    "id": "x",
    "model": "gemini-2.5-flash",
    "object": "chat.completion",
}
URL = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"


@respx.mock
async def test_respx_answers_for_gemini() -> None:
    route = respx.post(URL).mock(return_value=httpx.Response(200, json=ANSWER))
    assert OpenAI(api_key="k").chat.completions.create(**HELLO).id == "x"
    async with AsyncOpenAI(api_key="k") as client:
        assert (await client.chat.completions.create(**HELLO)).id == "x"
    assert route.call_count == 2
    assert route.calls[0].request.headers["authorization"] == "Bearer k"


async def test_a_patch_of_httpxs_transport_is_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is what pytest-httpx, vcrpy and OpenTelemetry do."""

    def answer(transport: object, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=ANSWER, request=request)

    async def answer_async(transport: object, request: httpx.Request) -> httpx.Response:
        return answer(transport, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer_async)
    assert OpenAI(api_key="k").chat.completions.create(**HELLO).id == "x"
    async with AsyncOpenAI(api_key="k") as client:
        assert (await client.chat.completions.create(**HELLO)).id == "x"


def test_a_patch_of_the_method_by_its_path_is_what_users_hit() -> None:
    answer = ChatCompletion.model_validate(ANSWER)
    path = "gemini_openai.resources.chat.completions.Completions.create"
    with mock.patch(path, return_value=answer) as create:
        assert OpenAI(api_key="k").chat.completions.create(**HELLO) is answer
    create.assert_called_once_with(**HELLO)
