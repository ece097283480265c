"""Write the rows of a new run to disk, once, before anything of it is sent."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from .errors import BatchError
from .rows import BadRow
from .state import STATE_FILE, Job, State, has_answers, save, sync_names
from .store import INSERT_ROW, ROWS_TABLE, bad_row, good_row

if TYPE_CHECKING:
    from collections.abc import Generator
    from io import BufferedWriter

    from .rows import Row, RowMaker
    from .store import Store

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Spool:
    """Writes the rows of a new run into its directory, split into jobs.

    Args:
        store: the directory; it is made.
        max_rows: of a job.
        max_bytes: of a job's input.

    Raises `BatchError` when the directory has a run already, or cannot be written to.
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
        if (store.directory / STATE_FILE).exists() or has_answers(store.directory):
            raise BatchError(
                f"{store.directory} has a run already. Resume it, or give another directory.",
                directory=store.directory,
            )
        with self._writing():
            # What is there is of a run that was never sent.
            store.table_path.unlink(missing_ok=True)
            store.table_path.with_name("rows.sqlite-journal").unlink(missing_ok=True)
            store.db().execute(ROWS_TABLE)
            self._remarks = store.remarks_path.open("wb")

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
        try:
            place = good_row(number, row.custom_id, needs_request, job.number, job.bytes, size)
            self._store.db().execute(INSERT_ROW, place)
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
        if row.given_names:
            self._remark(number, None, dict(row.given_names))
        job.rows += 1
        job.bytes += size

    def _remark(self, number: int, label: str | None, what: object) -> None:
        self._remarks.write(json.dumps([number, label, what]).encode() + b"\n")

    def _close_file(self) -> None:
        """Close the input that is written, on disk for good: it is read after a crash too."""
        if self._file is not None:
            _close_synced(self._file)

    def _note(self, number: int, request: object, trouble: str) -> None:
        label = f"row-{number}"
        if isinstance(request, dict) and request.get("custom_id"):  # pyright: ignore[reportUnknownMemberType]
            label = _whole(str(request["custom_id"]))  # pyright: ignore[reportUnknownArgumentType]
        trouble = _whole(trouble)
        self.bad += 1
        if len(self.first_bad) < 10:
            self.first_bad.append(f"row {number} ({label}): {trouble}")
        self._store.db().execute(INSERT_ROW, bad_row(number, label, trouble))
        self._remark(number, label, trouble)

    def end(self, *, cancelled: bool) -> State:
        """The run, ready to be sent. Raises `BatchError` when there is nothing to send."""
        with self._writing():
            self._close_file()
            _close_synced(self._remarks)
            self._store.db().commit()
            sync_names(self._store.directory)
            sync_names(self._store.directory.parent)
        if not self._jobs:
            what = "There are no rows." if not self.rows else "None of the rows can be sent."
            raise BatchError("\n".join([f"{what} Nothing was sent.", *self.first_bad]))
        state = State(self._maker.endpoint or "", self.rows, self.bad, self._jobs, cancelled)
        save(state, self._store.directory)
        return state

    def discard(self) -> None:
        """Close what is open, after an error: nothing of this was sent."""
        for file in (self._file, self._remarks):
            if file is not None:
                with suppress(OSError):
                    file.close()
        self._store.close()

    @contextmanager
    def _writing(self) -> Generator[None, None, None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            what = f"Row {self.rows - 1}" if self.rows else "The run"
            advice = "Check that directory, or give another."
            if _is_full(cause):
                advice = "Free space there, or give a directory with more of it."
            raise BatchError(
                f"{what} could not be written to {self._store.directory}: {cause}. "
                f"Nothing was sent. {advice}"
            ) from cause


def _is_full(trouble: Exception) -> bool:
    """Whether there is no space left on the disk, or none for this user."""
    if isinstance(trouble, OSError):
        return trouble.errno in _FULL
    return "is full" in str(trouble)  # errors of SQLite have a number from Python 3.11 on only


def _whole(text: str) -> str:
    """A text that a database takes: without halves of characters."""
    return text.encode("utf-8", "replace").decode()


def _close_synced(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
