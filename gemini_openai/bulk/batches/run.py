"""`batches.run`: the object that writes the rows, drives the engine and gives the results."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, cast

import anyio
import anyio.lowlevel
from pydantic_core import from_json

from ..._exceptions import NotSupportedError
from ..._primitives.given import is_given, omit
from ..._primitives.log import logger
from ...dialect import ABSENT_ON_VERTEX as ABSENT
from ...lib._parsing._completions import ResponseFormatT, type_to_response_format_param
from .engine import Do, Engine
from .errors import BatchError
from .ports import AsyncPort, Port
from .results import BatchResult, Reader, rows_in
from .rows import RowMaker, as_plain, checked_endpoint
from .state import HANDLE
from .store import Spool, Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from typing_extensions import Self

    from ..._base_client import BaseClient
    from ..._client import AsyncOpenAI, OpenAI
    from .engine import Wait
    from .state import BatchProgress, State
    from .store import StoredRow

_TOLD_EACH = 10_000  # rows checked between two calls of `on_progress`
_TURN = 100  # rows after which an event loop may turn to something else


@dataclass(frozen=True)
class Plan:
    """What a run was asked to do; see `Batches.run` for each."""

    requests: Any
    directory: Path
    temporary: bool
    resumed: bool
    begin_lost_jobs: bool
    endpoint: str | None
    response_format: Any
    shared: Mapping[str, Any]
    on_progress: Callable[[BatchProgress], Any] | None
    concurrency: int
    max_rows: int
    max_bytes: int
    poll_interval: float
    max_poll_interval: float


def make_plan(
    client: BaseClient[Any, Any, Any],
    requests: Any,
    *,
    directory: str | os.PathLike[str] | None,
    resume: str | os.PathLike[str] | None,
    begin_lost_jobs: bool,
    endpoint: str | None,
    response_format: Any,
    shared: Mapping[str, Any],
    on_progress: Callable[[BatchProgress], Any] | None,
    concurrency: int,
    max_rows: int,
    max_bytes: int,
    poll_interval: float,
    max_poll_interval: float,
) -> Plan:
    """Check the arguments of `batches.run`.

    Raises `TypeError`, `ValueError`, and `NotSupportedError` on Vertex AI.
    """
    if client._settings.dialect.backend == "vertex":
        raise NotSupportedError("batches.run on Vertex AI", ABSENT["/batches/"])
    if (requests is None) is (resume is None):
        raise TypeError("Give requests for a new run, or resume= with the directory of one.")
    if resume is not None and directory is not None:
        raise TypeError("A resumed run stays in its directory; leave directory= out.")
    if begin_lost_jobs and resume is None:
        raise TypeError("begin_lost_jobs= is about a run that is resumed; give resume= with it.")
    for name, value in (("concurrency", concurrency), ("max_rows", max_rows)):
        if value < 1:
            raise ValueError(f"{name} is {value}, and must be at least 1.")
    plain = dict(as_plain({k: v for k, v in shared.items() if is_given(v)}))
    if is_given(response_format):
        plain["response_format"] = type_to_response_format_param(response_format)
    checked = None if endpoint is None else checked_endpoint(endpoint)
    place = Path(os.fspath(resume or directory or tempfile.mkdtemp(prefix="gemini-openai-batch-")))
    return Plan(
        requests=requests,
        directory=place.parent if place.name == HANDLE else place,
        temporary=resume is None and directory is None,
        resumed=resume is not None,
        begin_lost_jobs=begin_lost_jobs,
        endpoint=checked,
        response_format=response_format if not isinstance(response_format, dict) else omit,
        shared=plain,
        on_progress=on_progress,
        concurrency=concurrency,
        max_rows=max_rows,
        max_bytes=max_bytes,
        poll_interval=poll_interval,
        max_poll_interval=max_poll_interval,
    )


class _Run(Generic[ResponseFormatT]):
    """What a run is, whichever way it is driven."""

    def __init__(self, client: BaseClient[Any, Any, Any], plan: Plan) -> None:
        self._plan = plan
        self._settings = client._settings.dialect
        self._store = Store(plan.directory)
        self._state: State | None = None
        self._engine: Engine | None = None
        self._stop = False
        self._unanswered = 0
        self._deleted = False
        self._began = time.monotonic()
        self._maker = RowMaker(client, plan.endpoint, plan.shared)

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
        """The numbers of the rows that were not sent, each with the reason."""
        try:
            for row in self._stored():
                if row.trouble is not None:
                    yield row.number, row.trouble
        finally:
            self._store.close()

    def unanswered(self) -> Iterator[dict[str, Any]]:
        """The rows that were sent and have no answer, as `batches.run` takes them."""
        reader = self._reader()
        try:
            for row in self._stored():
                if row.trouble is None and reader.result(row).response is None:
                    yield from_json(self._store.request(row))
        finally:
            self._store.close()

    def delete(self) -> None:
        """Remove the run from disk. Its jobs at Google go on, and their answers stay there."""
        self._deleted = True
        self._store.delete()

    def _check_there(self) -> None:
        if self._deleted:
            raise BatchError(
                "This run is over and removed from disk. To read its results again, give "
                "batches.run() a directory, and that to batches.run(resume=...)."
            )

    def _left(self) -> None:
        """The results were not all read: close the files, and say where the run can be found."""
        self._store.close()
        if self._plan.temporary and self.batch_ids and not self._deleted:
            logger.warning(
                "a run of batches was left before its end; its jobs go on, and "
                "batches.run(resume=%r) gives their results",
                str(self.directory),
            )

    def _stored(self) -> Iterator[Any]:
        after = -1
        while page := self._store.page(after):
            yield from page
            after = page[-1].number

    def _reader(self) -> Reader:
        return Reader(self._store, self._known_state(), self._settings, self._plan.response_format)

    def _known_state(self) -> State:
        if self._state is None:
            self._state = self._store.load()
        return self._state

    def _spool(self) -> Spool:
        plan = self._plan
        return Spool(self._store, self._maker, max_rows=plan.max_rows, max_bytes=plan.max_bytes)

    def _requests(self) -> Any:
        requests = self._plan.requests
        is_path = isinstance(requests, (str, os.PathLike))
        return rows_in(Path(cast("str", requests))) if is_path else requests

    def _make_engine(self, state: State) -> Engine:
        self._state = state
        lost = {job.number for job in state.jobs if job.asked_for and job.batch_id is None}
        self._engine = Engine(
            state,
            self.directory,
            now=time.time,
            concurrency=self._plan.concurrency,
            shortest=self._plan.poll_interval,
            longest=self._plan.max_poll_interval,
            not_begun=lost if self._plan.begin_lost_jobs else set(),
            stop=self._stop or state.cancelled,
        )
        return self._engine

    def _progress(self, what: str) -> BatchProgress:
        return self._known_state().progress(what, time.monotonic() - self._began)

    def _checking(self, spool: Spool) -> BatchProgress:
        from .state import BatchProgress

        elapsed = time.monotonic() - self._began
        return BatchProgress("checking", spool.rows, spool.bad, spool.bad, 0, 0, elapsed)

    def _finish(self) -> None:
        """Leave nothing behind that nobody could want: a temporary run whose rows have answers."""
        if self._plan.temporary and not self._unanswered:
            self.delete()
        else:
            self._store.close()

    def _counted(self, result: BatchResult[Any]) -> BatchResult[Any]:
        self._unanswered += result.response is None
        return result


class BatchRun(_Run[ResponseFormatT]):
    """A run of batches. Iterating over it sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    def __init__(self, client: OpenAI, plan: Plan, sleep: Callable[[float], object]) -> None:
        super().__init__(client, plan)
        self._client = client
        self._sleep = sleep

    def submit(self) -> Self:
        """Send as many jobs as may be open at once, and do not wait for them.

        For a program that ends here, and another one, tomorrow, that resumes the run.
        """
        engine, port = self._prepare()
        self._drive(engine.submit(), port)
        self._store.close()
        return self

    def __iter__(self) -> Iterator[BatchResult[ResponseFormatT]]:
        engine, port = self._prepare()
        try:
            yield from self._results(engine, port)
        except BaseException:
            self._left()
            raise
        self._report("done")
        self._finish()

    def _results(self, engine: Engine, port: Port) -> Iterator[BatchResult[ResponseFormatT]]:
        reader = self._reader()
        after = -1
        while page := self._store.page(after):
            ready = _ready(page, engine.state)
            if not ready:
                self._drive(engine.until_ended(page[0].job or 0), port)
                continue
            for row in ready:
                yield self._counted(reader.result(row))
            after = ready[-1].number
            if engine.due():
                self._drive(engine.submit(), port)
                self._drive(engine.look(), port)

    def _prepare(self) -> tuple[Engine, Port]:
        self._check_there()
        if self._engine is None or self._state is None:
            loaded = self._plan.resumed or self._state is not None
            self._make_engine(self._store.load() if loaded else self._write())
        assert self._engine is not None  # noqa: S101
        return self._engine, Port(self._client, self._store, self._engine.state, self._report)

    def _write(self) -> State:
        spool = self._spool()
        try:
            for request in cast("Iterable[object]", self._requests()):
                spool.add(request)
                if spool.rows % _TOLD_EACH == 0 and self._plan.on_progress is not None:
                    self._plan.on_progress(self._checking(spool))
            return spool.end()
        except BaseException:
            spool.discard()
            self._discarded()
            raise

    def _discarded(self) -> None:
        if self._plan.temporary:
            self.delete()

    def _report(self, what: str) -> None:
        if self._plan.on_progress is not None:
            self._plan.on_progress(self._progress(what))

    def _drive(self, steps: Generator[Do | Wait, Any, None], port: Port) -> None:
        try:
            effect = next(steps)
            while True:
                try:
                    outcome: Any = (
                        getattr(port, effect.name)(*effect.arguments)
                        if isinstance(effect, Do)
                        else self._sleep(effect.seconds)
                    )
                except Exception as trouble:  # noqa: BLE001  # the engine knows which are its own
                    effect = steps.throw(trouble)
                else:
                    effect = steps.send(outcome)
        except StopIteration:
            return
        finally:
            steps.close()


