"""The emulator as an object that runs the server in a thread of its own."""

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
        models: More names that are models, for every route, beside Google's list and `gemini-…`.
        bad_keys: API keys to refuse; every key that begins with `bad` is refused too.
        only_scripted: Refuse requests for which nothing was scripted, instead of answering
            them by rule.
        clock: Gives the time, in seconds since 1970; `advance` adds to it.
        batches: How batches proceed for which no `Job` was scripted.
        videos: The same for videos.
        processing: The same for uploaded files until they are `ACTIVE`; `None`: videos at the
            second retrieval, others at once.
        max_file_bytes: Larger files are refused when their upload starts.
        upload_granularity: All chunks but the last must be multiples of so many bytes.
        google: The accounts and tokens for Vertex AI.
        keep: How many requests `requests` keeps, the last ones; `None`: all.
        host: The address to listen on.
        port: The port to listen on; 0 finds a free one.

    Raises:
        ValueError: `quirks` has a name that is not a quirk.
        OSError: Raised by `start` if the port is taken.
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

    # --- starting and stopping ---

    def start(self) -> Self:
        """Start to listen; return when the server is ready."""
        if self._thread is not None:
            raise RuntimeError(f"The emulator is already running, at {self.base_url}")
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
            raise RuntimeError(
                "The emulator's server did not start; see the exception in its thread"
            )
        return self

    def stop(self) -> None:
        """Stop at once and close all connections, also those with held or stalled answers."""
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

    # --- addresses ---

    @property
    def port(self) -> int:
        """The port it listens on, or did before it was stopped."""
        return self._port

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`, for clients that add Google's paths themselves."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def base_url(self) -> str:
        """The `base_url` for clients with OpenAI's interface, with Google's path."""
        return f"{self.origin}/v1beta/openai/"

    def vertex_url(
        self,
        project: str = "emulated-project",
        location: str = "global",
        endpoint: str = "openapi",
    ) -> str:
        """The `base_url` for clients with OpenAI's interface, for Vertex AI."""
        return f"{self.origin}/v1/projects/{project}/locations/{location}/endpoints/{endpoint}/"

    # --- time, files, tokens ---

    def now(self) -> float:
        """The emulator's time, in seconds since 1970."""
        return self._clock() + self._advanced

    def advance(self, seconds: float) -> None:
        """Advance the emulator's time: files and tokens expire, jobs finish."""
        self._advanced += seconds

    @property
    def files(self) -> dict[str, StoredFile]:
        """The stored files by name, `files/…`; an upload is among them once it is complete."""
        return {file.name: file for file in self._storage.all_files(self.now())}

    def add_file(
        self, content: bytes, *, mime_type: str = "text/plain", generated: bool = True
    ) -> StoredFile:
        """Store a file, as Gemini does with what it generated."""
        file = self._storage.new_file(mime_type, self.now(), generated=generated)
        file.blob.append(content)
        self._storage.keep(file)
        return file

    @property
    def google(self) -> GoogleAuth:
        """The accounts and tokens of the Vertex routes."""
        return self._settings.google

    # --- scripted answers and requests ---

    def script(
        self,
        *answers: Script,
        path: str | None = None,
        when: Callable[[Received], bool] | None = None,
    ) -> None:
        """Add answers to the script; each is used once, by the first request that suits it.

        An answer is a `Reply`, `Sse`, `Drop` or `Stall`, an `Answer` (the content of a chat answer,
        written whole or streamed as the request wants it), a `Job` (how what a request begins
        proceeds), or a function of the request that returns one of those.

        Args:
            answers: The answers, in order.
            path: Only for requests whose path ends with this, such as `"/embeddings"`.
            when: Only for requests for which this returns true.
        """
        self._journal.add(answers, path, when)

    @property
    def requests(self) -> list[Received]:
        """The requests so far, in order of arrival, refused ones included."""
        return self._journal.requests

    @property
    def unused(self) -> list[Script]:
        """The scripted answers that no request took."""
        return self._journal.unused

    def reset(self) -> None:
        """Remove all requests, unused scripted answers, files, batches and videos."""
        self._journal.clear()
        self._storage.clear()

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait until `predicate()` is true; it is called again after each event, without polling.

        ```python
        emulator.wait_for(lambda: emulator.requests[0].disconnected)
        ```

        Raises:
            TimeoutError: It was not true within `timeout` seconds; the message lists the requests.
        """
        self._journal.wait_for(predicate, timeout)


class _Server(uvicorn.Server):
    """A uvicorn server that starts and stops within milliseconds, because it does not poll."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.app = App(settings, journal, self._transport_of)
        super().__init__(
            uvicorn.Config(
                cast(Any, self.app),
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
        self.app.stopping = True
        for _ in range(3):  # the last connection may have been accepted just now
            for connection in self._connections():
                connection.transport.abort()
            await asyncio.sleep(0)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks)

    def _connections(self) -> list[Any]:
        # uvicorn types them as any of its protocols; with `http="h11"` all are `H11Protocol`.
        return [*self.server_state.connections]

    def _transport_of(self, scope: Scope) -> asyncio.Transport | None:
        for connection in self._connections():
            if connection.client == scope["client"]:
                transport: asyncio.Transport = connection.transport
                return transport
        return None
