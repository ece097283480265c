"""Keep on disk how far a run is: its jobs, before anything is waited for."""

from __future__ import annotations

import json
import os
import sys
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
CANCELLED_FILE = "cancelled"

_LOST = (
    "What is lost is which jobs were begun. What is not: the rows, in the input-*.jsonl beside it; "
    "the answers that came, in output-*.jsonl; and the jobs themselves, which go on at Google and "
    "are paid for. client.batches.list() names them and their outputs, which "
    "gemini_openai.bulk.read_output reads. Send again only rows that are in none of them."
)
_ABSURD = 1 << 62  # more than any size, count or time


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
        sync_names(directory)
    except OSError as cause:
        raise BatchError(
            f"The run cannot be written to {directory}: {cause}.",
            directory=directory if path.exists() else None,
        ) from cause


def sync_names(directory: Path) -> None:
    """Put the names of the files in a directory on disk for good, as `fsync` does their content."""
    if sys.platform == "win32":  # where a directory cannot be opened, nor has to be
        return
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def load(directory: Path) -> State:
    """Read a run back. Raises `BatchError` when there is none, or it cannot be read."""
    path = directory / STATE_FILE
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if has_answers(directory):
            raise BatchError(f"{path}, which says how far the run is, is gone. {_LOST}") from None
        raise BatchError(
            f"There is no run to resume in {directory}: looked for {path.name}, which is written "
            "before anything is sent. Begin again with batches.run(requests, ...)."
        ) from None
    except OSError as cause:
        raise BatchError(f"{path} cannot be read: {cause}.") from cause
    try:
        value = from_json(text, allow_inf_nan=False)
        if is_object(value) and value.get("version", VERSION) != VERSION:
            raise BatchError(
                f"{path} was written by another version of gemini_openai. Go on with that one: "
                "nothing is lost."
            )
        state = TypeAdapter(State).validate_python(value)
        if trouble := _inconsistency(state):
            raise ValueError(trouble)
    except ValueError as cause:
        raise BatchError(
            f"{path}, which says how far the run is, is damaged: {cause}\n{_LOST}"
        ) from None
    state.cancelled |= is_marked_cancelled(directory)
    return state


def has_answers(directory: Path) -> bool:
    """Whether a directory has outputs of jobs, so that a run was sent from there."""
    return any(directory.glob("output-*.jsonl"))


def _inconsistency(state: State) -> str | None:
    """What cannot be true in a state that was read, if anything is."""
    from ...dialect import BATCH_ENDPOINTS, ENDED_BATCH_STATUSES

    if state.endpoint not in BATCH_ENDPOINTS:
        return f"its endpoint is {state.endpoint!r}."
    if [job.number for job in state.jobs] != [*range(len(state.jobs))]:
        return "its jobs are not numbered from 0."
    counts = [state.bad, *(job.rows for job in state.jobs)]
    if min(counts) < 0 or sum(counts) != state.rows:
        return f"its jobs and bad rows do not add up to {state.rows} rows."
    for job in state.jobs:
        if "" in (job.batch_id, job.input_file_id):
            return f"job {job.number} has an empty id."
        if job.asked_for and job.input_file_id is None:
            return f"job {job.number} was begun without an input."
        if job.ended and job.status not in ENDED_BATCH_STATUSES:
            return f"job {job.number} has ended, and its status is {job.status!r}."
        numbers = [value for value in vars(job).values() if isinstance(value, (int, float))]
        if not all(0 <= number < _ABSURD for number in numbers):
            return f"job {job.number} has a number that cannot be."
    return None


def mark_cancelled(directory: Path) -> None:
    """Put on disk that a run is cancelled, beside what another thread or process may be writing.

    Raises `BatchError` when it cannot be written.
    """
    try:
        (directory / CANCELLED_FILE).touch()
        sync_names(directory)
    except OSError as cause:
        raise BatchError(
            f"That the run is cancelled cannot be written to {directory}: {cause}. This process "
            "cancels its jobs all the same, if it goes on."
        ) from cause


def is_marked_cancelled(directory: Path) -> bool:
    """Whether somebody asked to stop the run in a directory."""
    return (directory / CANCELLED_FILE).exists()
