"""A uvicorn server in a thread of its own, which starts and stops within milliseconds."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import uvicorn

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class ThreadedServer:
    """Serves one application, once.

    Args:
        name: the name of the thread.

    Attributes:
        stopping: whether the server closes its connections now, or has.
    """

    def __init__(self, name: str) -> None:
        self.stopping = False
        self._name = name
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(
        self,
        app: Application,
        host: str,
        port: int,
        *,
        closing: Callable[[], Awaitable[None]] | None = None,
    ) -> int:
        """Start to listen, and return the port when the server is ready.

        Args:
            app: what answers.
            host: the address to listen on.
            port: the port, or 0 for a free one.
            closing: called in the server's event loop when all connections are closed.

        Raises:
            OSError: the address or the port cannot be had.
        """
        listener = _listener(host, port)
        found: int = listener.getsockname()[1]
        self._server = _Server(app, self, closing)
        self._thread = threading.Thread(
            target=self._server.run_on, args=(listener,), name=self._name, daemon=True
        )
        self._thread.start()
        self._server.ready.wait()
        if not self._server.started:
            self.stop()
            raise RuntimeError("The server did not start; see the exception in its thread")
        return found

    def stop(self) -> None:
        """Stop at once, and close all connections."""
        if self._server is not None and self._thread is not None:
            self._server.stop_from_outside()
            self._thread.join()

    def transport_of(self, scope: Scope) -> asyncio.Transport | None:
        """The asyncio transport of the connection that a scope came on."""
        for connection in self._server.connections() if self._server is not None else ():
            if connection.client == scope["client"]:
                transport: asyncio.Transport = connection.transport
                return transport
        return None


class Served(ABC):
    """What is served from `start` to `stop`, or in a `with` block, as often as wanted.

    Args:
        what: its name in errors and in that of its thread.
        host: the address to listen on.
        port: the port, or 0 for a free one.
    """

    def __init__(self, what: str, host: str, port: int) -> None:
        self._what = what
        self._host = host
        self._wanted_port = port
        self._port = 0
        self._server: ThreadedServer | None = None

    @property
    @abstractmethod
    def base_url(self) -> str:
        """The `base_url` for clients."""

    @abstractmethod
    def _serve(self, server: ThreadedServer) -> int:
        """Start `server` with an application, and return its port."""

    def start(self) -> Self:
        """Start to listen; return when the server is ready."""
        if self._server is not None:
            raise RuntimeError(f"The {self._what} is already running, at {self.base_url}")
        server = ThreadedServer(f"gemini-openai-{self._what}")
        self._port = self._serve(server)
        self._server = server
        return self

    def stop(self) -> None:
        """Stop at once and close all connections, also those with answers under way."""
        if self._server is not None:
            self._server.stop()
        self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens on, or did before it was stopped."""
        return self._port

    @property
    def _origin(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off (40 ms an answer) only for sockets that say TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere another process could then listen on the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server that starts and stops within milliseconds, because it does not poll."""

    def __init__(
        self,
        app: Application,
        owner: ThreadedServer,
        closing: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self.ready = threading.Event()
        self._owner = owner
        self._closing = closing
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        super().__init__(
            uvicorn.Config(
                cast(Any, app),
                http="h11",  # the implementation that uvicorn always installs
                ws="none",
                lifespan="off",
                log_config=None,
                log_level=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=3600,
            )
        )

    def run_on(self, listener: socket.socket) -> None:
        """Serve until stopped; to be called in the server's thread."""
        try:
            asyncio.run(self.serve(sockets=[listener]))
        finally:
            listener.close()
            self.ready.set()

    def stop_from_outside(self) -> None:
        """Ask the server to stop, from another thread."""
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def main_loop(self) -> None:
        """Wait until told to stop; uvicorn's own loop checks for that ten times a second."""
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.ready.set()
        await self._stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close every connection; to the requests in progress it looks as if their client left."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        self._owner.stopping = True
        for _ in range(3):  # the last connection may have been accepted just now
            for connection in self.connections():
                connection.transport.abort()
            await asyncio.sleep(0)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)
        if self._closing is not None:
            await self._closing()

    def connections(self) -> list[Any]:
        """The connections that are open, as uvicorn's protocols."""
        # uvicorn types them as any of its protocols; with `http="h11"` all are `H11Protocol`.
        return [*self.server_state.connections]
