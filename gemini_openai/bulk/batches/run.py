"""Write the rows of a run, send them, and give their results in order."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import AsyncIterator
from functools import partial
from inspect import isawaitable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import anyio
import anyio.lowlevel

from ..._call.effects import Wait, run, run_async
from ..._call.encode import plain_json
from ..._exceptions import NotSupportedError
from ..._primitives.given import is_given, omit
from ..._primitives.log import logger
from ...dialect import ABSENT_ON_VERTEX, MAX_FILE_BYTES
from ...lib._parsing import ResponseFormatT, type_to_response_format_param
from ...resources.files import AsyncFiles, Files
from ..options import RunOptions
from . import effects
from .engine import Engine
from .errors import BatchError
from .lock import RunLock
from .results import BatchResult, read_result, request_again, rows_in
from .rows import RowMaker, checked_endpoint
from .spool import Spool
from .state import (
    CANCELLED_FILE,
    STATE_FILE,
    State,
    is_marked_cancelled,
    load,
    mark_cancelled,
    save,
)
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from typing_extensions import Self

    from ...resources.batches import AsyncBatches, Batches
    from ..options import RunParams
    from .engine import Steps
    from .store import StoredRow

OutcomeT = TypeVar("OutcomeT")

_PIECE = 1 << 18  # bytes written at a time
_LIMIT = 100  # batches in a page of their list: the most that OpenAI's API takes
_MAX_ROWS = 200_000  # in a job: what Vertex AI documents; the Developer API documents none
_REPORT_EVERY = 10_000  # rows checked between two calls of `on_progress`
_YIELD_EVERY = 100  # rows after which an event loop may turn to something else


class _Run(Generic[ResponseFormatT]):
    """What a run is, blocking or in an event loop; what the two do differently, blocking."""

    _files_class: Any = Files

    def __init__(
        self,
        batches: Batches | AsyncBatches,
        requests: Any,
        response_format: Any,
        params: RunParams,
    ) -> None:
        """Check the arguments of `batches.run`, and give the run a directory.

        Raises `TypeError`, `ValueError`, and `NotSupportedError` on Vertex AI.
        """
        client = batches._client
        if client._settings.dialect.backend == "vertex":
            raise NotSupportedError("batches.run on Vertex AI", ABSENT_ON_VERTEX["/batches/"])
        shared: dict[str, Any] = {**params}
        how: Any = {name: shared.pop(name) for name in RunOptions.__annotations__ if name in shared}
        directory, resume, endpoint = how.get("directory"), how.get("resume"), how.get("endpoint")
        if (requests is None) is (resume is None):
            raise TypeError("Give requests for a new run, or resume= with the directory of one.")
        if resume is not None and directory is not None:
            raise TypeError("A resumed run stays in its directory; leave directory= out.")
        if resume is None and how.get("begin_lost_jobs"):
            raise TypeError(
                "begin_lost_jobs= is about a run that is resumed; give resume= with it."
            )
        for name in ("concurrency", "max_rows_per_job"):
            if how.get(name, 1) < 1:
                raise ValueError(f"{name} is {how[name]}, and must be at least 1.")
        if endpoint is not None:
            endpoint = checked_endpoint(endpoint)
        if is_given(response_format):
            shared["response_format"] = type_to_response_format_param(response_format)
        self._maker = RowMaker(client, endpoint, plain_json(shared))
        self._parsed_as = omit if isinstance(response_format, dict) else response_format
        self._requests = requests
        self._options: RunOptions = how
        self._temporary = not (resume or directory)  # a directory that nobody asked for
        given = resume or directory or tempfile.mkdtemp(prefix="gemini-openai-batch-")
        place = Path(os.fspath(given))
        self._store = Store(place.parent if place.name == STATE_FILE else place)
        self._batches: Any = batches
        self._files = self._files_class(client)
        self._state = State("", 0, 0)
        self._engine: Engine | None = None
        self._lock: RunLock | None = None
        self._unanswered = 0
        self._deleted = False
        self._began = time.monotonic()

    @property
    def directory(self) -> Path:
        """Where the run is on disk: what `batches.run(resume=...)` takes after a crash."""
        return self._store.directory

    @property
    def batch_ids(self) -> list[str]:
        """The ids of the jobs that have begun."""
        return [job.batch_id for job in self._state.jobs if job.batch_id is not None]

    def cancel(self) -> None:
        """Ask to stop, from a callback, another thread or process; heeded at the next look.

        The jobs are cancelled, what they had answered by then is given, and the other rows have a
        `BatchRowError` with the code `"cancelled"`. It is noted on disk: a run that crashes before
        it looks is cancelled when it is resumed. `batches.run(resume=...).cancel()` stops a run
        that another process drives.

        Raises `BatchError` when it cannot be noted.
        """
        self._state.cancelled = True
        if self.directory.is_dir():
            mark_cancelled(self.directory)

    def bad_rows(self) -> Iterator[tuple[int, str]]:
        """Give the numbers of the rows that were not sent, each with the reason."""
        for row in self._stored():
            if row.trouble is not None:
                yield row.number, row.trouble

    def unanswered(self) -> Iterator[dict[str, Any]]:
        """Give the rows whose jobs have ended without an answer for them.

        As `batches.run` takes them. Rows of jobs that go on, or are yet to begin, are not among
        them: they would be answered and paid for twice.
        """
        self._check_not_deleted()
        if self._lock is None:
            self._know(load(self.directory))
        ended = {job.number for job in self._state.jobs if job.ended}
        for row in self._stored():
            if row.job in ended and self._result(row).response is None:
                try:
                    yield request_again(row, self._store)
                except ValueError as trouble:
                    raise BatchError(
                        f"Row {row.number} ({row.custom_id}) cannot be read: {trouble}. What was "
                        "sent for it is lost; the other rows are not.",
                        directory=self.directory,
                        says_all=True,
                    ) from trouble

    def delete(self) -> None:
        """Remove the run from disk. Its jobs at Google go on, and their answers stay there.

        Raises `BatchError` when another process is driving it.
        """
        if self._lock is not None:
            self._lock.check()
        elif self.directory.is_dir():
            self._lock = RunLock(self.directory)
        self._deleted = True
        self._store.close()
        self._unlock()
        self._store.delete()

    def _take(self) -> None:
        """Take the right to drive the run. Raises `BatchError` when it is over or another's."""
        self._check_not_deleted()
        if self._is_known():
            load(self.directory)  # for its errors: nothing is made where there is no run
        else:
            self._make_directory()
        self._lock = RunLock(self.directory)
        self._engine = None  # another may have gone on with the run: it is read from disk

    def _check_not_deleted(self) -> None:
        if self._deleted:
            raise BatchError(
                "This run is over and removed from disk. To read its results again, give "
                "batches.run() a directory, and that to batches.run(resume=...)."
            )

    def _is_known(self) -> bool:
        """Whether the run is on disk already."""
        return self._options.get("resume") is not None or bool(self._state.jobs)

    def _make_directory(self) -> None:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise BatchError(f"{self.directory} cannot be made: {cause}.") from cause

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _stored(self) -> Iterator[StoredRow]:
        after = -1
        try:
            while page := self._store.page(after):
                yield from page
                after = page[-1].number
        finally:
            self._store.close()

    def _know(self, state: State) -> State:
        state.cancelled |= self._state.cancelled  # asked for before
        self._state = state
        return state

    def _result(self, row: StoredRow) -> BatchResult[ResponseFormatT]:
        settings = self._batches._client._settings.dialect
        return read_result(row, self._store, self._state, settings, self._parsed_as)

    def _begin(self) -> Steps[Engine]:
        """Load the run, or write it to disk, unless that is done."""
        if self._engine is None:
            how = self._options
            if self._is_known():
                state = self._know(load(self.directory))
                for number in (yield effects.Check(state)):
                    state.jobs[number].ended = False  # its output is fetched again
            else:
                state = self._know((yield from self._write()))
            lost = {job.number for job in state.jobs if job.asked_for and job.batch_id is None}
            again = how.pop("begin_lost_jobs", False)  # not of jobs that are lost later
            self._engine = Engine(
                state,
                self.directory,
                now=time.time,
                concurrency=how.get("concurrency", 4),
                shortest=how.get("poll_interval", 5.0),
                longest=how.get("max_poll_interval", 60.0),
                is_cancelled=partial(is_marked_cancelled, self.directory),
                not_begun=lost if again else set(),
            )
        return self._engine

    def _write(self) -> Steps[State]:
        if not self._state.cancelled:
            (self.directory / CANCELLED_FILE).unlink(missing_ok=True)  # of a run never sent
        spool: Spool | None = None
        try:
            spool = Spool(
                self._store,
                self._maker,
                self._options.get("max_rows_per_job", _MAX_ROWS),
                self._options.get("max_bytes_per_job", MAX_FILE_BYTES),
            )
            source = self._source()
            while (request := (yield effects.NextRequest(source))) is not effects.END:
                spool.add(request)
                if spool.rows % _YIELD_EVERY == 0:
                    yield Wait(0)
                if spool.rows % _REPORT_EVERY == 0:
                    self._state.rows, self._state.bad = spool.rows, spool.bad
                    yield effects.Report("checking")
            return spool.end(cancelled=self._state.cancelled)
        except BaseException:
            if spool is not None:
                spool.discard()
            if self._temporary:
                self.delete()
            raise

    def _source(self) -> Any:
        requests = self._requests
        if isinstance(requests, (str, os.PathLike)):
            return rows_in(Path(cast("str", requests)))
        return aiter(requests) if hasattr(requests, "__aiter__") else iter(requests)

    def _submit(self) -> Steps[None]:
        engine = yield from self._begin()
        yield from engine.submit()

    def _next_rows(self, after: int) -> Steps[list[StoredRow]]:
        """Give the rows after a number that nothing more can come for; none when all were given.

        Waits for the job of the first of them, and looks at the others meanwhile. With the last,
        the run is over.
        """
        engine = yield from self._begin()
        if after >= 0 and engine.due():
            yield from engine.submit()
            yield from engine.look()
        while page := (yield effects.ReadRows(after)):
            if ready := [*takewhile(engine.has_ended, page)]:
                return ready
            yield from engine.until_ended(page[0].job)
        yield effects.Report("done")
        if self._temporary and not self._unanswered:
            self.delete()  # nobody could want it
        return []

    def _close(self) -> None:
        """Close the files of the run, and let others drive it."""
        self._store.close()
        self._unlock()

    def _leave(self) -> None:
        """Close a run left before its end, and say where it can be found."""
        self._close()
        if self._temporary and self.batch_ids and not self._deleted:
            logger.warning(
                "a run of batches was left before its end; its jobs go on, and "
                "batches.run(resume=%r) gives their results",
                str(self.directory),
            )

    def _results(self, rows: list[StoredRow]) -> Iterator[BatchResult[ResponseFormatT]]:
        for result in map(self._result, rows):
            self._unanswered += result.response is None
            yield result

    def _perform(self, effect: effects.Effect) -> Any:
        """Give the outcome of an effect, or, from async resources, an awaitable of it."""
        if self._lock is not None:
            self._lock.check()
        batches = self._batches
        match effect:
            case effects.NextRequest(source):
                if isinstance(source, AsyncIterator):
                    return anext(source, effects.END)
                return next(source, effects.END)
            case Wait(seconds):
                return batches._sleep(seconds)
            case effects.Report(doing):
                if (tell := self._options.get("on_progress")) is None:
                    return None
                return tell(self._state.progress(doing, time.monotonic() - self._began))
            case effects.Upload(job):
                return self._files.create(file=self._store.path("input", job), purpose="batch")
            case effects.Create(file_id, endpoint):
                # Once: whether a request that failed began a job is found out before it is resent.
                once = type(batches)(batches._client.with_options(max_retries=0))
                return once.create(
                    input_file_id=file_id, endpoint=endpoint, completion_window="24h"
                )
            case effects.ListBatches():
                return batches.list(limit=_LIMIT)
            case effects.NextPage(page):
                return page.get_next_page()
            case effects.Retrieve(batch_id):
                return batches.retrieve(batch_id)
            case effects.Cancel(batch_id):
                return batches.cancel(batch_id)
            case effects.Download(job, file_id, more):
                return self._download(file_id, self._store.path("output", job, "part"), more)
            case effects.Delete(file_id):
                return self._files.delete(file_id)
            case effects.Save(state):
                return self._on_disk(save, state, self.directory)
            case effects.Check(state):
                return self._on_disk(self._store.check, state)
            case effects.Index(job):
                return self._on_disk(self._store.index, job)
            case _:  # ReadRows: checkers say that no other is left
                return self._on_disk(self._store.page, effect.after)

    def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    def _download(self, file_id: str, path: Path, more: bool) -> Any:
        last = b"\n"
        with path.open("ab" if more else "wb") as file:
            with self._files.with_streaming_response.content(file_id) as response:
                for last in response.iter_bytes(_PIECE):
                    file.write(last)
            if not last.endswith(b"\n"):
                file.write(b"\n")  # the lines of another file may follow


