"""Keep the rows of a run on disk: what was sent, and where each answer lies.

The lines are in files as they travel; a small database says where each row's request and answer
are. Memory does not grow with the rows.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from pydantic_core import from_json

from ..._primitives.json_types import is_object
from .errors import BatchError
from .rows import BadRow
from .state import STATE_FILE, Job, State, save

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from io import BufferedReader, BufferedWriter
    from pathlib import Path

    from .rows import Row, RowMaker

_PAGE = 500  # rows fetched at a time
_ROWS = """
CREATE TABLE rows (
  number INTEGER PRIMARY KEY, custom_id TEXT UNIQUE, label TEXT, trouble TEXT, thinks INTEGER,
  job INTEGER, start INTEGER, size INTEGER, answer_start INTEGER, answer_size INTEGER)
"""
# `thinks` is `needs_request`: the column's name in the directories of runs that go on.
_COLUMNS = "number, label, trouble, thinks, job, start, size, answer_start, answer_size"


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


class Store:
    """The directory of a run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.table_path = directory / "rows.sqlite"
        self._db: sqlite3.Connection | None = None
        self._reading: dict[str, tuple[int, BufferedReader]] = {}

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

    def index(self, job: Job) -> int:
        """Take over an output that was downloaded whole, and note where its answers are.

        Gives the number of the job's rows without one.
        """
        part, output = self.path("output", job.number, "part"), self.path("output", job.number)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        self._close("output")  # which may be an earlier one of the same job
        part.replace(output)
        query = "SELECT count(*) FROM rows WHERE job = ? AND answer_start IS NULL"
        with self._table() as db, db:
            db.execute("UPDATE rows SET answer_start = NULL WHERE job = ?", (job.number,))
            db.executemany(
                "UPDATE rows SET answer_start = ?, answer_size = ? WHERE custom_id = ? AND job = ?",
                (
                    (start, size, custom_id, job.number)
                    for custom_id, start, size in _answers_in(output)
                ),
            )
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
                f"{cause}. If the disk is full, free space there. If that file is damaged, read "
                f"the outputs of the jobs in {self.directory / STATE_FILE} with "
                "gemini_openai.bulk.read_output.",
                directory=self.directory,
            ) from cause

    def request(self, row: StoredRow) -> bytes:
        """The line that was sent for a row."""
        return self._bytes("input", row.job or 0, row.start, row.size)

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
            raise BatchError(
                f"A file of the run cannot be read: {cause}. What its jobs put out is at "
                f"Google for a while: {self.directory / STATE_FILE} names the files.",
                directory=self.directory,
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


def _answers_in(path: Path) -> Iterator[tuple[str, int, int]]:
    """The id of each line of an output, where it begins, and its length, in bytes.

    A line that is not a JSON object, as the last of an output that was cut, is passed over.
    """
    start = 0
    with path.open("rb") as file:
        for line in file:
            try:
                value = from_json(line)
            except ValueError:
                value = None
            if is_object(value):
                custom_id = value.get("custom_id", value.get("customId"))
                if custom_id is not None:
                    yield str(custom_id), start, len(line)
            start += len(line)


class Spool:
    """Writes the rows of a new run into its directory, split into jobs.

    Args:
        store: the directory; it is made.
        max_rows: of a job.
        max_bytes: of a job's input.
    """

    def __init__(
        self,
        store: Store,
        maker: RowMaker,
        max_rows: int,
        max_bytes: int,
    ) -> None:
        self._store = store
        self._maker = maker
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._jobs: list[Job] = []
        self._file: BufferedWriter | None = None
        self.rows = 0
        self.bad = 0
        self.first_bad: list[str] = []
        if (store.directory / STATE_FILE).exists():
            raise BatchError(
                f"{store.directory} has a run already. Resume it, or give another directory.",
                directory=store.directory,
            )
        store.directory.mkdir(parents=True, exist_ok=True)
        store.table_path.unlink(missing_ok=True)  # of a run that was never sent
        store.db().execute(_ROWS)

    def add(self, request: object) -> None:
        """Check a row and write it, or write down what is wrong with it.

        Raises `BatchError` when the disk takes no more.
        """
        number = self.rows
        self.rows += 1
        with self._writing():
            try:
                if isinstance(request, BadRow):
                    raise request
                self._write(number, self._maker.row(number, request))
            except BadRow as trouble:
                self._note(number, request, str(trouble))

    def _write(self, number: int, row: Row) -> None:
        size = len(row.line)
        if size > self._max_bytes:
            raise BadRow(f"It has {size} bytes, and a job takes {self._max_bytes} at most.")
        job = self._jobs[-1] if self._jobs else None
        if job is None or job.rows >= self._max_rows or job.bytes + size > self._max_bytes:
            job = Job(number=len(self._jobs), rows=0, bytes=0)
        needs_request = json.dumps(row.given_names) if row.given_names else row.needs_request
        job_and_place = (job.number, job.bytes, size)
        try:
            self._store.db().execute(
                "INSERT INTO rows VALUES (?, ?, ?, NULL, ?, ?, ?, ?, NULL, NULL)",
                (number, row.custom_id, row.custom_id, needs_request, *job_and_place),
            )
        except sqlite3.IntegrityError:
            query = "SELECT number FROM rows WHERE custom_id = ?"
            first = self._store.db().execute(query, (row.custom_id,)).fetchone()
            raise BadRow(
                f"Its custom_id {row.custom_id!r} is that of row {first[0]} already."
            ) from None
        if job.rows == 0:
            self._close_file()
            self._file = self._store.path("input", job.number).open("wb")
            self._jobs.append(job)
        assert self._file is not None  # noqa: S101
        self._file.write(row.line)
        job.rows += 1
        job.bytes += size

    def _close_file(self) -> None:
        """Close the input that is written, on disk for good: it is read after a crash too."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def _note(self, number: int, request: object, trouble: str) -> None:
        label = f"row-{number}"
        if isinstance(request, dict) and request.get("custom_id"):  # pyright: ignore[reportUnknownMemberType]
            label = str(request["custom_id"])  # pyright: ignore[reportUnknownArgumentType]
        self.bad += 1
        if len(self.first_bad) < 10:
            self.first_bad.append(f"row {number} ({label}): {trouble}")
        self._store.db().execute(
            "INSERT INTO rows VALUES (?, NULL, ?, ?, 0, NULL, 0, 0, NULL, NULL)",
            (number, label, trouble),
        )

    def end(self) -> State:
        """The run, ready to be sent. Raises `BatchError` when there is nothing to send."""
        with self._writing():
            self._close_file()
            self._store.db().commit()
        if not self._jobs:
            what = "There are no rows." if not self.rows else "None of the rows can be sent."
            raise BatchError("\n".join([f"{what} Nothing was sent.", *self.first_bad]))
        state = State(self._maker.endpoint or "", self.rows, self.bad, self._jobs)
        save(state, self._store.directory)
        return state

    def discard(self) -> None:
        """Close what is open, after an error: nothing of this was sent."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._store.close()

    @contextmanager
    def _writing(self) -> Generator[None, None, None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            raise BatchError(
                f"Row {self.rows - 1} could not be written to {self._store.directory}: {cause}. "
                "Nothing was sent. Free space there, or give a directory with more of it."
            ) from cause
