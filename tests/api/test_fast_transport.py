"""The engine of the extra `fast`, over real sockets: what it does as httpx does, and what not."""

from __future__ import annotations

import asyncio
import functools
import gc
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import respx
import trio
from relays import HttpProxy
from small_server import SmallServer

import gemini_openai
from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai._http.fast_connections import _in_turns
from gemini_openai._http.fast_transport import AsyncFastTransport, FastTransport
from gemini_openai.emulator import Reply, Sse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    from gemini_openai.emulator import Emulator

OK = b"HTTP/1.1 200 OK\r\n"
HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
WORLDS = pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "asyncio"])


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with SmallServer() as server:
        yield server


class Scripted:
    """Reads until the end of a head on each connection, then does what the script says."""

    def __init__(self, *acts: Callable[[socket.socket], None]) -> None:
        self._acts = acts
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"
        self.received: list[bytes] = []
        self.let_go = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.let_go.set()
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        for act in self._acts:
            near, _ = self._listening.accept()
            near.settimeout(10)
            with near:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += near.recv(1 << 16)
                self.received.append(head)
                act(near)

    def hold(self, near: socket.socket) -> None:
        self.let_go.wait(10)


def says(*parts: bytes) -> Callable[[socket.socket], None]:
    def act(near: socket.socket) -> None:
        for part in parts:
            near.sendall(part)

    return act


async def request(is_async: bool, method: str, url: str, **options: Any) -> Any:
    """A request over the engine, and its answer, read."""
    settings = {name: options.pop(name) for name in ("timeout", "verify") if name in options}
    if is_async:
        async with gemini_openai.DefaultAsyncFastClient(**settings) as http:
            return await http.request(method, url, **options)
    with gemini_openai.DefaultFastClient(**settings) as blocking:
        return blocking.request(method, url, **options)


# --- limits of time ---


@WORLDS
async def test_each_phase_has_its_limit_and_its_error(is_async: bool) -> None:
    slow = Scripted(lambda near: None)
    slow._acts = (slow.hold, slow.hold, slow.hold)
    with slow:
        with pytest.raises(httpx.ReadTimeout):
            await request(is_async, "GET", slow.url, timeout=httpx.Timeout(5, read=0.05))
        content, limits = b"x" * 50_000_000, httpx.Timeout(5, write=0.05)
        with pytest.raises(httpx.WriteTimeout):
            await request(is_async, "POST", slow.url, content=content, timeout=limits)
        parts = upload(is_async, [b"x" * 1_000_000] * 50)
        with pytest.raises(httpx.WriteTimeout):
            await request(is_async, "POST", slow.url, content=parts, timeout=limits)


@WORLDS
async def test_connecting_has_its_limit_and_its_error(is_async: bool) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        with pytest.raises(httpx.ConnectTimeout):
            await request(is_async, "GET", url, timeout=httpx.Timeout(5, connect=0.05))
        for filler in fillers:
            filler.close()


@WORLDS
async def test_tls_that_is_not_answered_ends_with_the_limit_of_connecting(is_async: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(httpx.ConnectTimeout):
            await request(is_async, "GET", url, timeout=httpx.Timeout(5, connect=0.05))


@WORLDS
async def test_where_nobody_listens_it_says_so(is_async: bool) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(httpx.ConnectError, match=r"refused|failed"):
            await request(is_async, "GET", f"http://127.0.0.1:{bound.getsockname()[1]}/")


def test_a_socket_that_the_server_closed_before_it_was_set_up_is_closed(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, opened = socket.create_connection, []

    class Closed(socket.socket):
        def setsockopt(self, *_: Any) -> None:
            raise OSError(22, "Invalid argument")  # what macOS says then

    def connected(*where: Any) -> socket.socket:
        opened.append(Closed(fileno=connect(*where).detach()))
        return opened[-1]

    monkeypatch.setattr(socket, "create_connection", connected)
    with gemini_openai.DefaultFastClient() as http, pytest.raises(httpx.ConnectError):
        http.get(f"{server.url}/a")
    assert [each.fileno() for each in opened] == [-1]


@WORLDS
async def test_a_name_that_is_not_known_is_an_error_of_connecting(is_async: bool) -> None:
    with pytest.raises(httpx.ConnectError):
        await request(is_async, "GET", "http://no-such-host.invalid/")


# --- answers ---


@WORLDS
async def test_a_body_without_a_length_is_read_until_the_server_closes(is_async: bool) -> None:
    with Scripted(says(OK + b"\r\none ", b"two")) as server:
        assert (await request(is_async, "GET", server.url)).text == "one two"


@WORLDS
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", httpx.RemoteProtocolError),
        (OK + b"Content-Length: 9\r\n\r\nonly", httpx.RemoteProtocolError),
        (b"nothing that is HTTP\r\n\r\n", httpx.RemoteProtocolError),
        (OK + b"X: " + b"x" * 200_000, httpx.RemoteProtocolError),
    ],
)
async def test_an_answer_that_breaks_off_or_is_none_is_an_error(
    is_async: bool, answer: bytes, error: Any
) -> None:
    with Scripted(says(answer)) as server, pytest.raises(error):
        await request(is_async, "GET", server.url)


