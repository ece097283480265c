"""Do what the steps of a run ask for, by a client that blocks or one in an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

import anyio

from . import effects
from .effects import Wait
from .results import answers_in
from .state import Job, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from .store import Store

_PIECE = 1 << 18  # bytes written at a time
_LIMIT = 100  # batches in a page of their list: the most that OpenAI's API takes


@dataclass
class Performer:
    """Performs the effects of a run, blocking.

    Args:
        batches: the resource that jobs are begun with, and `files` the one for their files.
        store: the directory of the run.
        report: tells the caller what is being done.
    """

    _batches: Any
    _files: Any
    _store: Store
    _report: Callable[[str], Any]

    def __call__(self, effect: effects.Effect) -> Any:
        """Give the outcome of an effect, or, from async resources, an awaitable of it."""
        match effect:
            case effects.NextRequest(source):
                if isinstance(source, AsyncIterator):
                    return anext(source, effects.END)
                return next(source, effects.END)
            case Wait(seconds):
                return self._batches._sleep(seconds)
            case effects.Report(doing):
                return self._report(doing)
            case effects.Upload(job):
                return self._files.create(file=self._store.input_path(job), purpose="batch")
            case effects.Create(file_id, endpoint):
                # Once: whether a request that failed began a job is found out before it is resent.
                once = type(self._batches)(self._batches._client.with_options(max_retries=0))
                return once.create(
                    input_file_id=file_id, endpoint=endpoint, completion_window="24h"
                )
            case effects.ListBatches():
                return self._batches.list(limit=_LIMIT)
            case effects.NextPage(page):
                return page.get_next_page()
            case effects.Retrieve(batch_id):
                return self._batches.retrieve(batch_id)
            case effects.Cancel(batch_id):
                return self._batches.cancel(batch_id)
            case effects.Download(job, output, errors):
                return self._download(job, [output, errors] if errors else [output])
            case effects.Delete(file_id):
                return self._files.delete(file_id)
            case effects.Save(state):
                return self._on_disk(save, state, self._store.directory)
            case effects.Index(job):
                return self._on_disk(self._index, job)
            case _:  # ReadRows: checkers say that no other is left
                return self._on_disk(self._store.page, effect.after)

    def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    def _index(self, job: Job) -> int:
        return self._store.index(job, answers_in(self._store.output_path(job.number)))

    def _download(self, job: int, file_ids: list[str]) -> Any:
        with self._store.part_path(job).open("wb") as file:
            for file_id in file_ids:
                with self._files.with_streaming_response.content(file_id) as response:
                    for piece in response.iter_bytes(_PIECE):
                        file.write(piece)
        self._store.keep_output(job)


class AsyncPerformer(Performer):
    """Performs them in an event loop; what is done on disk is done in a thread."""

    async def __call__(self, effect: effects.Effect) -> Any:
        """Give the outcome of an effect."""
        outcome = super().__call__(effect)
        return await outcome if isawaitable(outcome) else outcome

    def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return anyio.to_thread.run_sync(work, *arguments)

    async def _download(self, job: int, file_ids: list[str]) -> None:
        async with await anyio.open_file(self._store.part_path(job), "wb") as file:
            for file_id in file_ids:
                content = self._files.with_streaming_response.content(file_id)
                async with content as response:
                    async for piece in response.iter_bytes(_PIECE):
                        await file.write(piece)
        await anyio.to_thread.run_sync(self._store.keep_output, job)
