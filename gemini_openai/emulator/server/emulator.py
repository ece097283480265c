"""The emulator as an object that runs the server in a thread of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..answers.catalogue import Catalogue
from ..answers.quirks import Quirks, switched
from ..routes.context import Settings
from ..state.google_auth import GoogleAuth
from ..state.script import Journal, Script
from ..state.storage import GRANULARITY, MAX_FILE_BYTES, Storage
from .app import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..http.requests import Received
    from ..state.files import StoredFile
    from ..state.jobs import Job

try:
    from ..._serving.threaded import Served, ThreadedServer
except ImportError as missing:
    raise ImportError(
        "The emulator needs uvicorn, which is not installed. "
        "Install it with: pip install 'gemini-openai[emulator]'"
    ) from missing


class Emulator(Served):
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
        super().__init__("emulator", host, port)
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

    def _serve(self, server: ThreadedServer) -> int:
        app = App(self._settings, self._journal, server)
        return server.start(app, self._host, self._wanted_port)

    # --- addresses ---

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`, for clients that add Google's paths themselves."""
        return self._origin

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