@WORLDS
async def test_what_a_server_says_before_it_has_read_all_is_the_answer(is_async: bool) -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!"

    def act(near: socket.socket) -> None:
        near.sendall(refusal)
        near.shutdown(socket.SHUT_WR)
        while near.recv(1 << 16):  # so that the kernel does not throw the answer away
            pass

    with Scripted(act) as server:
        answer = await request(is_async, "POST", server.url, content=b"x" * 5_000_000)
        assert (answer.status_code, answer.text) == (413, "no!")


@WORLDS
async def test_the_answer_to_a_head_request_has_no_body(is_async: bool) -> None:
    with Scripted(says(OK + b"Content-Length: 1000\r\n\r\n")) as server:
        answer = await request(is_async, "HEAD", server.url)
        assert answer.content == b""
        assert answer.headers["content-length"] == "1000"


@WORLDS
async def test_a_large_answer_that_nobody_reads_is_not_collected(is_async: bool) -> None:
    arrived = threading.Event()
    size = 50_000_000

    def act(near: socket.socket) -> None:
        near.sendall(OK + b"Content-Length: %d\r\n\r\n" % size)
        near.settimeout(1)
        with pytest.raises(TimeoutError):
            near.sendall(b"x" * size)
        arrived.set()

    with Scripted(act) as server:
        if is_async:
            async with (
                gemini_openai.DefaultAsyncFastClient() as http,
                http.stream("GET", server.url),
            ):
                assert await anyio.to_thread.run_sync(arrived.wait, 20)
        else:
            with gemini_openai.DefaultFastClient() as b, b.stream("GET", server.url):
                assert arrived.wait(20)


@WORLDS
async def test_a_large_answer_is_read_whole_however_slowly(is_async: bool) -> None:
    size = 3_000_000
    with Scripted(says(OK + b"Content-Length: %d\r\n\r\n" % size, b"x" * size)) as server:
        if is_async:
            async with (
                gemini_openai.DefaultAsyncFastClient() as http,
                http.stream("GET", server.url) as answer,
            ):
                await asyncio.sleep(0)
                got = [len(part) async for part in answer.aiter_raw()]
        else:
            with gemini_openai.DefaultFastClient() as b, b.stream("GET", server.url) as response:
                got = [len(part) for part in response.iter_raw()]
        assert sum(got) == size


# --- uploads ---


def upload(is_async: bool, parts: list[bytes]) -> Any:
    async def later() -> Any:
        for part in parts:
            yield part

    return later() if is_async else iter(parts)


@WORLDS
async def test_a_body_of_unknown_length_and_a_form_arrive(is_async: bool) -> None:
    def act(near: socket.socket) -> None:
        while not server.received[-1].endswith((b"\r\n0\r\n\r\n", b"--\r\n")):
            server.received[-1] += near.recv(1 << 16)
        near.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with Scripted(act, act) as server:
        await request(is_async, "POST", server.url, content=upload(is_async, [b"one", b"three"]))
        assert server.received[0].endswith(b"\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")
        await request(is_async, "POST", server.url, files={"file": ("a.txt", b"content")})
        assert b"content" in server.received[1]


