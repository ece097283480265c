"""Whose key goes where, and how the clients are made, copied, closed and forked."""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import openai
import pytest
import respx
import trio
from conftest import HELLO
from relays import HttpProxy
from small_server import SmallServer

from gemini_openai import OpenAIError, transport
from gemini_openai._transport import clients
from gemini_openai._transport.requests import Target, target_of
from gemini_openai.emulator import Sse

if TYPE_CHECKING:
    from transport.conftest import Genuine

    from gemini_openai.emulator import Emulator

GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"
MAKERS: Any = {
    "http_client": transport.http_client,
    "async_http_client": transport.async_http_client,
    "openai_client": transport.openai_client,
    "async_openai_client": transport.async_openai_client,
}


class Wire:
    """Answers every request itself, and keeps it."""

    def __init__(self, genuine: Genuine) -> None:
        self._family = genuine.family
        self.transport = genuine.family.MockTransport(self._answer)
        self.requests: list[Any] = []

    def _answer(self, request: Any) -> Any:
        self.requests.append(request)
        message = {"role": "assistant", "content": "Hi"}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
        return self._family.Response(200, json={**body, "choices": [choice]})

    @property
    def seen(self) -> tuple[str, str | None]:
        """The URL and the key of the last request."""
        request = self.requests[-1]
        return str(request.url), request.headers.get("authorization")


@pytest.fixture
def wire(genuine: Genuine) -> Wire:
    return Wire(genuine)


async def ask(genuine: Genuine, client: Any) -> Any:
    return await genuine.result(client.chat.completions.create(**HELLO))


# --- where a request goes, with which key ---


async def test_a_program_without_a_base_url_reaches_gemini_with_its_key(
    genuine: Genuine, wire: Wire
) -> None:
    client = genuine.on(genuine.http(transport=wire.transport), api_key="AIza-one")
    await ask(genuine, client)
    assert wire.seen == (f"{GEMINI}chat/completions", "Bearer AIza-one")


async def test_two_keys_go_through_one_http_client(genuine: Genuine, wire: Wire) -> None:
    http = genuine.http(transport=wire.transport)
    for key in ("AIza-one", "AIza-two", "AIza-one"):
        await ask(genuine, genuine.on(http, api_key=key, base_url=GEMINI))
        assert wire.seen == (f"{GEMINI}chat/completions", f"Bearer {key}")


async def test_a_key_of_the_http_client_is_used_whatever_a_program_has(
    genuine: Genuine, wire: Wire
) -> None:
    http = genuine.http(transport=wire.transport, api_key="AIza-mine")
    await ask(genuine, genuine.on(http, api_key="sk-openais"))
    assert wire.seen == (f"{GEMINI}chat/completions", "Bearer AIza-mine")


