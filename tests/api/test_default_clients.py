"""HTTP clients of the package's own making, with settings of the caller's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

import gemini_openai
from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai._http import default_clients

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

KINDS = [
    ("DefaultHttpxClient", httpx.Client),
    ("DefaultAsyncHttpxClient", httpx.AsyncClient),
    ("DefaultHttpx2Client", httpx2.Client),
    ("DefaultAsyncHttpx2Client", httpx2.AsyncClient),
    ("DefaultFastClient", httpx.Client),
    ("DefaultAsyncFastClient", httpx.AsyncClient),
]
HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.mark.parametrize(("name", "base"), KINDS)
def test_a_default_client_has_the_settings_of_our_own(name: str, base: Any) -> None:
    kind = getattr(gemini_openai, name)
    assert issubclass(kind, base)
    http = kind()
    assert http.follow_redirects
    assert http.timeout.read == 600
    assert http.timeout.connect == 5
    assert http._transport._pool._max_connections == 1000
    assert http._transport._pool._max_keepalive_connections == 100


@pytest.mark.parametrize(("name", "base"), KINDS)
def test_a_setting_of_the_callers_wins(name: str, base: Any) -> None:
    http = getattr(gemini_openai, name)(
        timeout=3, follow_redirects=False, headers={"X-Team": "cats"}, base_url="https://x.example"
    )
    assert http.timeout.read == 3
    assert not http.follow_redirects
    assert http.headers["x-team"] == "cats"
    assert http._transport._pool._max_connections == 1000


@pytest.mark.parametrize(("name", "base"), KINDS)
async def test_a_client_sends_by_it_and_by_classes_derived_from_it(
    emulator: Emulator, name: str, base: Any
) -> None:
    kind: Any = type("Own", (getattr(gemini_openai, name),), {})
    http = kind(headers={"X-Team": "cats"}, timeout=7)
    if "Async" in name:
        async with AsyncOpenAI(
            api_key="k", base_url=emulator.base_url, http_client=http
        ) as async_client:
            await async_client.chat.completions.create(**HELLO)
    else:
        with OpenAI(api_key="k", base_url=emulator.base_url, http_client=http) as client:
            client.chat.completions.create(**HELLO)
    assert emulator.requests[-1].headers["x-team"] == "cats"


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("DefaultAioHttpClient", "httpx_aiohttp", "aiohttp"),
        ("DefaultHttpx2Client", "httpx2", "httpx2"),
        ("DefaultAsyncHttpx2Client", "httpx2", "httpx2"),
        ("DefaultFastClient", "httptools", "fast"),
        ("DefaultAsyncFastClient", "httptools", "fast"),
    ],
)
def test_without_its_library_a_client_can_be_named_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(vars(default_clients), name, raising=False)
    kind = getattr(default_clients, name)
    vars(default_clients).pop(name)  # for good: with its library there, it is another class
    with pytest.raises(RuntimeError, match=rf"pip install 'gemini-openai\[{extra}\]'"):
        kind(timeout=3)

    class Own(kind):  # type: ignore[misc,valid-type]
        pass

    with pytest.raises(RuntimeError, match=name):
        Own()


async def test_aiohttp_carries_requests_where_it_is_installed(emulator: Emulator) -> None:
    pytest.importorskip("httpx_aiohttp")
    http = gemini_openai.DefaultAioHttpClient()
    assert http.timeout.read == 600
    async with AsyncOpenAI(api_key="k", base_url=emulator.base_url, http_client=http) as client:
        stream = await client.chat.completions.create(**HELLO, stream=True)
        chunks = [chunk async for chunk in stream]
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="DefaultCurlClient"):
        default_clients.DefaultCurlClient  # noqa: B018