@WORLDS
async def test_a_header_that_would_begin_another_is_not_sent(
    is_async: bool, server: SmallServer
) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        await request(is_async, "GET", server.url, headers={"X-A": "one\r\nX-B: two"})


# --- connections ---


def test_a_connection_that_the_server_closed_is_not_used(server: SmallServer) -> None:
    with gemini_openai.DefaultFastClient() as http:
        http.get(f"{server.url}/a")
        [connection] = http._transport.connections  # type: ignore[attr-defined]
        connection._network_stream._socket.shutdown(socket.SHUT_RDWR)
        assert http.get(f"{server.url}/b").text == "/b"
    assert server.opened == 2


async def test_a_connection_that_the_server_closed_is_not_used_in_a_loop() -> None:
    answer = says(OK + b"Content-Length: 1\r\n\r\n1")
    async with gemini_openai.DefaultAsyncFastClient() as http:
        with Scripted(answer, answer) as server:
            assert (await http.get(server.url)).text == "1"
            [connection] = http._transport.connections  # type: ignore[attr-defined]
            while not connection.has_expired():  # noqa: ASYNC110
                await asyncio.sleep(0)
            assert (await http.get(server.url)).text == "1"


def test_after_connection_close_of_the_callers_it_is_not_used_again(server: SmallServer) -> None:
    with gemini_openai.DefaultFastClient(headers={"Connection": "close"}) as http:
        for _ in range(2):
            assert http.get(f"{server.url}/a").text == "/a"
    assert server.opened == 2


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # what it left in loops that ended
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_async_client_serves_event_loops_one_after_another(server: SmallServer) -> None:
    http = gemini_openai.DefaultAsyncFastClient()

    async def ask(http: Any) -> None:
        client = AsyncOpenAI(api_key="k", base_url=server.url, http_client=http)
        for _ in range(2):
            assert (await client.chat.completions.create(**HELLO)).choices

    for _ in range(3):
        asyncio.run(ask(http))
    assert server.opened == 3
    del http
    gc.collect()


def test_under_trio_httpxs_own_transport_serves(server: SmallServer) -> None:
    async def ask() -> None:
        http = gemini_openai.DefaultAsyncFastClient()
        async with AsyncOpenAI(api_key="k", base_url=server.url, http_client=http) as client:
            assert (await client.chat.completions.create(**HELLO)).choices
            assert len(http._transport._pool.connections) == 1  # type: ignore[attr-defined]
            assert not http._transport.connections  # type: ignore[attr-defined]

    trio.run(ask)


@pytest.mark.skipif(not hasattr(asyncio, "Runner"), reason="a Runner takes the loop, from 3.11 on")
def test_it_runs_in_uvloop(server: SmallServer) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def ask() -> None:
        for url in (server.url, server.tls_url):
            async with gemini_openai.DefaultAsyncFastClient(verify=server.trust) as http:
                for _ in range(2):
                    assert (await http.get(f"{url}/a")).text == "/a"

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(ask())
    assert server.opened == 2


@WORLDS
async def test_a_server_that_is_not_trusted_is_refused(is_async: bool, server: SmallServer) -> None:
    assert (await request(is_async, "GET", server.tls_url + "/a", verify=server.trust)).text == "/a"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED") as told:
        await request(is_async, "GET", server.tls_url)
    assert isinstance(told.value.__cause__, ssl.SSLError)


@WORLDS
async def test_what_httpx_tells_of_a_connection_is_there(
    is_async: bool, server: SmallServer
) -> None:
    answer = await request(is_async, "GET", f"{server.tls_url}/a", verify=server.trust)
    assert (answer.http_version, answer.reason_phrase) == ("HTTP/1.1", "OK")
    stream = answer.extensions["network_stream"]
    assert stream.get_extra_info("ssl_object") is not None


