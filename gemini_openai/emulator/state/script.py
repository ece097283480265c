"""The journal of an emulator: the answers a test scripted, and the requests that came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..answers.answer import Answer
from ..http.replies import Drop, Reply, Sse, Stall
from ..http.requests import Received
from .jobs import Job

Scripted: TypeAlias = Reply | Sse | Drop | Stall | Answer | Job
Script: TypeAlias = Scripted | Callable[[Received], Scripted]


@dataclass(frozen=True)
class _Entry:
    answer: Script
    path: str | None
    when: Callable[[Received], bool] | None

    def suits(self, request: Received) -> bool:
        if self.path is not None and not request.path.endswith(self.path):
            return False
        if isinstance(self.answer, Answer) and not request.path.endswith("/chat/completions"):
            return False
        if isinstance(self.answer, Job) and not _begins_job(request, uploads=bool(self.path)):
            return False
        return self.when is None or self.when(request)


def _begins_job(request: Received, *, uploads: bool) -> bool:
    """Whether the request begins a job; an upload counts only with `uploads`."""
    ends = ("/batches", "/videos", "/files") if uploads else ("/batches", "/videos")
    return (
        request.method == "POST"
        and request.path.endswith(ends)
        and "upload_id" not in request.query
    )


class Journal:
    """The requests so far and the scripted answers not used yet. Safe to use from any thread.

    Args:
        keep: How many requests to keep, the last ones; `None`: all.
    """

    def __init__(self, keep: int | None = None) -> None:
        self._changed = threading.Condition()
        self._requests: deque[Received] = deque(maxlen=keep)
        self._script: list[_Entry] = []

    def record(self, request: Received, *, by_path_only: bool = False) -> Script | None:
        """Record the request, and take the first scripted answer that suits it.

        With `by_path_only` it takes only answers that were scripted for its path.
        """
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            for position, entry in enumerate(self._script):
                if entry.suits(request) and not (by_path_only and entry.path is None):
                    del self._script[position]
                    return entry.answer
        return None

    def note(self, request: Received, **outcome: Any) -> None:
        """Record the outcome of a request."""
        with self._changed:
            for name, value in outcome.items():
                setattr(request.outcome, name, value)
            self._changed.notify_all()

    def add(
        self,
        answers: Sequence[Script],
        path: str | None,
        when: Callable[[Received], bool] | None,
    ) -> None:
        """Add answers at the end of the script."""
        with self._changed:
            self._script += [_Entry(answer, path, when) for answer in answers]

    def clear(self) -> None:
        """Remove all requests and unused answers."""
        with self._changed:
            self._requests.clear()
            self._script.clear()
            self._changed.notify_all()

    @property
    def requests(self) -> list[Received]:
        """The requests so far, in order of arrival."""
        with self._changed:
            return [*self._requests]

    @property
    def unused(self) -> list[Script]:
        """The scripted answers that no request took."""
        with self._changed:
            return [entry.answer for entry in self._script]

    def wait_for(self, predicate: Callable[[], bool], timeout: float) -> None:
        """Return once `predicate()` is true; it is called again after each event.

        Raises:
            TimeoutError: It was not true within `timeout` seconds.
        """
        with self._changed:
            if self._changed.wait_for(predicate, timeout):
                return
            seen = [
                f"{request.method} {request.path} ({request.outcome})" for request in self._requests
            ]
        raise TimeoutError(
            f"The condition was not true within {timeout:g} s. Requests so far: "
            f"{'; '.join(seen) or 'none'}"
        )
