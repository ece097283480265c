"""A deadline ends a whole call, whatever the server does, over a real socket."""

from __future__ import annotations

import gc
import json
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from conftest import HELLO

import gemini_openai
from gemini_openai import APITimeoutError
from gemini_openai._call import deadline
from gemini_openai._call.deadline import Deadline
from gemini_openai.emulator import Reply, Stall, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

    from gemini_openai.emulator import Emulator

DEADLINE = 0.4
LONGER = 1.5  # where something has to happen within it, on a busy machine too
AT_MOST = 5.0  # seconds that such a call may take on a busy machine; each server goes on for 60

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS = CHUNKED.replace(b"application/json", b"text/event-stream")
PIECE = (
    b'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m",'
    b'"choices":[{"index":0,"delta":{"role":"assistant","content":"so far"}}]}\n\n'
)
TRICKLES = {
    "blanks before the answer": (CHUNKED, b"1\r\n \r\n"),
    "bytes of the answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
    "the first line of the answer": (b"", b"H"),
    "headers without end": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "answers that are none yet": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "what stands before a chunk": (CHUNKED + b"1;", b"x"),
    "a refusal": (CHUNKED.replace(b"200 OK", b"503 No"), b"1\r\n \r\n"),
}


class Trickle:
    """A server that reads a request, sends `first`, and then `then` every 20 ms for a minute."""

    def __init__(self) -> None:
        self.first, self.then = b"", b""
        self.connections = 0
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1beta/openai/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while b'"messages"' not in (block := connection.recv(65536)) and block:
                pass
            first, then = self.first, self.then
            connection.sendall(first)
            for _ in range(3000):
                if not then:
                    break
                if self._over.wait(0.02):
                    return
                connection.sendall(then)
            self._serve(connection) if block else None

    def close(self) -> None:
        self._over.set()
        self._socket.close()


@pytest.fixture
def trickle() -> Iterator[Trickle]:
    server = Trickle()
    yield server
    server.close()


def is_prompt(began: float) -> bool:
    return time.monotonic() - began < AT_MOST


@pytest.mark.parametrize("what", TRICKLES)
async def test_a_server_that_trickles_cannot_hold_a_caller(
    world: World, trickle: Trickle, what: str
) -> None:
    trickle.first, trickle.then = TRICKLES[what]
    client = world.client(base_url=trickle.base_url, deadline=DEADLINE)
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match=r"the deadline of 0\.4 s for the whole call") as told:
        await world.result(client.chat.completions.create(**HELLO))
    assert is_prompt(began)
    assert told.value.deadline == DEADLINE
    assert trickle.connections == 1  # it is not tried again


async def test_a_connection_that_was_opened_without_a_deadline_keeps_to_it_too(
    world: World, trickle: Trickle
) -> None:
    trickle.first = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    client = world.client_of_our_own(base_url=trickle.base_url)
    with pytest.raises(gemini_openai.APIResponseValidationError):
        await world.result(client.chat.completions.create(**HELLO))
    trickle.first, trickle.then = TRICKLES["headers without end"]
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match="waiting for the answer"):
        await world.result(client.chat.completions.create(**HELLO, deadline=DEADLINE))
    assert is_prompt(began)
    assert trickle.connections == 1


async def test_a_stream_that_trickles_ends_with_what_came(world: World, trickle: Trickle) -> None:
    trickle.first = EVENTS + b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    trickle.then = b"8\r\n: wait\n\n\r\n"
    client = world.client(base_url=trickle.base_url)
    began = time.monotonic()
    stream = await world.result(
        client.chat.completions.create(**HELLO, stream=True, deadline=LONGER)
    )
    chunk = await world.first(stream)
    assert chunk.choices[0].delta.content == "so far"
    with pytest.raises(APITimeoutError, match="reading the answer.* chunks") as told:
        await world.collect(stream)
    assert is_prompt(began)
    assert told.value.chunks == [chunk]
    assert stream.response.is_closed


async def test_a_stream_that_is_complete_ends_well_although_the_server_dawdles(
    world: World, trickle: Trickle
) -> None:
    last = PIECE.replace(b'"index":0', b'"index":0,"finish_reason":"stop"')
    trickle.first = EVENTS + b"%x\r\n%s\r\n" % (len(last), last)
    trickle.then = b"8\r\n: wait\n\n\r\n"
    client = world.client(base_url=trickle.base_url, deadline=LONGER)
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    assert [chunk.choices[0].finish_reason for chunk in await world.collect(stream)] == ["stop"]


