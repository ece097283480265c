"""Keep on disk how far a run is: its jobs, before anything is waited for."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import from_json

from ..._primitives.json_types import is_object
from .errors import BatchError

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
STATE_FILE = "run.json"


class BatchProgress(NamedTuple):
    """How far a run is.

    `rows` are all rows, `done` those with an answer or an error by now and `failed` those with an
    error, as far as the server tells; `jobs_ended` of `jobs` have ended. `elapsed` is in seconds
    since the run, or its resumption, began. `state` is what is being done: `"checking"` rows,
    `"uploading"`, `"waiting"`, `"downloading"`, `"cancelling"` or `"done"`.
    """

    state: str
    rows: int
    done: int
    failed: int
    jobs: int
    jobs_ended: int
    elapsed: float


@dataclass
class Job:
    """One batch job of a run, and the file of its input.

    Attributes:
        rows: how many rows it has.
        uploaded_at: when its input was uploaded, in Unix time.
        input_created_at: the same by the server's clock; 0 where it did not say.
        asked_for: whether the server was, or may have been, asked to begin it.
        completed: how many of its rows the server counts as answered, and `failed` as refused.
        ended: whether its status is final and its output, if any, is here.
        trouble: what is wrong with it, for people.
    """

    number: int
    rows: int
    bytes: int
    input_file_id: str | None = None
    uploaded_at: float = 0.0
    input_created_at: int = 0
    asked_for: bool = False
    batch_id: str | None = None
    status: str = ""
    completed: int = 0
    failed: int = 0
    output_file_id: str | None = None
    error_file_id: str | None = None
    ended: bool = False
    trouble: str | None = None


@dataclass
class State:
    """A run as it is written to disk."""

    endpoint: str
    rows: int
    bad: int
    jobs: list[Job] = field(default_factory=list[Job])
    cancelled: bool = False

    def progress(self, state: str, elapsed: float) -> BatchProgress:
        """What to tell the caller."""
        done = sum(job.rows if job.ended else job.completed + job.failed for job in self.jobs)
        failed = sum(
            job.failed if job.status == "completed" or not job.ended else job.rows - job.completed
            for job in self.jobs
        )
        return BatchProgress(
            "cancelling" if self.cancelled and state == "waiting" else state,
            self.rows,
            self.bad + done,
            self.bad + failed,
            len(self.jobs),
            sum(job.ended for job in self.jobs),
            elapsed,
        )


def save(state: State, directory: Path) -> None:
    """Write a run to its directory; a crash leaves the old text or the new.

    Raises `BatchError` when it cannot be written.
    """
    text = json.dumps({"version": VERSION, **asdict(state)}, indent=1)
    path = directory / STATE_FILE
    fresh = directory / f"{STATE_FILE}.new"
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as cause:
        raise BatchError(
            f"The run cannot be written to {directory}: {cause}.",
            directory=directory if path.exists() else None,
        ) from cause


def load(directory: Path) -> State:
    """Read a run back. Raises `BatchError` when there is none, or it cannot be read."""
    path = directory / STATE_FILE
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise BatchError(
            f"There is no run to resume in {directory}: looked for {path.name}, which is written "
            "before anything is sent. Begin again with batches.run(requests, ...)."
        ) from None
    try:
        value = from_json(text)
        if is_object(value) and value.get("version") != VERSION:
            raise BatchError(f"{path} was written by another version of gemini_openai.")
        return TypeAdapter(State).validate_python(value)
    except ValueError as cause:
        raise BatchError(
            f"{path}, which says how far the run is, is damaged: {cause}\nIts jobs go on at "
            "Google: client.batches.list() names them, and their outputs can be read with "
            "gemini_openai.bulk.read_output."
        ) from None
