"""The connection pool below both HTTP libraries, over real sockets."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from small_server import LIBRARIES as FAMILIES, SmallServer, transport_of

import gemini_openai
from gemini_openai import APITimeoutError, AsyncOpenAI, OpenAI
from gemini_openai._http.connections import AsyncPool, SyncPool
from gemini_openai.transport import async_http_transport, http_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

HELLO: Any = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with SmallServer() as server:
        yield server


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def client(family: str, limit: int, *, pool: float = 5, **limits: Any) -> Any:
    library = FAMILIES[family]
    limits["max_connections"] = limit
    transport = transport_of(family, is_async=False, limits=library.Limits(**limits))
    return library.Client(transport=transport, timeout=library.Timeout(5, pool=pool))


# --- the one private name of the libraries that is used ---


def test_a_request_of_our_own_client_reaches_our_pool(server: SmallServer) -> None:
    with OpenAI(api_key="k", base_url=server.url) as client:
        client.chat.completions.create(**HELLO)
        pool = client._client._transport._pool  # type: ignore[attr-defined]
        assert isinstance(pool, SyncPool)
        assert len(pool.books.connections()) == 1


async def test_a_request_of_our_own_async_client_reaches_our_pool(server: SmallServer) -> None:
    async with AsyncOpenAI(api_key="k", base_url=server.url) as client:
        await client.chat.completions.create(**HELLO)
        pool = client._client._transport._pool  # type: ignore[attr-defined]
        assert isinstance(pool, AsyncPool)
        assert len(pool.books.connections()) == 1


def test_a_request_of_each_library_reaches_our_pool(family: str, server: SmallServer) -> None:
    with client(family, 5) as http:
        assert http.get(f"{server.url}/a").text == "/a"
        assert len(http._transport._pool.books.connections()) == 1


def test_where_the_library_has_no_such_name_its_own_pool_serves(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(httpx.HTTPTransport):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self._connections_of_a_new_version = self.__dict__.pop("_pool")

        def handle_request(self, request: Any) -> Any:
            self._pool = self._connections_of_a_new_version
            try:
                return super().handle_request(request)
            finally:
                del self._pool

        def close(self) -> None:
            self._connections_of_a_new_version.close()

    monkeypatch.setattr(httpx, "HTTPTransport", Other)
    with OpenAI(api_key="k", base_url=server.url) as client:
        assert client.chat.completions.create(**HELLO).choices
    http = httpx.Client(transport=http_transport())
    assert http.get(f"{server.url}/a").text == "/a"
    http.close()


# --- what it promises ---


def test_threads_share_no_more_connections_than_the_limit(family: str, server: SmallServer) -> None:
    def ask(number: int) -> bool:
        return bool(http.get(f"{server.url}/{number}").text == f"/{number}")

    with client(family, 5) as http, ThreadPoolExecutor(40) as threads:
        assert all(threads.map(ask, range(400)))
        assert not http._transport._pool.books.taken
    assert server.most_open <= 5


def test_threads_at_the_limit_are_served_in_their_order(server: SmallServer) -> None:
    served: list[int] = []

    def ask(number: int) -> None:
        http.get(f"{server.url}/a")
        served.append(number)

    with client("httpx", 1) as http:
        books = http._transport._pool.books
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
        with http.stream("GET", f"{server.url}/a"):
            for number, thread in enumerate(threads):
                thread.start()
                _wait_until(lambda wanted=number + 1: len(books.queue) == wanted)
        for thread in threads:
            thread.join()
    assert served == sorted(served)


def test_one_connection_serves_two_servers_in_turn(family: str, server: SmallServer) -> None:
    with client(family, 1) as http, SmallServer() as other:
        for place in (server, other, server):
            assert http.get(f"{place.url}/a").text == "/a"
        assert len(http._transport._pool.connections) == 1


def test_who_waits_too_long_for_a_connection_is_told_so(family: str, server: SmallServer) -> None:
    library = FAMILIES[family]
    with client(family, 1, pool=0.05) as http, http.stream("GET", f"{server.url}/a") as open_one:
        with pytest.raises(library.PoolTimeout):
            http.get(f"{server.url}/b")
        open_one.read()
        assert http.get(f"{server.url}/b").text == "/b"


async def test_a_call_that_waits_too_long_says_what_to_raise(server: SmallServer) -> None:
    transport = async_http_transport(limits=httpx.Limits(max_connections=1))
    http = httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(5, pool=0.05))
    async with AsyncOpenAI(
        api_key="k", base_url=server.url, http_client=http, max_retries=0
    ) as client:
        async with await client.chat.completions.create(**HELLO, stream=True):
            with pytest.raises(APITimeoutError, match="raise the limits of http_client"):
                await client.chat.completions.create(**HELLO)
        assert (await client.chat.completions.create(**HELLO)).choices


def test_a_response_that_is_dropped_gives_its_connection_back(
    family: str, server: SmallServer
) -> None:
    with client(family, 1, pool=0.05) as http:
        response = http.send(http.build_request("GET", f"{server.url}/a"), stream=True)
        assert not response.is_closed
        del response
        gc.collect()
        assert http.get(f"{server.url}/b").text == "/b"


def test_who_waits_gets_the_connection_of_a_response_that_is_dropped(server: SmallServer) -> None:
    with client("httpx", 1) as http, ThreadPoolExecutor(1) as thread:
        response = http.send(http.build_request("GET", f"{server.url}/a"), stream=True)
        asked = thread.submit(http.get, f"{server.url}/b")
        _wait_until(lambda: http._transport._pool.books.queue)
        assert not response.is_closed
        del response
        gc.collect()
        assert asked.result(timeout=10).text == "/b"


async def test_a_task_that_waits_gets_the_connection_of_a_response_that_is_dropped(
    server: SmallServer,
) -> None:
    async def ask() -> None:
        assert (await http.get(f"{server.url}/b")).text == "/b"

    transport = async_http_transport(limits=httpx.Limits(max_connections=1))
    async with httpx.AsyncClient(transport=transport) as http, anyio.create_task_group() as group:
        response = await http.send(http.build_request("GET", f"{server.url}/a"), stream=True)
        group.start_soon(ask)
        while not transport._pool.books.queue:  # type: ignore[attr-defined]
            await anyio.lowlevel.checkpoint()
        assert not response.is_closed
        del response
        gc.collect()


def test_closing_the_client_turns_away_who_waits(family: str, server: SmallServer) -> None:
    http = client(family, 1)
    with ThreadPoolExecutor(1) as thread:
        response = http.send(http.build_request("GET", f"{server.url}/a"), stream=True)
        asked = thread.submit(http.get, f"{server.url}/b")
        _wait_until(lambda: http._transport._pool.books.queue)
        http.close()
        with pytest.raises(FAMILIES[family].ConnectError, match="closed meanwhile"):
            asked.result(timeout=10)
        response.close()


def test_a_connection_is_kept_for_its_time_only(server: SmallServer) -> None:
    for seconds, opened in ((60, 1), (0, 2)):
        before = server.opened
        with client("httpx", 5, keepalive_expiry=seconds) as http:
            for _ in range(2):
                http.get(f"{server.url}/a")
        assert server.opened - before == opened


def test_no_more_connections_are_kept_than_wanted(family: str, server: SmallServer) -> None:
    with client(family, 10, max_keepalive_connections=2) as http:
        streams = [
            http.send(http.build_request("GET", f"{server.url}/a"), stream=True) for _ in range(5)
        ]
        for stream in streams:
            stream.read()
        assert len(http._transport._pool.connections) == 2


def test_what_the_library_tells_of_a_response_is_there(family: str, server: SmallServer) -> None:
    events: list[str] = []
    transport = transport_of(family, is_async=False, verify=server.trust)
    with FAMILIES[family].Client(transport=transport) as http:
        response = http.get(
            f"{server.tls_url}/a", extensions={"trace": lambda event, info: events.append(event)}
        )
        assert response.http_version == "HTTP/1.1"
        assert response.extensions["network_stream"].get_extra_info("ssl_object")
    assert any("start_tls" in event for event in events)


async def test_a_trace_of_the_callers_is_called_in_an_event_loop_too(server: SmallServer) -> None:
    events: list[str] = []

    async def trace(event: str, info: object) -> None:
        events.append(event)

    async with httpx.AsyncClient(transport=async_http_transport()) as http:
        await http.get(f"{server.url}/a", extensions={"trace": trace})
    assert "connection.connect_tcp.complete" in events


@pytest.mark.parametrize("url", ["ftp://a.example/", "/relative"])
def test_a_url_of_another_kind_is_refused_as_the_library_does(url: str) -> None:
    told = []
    for http in (httpx.Client(), httpx.Client(transport=http_transport())):
        with http, pytest.raises(httpx.UnsupportedProtocol) as error:
            http.get(url)
        told.append(str(error.value))
    assert told[0] == told[1]


# --- the offered transport ---


@pytest.mark.parametrize("name", ["requests", "httpx3"])
def test_a_transport_is_of_one_of_two_libraries(name: str) -> None:
    with pytest.raises(ValueError, match="family must be 'httpx' or 'httpx2'"):
        http_transport(name)  # type: ignore[call-overload]


def test_a_transport_has_the_limits_of_our_own_clients() -> None:
    pool: Any = http_transport()._pool  # type: ignore[attr-defined]
    assert (pool._max_connections, pool._max_keepalive_connections) == (1000, 100)


def test_a_proxy_carries_the_requests_of_a_transport(server: SmallServer) -> None:
    with httpx.Client(transport=http_transport(proxy=server.url)) as http:
        assert http.get("http://a.example/x").text == "http://a.example/x"


def test_the_proxy_of_the_environment_is_used_unless_it_is_not_trusted(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with httpx.Client(transport=http_transport()) as http:
        assert http.get("http://a.example/x").text == "http://a.example/x"
    with httpx.Client(transport=http_transport(trust_env=False)) as http, SmallServer() as other:
        assert http.get(f"{other.url}/x").text == "/x"


@pytest.mark.parametrize("name", ["DefaultHttpxClient", "DefaultHttpx2Client", "DefaultFastClient"])
def test_a_default_client_has_our_pool_with_any_setting_that_leaves_it_the_transport(
    name: str, server: SmallServer
) -> None:
    kind = getattr(gemini_openai, name)
    with kind(verify=server.trust) as http:
        assert http.get(f"{server.tls_url}/a").text == "/a"
        assert http._transport._pool.books.connections()
    with kind(proxy=server.url) as http:
        assert http.get("http://a.example/x").text == "http://a.example/x"
        assert http._transport._pool.books.connections()


def test_a_default_client_with_a_transport_of_the_callers_keeps_it() -> None:
    given = httpx.MockTransport(lambda _: httpx.Response(200, text="mocked"))
    with gemini_openai.DefaultHttpxClient(transport=given) as http:
        assert http.get("http://a.example/").text == "mocked"


def _wait_until(is_so: Any) -> None:
    while not is_so():
        time.sleep(0.001)
