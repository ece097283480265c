"""The emulator as an object: a server in a thread of its own, started and stopped in no time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, cast

from ..answers.catalogue import Catalogue
from ..answers.quirks import Quirks, switched
from ..routes.context import Settings
from ..state.google_auth import GoogleAuth
from ..state.script import Journal, Script
from ..state.storage import GRANULARITY, MAX_FILE_BYTES, Storage
from .app import App, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from ..http.requests import Received
    from ..state.files import StoredFile
    from ..state.jobs import Job

try:
    import uvicorn
except ImportError as missing:
    raise ImportError(
        "The emulator needs uvicorn, which is not installed. "
        "Install it with: pip install 'gemini-openai[emulator]'"
    ) from missing


class Emulator:
    """A server on this machine that speaks Gemini's OpenAI-compatible dialect; there is no model.

    ```python
    with Emulator() as emulator:
        client = Client(api_key="any", base_url=emulator.base_url)
    ```

    Answers are made by rule and begin with `[emulator]`, or are those given to `script`. Any HTTP
    client can talk to it. Several can run at once, and one can be started again after `stop`.

    Args:
        quirks: Switches for rows of the quirks table, `{"empty_tool_call_ids": True}`.
        models: Names beside Google's own list and `gemini-…` that are models here, for any route.
        bad_keys: API keys that are refused; so is every key that begins with `bad`.
        only_scripted: Refuse a request for which nothing was scripted, in place of a rule's
            answer.
        clock: Gives the time, in seconds since 1970; `advance` moves it on.
        batches: How batches go, unless a `Job` was scripted for one.
        videos: How videos go, likewise.
        processing: How uploaded files become `ACTIVE`, likewise; `None`: videos at the second look,
            others at once.
        max_file_bytes: What is larger is refused at the start of its upload.
        upload_granularity: Chunks but the last must be multiples of so many bytes.
        google: The accounts and tokens for Vertex's routes, and the servers that give them out.
        keep: How many requests `requests` keeps, the last ones; `None`: all.
        host: The address to listen on.
        port: The port to listen on; 0 finds a free one.

    Raises:
        ValueError: `quirks` names one there is not.
        OSError: From `start`: the port is taken.
    """

    def __init__(
        self,
        *,
        quirks: Mapping[str, bool] | None = None,
        models: Iterable[str] = (),
        bad_keys: Iterable[str] = ("bad-key",),
        only_scripted: bool = False,
        clock: Callable[[], float] = time.time,
        batches: Job | None = None,
        videos: Job | None = None,
        processing: Job | None = None,
        max_file_bytes: int = MAX_FILE_BYTES,
        upload_granularity: int = GRANULARITY,
        google: GoogleAuth | None = None,
        keep: int | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._host = host
        self._wanted_port = port
        self._port = 0
        self._journal = Journal(keep)
        self._clock = clock
        self._advanced = 0.0
        self._storage = Storage(
            max_file_bytes=max_file_bytes,
            granularity=upload_granularity,
            batch_job=batches,
            video_job=videos,
            processing=processing,
        )
        self._settings = Settings(
            quirks=switched(Quirks(), quirks or {}),
            models=Catalogue(tuple(models)),
            bad_keys=frozenset(bad_keys),
            only_scripted=only_scripted,
            clock=self.now,
            storage=self._storage,
            google=google or GoogleAuth(clock=self.now),
        )
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    # --- life ---

    def start(self) -> Self:
        """Listen; returns when requests are answered."""
        if self._thread is not None:
            raise RuntimeError(f"The emulator is running already, at {self.base_url}")
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio switches Nagle's algorithm off (40 ms an answer) only for sockets that say TCP.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._wanted_port))
        except BaseException:
            listener.close()
            raise
        self._port = listener.getsockname()[1]
        self._server = _Server(self._settings, self._journal)
        self._thread = threading.Thread(
            target=self._server.run_on, args=(listener,), name="gemini-emulator", daemon=True
        )
        self._thread.start()
        self._server.ready.wait()
        if not self._server.started:
            self.stop()
            raise RuntimeError("The emulator's server did not start; its thread says why")
        return self

    def stop(self) -> None:
        """Stop at once: connections are closed, streams that are held or stalled included."""
        if self._server is not None and self._thread is not None:
            self._server.stop_from_outside()
            self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    # --- where ---

    @property
    def port(self) -> int:
        """The port it listens on, or listened on last."""
        return self._port

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`, for clients that put Google's paths behind it themselves."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def base_url(self) -> str:
        """The `base_url` of an OpenAI-shaped client, with Google's path."""
        return f"{self.origin}/v1beta/openai/"

    def vertex_url(
        self,
        project: str = "emulated-project",
        location: str = "global",
        endpoint: str = "openapi",
    ) -> str:
        """The `base_url` of an OpenAI-shaped client for Vertex AI."""
        return f"{self.origin}/v1/projects/{project}/locations/{location}/endpoints/{endpoint}/"

    # --- time, files, tokens ---

    def now(self) -> float:
        """The emulator's time, in seconds since 1970."""
        return self._clock() + self._advanced

    def advance(self, seconds: float) -> None:
        """Move the emulator's time on: files and tokens run out, jobs get done."""
        self._advanced += seconds

    @property
    def files(self) -> dict[str, StoredFile]:
        """The files that are there, by name, `files/…`; uploads count once they are whole."""
        return {file.name: file for file in self._storage.all_files(self.now())}

    def add_file(
        self, content: bytes, *, mime_type: str = "text/plain", generated: bool = True
    ) -> StoredFile:
        """Put a file there, as Gemini puts what it generated."""
        file = self._storage.new_file(mime_type, self.now(), generated=generated)
        file.blob.append(content)
        self._storage.keep(file)
        return file

    @property
    def google(self) -> GoogleAuth:
        """The accounts and tokens of the Vertex routes."""
        return self._settings.google

    # --- script and record ---

    def script(
        self,
        *answers: Script,
        path: str | None = None,
        when: Callable[[Received], bool] | None = None,
    ) -> None:
        """Put answers in line; each is used once, by the first request it suits.

        An answer is a `Reply`, `Sse`, `Drop` or `Stall`, an `Answer` (what to say, put into the
        dialect as a chat request wants it), a `Job` (how what a request begins goes), or a function
        of the request that returns one of those.

        Args:
            answers: The answers, in order.
            path: Only for requests whose path ends so, `"/embeddings"`.
            when: Only for requests of which this is true.
        """
        self._journal.add(answers, path, when)

    @property
    def requests(self) -> list[Received]:
        """The requests so far, in order of arrival; those refused are among them."""
        return self._journal.requests

    @property
    def unused(self) -> list[Script]:
        """The scripted answers that no request took."""
        return self._journal.unused

    def reset(self) -> None:
        """Forget the requests, the scripted answers that are left, files, batches and videos."""
        self._journal.clear()
        self._storage.clear()

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait until `predicate()` is true; it is asked again after each event, without polling.

        ```python
        emulator.wait_for(lambda: emulator.requests[0].disconnected)
        ```

        Raises:
            TimeoutError: It was not true within `timeout` seconds; the message lists the requests.
        """
        self._journal.wait_for(predicate, timeout)


class _Server(uvicorn.Server):
    """uvicorn without its ticking: it starts, serves and stops when told, within milliseconds."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.app = App(settings, journal, self._transport_of)
        super().__init__(
            uvicorn.Config(
                cast(Any, self.app),
                http="h11",  # the one implementation that is always there
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
        """Wait for the call to stop; uvicorn's own loop looks for it ten times a second."""
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.ready.set()
        await self._stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close every connection; the requests in progress see their client leave."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        self.app.stopping = True
        for _ in range(3):  # the last connection may have been accepted just now
            for connection in self._connections():
                connection.transport.abort()
            await asyncio.sleep(0)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)

    def _connections(self) -> list[Any]:
        # Of the protocols that uvicorn may list here, ours is always `H11Protocol`.
        return [*self.server_state.connections]

    def _transport_of(self, scope: Scope) -> asyncio.Transport | None:
        for connection in self._connections():
            if connection.client == scope["client"]:
                transport: asyncio.Transport = connection.transport
                return transport
        return None