class BatchRun(_Run[ResponseFormatT]):
    """A run of batches. Iterating over it sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    def submit(self) -> Self:
        """Send as many jobs as may be open at once, and do not wait for them.

        For a program that ends here, and another one, tomorrow, that resumes the run.
        """
        self._take()
        try:
            self._run(self._submit())
        finally:
            self._close()
        return self

    def __iter__(self) -> Iterator[BatchResult[ResponseFormatT]]:
        self._take()
        after = -1
        try:
            while rows := self._run(self._next_rows(after)):
                yield from self._results(rows)
                after = rows[-1].number
        except BaseException:
            self._leave()
            raise
        self._close()

    def _run(self, steps: Steps[OutcomeT]) -> OutcomeT:
        return run(steps, self._perform)


class AsyncBatchRun(_Run[ResponseFormatT]):
    """A run of batches; `async for` sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    _files_class = AsyncFiles

    async def submit(self) -> Self:
        """Send as many jobs as may be open at once; see `BatchRun.submit`."""
        self._take()
        try:
            await self._run(self._submit())
        finally:
            self._close()
        return self

    def __aiter__(self) -> AsyncIterator[BatchResult[ResponseFormatT]]:
        return _AsyncResults(self)

    def _run(self, steps: Steps[OutcomeT]) -> Awaitable[OutcomeT]:
        async def perform(effect: effects.Effect) -> Any:
            outcome = self._perform(effect)
            return await outcome if isawaitable(outcome) else outcome

        return run_async(steps, perform)

    def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return anyio.to_thread.run_sync(work, *arguments)

    async def _download(self, file_id: str, path: Path, more: bool) -> None:
        last = b"\n"
        async with await anyio.open_file(path, "ab" if more else "wb") as file:
            async with self._files.with_streaming_response.content(file_id) as response:
                async for last in response.iter_bytes(_PIECE):
                    await file.write(last)
            if not last.endswith(b"\n"):
                await file.write(b"\n")


