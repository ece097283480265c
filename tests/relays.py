"""Servers between a client and the emulator: an HTTP proxy, a SOCKS proxy, one that ends TLS."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    from typing_extensions import Self


class Relay:
    """Listens on loopback, and passes each connection on to where `opening` says.

    Args:
        tls: makes it a TLS server.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._sockets: set[socket.socket] = set()
        relay = self

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    relay._serve(self.request)

        self._server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.port: int = self._server.server_address[1]

    def opening(self, near: socket.socket) -> tuple[str, int, bytes] | None:
        """Read how a connection begins; give host, port and first bytes, or None to hang up."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._sockets):
            _hang_up(connection)
        self._server.server_close()  # waits for the connections' threads

    def _serve(self, near: socket.socket) -> None:
        if self._tls is not None:
            near = self._tls.wrap_socket(near, server_side=True, do_handshake_on_connect=False)
        with near:
            self._sockets.add(near)
            if self._tls is not None:
                near.do_handshake()  # type: ignore[attr-defined]
            if (target := self.opening(near)) is None:
                return
            host, port, first = target
            with socket.create_connection((host, port)) as far:
                self._sockets.add(far)
                far.sendall(first)
                back = threading.Thread(target=_pass_on, args=(far, near))
                back.start()
                _pass_on(near, far)
                back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    _hang_up(source)
    _hang_up(target)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _read(near: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        if not (more := near.recv(count - len(data))):
            raise ConnectionError("ended too early")
        data += more
    return data


class HttpProxy(Relay):
    """An HTTP proxy, which forwards requests and opens tunnels.

    Args:
        login: the value of `Proxy-Authorization` that it wants.
        keeps: leaves a connection open after the request that it forwards; it reads only one.

    Attributes:
        seen: the first line and the login of each connection.
    """

    def __init__(self, *, login: str | None = None, keeps: bool = False) -> None:
        super().__init__()
        self._login = login
        self._keeps = keeps
        self.seen: list[tuple[str, str | None]] = []

    def opening(self, near: socket.socket) -> tuple[str, int, bytes] | None:
        head = _read(near, 1)
        if head == b"\x16":  # TLS
            near.sendall(b"HTTP/1.1 400 No HTTP\r\nContent-Length: 0\r\n\r\n")
            return None
        while not head.endswith(b"\r\n\r\n"):
            head += _read(near, 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in lines}
        login = headers.get("proxy-authorization")
        self.seen.append((first, login))
        if self._login is not None and login != self._login:
            near.sendall(b"HTTP/1.1 407 Login Wanted\r\nContent-Length: 0\r\n\r\n")
            return None
        method, target, version = first.split(" ")
        if method == "CONNECT":
            near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            host, _, port = target.rpartition(":")
            return host, int(port), b""
        place, _, path = target.removeprefix("http://").partition("/")
        host, _, port = place.partition(":")
        close = [] if self._keeps else ["Connection: close"]
        head = "\r\n".join([f"{method} /{path} {version}", *close, *lines]).encode()
        return host, int(port), head


class SocksProxy(Relay):
    """A SOCKS 5 proxy without login.

    Attributes:
        seen: the host and port that each connection asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, int]] = []

    def opening(self, near: socket.socket) -> tuple[str, int, bytes]:
        _, methods = _read(near, 2)
        _read(near, methods)
        near.sendall(b"\x05\x00")
        is_name = _read(near, 4)[3] == 3
        host = (
            _read(near, _read(near, 1)[0]).decode() if is_name else socket.inet_ntoa(_read(near, 4))
        )
        port = int.from_bytes(_read(near, 2), "big")
        self.seen.append((host, port))
        near.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return host, port, b""


class TlsFront(Relay):
    """A TLS server in front of what listens on loopback at `behind` without."""

    def __init__(self, behind: int, tls: ssl.SSLContext) -> None:
        super().__init__(tls=tls)
        self._behind = behind

    def opening(self, near: socket.socket) -> tuple[str, int, bytes]:
        return "127.0.0.1", self._behind, b""
