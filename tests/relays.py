"""Servers between a client and the emulator: an HTTP proxy, a SOCKS proxy, one that ends TLS."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    from typing_extensions import Self

    Opening = Callable[
        [asyncio.StreamReader, asyncio.StreamWriter], Awaitable["tuple[str, int, bytes] | None"]
    ]


class Relay:
    """Listens on loopback, and passes each connection on to where its opening says.

    Args:
        opening: reads how a connection begins; gives host, port and the first bytes for them, or
            None to hang up.
        tls: makes it a TLS server.
    """

    def __init__(self, opening: Opening, *, tls: ssl.SSLContext | None = None) -> None:
        self._opening = opening
        self._tls = tls
        self._listens = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._listens.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        await self._done.wait()
        server.close()

    async def _connected(self, reader: Any, writer: Any) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            try:
                if (target := await self._opening(reader, writer)) is not None:
                    await _join(reader, writer, *target)
            finally:
                writer.close()


async def _join(reader: Any, writer: Any, host: str, port: int, first: bytes) -> None:
    far_reader, far_writer = await asyncio.open_connection(host, port)
    try:
        far_writer.write(first)
        ways = (_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
    finally:
        far_writer.close()


async def _pass_on(reader: Any, writer: Any) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()


class HttpProxy(Relay):
    """An HTTP proxy, which forwards requests and opens tunnels.

    Attributes:
        seen: the first line and the login of each connection.
    """

    def __init__(self, *, login: str | None = None) -> None:
        super().__init__(self._open)
        self._login = login
        self.seen: list[tuple[str, str | None]] = []

    async def _open(self, reader: Any, writer: Any) -> tuple[str, int, bytes] | None:
        begin: bytes = await reader.readexactly(1)
        if begin == b"\x16":  # TLS
            writer.write(b"HTTP/1.1 400 No HTTP\r\nContent-Length: 0\r\n\r\n")
            return None
        head = begin + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in lines}
        login = headers.get("proxy-authorization")
        self.seen.append((first, login))
        if self._login is not None and login != self._login:
            writer.write(b"HTTP/1.1 407 Login Wanted\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return None
        method, target, version = first.split(" ")
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            host, _, port = target.rpartition(":")
            return host, int(port), b""
        place, _, path = target.removeprefix("http://").partition("/")
        host, _, port = place.partition(":")
        # One request for each connection: those that follow are not looked at.
        head = "\r\n".join([f"{method} /{path} {version}", "Connection: close", *lines]).encode()
        return host, int(port), head


class SocksProxy(Relay):
    """A SOCKS 5 proxy without login.

    Attributes:
        seen: the host and port that each connection asked for.
    """

    def __init__(self) -> None:
        super().__init__(self._open)
        self.seen: list[tuple[str, int]] = []

    async def _open(self, reader: Any, writer: Any) -> tuple[str, int, bytes]:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        kind = (await reader.readexactly(4))[3]
        if kind == 1:
            host = ".".join(str(part) for part in await reader.readexactly(4))
        else:
            [length] = await reader.readexactly(1)
            host = (await reader.readexactly(length)).decode()
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.seen.append((host, port))
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        return host, port, b""


def tls_front(port: int, tls: ssl.SSLContext) -> Relay:
    """A TLS server in front of what listens at `port` without."""

    async def opening(reader: Any, writer: Any) -> tuple[str, int, bytes]:
        return "127.0.0.1", port, b""

    return Relay(opening, tls=tls)