async def test_a_deadline_that_passes_between_two_pieces_leaves_nothing_to_be_collected(
    world: World, trickle: Trickle, monkeypatch: pytest.MonkeyPatch
) -> None:
    trickle.first = EVENTS + b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    trickle.then = b"8\r\n: wait\n\n\r\n"
    client = world.client_of_our_own(base_url=trickle.base_url, deadline=50)
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    await world.first(stream)
    monkeypatch.setattr(Deadline, "passed", lambda self: True)
    with pytest.raises(APITimeoutError, match="reading the answer"):
        await world.collect(stream)
    gc.collect()  # trio warns of a generator that is left half-way, which is an error here


async def test_a_view_of_the_response_is_read_within_the_deadline(
    world: World, trickle: Trickle
) -> None:
    trickle.first, trickle.then = CHUNKED, b"1\r\n \r\n"
    client = world.client(base_url=trickle.base_url, deadline=LONGER)
    asked = client.chat.completions.with_streaming_response.create(**HELLO)
    response = asked.__enter__() if not world.is_async else await asked.__aenter__()
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match="reading the answer"):
        await world.result(response.parse())
    assert is_prompt(began)
    await world.result(response.close())


async def test_a_server_that_says_nothing_is_waited_for_until_the_deadline(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Stall())
    with pytest.raises(APITimeoutError, match="attempt 1, waiting for the answer"):
        await world.ask(lambda c: c.chat.completions.create(**HELLO, deadline=DEADLINE))


async def test_the_timeout_counts_where_it_is_the_shorter_and_each_attempt_has_it(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Stall(), Reply(200, text="[]"))
    with pytest.raises(gemini_openai.APIResponseValidationError):
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO, timeout=LONGER),
            deadline=60,
            retry_budget=0,
        )
    assert len(emulator.requests) == 2


async def test_a_wait_beyond_the_deadline_is_not_begun(world: World, emulator: Emulator) -> None:
    emulator.script(faults.quota_per_minute("41s"))
    began = time.monotonic()
    with pytest.raises(
        APITimeoutError, match=r"waiting to retry, 41 s, after: Error code: 429"
    ) as (told):
        await world.ask(lambda c: c.chat.completions.create(**HELLO), deadline=30)
    assert is_prompt(began)
    assert isinstance(told.value.__cause__, gemini_openai.RateLimitError)


async def test_an_answer_in_time_is_the_answer(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(503, headers={"retry-after-ms": "1"}))
    client = world.client(deadline=60)
    assert (await world.result(client.chat.completions.create(**HELLO))).choices
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    assert await world.collect(stream)
    raw = await world.result(client.chat.completions.with_raw_response.create(**HELLO))
    assert raw.elapsed.total_seconds() > 0
    assert raw.http_response.extensions["network_stream"] is not None


async def test_a_call_may_have_another_deadline_than_its_client_or_none(
    world: World, emulator: Emulator
) -> None:
    client = world.client(deadline=0.000001)
    with pytest.raises(APITimeoutError, match="deadline of 1e-06 s"):
        await world.result(client.chat.completions.create(**HELLO))
    assert not emulator.requests
    assert (await world.result(client.chat.completions.create(**HELLO, deadline=60))).choices
    assert (await world.result(client.chat.completions.create(**HELLO, deadline=None))).choices
    without = client.with_options(deadline=None)
    assert (await world.result(without.models.list())).data
    assert (client.deadline, without.deadline, without.with_options().deadline) == (
        1e-06,
        None,
        None,
    )
    options = {"deadline": 60}
    assert await world.result(client.get("/models", cast_to=object, options=options))