async def test_a_key_of_openais_is_not_sent_to_google(
    genuine: Genuine, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = genuine.http(transport=wire.transport)
    for where in ({}, {"base_url": GEMINI}):
        with pytest.raises(openai.AuthenticationError, match="No API key"):
            await ask(genuine, genuine.on(http, api_key="sk-openais", **where))
    assert not wire.requests
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-of-the-environment")
    http = genuine.http(transport=wire.transport)
    await ask(genuine, genuine.on(http, api_key="sk-openais"))
    assert wire.seen == (f"{GEMINI}chat/completions", "Bearer AIza-of-the-environment")


async def test_a_key_of_a_gateway_may_begin_as_openais_do(
    genuine: Genuine, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-of-the-environment")
    http = genuine.http(transport=wire.transport)
    await ask(genuine, genuine.on(http, api_key="sk-1234", base_url="http://gateway.example/v1"))
    assert wire.seen == ("http://gateway.example/v1/chat/completions", "Bearer sk-1234")


async def test_a_key_of_the_http_client_goes_to_no_other_server(
    genuine: Genuine, wire: Wire
) -> None:
    http = genuine.http(transport=wire.transport, api_key="AIza-mine")
    await ask(genuine, genuine.on(http, api_key="theirs", base_url="http://gateway.example/v1"))
    assert wire.seen == ("http://gateway.example/v1/chat/completions", "Bearer theirs")


async def test_a_function_gives_the_key_and_a_copy_may_have_another(
    genuine: Genuine, wire: Wire
) -> None:
    keys = iter(["first", "second"])
    client = genuine.client(transport=wire.transport, api_key=lambda: next(keys))
    for key in ("first", "second"):
        await ask(genuine, client)
        assert wire.seen[1] == f"Bearer {key}"
    await ask(genuine, client.with_options(api_key="third"))
    assert wire.seen[1] == "Bearer third"


async def test_a_copy_with_another_base_url_goes_there(genuine: Genuine, wire: Wire) -> None:
    client = genuine.client(transport=wire.transport, api_key="mine")
    await ask(genuine, client.with_options(base_url="http://gateway.example/v1"))
    assert wire.seen == ("http://gateway.example/v1/chat/completions", "Bearer mine")


async def test_what_names_an_account_at_openai_stays_here(
    genuine: Genuine, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-openai")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-openai")
    await ask(genuine, genuine.client(transport=wire.transport))
    assert "of-openai" not in str(wire.requests[0].headers)


async def test_a_request_that_is_no_openais_is_passed_on_as_it_is(
    genuine: Genuine, wire: Wire
) -> None:
    http = genuine.http(transport=wire.transport, api_key="AIza-mine")
    url = "http://other.example/things?a=1&a=2"
    got = await genuine.result(http.get(url, headers={"authorization": "Bearer theirs"}))
    assert got.status_code == 200
    assert wire.seen == (url, "Bearer theirs")
    await genuine.result(http.aclose() if genuine.is_async else http.close())


async def test_another_server_gets_no_key_where_a_request_has_none(
    genuine: Genuine, wire: Wire
) -> None:
    http = genuine.http(transport=wire.transport, api_key="AIza-mine")
    url = "http://gateway.example/v1/chat/completions"
    for there in (url, "http://other.example/things"):
        await genuine.result(http.post(there, json=HELLO))
        assert wire.seen == (there, None)
    await genuine.result(http.post(f"{GEMINI}chat/completions", json=HELLO))
    assert wire.seen[1] == "Bearer AIza-mine"
    await genuine.result(http.aclose() if genuine.is_async else http.close())


async def test_a_body_that_is_no_json_is_for_the_server_to_refuse(
    genuine: Genuine, emulator: Emulator
) -> None:
    http = genuine.http(api_key="k")
    url = f"{emulator.base_url}chat/completions"
    headers = {"content-type": "application/json", "authorization": "Bearer k"}
    got = await genuine.result(http.post(url, content=b"{oops", headers=headers))
    assert (got.status_code, emulator.requests[0].body) == (400, b"{oops")
    assert got.json()["error"]["message"]
    await genuine.result(http.aclose() if genuine.is_async else http.close())


async def test_a_stream_of_another_route_is_passed_on_as_it_comes(genuine: Genuine) -> None:
    def answer(request: Any) -> Any:
        event = b'event: response.created\ndata: {"type": "response.created"}\n\n'
        headers = {"content-type": "text/event-stream"}
        return genuine.family.Response(200, headers=headers, content=event)

    transport = genuine.family.MockTransport(answer)
    client = genuine.client(transport=transport, base_url="http://gateway.example/v1")
    raw = client.responses.with_streaming_response.create(model="m", input="Hi", stream=True)
    if genuine.is_async:
        async with raw as response:
            lines = [line async for line in response.iter_lines()]
    else:
        with raw as response:
            lines = [*response.iter_lines()]
    assert lines[0] == "event: response.created"


async def test_a_redirect_to_nowhere_is_a_connection_error(genuine: Genuine) -> None:
    def answer(request: Any) -> Any:
        return genuine.family.Response(307, headers={"location": "ftp://x"})

    transport = genuine.family.MockTransport(answer)
    client = genuine.client(
        transport=transport, base_url="http://gateway.example/v1", max_retries=0
    )
    with pytest.raises(openai.APIConnectionError) as caught:
        await ask(genuine, client)
    assert "was redirected to what is no URL" in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.openai.com/v1/chat/completions", Target(None, "/chat/completions", True)),
        ("https://eu.api.openai.com/v1/responses", Target(None, "/responses", True)),
        (f"{GEMINI}models/gemini-2.5-pro", Target(None, "/models/gemini-2.5-pro")),
        (f"{GEMINI}v1/embeddings", Target(None, "/embeddings")),
        (f"{GEMINI}files/files%2Fabc", Target(None, "/files/files/abc")),
        ("https://gw.example/x/v1/chat/completions", ("https://gw.example/x/v1/", None)),
        (
            "https://gw.example/models/a/v1beta/openai/chat/completions",
            ("https://gw.example/models/a/v1beta/openai/", "/chat/completions"),
        ),
        (
            "https://x/v1/projects/p/locations/l/endpoints/openapi/models/openai/gpt-oss",
            ("https://x/v1/projects/p/locations/l/endpoints/openapi/", "/models/openai/gpt-oss"),
        ),
        (
            "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
            (None, "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent"),
        ),
        ("https://notapi.openai.com.example/v1/x", (None, None)),
    ],
)
def test_the_server_is_found_by_the_path(url: str, target: Any) -> None:
    found = target_of(url, GEMINI)
    base_url, path, *_ = target
    assert found.base_url == base_url
    if path is not None:
        assert found.path == path
    assert found.is_openais == (isinstance(target, Target) and target.is_openais)


