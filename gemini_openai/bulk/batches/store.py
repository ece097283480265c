"""Keep the rows of a run on disk: what was sent, and where each answer lies.

The lines are in files as they travel; a small database says where each row's request and answer
are. Memory does not grow with the rows. A database that is damaged is made again from the files:
what the lines do not say of a row is in a file of remarks.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import from_json

from ..._primitives.fork import start_over_in_child
from ..._primitives.json_types import is_object
from ..._primitives.log import logger
from ...dialect import output_object
from .errors import BatchError
from .state import STATE_FILE, sync_names

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from io import BufferedReader
    from pathlib import Path

    from .state import Job, State

_PAGE = 500  # rows fetched at a time
ROWS_TABLE = """
CREATE TABLE rows (
  number INTEGER PRIMARY KEY, custom_id TEXT UNIQUE, label TEXT, trouble TEXT, thinks INTEGER,
  job INTEGER, start INTEGER, size INTEGER, answer_start INTEGER, answer_size INTEGER)
"""
_SOUND = """
typeof(label) = 'text' AND typeof(thinks) IN ('integer', 'text')
AND (trouble IS NULL OR typeof(trouble) = 'text')
AND (job IS NULL) = (trouble IS NOT NULL)
AND typeof(start) = 'integer' AND start >= 0 AND typeof(size) = 'integer' AND size >= 0
AND (answer_start IS NULL OR typeof(answer_start) = 'integer' AND answer_start >= 0
  AND typeof(answer_size) = 'integer' AND answer_size >= 0)
"""
# `thinks` is `needs_request`: the column's name in the directories of runs that go on.
INSERT_ROW = "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"
_NO_ANSWERS = "UPDATE rows SET answer_start = NULL WHERE job = ?"
_COLUMNS = "number, label, trouble, thinks, job, start, size, answer_start, answer_size"


def good_row(
    number: int, custom_id: str, needs_request: str | int, job: int, start: int, size: int
) -> tuple[Any, ...]:
    """What is inserted for a row that can be sent; `needs_request` as in `StoredRow`."""
    return (number, custom_id, custom_id, None, needs_request, job, start, size)


def bad_row(number: int, label: str, trouble: str) -> tuple[Any, ...]:
    """What is inserted for a row that cannot be sent; `label` stands for its id."""
    return (number, None, label, trouble, 0, None, 0, 0)


class StoredRow(NamedTuple):
    """What is known of a row: where its request and its answer are, in bytes of its job's files."""

    number: int
    custom_id: str
    trouble: str | None
    needs_request: int | str  # as text it is `given_names`, as JSON
    job: int | None
    start: int
    size: int
    answer_start: int | None
    answer_size: int

    def given_names(self) -> dict[str, str]:
        """The app's names of functions, by those that were sent instead.

        Raises `ValueError` when they are damaged.
        """
        if not isinstance(self.needs_request, str):
            return {}
        return TypeAdapter(dict[str, str]).validate_json(self.needs_request)


