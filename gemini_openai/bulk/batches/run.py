"""Write the rows of a run, send them, and give their results in order."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import anyio.lowlevel
from pydantic_core import from_json

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
from .perform import AsyncPerformer, Performer
from .results import BatchResult, Reader, rows_in
from .rows import RowMaker, checked_endpoint
from .state import STATE_FILE, State, load
from .store import MAX_ROWS, Spool, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from typing_extensions import Self

    from ..._base_client import BaseClient
    from ...resources.batches import AsyncBatches, Batches
    from ..options import RunParams
    from .engine import Steps
    from .state import BatchProgress
    from .store import StoredRow

OutcomeT = TypeVar("OutcomeT")

_REPORT_EVERY = 10_000  # rows checked between two calls of `on_progress`
_YIELD_EVERY = 100  # rows after which an event loop may turn to something else


@dataclass(frozen=True)
class Plan:
    """What a run was asked to do; see `Batches.run` for each."""

    requests: Any
    shared: Mapping[str, Any]
    response_format: Any
    directory: Path = Path()
    resume: Any = None
    begin_lost_jobs: bool = False
    endpoint: str | None = None
    on_progress: Callable[[BatchProgress], Any] | None = None
    concurrency: int = 4
    max_rows_per_job: int = MAX_ROWS
    max_bytes_per_job: int = MAX_FILE_BYTES
    poll_interval: float = 5.0
    max_poll_interval: float = 60.0
    temporary: bool = False
    """Whether the directory is one that nobody asked for."""


def make_plan(
    client: BaseClient[Any, Any, Any], requests: Any, response_format: Any, params: RunParams
) -> Plan:
    """Check the arguments of `batches.run`, and give the run a directory.

    Raises `TypeError`, `ValueError`, and `NotSupportedError` on Vertex AI.
    """
    if client._settings.dialect.backend == "vertex":
        raise NotSupportedError("batches.run on Vertex AI", ABSENT_ON_VERTEX["/batches/"])
    shared: dict[str, Any] = {**params}
    how: Any = {name: shared.pop(name) for name in RunOptions.__annotations__ if name in shared}
    directory, resume = how.get("directory"), how.get("resume")
    if (requests is None) is (resume is None):
        raise TypeError("Give requests for a new run, or resume= with the directory of one.")
    if resume is not None and directory is not None:
        raise TypeError("A resumed run stays in its directory; leave directory= out.")
    if resume is None and how.get("begin_lost_jobs"):
        raise TypeError("begin_lost_jobs= is about a run that is resumed; give resume= with it.")
    for name in ("concurrency", "max_rows_per_job"):
        if how.get(name, 1) < 1:
            raise ValueError(f"{name} is {how[name]}, and must be at least 1.")
    if how.get("endpoint") is not None:
        how["endpoint"] = checked_endpoint(how["endpoint"])
    if is_given(response_format):
        shared["response_format"] = type_to_response_format_param(response_format)
    parsed_as = omit if isinstance(response_format, dict) else response_format
    shared = plain_json(shared)
    given = resume or directory
    place = Path(os.fspath(given or tempfile.mkdtemp(prefix="gemini-openai-batch-")))
    how["directory"] = place.parent if place.name == STATE_FILE else place
    return Plan(requests, shared, parsed_as, temporary=not given, **how)


class _Run(Generic[ResponseFormatT]):
    """What a run is, blocking or in an event loop."""

    def __init__(self, batches: Batches | AsyncBatches, plan: Plan) -> None:
        self._plan = plan
        self._settings = batches._client._settings.dialect
        self._store = Store(plan.directory)
        self._rows_checked = State("", 0, 0)
        self._state: State | None = None
        self._engine: Engine | None = None
        self._stop = False
        self._unanswered = 0
        self._deleted = False
        self._began = time.monotonic()
        self._maker = RowMaker(batches._client, plan.endpoint, plan.shared)

    @property
    def directory(self) -> Path:
        """Where the run is on disk: what `batches.run(resume=...)` takes after a crash."""
        return self._plan.directory

    @property
    def batch_ids(self) -> list[str]:
        """The ids of the jobs that have begun."""
        jobs = self._state.jobs if self._state is not None else []
        return [job.batch_id for job in jobs if job.batch_id is not None]

    def cancel(self) -> None:
        """Ask to stop, from a callback or another thread; heeded at the next look at the jobs.

        The jobs are cancelled, what they had answered by then is given, and the other rows have a
        `BatchRowError` with the code `"cancelled"`.
        """
        self._stop = True
        if self._engine is not None:
            self._engine.stop = True

    def bad_rows(self) -> Iterator[tuple[int, str]]:
        """Give the numbers of the rows that were not sent, each with the reason."""
        for row in self._stored():
            if row.trouble is not None:
                yield row.number, row.trouble

    def unanswered(self) -> Iterator[dict[str, Any]]:
        """Give the rows that were sent and have no answer, as `batches.run` takes them."""
        reader = self._reader()
        for row in self._stored():
            if row.trouble is None and reader.result(row).response is None:
                yield from_json(self._store.request(row))

    def delete(self) -> None:
        """Remove the run from disk. Its jobs at Google go on, and their answers stay there."""
        self._deleted = True
        self._store.delete()

    def _stored(self) -> Iterator[StoredRow]:
        after = -1
        try:
            while page := self._store.page(after):
                yield from page
                after = page[-1].number
        finally:
            self._store.close()

    def _reader(self) -> Reader:
        if self._state is None:
            self._state = load(self.directory)
        return Reader(self._store, self._state, self._settings, self._plan.response_format)

    def _report(self, doing: str) -> Any:
        if self._plan.on_progress is None:
            return None
        state = self._state or self._rows_checked
        return self._plan.on_progress(state.progress(doing, time.monotonic() - self._began))

    def _begin(self) -> Steps[Engine]:
        """Load the run, or write it to disk, unless that is done."""
        if self._deleted:
            raise BatchError(
                "This run is over and removed from disk. To read its results again, give "
                "batches.run() a directory, and that to batches.run(resume=...)."
            )
        if self._engine is None:
            known = self._plan.resume is not None or self._state is not None
            self._state = load(self.directory) if known else (yield from self._write())
            jobs = self._state.jobs
            lost = {job.number for job in jobs if job.asked_for and job.batch_id is None}
            self._engine = Engine(
                self._state,
                self.directory,
                now=time.time,
                concurrency=self._plan.concurrency,
                shortest=self._plan.poll_interval,
                longest=self._plan.max_poll_interval,
                not_begun=lost if self._plan.begin_lost_jobs else set(),
                stop=self._stop or self._state.cancelled,
            )
        return self._engine

    def _write(self) -> Steps[State]:
        plan = self._plan
        limits = (plan.max_rows_per_job, plan.max_bytes_per_job)
        spool = Spool(self._store, self._maker, *limits)
        try:
            source = self._source()
            while (request := (yield effects.NextRequest(source))) is not effects.END:
                spool.add(request)
                if spool.rows % _YIELD_EVERY == 0:
                    yield Wait(0)
                if spool.rows % _REPORT_EVERY == 0:
                    self._rows_checked = State("", spool.rows, spool.bad)
                    yield effects.Report("checking")
            return spool.end()
        except BaseException:
            spool.discard()
            if self._plan.temporary:
                self.delete()
            raise

    def _source(self) -> Any:
        requests = self._plan.requests
        if isinstance(requests, (str, os.PathLike)):
            return rows_in(Path(cast("str", requests)))
        return aiter(requests) if hasattr(requests, "__aiter__") else iter(requests)

    def _submit(self) -> Steps[None]:
        engine = yield from self._begin()
        yield from engine.submit()
        self._store.close()

    def _next_rows(self, after: int) -> Steps[list[StoredRow]]:
        """Give the rows after a number that nothing more can come for; none when all were given.

        Waits for the job of the first of them, and looks at the others meanwhile.
        """
        engine = yield from self._begin()
        if after >= 0 and engine.due():
            yield from engine.submit()
            yield from engine.look()
        while page := (yield effects.ReadRows(after)):
            if ready := [*takewhile(engine.has_ended, page)]:
                return ready
            yield from engine.until_ended(page[0].job)
        return []

    def _end(self) -> Steps[None]:
        yield effects.Report("done")
        if self._plan.temporary and not self._unanswered:
            self.delete()  # nobody could want it
        else:
            self._store.close()

    def _leave(self) -> None:
        """Close the files of a run left before its end, and say where it can be found."""
        self._store.close()
        if self._plan.temporary and self.batch_ids and not self._deleted:
            logger.warning(
                "a run of batches was left before its end; its jobs go on, and "
                "batches.run(resume=%r) gives their results",
                str(self.directory),
            )

    def _result(self, reader: Reader, row: StoredRow) -> BatchResult[ResponseFormatT]:
        result = reader.result(row)
        self._unanswered += result.response is None
        return result


class BatchRun(_Run[ResponseFormatT]):
    """A run of batches. Iterating over it sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    def __init__(self, batches: Batches, plan: Plan) -> None:
        super().__init__(batches, plan)
        self._perform = Performer(batches, Files(batches._client), self._store, self._report)

    def submit(self) -> Self:
        """Send as many jobs as may be open at once, and do not wait for them.

        For a program that ends here, and another one, tomorrow, that resumes the run.
        """
        self._run(self._submit())
        return self

    def __iter__(self) -> Iterator[BatchResult[ResponseFormatT]]:
        self._run(self._begin())
        reader, after = self._reader(), -1
        try:
            while rows := self._run(self._next_rows(after)):
                for row in rows:
                    yield self._result(reader, row)
                after = rows[-1].number
        except BaseException:
            self._leave()
            raise
        self._run(self._end())

    def _run(self, steps: Steps[OutcomeT]) -> OutcomeT:
        return run(steps, self._perform)


class AsyncBatchRun(_Run[ResponseFormatT]):
    """A run of batches; `async for` sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    def __init__(self, batches: AsyncBatches, plan: Plan) -> None:
        super().__init__(batches, plan)
        files = AsyncFiles(batches._client)
        self._perform = AsyncPerformer(batches, files, self._store, self._report)

    async def submit(self) -> Self:
        """Send as many jobs as may be open at once; see `BatchRun.submit`."""
        await self._run(self._submit())
        return self

    async def __aiter__(self) -> AsyncIterator[BatchResult[ResponseFormatT]]:
        await self._run(self._begin())
        reader, after = self._reader(), -1
        try:
            while rows := await self._run(self._next_rows(after)):
                for row in rows:
                    yield self._result(reader, row)
                    if row.number % _YIELD_EVERY == 0:
                        await anyio.lowlevel.checkpoint()
                after = rows[-1].number
        except BaseException:
            self._leave()
            raise
        await self._run(self._end())

    def _run(self, steps: Steps[OutcomeT]) -> Awaitable[OutcomeT]:
        return run_async(steps, self._perform)
