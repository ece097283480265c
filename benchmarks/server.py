"""Serve the scenarios from a process whose CPU time is not counted.

A read of the client must get a known number of events. Events written apart do not ensure that:
those that come while the client works are read together. So the server waits before each part of a
stream until the client says, over a Unix socket, that it has used all of the part before. With
several streams at once it says so when it has used a part of each. To say it and to wait costs some
microseconds, the same in all ways; hence a part has several events, but in `chunk-text-alone`.

Only one measured process works at a time, so what it says is about all streams that are open.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 30  # seconds without a word of the client, after which a stream goes on all the same
ROOT = Path(__file__).parents[1]


class Address(NamedTuple):
    """Where the server is."""

    http: str
    https: str
    pace: str
    """The path of the Unix socket."""

    def url(self, scenario: str, *, tls: bool = False) -> str:
        """The root of a scenario, without a slash at its end."""
        return f"{self.https if tls else self.http}/{scenario}"


@contextmanager
def running(python: Path, certificates: Path) -> Iterator[Address]:
    """Run the server during a `with` block."""
    with tempfile.TemporaryDirectory() as folder:
        pace = str(Path(folder) / "pace")
        command = [str(python), "-m", "benchmarks.server", str(certificates), pace]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,  # an interrupt is for the judge
        ) as process:
            assert process.stdout is not None
            try:
                yield Address(*json.loads(process.stdout.readline()), pace)
            finally:
                process.terminate()


class Pace:
    """The streams that are open, and the client's word that it has used a part of each."""

    def __init__(self) -> None:
        self.open: dict[Connection, deque[bytes]] = {}
        self.moves = 0

    def begin(self, connection: Connection, stream: scenarios.Stream) -> None:
        """Send the head and the first part."""
        parts = deque(stream.parts)
        connection.transport.write(stream.head + parts.popleft())
        if parts and not stream.held:
            self.open[connection] = parts

    def move(self) -> None:
        """Send the next part of all streams."""
        self.moves += 1
        for connection, parts in list(self.open.items()):
            connection.transport.write(parts.popleft())
            if not parts:
                del self.open[connection]

    async def hurry(self) -> None:
        """Go on without the client's word where none comes, and tell it."""
        while True:
            before = self.moves
            await asyncio.sleep(PATIENCE)
            if self.open and self.moves == before:
                print("The client did not say that it had used what came.", file=sys.stderr)
                self.move()


class Word(asyncio.Protocol):
    """The client's side channel; each byte is a part used."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def data_received(self, data: bytes) -> None:
        """Send a part for each byte."""
        for _ in data:
            self.pace.move()


class Connection(asyncio.Protocol):
    """The connection of a client, one request after the other."""

    transport: asyncio.Transport

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.received = bytearray()
        self.path = ""
        self.missing = -1  # bytes of a body, once its head has been read

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a stream that was not read to its end."""
        self.pace.open.pop(self, None)

    def data_received(self, data: bytes) -> None:
        """Answer when the whole request has come."""
        self.received += data
        if self.missing < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.received[:end]).lower()
            self.path = head.split(b" ", 2)[1].decode().partition("?")[0]
            length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            self.missing = int(length or 0) - (len(self.received) - end - 4)
            if self.path.endswith("/embeddings"):
                del self.received[: end + 4]
        else:
            self.missing -= len(data)
        if self.missing <= 0:
            body = bytes(self.received)
            self.received.clear()
            self.missing = -1
            self.answer(body)

    def answer(self, body: bytes) -> None:
        """Send what the path names."""
        if self.path.startswith("/stream-"):
            self.pace.begin(self, scenarios.streamed(self.path))
        elif self.path.endswith("/embeddings"):
            self.transport.write(scenarios.embedded(body))
        elif answer := scenarios.whole(self.path):
            self.transport.write(answer)
        else:
            self.transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")


async def _serve(certificates: Path, pace_path: str) -> None:
    loop = asyncio.get_running_loop()
    pace = Pace()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    servers = [
        await loop.create_server(
            lambda: Connection(pace), "127.0.0.1", 0, ssl=context, backlog=4096
        )
        for context in (None, tls)
    ]
    await loop.create_unix_server(lambda: Word(pace), pace_path)
    plain, encrypted = (server.sockets[0].getsockname()[1] for server in servers)
    address = f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{encrypted}"
    print(json.dumps(address), flush=True)
    await pace.hurry()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