class Store:
    """The directory of a run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.table_path = directory / "rows.sqlite"
        self._db: sqlite3.Connection | None = None
        self._reading: dict[str, tuple[int, BufferedReader]] = {}
        start_over_in_child(self)

    def _start_over(self) -> None:
        # A database must not even be closed in a child: that might undo what the parent writes.
        # The files have a position, which the two would move for each other.
        _left_to_parents.append((self._db, self._reading))
        self._db, self._reading = None, {}

    @property
    def remarks_path(self) -> Path:
        """What the lines do not say of a row, for the rows of which there is something."""
        return self.directory / "remarks.jsonl"

    def path(self, kind: str, job: int, ending: str = "jsonl") -> Path:
        """The lines of a job: of its `input`, as uploaded, or of its `output`, as downloaded.

        An output is a `part` before it is whole.
        """
        return self.directory / f"{kind}-{job:05}.{ending}"

    def db(self) -> sqlite3.Connection:
        """The database; one thread at a time uses it."""
        if self._db is None:
            self._db = sqlite3.connect(self.table_path, check_same_thread=False)
        return self._db

    def check(self, state: State) -> set[int]:
        """See that the files of a run are whole, and make its database again if that is not.

        Gives the numbers of the jobs whose output is not here. Raises `BatchError` for what
        cannot be had again.
        """
        for job in state.jobs:
            path = self.path("input", job.number)
            if job.batch_id is None and not job.ended and _size(path) != job.bytes:
                raise BatchError(
                    f"{path}, the input of job {job.number}, is damaged or gone. What is lost is "
                    f"its {job.rows} rows, which may not have been sent yet. What is not: all "
                    f"other rows and their answers. Put that file back, and resume. Or set "
                    f'"ended" of that job to true and its "status" to "failed" in '
                    f"{self.directory / STATE_FILE}, resume to have the others, and send those "
                    "rows in a run of their own, unless Google has a batch of "
                    f"{job.input_file_id or 'them'}.",
                    directory=self.directory,
                    says_all=True,
                )
        try:
            ends = self._ends(state)
        except (sqlite3.Error, _Damaged) as trouble:
            self._rebuild(state, trouble)
            with self._table():
                ends = self._ends(state)
        lost = {
            job.number
            for job in state.jobs
            if job.ended
            and (job.output_file_id or job.error_file_id)
            and _size(self.path("output", job.number)) < ends.get(job.number, 0)
        }
        if lost:
            with self._table() as db, db:
                db.executemany(_NO_ANSWERS, [(number,) for number in lost])
        return lost

    def _ends(self, state: State) -> dict[int | None, int]:
        """Where the last answer in the output of each job ends.

        Raises `sqlite3.Error` and `_Damaged` when the database is not that of the run.
        """
        if not self.table_path.exists():
            raise _Damaged("it is gone")
        db = self.db()
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _Damaged("its pages are inconsistent")
        query = (
            "SELECT job, count(*), min(number), max(number), "  # noqa: S608
            f"coalesce(max(answer_start + answer_size), 0), total({_SOUND}) FROM rows GROUP BY job"
        )
        found = db.execute(query).fetchall()
        rows: dict[int | None, int] = {job.number: job.rows for job in state.jobs if job.rows}
        if state.bad:
            rows[None] = state.bad
        sound = {job: count for job, count, *_, sound in found if count == sound}
        numbers = [number for _, _, *ends, _, _ in found for number in ends]
        if sound != rows or (rows and (min(numbers), max(numbers)) != (0, state.rows - 1)):
            raise _Damaged("its rows are not those of the run")
        return {row[0]: row[4] for row in found}

    def _rebuild(self, state: State, trouble: Exception) -> None:
        """Make the database again from the lines and the remarks.

        Raises `BatchError` when these are not all there.
        """
        self.close()
        fresh = self.table_path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            with closing(sqlite3.connect(fresh)) as db, db:
                db.execute(ROWS_TABLE)
                db.executemany(INSERT_ROW, self._rows_again(state))
                for job in state.jobs:
                    if (output := self.path("output", job.number)).exists():
                        _note_answers(db, job, output)
            # A journal of the old database would be played back into the new one.
            self.table_path.with_name("rows.sqlite-journal").unlink(missing_ok=True)
            fresh.replace(self.table_path)
            sync_names(self.directory)
        except (OSError, sqlite3.Error, _Damaged) as cause:
            raise BatchError(
                f"{self.table_path}, which says where each row's answer is, is damaged "
                f"({trouble}), and cannot be made again: {cause}. What is lost is which answer is "
                "which row's; what is not: the answers, in the output-*.jsonl beside it, which "
                "gemini_openai.bulk.read_output reads, and at Google, in the files that "
                f"{self.directory / STATE_FILE} names. If the disk is full, free space there, "
                "and resume.",
                directory=self.directory,
                says_all=True,
            ) from cause
        logger.warning("%s was damaged (%s), and was made again", self.table_path, trouble)

    def _rows_again(self, state: State) -> Iterator[tuple[Any, ...]]:
        remarks = self._remarks(state)
        remark = next(remarks, None)
        number = 0
        for custom_id, job, start, size in self._inputs(state):
            while remark is not None and remark[0] == number and remark[1] is not None:
                yield bad_row(number, remark[1], str(remark[2]))
                number, remark = number + 1, next(remarks, None)
            if custom_id is None:
                break
            names: str | int = 1  # of a row without: its request may be needed
            if remark is not None and remark[0] == number:
                names, remark = json.dumps(remark[2]), next(remarks, None)
            yield good_row(number, custom_id, names, job, start, size)
            number += 1
        if number != state.rows:
            raise _Damaged(f"there are {number} rows of {state.rows}")

    def _inputs(self, state: State) -> Iterator[tuple[str | None, int, int, int]]:
        """The id and place of each row that can be sent; at the end None, for the bad ones behind.

        Raises `_Damaged` for an input that is not whole.
        """
        for job in state.jobs:
            path, start = self.path("input", job.number), 0
            if _size(path) != job.bytes:
                raise _Damaged(f"{path} is not whole")
            with path.open("rb") as file:
                for line in file:
                    yield _id_in(line), job.number, start, len(line)
                    start += len(line)
        yield None, 0, 0, 0

    def _remarks(self, state: State) -> Iterator[tuple[int, str | None, Any]]:
        """The number of a row with the id and the trouble of a bad one, or None and names."""
        if not self.remarks_path.exists():
            if state.bad:
                raise _Damaged(f"{self.remarks_path}, which names the bad rows, is gone")
            return
        with self.remarks_path.open("rb") as file:
            for line in file:
                try:
                    number, label, what = from_json(line)
                except (TypeError, ValueError):
                    raise _Damaged(f"{self.remarks_path} is damaged") from None
                yield number, label, what

    def index(self, job: Job) -> int:
        """Take over an output that was downloaded whole, and note where its answers are.

        Gives the number of the job's rows without one.
        """
        part, output = self.path("output", job.number, "part"), self.path("output", job.number)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        self._close("output")  # which may be an earlier one of the same job
        part.replace(output)
        sync_names(self.directory)
        query = "SELECT count(*) FROM rows WHERE job = ? AND answer_start IS NULL"
        with self._table() as db, db:
            _note_answers(db, job, output)
            lacking: int = db.execute(query, (job.number,)).fetchone()[0]
        return lacking

    def page(self, after: int) -> list[StoredRow]:
        """The rows after a number, in order, a page of them."""
        query = f"SELECT {_COLUMNS} FROM rows WHERE number > ? ORDER BY number LIMIT {_PAGE}"  # noqa: S608
        with self._table() as db:
            return [StoredRow(*found) for found in db.execute(query, (after,))]

    @contextmanager
    def _table(self) -> Generator[sqlite3.Connection, None, None]:
        try:
            yield self.db()
        except sqlite3.Error as cause:
            raise BatchError(
                f"{self.table_path}, which says where each row's answer is, cannot be used: "
                f"{cause}. If the disk is full, free space there. If that file is damaged or gone, "
                "it is made again from the files beside it when the run is resumed and iterated "
                "over.",
                directory=self.directory,
            ) from cause

    def request(self, row: StoredRow) -> dict[str, Any]:
        """The line that was sent for a row. Raises `ValueError` when it is not as it was."""
        line = _sent(self._bytes("input", row.job or 0, row.start, row.size))
        if not (is_object(line) and is_object(line.get("body"))):
            raise ValueError("the line that was sent is damaged")
        return line

    def answer(self, row: StoredRow) -> bytes:
        """The line that answers a row."""
        return self._bytes("output", row.job or 0, row.answer_start or 0, row.answer_size)

    def _bytes(self, kind: str, job: int, start: int, size: int) -> bytes:
        # The file stays open until rows of another job are read: most come one after the other.
        try:
            if kind not in self._reading or self._reading[kind][0] != job:
                self._close(kind)
                self._reading[kind] = job, self.path(kind, job).open("rb")
            file = self._reading[kind][1]
            file.seek(start)
            return file.read(size)
        except OSError as cause:
            what = "rows that were sent" if kind == "input" else "answers"
            raise BatchError(
                f"A file of the run cannot be read: {cause}. What is lost is the {what} in it, "
                f"unless it can be put back; all else is there. {_GOOGLE_KEEPS}: "
                f"{self.directory / STATE_FILE} names the files.",
                directory=self.directory,
                says_all=True,
            ) from cause

    def close(self) -> None:
        """Close the files; what is on disk stays."""
        self._close(*self._reading)
        if self._db is not None:
            self._db.close()
            self._db = None

    def _close(self, *kinds: str) -> None:
        for kind in kinds:
            if kind in self._reading:
                self._reading.pop(kind)[1].close()

    def delete(self) -> None:
        """Remove the directory."""
        self.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class _Damaged(Exception):
    """A file of the run is not what it was; the text says which and how."""


_GOOGLE_KEEPS = "What its jobs put out is at Google for a while"
_left_to_parents: list[object] = []


def _size(path: Path) -> int:
    """The size of a file; -1 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _sent(line: bytes) -> Any:
    """The JSON of a line that was sent. Raises `ValueError` when it is not as it was."""
    try:
        return from_json(line)
    except ValueError:
        # Earlier versions sent halves of characters, each of which becomes U+FFFD. Only UTF-16
        # has a place for one; any other byte that is no UTF-8 is damage.
        halves = line.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return from_json(halves.decode("utf-16-le", "replace"))


def _id_in(line: bytes) -> str:
    try:
        return str(_sent(line)["custom_id"])
    except (KeyError, TypeError, ValueError):
        raise _Damaged("a line of an input is not as it was") from None


def _note_answers(db: sqlite3.Connection, job: Job, output: Path) -> None:
    db.execute(_NO_ANSWERS, (job.number,))
    db.executemany(
        "UPDATE rows SET answer_start = ?, answer_size = ? WHERE custom_id = ? AND job = ?",
        ((start, size, custom_id, job.number) for custom_id, start, size in _answers_in(output)),
    )


def _answers_in(path: Path) -> Iterator[tuple[str, int, int]]:
    """The id of each line of an output, where it begins, and its length, in bytes.

    A line that is not a JSON object, as the last of an output that was cut, is passed over.
    """
    start = 0
    with path.open("rb") as file:
        for line in file:
            with suppress(ValueError):
                yield str(output_object(line)["custom_id"]), start, len(line)
            start += len(line)
