"""Requests by way of the proxies that the environment names, over real sockets."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import HELLO
from relays import HttpProxy, SocksProxy

import gemini_openai
from gemini_openai import APIConnectionError, OpenAI, OpenAIError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator

NOWHERE = "http://user:5ecre7@127.0.0.1:1"


@pytest.fixture
def proxy() -> Iterator[HttpProxy]:
    with HttpProxy() as relay:
        yield relay


async def ask(world: World, **options: Any) -> Any:
    client = world.client_of_our_own(**options)
    return await world.result(client.chat.completions.create(**HELLO))


async def failure(world: World, **options: Any) -> APIConnectionError:
    with pytest.raises(APIConnectionError) as caught:
        await ask(world, **options)
    shown = "".join(traceback.format_exception(caught.value))
    seen: BaseException | None = caught.value
    while seen is not None:
        shown += repr(seen)
        seen = seen.__cause__ or seen.__context__
    assert "5ecre7" not in shown
    return caught.value


async def test_a_request_goes_by_the_proxy_with_its_login(
    world: World, proxy: HttpProxy, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:5ecre7@127.0.0.1:{proxy.port}")
    answer = await ask(world)
    assert answer.choices[0].message.content
    url = f"{emulator.base_url}chat/completions"
    assert proxy.seen == [(f"POST {url} HTTP/1.1", "Basic dXNlcjo1ZWNyZTc=")]


@pytest.mark.parametrize(
    "no_proxy",
    ["127.0.0.1", "10.0.0.0/8,127.0.0.0/8", "::/0,fd00::/8,[::1],127.0.0.1:{port}", "[, *"],
)
async def test_an_exempt_server_is_reached_directly(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    port = emulator.origin.rpartition(":")[2]
    monkeypatch.setenv("NO_PROXY", no_proxy.format(port=port))
    await ask(world)
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("no_proxy", ["::/0", "fd00::/8", "[::1]", "127.0.0.1:99999x"])
async def test_exceptions_without_a_proxy_do_not_matter(
    world: World, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (await ask(world)).choices


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("HTTP_PROXY", "ftp://127.0.0.1:1"),
        ("http_proxy", "127.0.0.1:port"),
        ("HTTP_PROXY", "http://user:5ecre7#/?@[::1"),
    ],
)
async def test_a_bad_proxy_matters_only_to_calls_that_would_use_it(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, url: str
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv(variable, url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert (await ask(world)).choices
    monkeypatch.setenv("NO_PROXY", "127.0.0.2")
    error = await failure(world)
    assert f"Connection error: {variable}=" in error.message
    assert "NO_PROXY" in error.message


async def test_a_proxy_of_another_scheme_does_not_matter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://127.0.0.1:port")
    assert (await ask(world)).choices


async def test_without_its_library_a_socks_proxy_says_what_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("all_proxy", "socks://user:5ecre7@127.0.0.1:1")
    error = await failure(world)
    family = world.family.__name__
    assert (
        f"all_proxy=socks5://127.0.0.1:1 needs the package socksio: pip install '{family}[socks]'"
        in (error.message)
    )


async def test_a_bad_proxy_is_not_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://user:5ecre7@127.0.0.1:1")
    caplog.set_level("INFO", "gemini_openai")
    await failure(world, max_retries=5)
    assert "trying again" not in caplog.text


@pytest.mark.parametrize("scheme", ["socks", "socks5", "socks5h"])
async def test_a_socks_proxy_carries_requests(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    pytest.importorskip("socksio")
    with SocksProxy() as socks:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{socks.port}")
        client = world.client_of_our_own()
        assert (await world.result(client.chat.completions.create(**HELLO))).choices
        await world.close()
    host, _, port = emulator.origin.removeprefix("http://").partition(":")
    assert socks.seen == [(host, int(port))]


async def test_a_proxy_that_is_not_there_is_named_without_its_login(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    error = await failure(world, max_retries=0)
    assert "; by way of the proxy HTTP_PROXY=http://127.0.0.1:1 (POST " in error.message


async def test_the_proxys_refusal_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpProxy(login="another") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:5ecre7@127.0.0.1:{proxy.port}")
        error = await failure(
            world, max_retries=0, base_url="https://server.example/v1beta/openai/"
        )
        await world.close()
    assert f"407 Login Wanted; by way of the proxy HTTPS_PROXY=http://127.0.0.1:{proxy.port} (" in (
        error.message
    )
    assert proxy.seen[0][0] == "CONNECT server.example:443 HTTP/1.1"


async def test_a_proxy_without_tls_is_to_be_written_with_http(
    world: World, proxy: HttpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"https://127.0.0.1:{proxy.port}")
    error = await failure(world, max_retries=0)
    assert "which speaks no TLS: write http://" in error.message


async def test_each_request_is_decided_by_itself(
    world: World, proxy: HttpProxy, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "localhost")
    direct = world.client_of_our_own(base_url=emulator.base_url.replace("127.0.0.1", "localhost"))
    by_proxy = direct.with_options(base_url=emulator.base_url)
    for client, seen in ((direct, 0), (by_proxy, 1), (direct, 1), (by_proxy, 2)):
        await world.result(client.models.list())
        assert len(proxy.seen) == seen
    assert direct._http is by_proxy._http


async def test_a_stream_comes_by_the_proxy(
    world: World, proxy: HttpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
    client = world.client_of_our_own()
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    assert (await world.collect(stream))[-1].choices[0].finish_reason == "stop"
    assert len(proxy.seen) == 1


def test_a_callers_own_client_is_left_alone(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    http = httpx.Client(trust_env=False)
    transport = http._transport
    with OpenAI(api_key="k", base_url=emulator.base_url, http_client=http) as client:
        client.models.list()
        assert client._client is http
        assert http._transport is transport


@pytest.mark.parametrize(
    "name",
    ["DefaultHttpxClient", "DefaultHttpx2Client"],
)
def test_a_default_client_takes_the_callers_word_before_the_environments(
    emulator: Emulator, proxy: HttpProxy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kind = getattr(gemini_openai, name)
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", "::/0")
    options: Any = {"api_key": "k", "base_url": emulator.base_url, "max_retries": 0}
    with OpenAI(**options, http_client=kind(trust_env=False)) as client:
        client.models.list()
    with OpenAI(**options, http_client=kind(proxy=f"http://127.0.0.1:{proxy.port}")) as client:
        client.models.list()
    assert len(proxy.seen) == 1
    with (
        OpenAI(**options, http_client=kind()) as client,
        pytest.raises(OpenAIError, match="by way of the proxy HTTP_PROXY="),
    ):
        client.models.list()


async def test_aiohttp_goes_by_the_proxy_too(
    emulator: Emulator, proxy: HttpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("httpx_aiohttp")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "::/0")
    async with gemini_openai.AsyncOpenAI(
        api_key="k",
        base_url=emulator.base_url,
        http_client=gemini_openai.DefaultAioHttpClient(),
    ) as client:
        await client.models.list()
    assert len(proxy.seen) == 1
