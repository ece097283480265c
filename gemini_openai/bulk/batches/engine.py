"""Upload inputs, begin jobs, wait for them and fetch their outputs, without I/O.

Generators of `effects`: each is sent what came of the effect it yielded. So there is one definition
for sync and async, and no test has to wait.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ..._exceptions import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AuthenticationError,
    InternalServerError,
    OpenAIError,
    RateLimitError,
)
from ..._primitives.log import logger
from ...dialect import ENDED_BATCH_STATUSES, FILE_HOURS, output_file_of
from . import effects
from .effects import Wait
from .errors import BatchError
from .state import STATE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...pagination import SyncCursorPage
    from ...types.batch import Batch
    from ...types.file_object import FileObject
    from .state import Job, State
    from .store import StoredRow


ResultT = TypeVar("ResultT")
Steps: TypeAlias = Generator[effects.Effect, Any, ResultT]

_PASSING = (APIConnectionError, InternalServerError, RateLimitError)
_MISSES = 10  # looks at a job that fail in a row: with the client's own retries, many minutes
_TRIES = 3  # downloads of an output that comes cut
_LOOKS = 3  # at a list that lacks a job: one that has just begun may not be in it yet
_CLOCKS = 120  # seconds by which two of the server's clocks may differ
_OWN_CLOCK = 86_400  # and by which ours may be wrong
_INPUT_LIFE = (FILE_HOURS - 1) * 3600.0  # seconds; the last hour is for beginning the job
_GROWTH = 1.5  # of the time between two looks


@dataclass
class Engine:
    """A run in progress.

    Args:
        state: the run as it is on disk; changed here, and saved before anything is waited for.
        directory: what errors name, to go on from.
        now: gives the Unix time.
        concurrency: jobs that may be open at Google at once.
        shortest: seconds between two looks at the jobs at first, and `longest` at last.
        is_cancelled: tells whether the caller asked to stop the run.
        not_begun: numbers of the jobs of which the caller says that they did not begin, where that
            cannot be looked up.
    """

    state: State
    directory: Path
    now: Callable[[], float]
    concurrency: int
    shortest: float
    longest: float
    is_cancelled: Callable[[], bool]
    not_begun: set[int] = field(default_factory=set[int])
    interval: float = 0.0
    next_look: float = 0.0
    _asked_to_cancel: set[int] = field(default_factory=set[int])
    _misses: dict[int, int] = field(default_factory=dict[int, int])

    def until_ended(self, number: int) -> Steps[None]:
        """Yield effects until this job has ended; the others go on meanwhile.

        Raises `BatchError` when it cannot go on; all that was sent is kept.
        """
        while not self.state.jobs[number].ended:
            yield from self.submit()
            if self.now() < self.next_look:
                yield Wait(self.next_look - self.now())
            yield from self.look()

    def submit(self) -> Steps[None]:
        """Begin as many jobs as may be open; once the run is cancelled, cancel them."""
        if not self.state.cancelled and self.is_cancelled():
            self.state.cancelled = True
            yield effects.Save(self.state)
        if self.state.cancelled:
            # Those that may have to be looked for come last: that can fail.
            for job in sorted(self.state.jobs, key=lambda job: job.batch_id is None):
                yield from self._cancel(job)
            return
        for job in self.state.jobs:
            if job.batch_id is not None or job.ended or self._open() >= self.concurrency:
                continue
            if not (yield from self._begin(job)):
                return  # the server has enough for now

    def look(self) -> Steps[None]:
        """Ask how far the open jobs are, and fetch the output of those that ended."""
        was = self._counts()
        for job in self.state.jobs:
            if job.batch_id is not None and not job.ended:
                yield from self._look_at(job)
        moved = was != self._counts()
        wider = min(self.interval * _GROWTH, self.longest)
        self.interval = self.shortest if moved or not self.interval else wider
        self.next_look = self.now() + self.interval
        yield effects.Report("waiting")

    def has_ended(self, row: StoredRow) -> bool:
        """Whether nothing more can come for a row."""
        return row.job is None or self.state.jobs[row.job].ended

    def due(self) -> bool:
        """Whether it is time to look at the jobs, while results are being read."""
        return not all(job.ended for job in self.state.jobs) and self.now() >= self.next_look

    def _counts(self) -> list[tuple[str, int, int]]:
        return [(job.status, job.completed, job.failed) for job in self.state.jobs]

    def _open(self) -> int:
        return sum(1 for job in self.state.jobs if job.batch_id is not None and not job.ended)

    def _begin(self, job: Job) -> Steps[bool]:
        """Begin a job, once; False where the server has enough for now."""
        failures = 0
        while True:
            if job.asked_for and (yield from self._adopt(job)):
                return True
            if job.input_file_id is None or self.now() - job.uploaded_at > _INPUT_LIFE:
                yield from self._upload(job)
            job.asked_for = True
            self.not_begun.discard(job.number)  # what the caller knew was of the time before
            yield effects.Save(self.state)
            try:
                batch: Batch = yield effects.Create(str(job.input_file_id), self.state.endpoint)
            except OpenAIError as trouble:
                job.asked_for = _may_have_begun(trouble)
                yield effects.Save(self.state)
                if isinstance(trouble, RateLimitError) and self._open():
                    logger.info("job %d waits for the others: %s", job.number, trouble)
                    return False
                if not job.asked_for and not isinstance(trouble, RateLimitError):
                    raise self._stopped(f"Job {job.number} could not begin: {trouble}") from trouble
                failure = trouble
            else:
                if (yield from self._take(job, batch)):
                    return True
                failure = OpenAIError("The answer names no batch.")
            failures += 1
            if failures > _MISSES:
                raise self._stopped(f"Job {job.number} could not begin: {failure}") from failure
            yield Wait(self._pause(failures))

    def _pause(self, failures: int) -> float:
        return min(self.shortest * 2.0**failures, self.longest)

    def _take(self, job: Job, batch: Batch) -> Steps[bool]:
        """Note that this batch is the job; False for an answer that has no id."""
        if not isinstance(getattr(batch, "id", None), str):
            return False
        job.batch_id, job.status = batch.id, str(batch.status)
        yield effects.Save(self.state)
        return True

    def _upload(self, job: Job) -> Steps[None]:
        yield effects.Report("uploading")
        try:
            file: FileObject = yield effects.Upload(job.number)
        except (OpenAIError, OSError) as trouble:
            raise self._stopped(
                f"The input of job {job.number} could not be uploaded: {trouble}"
            ) from trouble
        job.input_file_id, job.input_created_at = file.id, file.created_at or 0
        job.uploaded_at, job.asked_for = self.now(), False
        yield effects.Save(self.state)

    def _adopt(self, job: Job) -> Steps[bool]:
        """Find the batch that was begun for this job, if the answer that named it was lost.

        False when there is none in the list, or the caller said so. Raises `BatchError` when it
        cannot be known: to begin the job again might be to pay for it twice.
        """
        cause: OpenAIError | None = None
        reason = ""
        looks = 0
        for failures in range(_MISSES + 1):
            if failures:
                yield Wait(self._pause(failures))
            try:
                batch, unnamed = yield from self._find(job)
            except OpenAIError as trouble:
                cause, reason = trouble, f"the list of batches cannot be read: {trouble}"
                if job.number not in self.not_begun and isinstance(trouble, _PASSING):
                    continue
                break
            if batch is not None:
                return (yield from self._take(job, batch))
            looks += 1
            if not unnamed and (looks == _LOOKS or job.number in self.not_begun):
                return False
            if not unnamed:
                cause, reason = None, "the list of batches could not be read often enough"
                continue
            reason = f"the list of batches does not name the input of {', '.join(unnamed)}"
            break
        if job.number in self.not_begun:
            return False
        raise self._stopped(
            f"Job {job.number} may have begun and be paid for: the answer to its creation was "
            f"lost, and {reason.rstrip('.')}. Find out whether Google has a batch of "
            f"{job.input_file_id}. If there is none, add begin_lost_jobs=True (on the command "
            "line: --begin-lost-jobs), and the job is begun again. If there is one, write its id "
            f'as "batch_id" of job {job.number} into {self.directory / STATE_FILE}'
        ) from cause

    def _find(self, job: Job) -> Steps[tuple[Batch | None, list[str]]]:
        """Look through the batches that were made since the job's input was.

        Gives the one with that input, and the ids of those that may be it: they name no input.
        """
        known = {other.batch_id for other in self.state.jobs}
        unnamed: list[str] = []
        # The server's clock tells when both were made, unless it did not say it of the input.
        since = job.input_created_at - _CLOCKS
        if not job.input_created_at:
            since = int(job.uploaded_at) - _OWN_CLOCK
        page: SyncCursorPage[Batch] = yield effects.ListBatches()
        last: int | None = None
        # That the newest come first is what OpenAI's lists do; it is not relied upon.
        newest_first = True
        while True:
            for batch in page._get_page_items():
                if not batch.id:
                    raise OpenAIError("It has a batch without an id.")
                if batch.input_file_id == job.input_file_id:
                    return batch, []
                created = batch.created_at or 0
                newest_first = newest_first and created > 0 and (last is None or created <= last)
                last = created
                if not (batch.input_file_id or 0 < created < since or batch.id in known):
                    unnamed.append(batch.id)
            past = newest_first and last is not None and last < since
            if past or not page.has_next_page():
                return None, unnamed
            before, page = page, (yield effects.NextPage(page))
            if page._leads_back(before):
                raise OpenAIError("The server gives the same page again and again.")

    def _look_at(self, job: Job) -> Steps[None]:
        if not (job.status in ENDED_BATCH_STATUSES and _outputs(job)):
            try:
                batch: Batch = yield effects.Retrieve(str(job.batch_id))
            except OpenAIError as trouble:
                misses = self._misses[job.number] = self._misses.get(job.number, 0) + 1
                if misses >= _MISSES or not isinstance(trouble, _PASSING):
                    raise self._stopped(
                        f"{job.batch_id} cannot be retrieved: {trouble}"
                    ) from trouble
                return
            self._misses.pop(job.number, None)
            _note(job, batch)
            if job.status not in ENDED_BATCH_STATUSES:
                return
            yield effects.Save(self.state)
        yield effects.Report("downloading")
        yield from self._fetch(job)

    def _fetch(self, job: Job) -> Steps[None]:
        """Download what a job put out, and note where each answer is."""
        lacking = job.rows
        for left in reversed(range(_TRIES)):
            try:
                if (yield from self._download(job, last=not left)):
                    lacking = yield effects.Index(job)
                    if not lacking or job.status != "completed":
                        break
                elif not _outputs(job):
                    break
            except APIError as trouble:
                if not left or not isinstance(trouble, _PASSING):
                    raise self._stopped(
                        f"The output of {job.batch_id}, {', '.join(_outputs(job))}, could not be "
                        f"downloaded: {trouble} Google keeps it for a while"
                    ) from trouble
            except OSError as trouble:
                raise self._stopped(
                    f"The output of {job.batch_id} could not be written to {self.directory}: "
                    f"{trouble}. Free space there; Google keeps the output for a while"
                ) from trouble
            if left:
                yield Wait(self.shortest)
        job.ended = True
        job.completed = job.rows - lacking
        yield effects.Save(self.state)
        with suppress(OpenAIError):
            yield effects.Delete(str(job.input_file_id))

    def _download(self, job: Job, *, last: bool) -> Steps[bool]:
        """Download the files that a job put out, one behind the other; False where there are none.

        One that the server does not have costs its rows only, if it is still so at the `last` time.
        """
        there = False
        for file_id in _outputs(job):
            try:
                yield effects.Download(job.number, file_id, there)
            except APIStatusError as trouble:
                if not _is_absent(trouble):
                    raise
                if last:
                    job.trouble = f"its output {file_id} cannot be retrieved: {trouble}"
            else:
                there = True
        return there

    def _cancel(self, job: Job) -> Steps[None]:
        asked = job.number in self._asked_to_cancel
        if job.ended or asked or job.status in ENDED_BATCH_STATUSES:
            return
        if job.batch_id is None and job.asked_for:
            yield from self._adopt(job)
        if job.batch_id is None:
            job.ended, job.status, job.trouble = True, "cancelled", "cancelled before it was sent"
        yield effects.Save(self.state)
        if job.batch_id is not None:
            try:
                yield effects.Cancel(job.batch_id)
            except _PASSING as trouble:
                logger.info("%s will be asked again to stop: %s", job.batch_id, trouble)
                return
            except OpenAIError as trouble:
                logger.info("%s cannot be cancelled, it may have ended: %s", job.batch_id, trouble)
            self._asked_to_cancel.add(job.number)

    def _stopped(self, message: str) -> BatchError:
        return BatchError(message.rstrip(".") + ".", directory=self.directory)


def _may_have_begun(trouble: OpenAIError) -> bool:
    """Whether the server may have begun the job although the answer was this."""
    if isinstance(trouble, APIStatusError):
        # A gateway says 408 of a request that it may have passed on.
        return not 400 <= trouble.status_code < 500 or trouble.status_code == 408
    return isinstance(trouble, APIError)  # any other was raised before anything was sent


def _is_absent(trouble: APIStatusError) -> bool:
    """Whether the server refused a file because it does not have it."""
    bad_key = isinstance(trouble, AuthenticationError)  # which may be a 400
    return trouble.status_code in {400, 404, 410} and not bad_key


def _outputs(job: Job) -> list[str]:
    """The files that a job put out.

    The errors come first: of two lines for a row the last counts, which is to be its answer.
    """
    return [file_id for file_id in (job.error_file_id, job.output_file_id) if file_id]


def _note(job: Job, batch: Batch) -> None:
    """Note what the server says of a job."""
    job.status = str(batch.status)
    if batch.request_counts is not None:
        job.completed, job.failed = batch.request_counts.completed, batch.request_counts.failed
    if job.status in ENDED_BATCH_STATUSES:
        job.output_file_id, job.error_file_id = batch.output_file_id, batch.error_file_id
        job.trouble = _why(batch)
        if job.status == "completed" and not _outputs(job):
            job.output_file_id = output_file_of(str(job.batch_id))


def _why(batch: Batch) -> str | None:
    errors = batch.errors.data if batch.errors is not None else None
    return "; ".join(error.message for error in errors or () if error.message) or None