@WORLDS
async def test_the_proxy_of_the_environment_is_used(
    is_async: bool, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpProxy() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert (await request(is_async, "GET", f"{emulator.origin}/")).status_code
        assert proxy.seen
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        await request(is_async, "GET", f"{emulator.origin}/")
        assert len(proxy.seen) == 1


def test_http2_and_proxies_are_left_to_httpx() -> None:
    assert isinstance(gemini_openai.DefaultFastClient()._transport, FastTransport)
    assert isinstance(gemini_openai.DefaultAsyncFastClient()._transport, AsyncFastTransport)
    given = {"proxy": "http://127.0.0.1:1"}
    assert isinstance(gemini_openai.DefaultFastClient(**given)._transport, httpx.HTTPTransport)
    asynchronous = gemini_openai.DefaultAsyncFastClient(**given)
    assert isinstance(asynchronous._transport, httpx.AsyncHTTPTransport)


def test_addresses_of_both_kinds_are_tried_in_turns() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    found: list[tuple[int, Any]] = [(six, "a"), (six, "b"), (six, "c"), (four, "d")]
    assert [address for _, address in _in_turns(found)] == ["a", "d", "b", "c"]
    assert _in_turns([(four, "a"), (four, "b")]) == [(four, "a"), (four, "b")]


async def test_an_address_that_does_not_answer_holds_no_other_up(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    port = int(server.url.rpartition(":")[2])

    async def names(*_: Any, **__: Any) -> Any:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nobody = closed.getsockname()
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        return [(*kind, nobody), (*kind, ("127.0.0.1", port))]

    monkeypatch.setattr(loop, "getaddrinfo", names)
    assert (await request(True, "GET", f"http://two.example:{port}/a")).text == "/a"


# --- what is around it ---


@WORLDS
@pytest.mark.parametrize("mode", ["httpx", "httpcore"])
async def test_mocks_of_either_kind_see_requests(is_async: bool, mode: str) -> None:
    with respx.mock(using=mode) as mock:
        mock.get("http://mocked.example/").respond(text="mocked")
        assert (await request(is_async, "GET", "http://mocked.example/")).text == "mocked"
        assert mock.calls.call_count == 1


@WORLDS
async def test_what_wraps_the_transport_of_httpx_sees_requests(
    is_async: bool, server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def wrap(kind: Any, name: str) -> None:
        own = getattr(kind, name)

        @functools.wraps(own)
        def wrapper(self: Any, request: httpx.Request) -> Any:
            seen.append(request.url.path)
            return own(self, request)

        monkeypatch.setattr(kind, name, wrapper)

    wrap(httpx.HTTPTransport, "handle_request")
    wrap(httpx.AsyncHTTPTransport, "handle_async_request")
    assert (await request(is_async, "GET", f"{server.url}/a")).text == "/a"
    assert seen == ["/a"]


@WORLDS
async def test_without_mocks_and_wrappers_requests_go_by_its_own_connections(
    is_async: bool, server: SmallServer
) -> None:
    kind = "DefaultAsyncFastClient" if is_async else "DefaultFastClient"
    http = getattr(gemini_openai, kind)()
    answer = http.get(f"{server.url}/a")
    assert (await answer if is_async else answer).text == "/a"
    assert len(http._transport.books.connections()) == 1
    await http.aclose() if is_async else http.close()


def test_calls_streams_and_deadlines_run_over_it(emulator: Emulator) -> None:
    http = gemini_openai.DefaultFastClient()
    with OpenAI(api_key="k", base_url=emulator.base_url, http_client=http, max_retries=0) as client:
        assert client.chat.completions.create(**HELLO, deadline=30).choices
        assert list(client.chat.completions.create(**HELLO, stream=True))
        assert len(client.embeddings.create(model="gemini-embedding-001", input=["a"]).data) == 1
        emulator.script(Sse(["data: {}\n\n"], hold=True))
        stream = client.chat.completions.create(**HELLO, stream=True, deadline=0.2)
        with pytest.raises(gemini_openai.APITimeoutError, match="reading the answer"):
            list(stream)
        emulator.script(Reply(status=429, body=b"{}"))
        with pytest.raises(gemini_openai.RateLimitError):
            client.chat.completions.create(**HELLO)
