"""The head of a request and its content go out in one write."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from small_server import SmallServer

from gemini_openai._http.joined_writes import join_writes
from gemini_openai.transport import async_http_transport, http_transport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FAMILIES: Any = {"httpx": httpx, "httpx2": httpx2}
HEAD = b"POST / HTTP/1.1\r\nhost: x\r\n\r\n"


class Recorder:
    """A network backend and its stream, blocking; it notes what is written and read."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    def connect_tcp(self, host: str) -> Recorder:
        return self

    connect_unix_socket = connect_tcp

    def start_tls(self, context: object) -> Recorder:
        self.done.append("tls")
        return self

    def get_extra_info(self, info: str) -> str:
        return f"the {info}"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.done.append((buffer, timeout))

    def read(self, most: int, timeout: float | None = None) -> bytes:
        self.done.append("read")
        return b"answer"

    def close(self) -> None:
        self.done.append("closed")


class AsyncRecorder(Recorder):
    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, "aclose_of" if name == "aclose" else name)
        if not callable(found) or name in {"get_extra_info", "sleep"}:
            return found

        async def call(*args: Any) -> Any:
            return found(*args)

        return call

    def aclose_of(self) -> None:
        self.done.append("closed")


class Stream:
    """A stream of a joining backend over a recorder, of either world."""

    def __init__(self, is_async: bool) -> None:
        self.recorder: Any = AsyncRecorder() if is_async else Recorder()
        self.pool = SimpleNamespace(_network_backend=self.recorder)
        join_writes(self.pool, is_async=is_async)
        self._is_async = is_async

    async def open(self, how: str = "connect_tcp") -> Stream:
        self.stream = await self.worth(getattr(self.pool._network_backend, how)("host"))
        return self

    async def worth(self, value: Any) -> Any:
        return await value if self._is_async else value

    async def do(self, name: str, *args: Any) -> Any:
        return await self.worth(getattr(self.stream, name)(*args))


@pytest.fixture(params=["blocking", "async"])
def opened(request: pytest.FixtureRequest) -> Callable[..., Awaitable[Stream]]:
    return Stream(request.param == "async").open


async def test_a_head_waits_for_the_content(opened: Callable[..., Awaitable[Stream]]) -> None:
    stream = await opened()
    await stream.do("write", HEAD, 5.0)
    assert stream.recorder.done == []
    await stream.do("write", b"content", 4.0)
    await stream.do("write", b"", 4.0)
    assert stream.recorder.done == [(HEAD + b"content", 4.0), (b"", 4.0)]


@pytest.mark.parametrize("how", ["connect_tcp", "connect_unix_socket"])
async def test_a_request_without_content_goes_out_with_the_empty_write_at_its_end(
    how: str, opened: Callable[..., Awaitable[Stream]]
) -> None:
    stream = await opened(how)
    await stream.do("write", HEAD, 5.0)
    await stream.do("write", b"", 5.0)
    assert stream.recorder.done == [(HEAD, 5.0)]


async def test_large_content_is_not_copied(opened: Callable[..., Awaitable[Stream]]) -> None:
    stream = await opened()
    content = bytes(1 << 20)
    await stream.do("write", HEAD, 5.0)
    await stream.do("write", content, 5.0)
    assert stream.recorder.done[0] == (HEAD, 5.0)
    assert stream.recorder.done[1][0] is content


async def test_nothing_is_held_back_when_an_answer_is_read(
    opened: Callable[..., Awaitable[Stream]],
) -> None:
    stream = await opened()
    await stream.do("write", HEAD, 5.0)
    await stream.do("write", b"7\r\ncontent\r\n", 5.0)
    await stream.do("write", b"0\r\n\r\n", 5.0)  # looks like a head
    assert len(stream.recorder.done) == 1
    assert await stream.do("read", 9, 3.0) == b"answer"
    assert stream.recorder.done[1:] == [(b"0\r\n\r\n", 3.0), "read"]


async def test_a_stream_of_tls_joins_too(opened: Callable[..., Awaitable[Stream]]) -> None:
    stream = await opened()
    assert stream.stream.get_extra_info("socket") == "the socket"
    stream.stream = await stream.do("start_tls", object())
    await stream.do("write", HEAD, 5.0)
    await stream.do("write", b"content", 5.0)
    await stream.do("aclose" if "async" in type(stream.stream).__name__.lower() else "close")
    assert stream.recorder.done == ["tls", (HEAD + b"content", 5.0), "closed"]


# --- the private name of the libraries that is used ---


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("name", FAMILIES)
async def test_the_connections_of_each_library_join(name: str, tls: bool) -> None:
    library = FAMILIES[name]
    with SmallServer() as server:
        url = server.tls_url if tls else server.url
        with library.Client(transport=http_transport(name, verify=server.trust)) as http:  # type: ignore[call-overload]
            stream = http.get(f"{url}/a").extensions["network_stream"]
            assert type(stream).__module__ == join_writes.__module__
        transport = async_http_transport(name, verify=server.trust)  # type: ignore[call-overload]
        async with library.AsyncClient(transport=transport) as http:
            stream = (await http.get(f"{url}/a")).extensions["network_stream"]
            assert type(stream).__module__ == join_writes.__module__


def test_a_pool_with_no_such_name_stays_as_it_is() -> None:
    pool = SimpleNamespace(backend=object())
    join_writes(pool, is_async=False)
    assert vars(pool).keys() == {"backend"}
