"""Methods with an underscore that frameworks call or wrap: the same through `openai` and us.

inspect-ai builds requests, reads responses and makes errors with them; ddtrace wraps
`_process_response` to see every response.
"""

from __future__ import annotations

import inspect
import json
from typing import Any

import httpx
import httpx2
import openai
import pytest

import gemini_openai
from gemini_openai.types.chat import ChatCompletion

KINDS = ["OpenAI", "AsyncOpenAI"]
HELLO: Any = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
ANSWER: Any = {
    "id": "one",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    ],
}


def client_of(package: Any, kind: str, family: Any = httpx2, **options: Any) -> Any:
    """A client of either package whose server gives `ANSWER`."""
    made = family.AsyncClient if kind.startswith("Async") else family.Client
    transport = family.MockTransport(lambda request: family.Response(200, json=ANSWER))
    return getattr(package, kind)(
        api_key="k",
        base_url="https://server.example/v1",
        http_client=made(transport=transport),
        max_retries=0,
        **options,
    )


async def worth(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_goes_by_the_same_name(kind: str) -> None:
    for package in (openai, gemini_openai):
        assert getattr(package, kind).__name__ == getattr(package, kind).__qualname__ == kind
        assert getattr(package, kind.replace("OpenAI", "Client")) is getattr(package, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_request_is_built_as_it_would_be_sent(kind: str, family: Any) -> None:
    def built(package: Any, its_family: Any) -> Any:
        options = package._models.FinalRequestOptions.construct(
            method="post", url="/chat/completions", json_data=HELLO, params={"a": "b"}
        )
        client = client_of(package, kind, its_family, default_headers={"x-a": "b"})
        return client._build_request(options)

    theirs, ours = built(openai, httpx2), built(gemini_openai, family)
    assert isinstance(ours, family.Request)
    assert (ours.method, str(ours.url)) == (theirs.method, str(theirs.url))
    assert json.loads(ours.content) == json.loads(theirs.content) == HELLO
    for name in ("authorization", "content-type", "accept", "x-a"):
        assert ours.headers[name] == theirs.headers[name]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_built_request_can_be_sent_and_its_response_read(kind: str) -> None:
    async def read(package: Any) -> Any:
        client = client_of(package, kind)
        options = package._models.FinalRequestOptions.construct(
            method="post", url="/chat/completions", json_data=HELLO
        )
        response = await worth(client._client.send(client._build_request(options)))
        return await worth(
            client._process_response(
                cast_to=package.types.chat.ChatCompletion,
                options=options,
                response=response,
                stream=False,
                stream_cls=None,
                retries_taken=2,
            )
        )

    ours, theirs = await read(gemini_openai), await read(openai)
    assert type(ours) is ChatCompletion
    assert ours.model_dump() == theirs.model_dump()


@pytest.mark.parametrize("kind", ["SyncAPIClient", "AsyncAPIClient"])
async def test_a_tracer_that_wraps_it_sees_every_response(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for package in (openai, gemini_openai):
        cls = getattr(package._base_client, kind)
        original = cls._process_response

        def wrapper(self: Any, *, response: Any, _original: Any = original, **rest: Any) -> Any:
            seen.append((response.status_code, rest["retries_taken"], rest["stream"]))
            return _original(self, response=response, **rest)

        monkeypatch.setattr(cls, "_process_response", wrapper)
        client = client_of(package, "AsyncOpenAI" if kind.startswith("Async") else "OpenAI")
        await worth(client.chat.completions.create(**HELLO))
        await worth(client.models.list())
    assert len(seen) == 4
    assert seen[:2] == seen[2:] == [(200, 0, False)] * 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 503])
@pytest.mark.parametrize("read", [True, False], ids=["read", "closed unread"])
def test_a_response_becomes_the_same_error(kind: str, status: int, read: bool) -> None:
    def error(package: Any) -> Any:
        said = {"error": {"message": "no", "code": "c", "type": "t", "param": "p"}}
        request = httpx2.Request("POST", "https://server.example/v1/x")
        body = json.dumps(said).encode()
        response = httpx2.Response(status, request=request, content=body if read else iter([body]))
        response.close()
        client = client_of(package, kind)
        made = client._make_status_error_from_response(response)
        other = client._make_status_error("my words", body=said, response=response)
        assert isinstance(made, package.APIStatusError)
        assert type(other) is type(made)
        return [
            (type(one).__name__, str(one), one.body, one.code, one.status_code)
            for one in (made, other)
        ]

    assert error(gemini_openai) == error(openai)