class AsyncBatchRun(_Run[ResponseFormatT]):
    """A run of batches; `async for` sends the rows, waits and gives the results in order.

    It may be left at any time: `batches.run(resume=run.directory)` goes on where it was.
    """

    def __init__(
        self, client: AsyncOpenAI, plan: Plan, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        super().__init__(client, plan)
        self._client = client
        self._sleep = sleep

    async def submit(self) -> Self:
        """Send as many jobs as may be open at once; see `BatchRun.submit`."""
        engine, port = await self._prepare()
        await self._drive(engine.submit(), port)
        self._store.close()
        return self

    async def __aiter__(self) -> AsyncIterator[BatchResult[ResponseFormatT]]:
        engine, port = await self._prepare()
        reader = self._reader()
        after = -1
        try:
            while page := await anyio.to_thread.run_sync(self._store.page, after):
                ready = _ready(page, engine.state)
                if not ready:
                    await self._drive(engine.until_ended(page[0].job or 0), port)
                    continue
                for row in ready:
                    yield self._counted(reader.result(row))
                    if row.number % _TURN == 0:
                        await anyio.lowlevel.checkpoint()
                after = ready[-1].number
                if engine.due():
                    await self._drive(engine.submit(), port)
                    await self._drive(engine.look(), port)
        except BaseException:
            self._left()
            raise
        await self._report("done")
        self._finish()

    async def _prepare(self) -> tuple[Engine, AsyncPort]:
        self._check_there()
        if self._engine is None or self._state is None:
            loaded = self._plan.resumed or self._state is not None
            self._make_engine(self._store.load() if loaded else await self._write())
        assert self._engine is not None  # noqa: S101
        return self._engine, AsyncPort(self._client, self._store, self._engine.state, self._report)

    async def _write(self) -> State:
        spool = self._spool()
        try:
            requests = self._requests()
            if isinstance(requests, AsyncIterable):
                async for request in cast("AsyncIterable[object]", requests):
                    spool.add(request)
                    await self._told(spool)
            else:
                for request in cast("Iterable[object]", requests):
                    spool.add(request)
                    await self._told(spool)
            return spool.end()
        except BaseException:
            spool.discard()
            if self._plan.temporary:
                self.delete()
            raise

    async def _told(self, spool: Spool) -> None:
        if spool.rows % _TURN == 0:
            await anyio.lowlevel.checkpoint()
        if spool.rows % _TOLD_EACH == 0 and self._plan.on_progress is not None:
            await _awaited(self._plan.on_progress(self._checking(spool)))

    async def _report(self, what: str) -> None:
        if self._plan.on_progress is not None:
            await _awaited(self._plan.on_progress(self._progress(what)))

    async def _drive(self, steps: Generator[Do | Wait, Any, None], port: AsyncPort) -> None:
        try:
            effect = next(steps)
            while True:
                try:
                    outcome: Any = (
                        await getattr(port, effect.name)(*effect.arguments)
                        if isinstance(effect, Do)
                        else await self._sleep(effect.seconds)
                    )
                except Exception as trouble:  # noqa: BLE001  # the engine knows which are its own
                    effect = steps.throw(trouble)
                else:
                    effect = steps.send(outcome)
        except StopIteration:
            return
        finally:
            steps.close()


def _ready(page: list[StoredRow], state: State) -> list[StoredRow]:
    """The rows at the beginning of a page that nothing more can come for."""
    return list(takewhile(lambda row: row.job is None or state.jobs[row.job].ended, page))


async def _awaited(value: Any) -> None:
    if isawaitable(value):
        await value
