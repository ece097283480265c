"""Find Google credentials when they are first needed, and keep their token fresh.

google-auth's credentials may be used by one thread at a time: eight threads with an old token make
eight token calls (https://github.com/googleapis/google-auth-library-python/issues/1780). Here
there is at most one refresh at a time, in a thread of its own, whoever waits for it: threads, tasks
of any event loop, or nobody any more.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio

from ..._http.shared_client import _running_loop
from ..._primitives.fork import start_over_in_child
from ..._primitives.log import logger
from .credentials import (
    Headers,
    check,
    find_default,
    headers_of,
    load_google_auth,
    refreshed,
    same,
    scoped,
    token_state,
)
from .errors import Failure, describe, explain, is_refusal
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from ..._types import HttpClient, TimeoutTypes
    from .credentials import Credentials

REFRESH_PAUSE = 30.0
"""Seconds from one refresh to the next early one. For google-auth a token is stale in its last
225 s, so one with a shorter life is stale from the start, and would be renewed by every call."""

Outcome: TypeAlias = "Headers | Failure"


class GoogleCredentials:
    """Credentials that any number of clients, threads and event loops share.

    Args:
        credentials: google-auth's, or any object with `token` and `refresh(request)`. Without
            them, Application Default Credentials are found at the first call.
        project: the project, where it is known.
        http: gives the HTTP client for token calls; without it, each refresh has its own.
        clock: seconds that never go back, to space early refreshes.

    Raises:
        TypeError: `credentials` are nothing of the kind.
    """

    def __init__(
        self,
        credentials: object | None = None,
        *,
        project: str | None = None,
        http: Callable[[], HttpClient] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if credentials is not None:
            check(credentials)
        self._given: Credentials | None = credentials
        self._http = http
        self._clock = clock
        self._project = project
        self._credentials: Credentials | None = None
        self._tried: Credentials | None = None  # the last that were found, for errors to name
        self._early_from = 0.0
        self._start_over()
        start_over_in_child(self)

    def _start_over(self) -> None:
        """No lock is held and no refresh on its way: so it is at first, and after a fork."""
        self._find_lock = threading.Lock()
        self._refresh_lock = threading.Lock()
        self._refresh: Future[Outcome] | None = None

    def load(self) -> None:
        """Import what finding credentials needs, as far as it is installed; reads no file."""
        if self._given is None:
            load_google_auth()

    def headers(
        self, rejected: Mapping[str, str] | None = None, *, timeout: TimeoutTypes = None
    ) -> Headers:
        """The headers that carry the credentials; waits for a refresh only when it must.

        Args:
            rejected: headers from here that the server answered with 401. If they are still the
                present ones there is one refresh, whose outcome may be the same headers again.
            timeout: how long to wait: seconds, or a `Timeout`, whose `read` counts; None for as
                long as the refresh may take.

        Raises:
            GoogleCredentialsError: there are no credentials, or they were refused.
            APIConnectionError: no token server was to be reached, or it failed.
            APITimeoutError: it did not answer in time.
        """
        joined, limit = self._join(rejected), _seconds(timeout)
        if isinstance(joined, Future):
            wait([joined], limit)
        return _headers_or_raise(joined, limit)

    async def headers_async(
        self,
        rejected: Mapping[str, str] | None = None,
        *,
        timeout: TimeoutTypes = None,  # noqa: ASYNC109  # the call's, which is no cancel scope
    ) -> Headers:
        """`headers` for asyncio and trio. Cancelling one who waits does not stop the refresh."""
        joined, limit = self._join(rejected), _seconds(timeout)
        if isinstance(joined, Future):
            with anyio.move_on_after(limit):
                await _done(joined)
        return _headers_or_raise(joined, limit)

    def known(self) -> Headers:
        """The headers with the present token, whatever it is worth; none before the first."""
        credentials = self._credentials
        if credentials is None or credentials.token is None:
            return {}
        return headers_of(credentials)

    def find_project(self) -> str | None:
        """The project, given or named by the credentials, which are found for it; else None.

        Reads files, and on Google Cloud asks the metadata server. Raises as `headers` does.
        """
        if self._project is None:
            with Transport(self._http) as transport:
                try:
                    self._found(transport)
                except Exception as trouble:  # noqa: BLE001  # google-auth's own, and the system's
                    failure = explain(trouble, self._given, transport)
                else:
                    return self._project
            raise failure.error()
        return self._project

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        credentials = self._credentials or self._given
        if credentials is None:
            return f"<{type(self).__name__}, not looked for yet>"
        return f"<{type(self).__name__} {type(credentials).__name__}, {token_state(credentials)}>"

    # --- the present token ---

    def _ready(self) -> Headers | None:
        """The present headers if they may be used, and a refresh behind them if that is due."""
        credentials = self._credentials
        if credentials is None or (state := token_state(credentials)) == "INVALID":
            return None
        # Looked at again under the lock, which the calls in the pause need not take for it.
        if state == "STALE" and self._clock() >= self._early_from:
            self._refresh_early()
        return headers_of(credentials)

    def _refresh_early(self) -> None:
        with self._refresh_lock:
            if self._clock() < self._early_from or (self._refresh and not self._refresh.done()):
                return
            try:
                self._start_refresh(None, early=True)
            except RuntimeError as trouble:  # no threads any more: the interpreter is ending
                logger.debug("no early refresh of Google credentials: %s", trouble)

    # --- refreshing ---

    def _join(self, rejected: Mapping[str, str] | None) -> Headers | Future[Outcome]:
        """The present headers if they will do, or the future of the one refresh that is needed."""
        if rejected is None and (ready := self._ready()) is not None:
            return ready
        with self._refresh_lock:
            credentials = self._credentials
            if credentials is not None and token_state(credentials) != "INVALID":
                present = headers_of(credentials)
                if not same(present, rejected):
                    return present
            if self._refresh is not None and not self._refresh.done():
                return self._refresh
            return self._start_refresh(rejected)

    def _start_refresh(
        self, rejected: Mapping[str, str] | None, *, early: bool = False
    ) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        thread = threading.Thread(
            target=self._run_refresh,
            args=(future, rejected, early),
            name="google-credentials",
            daemon=True,
        )
        thread.start()
        self._early_from = self._clock() + REFRESH_PAUSE
        self._refresh = future
        return future

    def _run_refresh(
        self, future: Future[Outcome], rejected: Mapping[str, str] | None, early: bool
    ) -> None:
        outcome: Outcome = Failure("The refresh of the Google credentials was interrupted.")
        try:
            with Transport(self._http) as transport:
                try:
                    outcome = self._renew(transport, rejected)
                except Exception as trouble:  # noqa: BLE001  # google-auth's, files', the caller's
                    outcome = explain(trouble, self._tried or self._given, transport)
                    self._forget(rejected)
            if early and isinstance(outcome, Failure):  # nobody waits for it who could raise it
                logger.warning("%s The present token is used while it lasts.", outcome.message)
        finally:
            future.set_result(outcome)

    def _renew(self, transport: Transport, rejected: Mapping[str, str] | None) -> Headers:
        known = self._credentials is not None
        credentials = self._found(transport)
        try:
            return refreshed(credentials, transport, rejected)
        except Exception as trouble:
            if self._given is not None or not (known and is_refusal(trouble)):
                raise
        # Somebody may have logged in again since, or put another key in the place of the old one.
        logger.info("%s: refused, looking for new ones", describe(credentials))
        credentials, _ = self._find(transport)
        headers = refreshed(credentials, transport, rejected)
        self._credentials = credentials
        return headers

    def _forget(self, rejected: Mapping[str, str] | None) -> None:
        """Drop credentials that were found and are of no more use, for the next call to look."""
        credentials = self._credentials
        if credentials is None or self._given is not None:
            return
        if rejected is not None or token_state(credentials) == "INVALID":
            self._credentials = None

    # --- finding ---

    def _found(self, transport: Transport) -> Credentials:
        with self._find_lock:
            if self._credentials is None:
                credentials, project = self._find(transport)
                self._project = self._project or project
                self._credentials = credentials
                logger.debug("Google credentials: %s", describe(credentials))
            return self._credentials

    def _find(self, transport: Transport) -> tuple[Credentials, str | None]:
        if self._given is not None:
            project: str | None = getattr(self._given, "project_id", None)
            return scoped(self._given), project
        self._tried = None
        self._tried, project = find_default(transport)
        return self._tried, project


def _seconds(timeout: TimeoutTypes) -> float | None:
    return timeout if timeout is None or isinstance(timeout, (int, float)) else timeout.read


def _headers_or_raise(joined: Headers | Future[Outcome], limit: float | None) -> Headers:
    """The present headers, or what a refresh brought that was waited for up to `limit` seconds."""
    if isinstance(joined, dict):
        return joined
    if not joined.done():
        raise Failure(
            f"Request timed out. (waiting for Google credentials, {limit or 0:g} s allowed; "
            "their refresh goes on for the calls to come)",
            "timeout",
        ).error()
    outcome = joined.result()
    if isinstance(outcome, Failure):
        raise outcome.error()
    return dict(outcome)


async def _done(future: Future[Outcome]) -> None:
    """Return when the refresh is over; it may be waited for from any event loop."""
    event = anyio.Event()
    loop: Any = _running_loop()
    wake = getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon

    def wake_up(_: object) -> None:
        try:
            wake(event.set)
        except RuntimeError:  # the loop has ended, and who waited in it with it
            logger.debug("an event loop ended while it waited for Google credentials")

    future.add_done_callback(wake_up)
    await event.wait()