async def test_the_connection_serves_the_next_call(world: World, emulator: Emulator) -> None:
    emulator.script(Stall())
    kind = world.family.AsyncClient if world.is_async else world.family.Client
    http = kind(limits=world.family.Limits(max_connections=1), verify=False)
    client = world.client(http_client=http)
    with pytest.raises(APITimeoutError):
        await world.result(client.chat.completions.create(**HELLO, deadline=0.3))
    assert (await world.result(client.chat.completions.create(**HELLO, deadline=60))).choices


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each deadline that has begun."""
    seconds: list[float] = []

    class Counted(Deadline):
        def __init__(self, given: float) -> None:
            super().__init__(given)
            seconds.append(given)

    monkeypatch.setattr(deadline, "Deadline", Counted)
    return seconds


def vectors(request: Any) -> Any:
    texts = json.loads(request.read())["input"]
    data = [{"embedding": [0.5], "index": place} for place in range(len(texts))]
    return {"object": "list", "data": data, "model": "m"}


def film(request: Any) -> Any:
    return {"id": "abc", "status": "completed", "url": "http://x/v1beta/files/abc:download"}


def file(request: Any) -> Any:
    return {"name": "files/a", "state": "ACTIVE", "sizeBytes": "3"}


MANY: Any = {"model": "gemini-embedding-001", "input": ["a"] * 250}
FILM: Any = {"prompt": "A cat", "model": "veo-3.1-generate-preview"}
IN_SEVERAL_REQUESTS: Any = {
    # a call that takes several requests: how it is made, what answers, and how many requests
    "embeddings of 250 texts": (lambda c: c.embeddings.create(**MANY), vectors, 3),
    "a film that is waited for": (lambda c: c.videos.create_and_poll(**FILM), film, 2),
    "a film that is got": (lambda c: c.videos.download_content("abc"), film, 2),
    "a film that was begun": (lambda c: c.videos.poll("abc"), film, 1),
    "a file that is waited for": (lambda c: c.files.wait_for_processing("files/a"), file, 1),
}


@pytest.mark.parametrize("what", IN_SEVERAL_REQUESTS)
async def test_a_call_of_several_requests_has_one_deadline(
    world: World, begun: list[float], what: str
) -> None:
    act, answer, requests = IN_SEVERAL_REQUESTS[what]
    seen: list[Any] = []

    def reply(request: Any) -> Any:
        seen.append(request)
        return world.family.Response(200, json=answer(request))

    client = world.transport(reply, deadline=50)
    await world.result(act(client))
    assert (begun, len(seen)) == ([50], requests)


async def test_an_upload_has_one_deadline(
    world: World, emulator: Emulator, begun: list[float]
) -> None:
    content = b"x" * (9 << 20)  # two chunks
    client = world.client(deadline=50)
    file = await world.result(client.files.create(file=content, purpose="batch", deadline=40))
    assert file.bytes == len(content)
    assert begun == [40]
    assert len(emulator.requests) == 3


@pytest.mark.parametrize("what", ["poll", "create_and_poll", "wait_for_processing"])
async def test_waiting_for_something_to_be_done_ends_with_the_deadline(
    world: World, what: str
) -> None:
    def reply(request: Any) -> Any:
        pending = {"id": "abc", "status": "processing", "name": "files/a", "state": "PROCESSING"}
        return world.family.Response(200, json=pending)

    client = world.transport(reply, deadline=0.2)
    calls: Any = {
        "poll": lambda: client.videos.poll("abc"),
        "create_and_poll": lambda: client.videos.create_and_poll(**FILM),
        "wait_for_processing": lambda: client.files.wait_for_processing("files/a"),
    }
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match="waiting to ask again"):
        await world.result(calls[what]())
    assert is_prompt(began)


async def test_each_call_of_many_has_a_deadline_of_its_own_and_is_not_tried_again(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Stall(), Reply(json={"error": {"message": "no"}}))
    client = world.client(deadline=LONGER)
    results = await world.collect(client.map([HELLO] * 3, concurrency=1))
    assert isinstance(results[0].error, APITimeoutError)
    assert results[0].error.deadline == LONGER
    assert results[2].error is None
    assert len(emulator.requests) == 3


async def test_each_request_of_create_many_has_a_deadline_of_its_own(
    world: World, begun: list[float]
) -> None:
    client = world.transport(lambda r: world.family.Response(200, json=vectors(r)), deadline=50)
    many = client.embeddings.create_many(["a"] * 250, model="gemini-embedding-001", deadline=40)
    assert len(await world.collect(many)) == 250
    assert begun == [40, 40, 40]


async def send_much(world: World, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:  # its system accepts, and nobody reads
        base_url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/v1/"
        client = world.client(base_url=base_url, deadline=DEADLINE)
        await world.result(client.post("/x", cast_to=object, content=b"x" * (32 << 20)))


# httpx sends a body from an async generator, which trio complains of if cancelled in the middle.
@pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")
async def test_a_server_that_reads_nothing_cannot_hold_a_caller(world: World) -> None:
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match="sending the request"):
        await send_much(world, "http")
    assert is_prompt(began)


@pytest.mark.parametrize("world_name", ["blocking", "blocking-httpx2"])
async def test_a_server_that_never_begins_tls_cannot_hold_a_caller(world: World) -> None:
    began = time.monotonic()
    with pytest.raises(APITimeoutError, match="connecting"):
        await send_much(world, "https")
    assert is_prompt(began)