class _AsyncResults(AsyncIterator[BatchResult[ResponseFormatT]]):
    """The results of a run in an event loop.

    Not a generator: the run is to be free for others as soon as nobody has this any more, and not
    when the loop comes to close it.
    """

    def __init__(self, run: AsyncBatchRun[ResponseFormatT]) -> None:
        self._run = run
        self._rows: Iterator[BatchResult[ResponseFormatT]] = iter(())
        self._after = -1
        self._driving = False
        self._over = False

    async def __anext__(self) -> BatchResult[ResponseFormatT]:
        if self._over:
            raise StopAsyncIteration
        try:
            result = next(self._rows, None)
            if result is None:
                result = await self._next()
            elif result.number % _YIELD_EVERY == 0:
                await anyio.lowlevel.checkpoint()
        except BaseException:
            self._leave()
            raise
        if result is None:
            self._over, self._driving = True, False
            self._run._close()
            raise StopAsyncIteration
        return result

    async def _next(self) -> BatchResult[ResponseFormatT] | None:
        """The first result of the next rows; None when there are no more."""
        if not self._driving:
            self._run._take()
            self._driving = True
        rows = await self._run._run(self._run._next_rows(self._after))
        if not rows:
            return None
        self._after = rows[-1].number
        self._rows = self._run._results(rows)
        return next(self._rows)

    async def aclose(self) -> None:
        """Leave the run; it can be resumed."""
        self._leave()

    def _leave(self) -> None:
        self._over = True
        if self._driving:
            self._driving = False
            self._run._leave()

    def __del__(self) -> None:
        self._leave()