# --- how they are made ---


@pytest.mark.parametrize("name", MAKERS)
def test_an_unknown_option_is_a_type_error_that_names_the_one_meant(name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name}\(\) got .*Did you mean 'model_map'"):
        MAKERS[name](models_map={})
    assert "model_map" in inspect.signature(MAKERS[name]).parameters


@pytest.mark.parametrize("name", MAKERS)
def test_a_wrong_value_is_told_at_once(name: str) -> None:
    with pytest.raises(ValueError, match="family must be"):
        MAKERS[name]("requests")
    with pytest.raises(ValueError, match="repair"):
        MAKERS[name](api_key="k", repairs={"no-such-repair": False})


def test_without_a_key_the_genuine_client_is_not_made() -> None:
    with pytest.raises(OpenAIError, match="GEMINI_API_KEY"):
        transport.openai_client()


@pytest.mark.parametrize("name", ["openai_client", "async_openai_client"])
def test_without_openai_it_is_said_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(OpenAIError, match=r"pip install 'gemini-openai\[openai\]'"):
        MAKERS[name](api_key="k")


@pytest.mark.parametrize(
    ("needs", "family"),
    [(["httpx<1,>=0.23.0"], httpx), (["anyio", "httpx2<3,>=2.12.0"], httpx2), (None, httpx)],
)
def test_the_family_is_the_one_that_the_installed_openai_uses(
    needs: Any, family: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def requires(name: str) -> Any:
        if needs is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return needs

    monkeypatch.setattr(clients.metadata, "requires", requires)
    with transport.http_client() as http:
        assert isinstance(http, family.Client)


def test_the_genuine_classes_are_openais() -> None:
    client = transport.openai_client(api_key="k")
    other = transport.async_openai_client(api_key="k")
    assert type(client) is openai.OpenAI
    assert type(other) is openai.AsyncOpenAI
    assert client.api_key == "k"
    assert str(client.base_url) == GEMINI
    client.close()


def test_what_is_openais_goes_to_openai() -> None:
    with transport.openai_client(
        api_key="k", max_retries=7, timeout=3, default_headers={"x-a": "b"}, organization="o"
    ) as client:
        assert (client.max_retries, client.timeout, client.organization) == (7, 3, "o")
        assert client.default_headers["x-a"] == "b"


async def test_the_timeout_of_an_http_client_is_long_enough_for_thinking(genuine: Genuine) -> None:
    http = genuine.http()
    assert http.timeout.read == 600
    await genuine.result(http.aclose() if genuine.is_async else http.close())


# --- what an app does with them ---


async def test_proxies_of_the_environment_are_used(
    genuine: Genuine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpProxy() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        client = genuine.client(max_retries=0)
        await ask(genuine, client)
        assert [first.split(" ")[0] for first, _ in proxy.seen] == ["POST"]
        direct = genuine.client(max_retries=0, trust_env=False)
        await ask(genuine, direct)
        assert len(proxy.seen) == 1
        for made in (client, direct):
            await genuine.result(made.close())


async def test_event_hooks_of_an_http_client_see_a_request_once(
    genuine: Genuine, emulator: Emulator
) -> None:
    seen: list[str] = []

    async def hook_async(request: Any) -> None:
        seen.append(request.method)

    def hook(request: Any) -> None:
        seen.append(request.method)

    hooks = {"request": [hook_async if genuine.is_async else hook]}
    http = genuine.http(event_hooks=hooks, headers={"x-app": "mine"})
    await ask(genuine, genuine.on(http, base_url=emulator.base_url))
    assert seen == ["POST"]
    assert emulator.requests[0].headers["x-app"] == "mine"


def test_a_client_closes_what_is_below_it(emulator: Emulator) -> None:
    with transport.openai_client(api_key="k", base_url=emulator.base_url) as client:
        client.chat.completions.create(**HELLO)
        emulator.script(Sse([{"choices": []}], hold=True))
        client.chat.completions.create(**HELLO, stream=True)
    emulator.wait_for(lambda: emulator.requests[1].disconnected)


def test_a_client_that_is_dropped_leaves_no_open_socket() -> None:
    with SmallServer() as server:
        for _ in range(3):  # frameworks make one for each call
            client = transport.openai_client(api_key="k", base_url=server.url)
            client.chat.completions.create(**HELLO)
            del client
            gc.collect()  # of a socket that is left open it warns, which is an error here
        assert server.opened == 3


@pytest.mark.parametrize("family", ["httpx", "httpx2"])
def test_an_async_client_serves_one_event_loop_after_another(
    emulator: Emulator, family: str
) -> None:
    client = transport.async_openai_client(family, api_key="k", base_url=emulator.base_url)

    async def ask_once() -> Any:
        return await client.chat.completions.create(**HELLO)

    for _ in range(3):
        assert asyncio.run(ask_once()).choices
    assert trio.run(ask_once).choices


def test_threads_share_a_client_each_with_a_key(emulator: Emulator) -> None:
    with transport.openai_client(api_key="k", base_url=emulator.base_url) as client:

        def call(number: int) -> None:
            client.with_options(api_key=f"key-{number}").chat.completions.create(**HELLO)

        with ThreadPoolExecutor(16) as pool:
            [*pool.map(call, range(80))]
    keys = {request.headers["authorization"] for request in emulator.requests}
    assert keys == {f"Bearer key-{number}" for number in range(80)}


def test_mocks_of_users_see_what_is_sent() -> None:
    completion = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    with respx.mock() as mock, transport.openai_client("httpx", api_key="k") as client:
        route = mock.post(f"{GEMINI}chat/completions")
        route.mock(return_value=httpx.Response(200, json={**completion, "choices": []}))
        (choice,) = client.chat.completions.create(**HELLO).choices
    assert choice.finish_reason == "content_filter"
    assert route.call_count == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_has_connections_of_its_own(emulator: Emulator) -> None:
    with transport.openai_client(api_key="k", base_url=emulator.base_url) as client:
        client.chat.completions.create(**HELLO)
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                other = client.with_options(api_key="of-the-child")
                answer = other.chat.completions.create(**HELLO)
                os._exit(0 if answer.choices else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        client.chat.completions.create(**HELLO)
    assert len(emulator.requests) == 3
