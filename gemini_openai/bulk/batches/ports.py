"""What the engine asks for, done: by a client that blocks, or by one in an event loop."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio

from ..._exceptions import OpenAIError
from .results import answers_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._client import AsyncOpenAI, OpenAI
    from ...pagination import AsyncCursorPage, SyncCursorPage
    from ...types.batch import Batch
    from ...types.file_object import FileObject
    from .state import Job, State
    from .store import Store

_PIECE = 1 << 18  # bytes written at a time
_LIMIT = 100  # batches in a page of their list: the most that OpenAI's API takes


class Port:
    """The engine's hands, blocking. Each method is one of its effects."""

    def __init__(
        self, client: OpenAI, store: Store, state: State, report: Callable[[str], object]
    ) -> None:
        self._client = client
        self._store = store
        self._state = state
        self._report = report

    def save(self) -> None:
        """Write the run's state to disk."""
        self._store.save(self._state)

    def report(self, what: str) -> None:
        """Tell the caller how far the run is."""
        self._report(what)

    def upload(self, number: int) -> FileObject:
        """Upload the input of a job; give the file's id."""
        return self._client.files.create(file=self._store.input_path(number), purpose="batch")

    def create(self, file_id: str, endpoint: Any) -> Batch:
        """Begin a job with an uploaded input."""
        # Once: whether a request that failed began a job is found out before it is sent again.
        return self._client.with_options(max_retries=0).batches.create(
            input_file_id=file_id, endpoint=endpoint, completion_window="24h"
        )

    def list_batches(self) -> SyncCursorPage[Batch]:
        """Do what the engine asks for."""
        return self._client.batches.list(limit=_LIMIT)

    def next_page(self, page: SyncCursorPage[Batch]) -> SyncCursorPage[Batch]:
        """Do what the engine asks for."""
        return page.get_next_page()

    def retrieve(self, batch_id: str) -> Batch:
        """Ask how far a job is."""
        return self._client.batches.retrieve(batch_id)

    def cancel(self, batch_id: str) -> Batch:
        """Stop a job."""
        return self._client.batches.cancel(batch_id)

    def download(self, number: int, output: str, errors: str | None) -> None:
        """Write the output of a job, and its errors, to disk."""
        with self._store.part_path(number).open("wb") as file:
            for file_id in filter(None, (output, errors)):
                with self._client.files.with_streaming_response.content(file_id) as response:
                    for piece in response.iter_bytes(_PIECE):
                        file.write(piece)
        self._store.keep_output(number)

    def index(self, job: Job) -> int:
        """Note where each answer is; give the number of rows without one."""
        return self._store.index(job, answers_in(self._store.output_path(job.number)))

    def forget(self, file_id: str) -> None:
        """Delete an input that has been worked off: a project may keep 20 GB."""
        with suppress(OpenAIError):
            self._client.files.delete(file_id)


class AsyncPort:
    """The engine's hands in an event loop; what is done on disk is done in a thread."""

    def __init__(
        self, client: AsyncOpenAI, store: Store, state: State, report: Callable[[str], Any]
    ) -> None:
        self._client = client
        self._store = store
        self._state = state
        self._report = report

    async def save(self) -> None:
        """Write the run's state to disk."""
        await anyio.to_thread.run_sync(self._store.save, self._state)

    async def report(self, what: str) -> None:
        """Tell the caller how far the run is."""
        await self._report(what)

    async def upload(self, number: int) -> FileObject:
        """Upload the input of a job; give the file's id."""
        return await self._client.files.create(file=self._store.input_path(number), purpose="batch")

    async def create(self, file_id: str, endpoint: Any) -> Batch:
        """Begin a job with an uploaded input."""
        return await self._client.with_options(max_retries=0).batches.create(
            input_file_id=file_id, endpoint=endpoint, completion_window="24h"
        )

    async def list_batches(self) -> AsyncCursorPage[Batch]:
        """Do what the engine asks for."""
        return await self._client.batches.list(limit=_LIMIT)

    async def next_page(self, page: AsyncCursorPage[Batch]) -> AsyncCursorPage[Batch]:
        """Do what the engine asks for."""
        return await page.get_next_page()

    async def retrieve(self, batch_id: str) -> Batch:
        """Ask how far a job is."""
        return await self._client.batches.retrieve(batch_id)

    async def cancel(self, batch_id: str) -> Batch:
        """Stop a job."""
        return await self._client.batches.cancel(batch_id)

    async def download(self, number: int, output: str, errors: str | None) -> None:
        """Write the output of a job, and its errors, to disk."""
        async with await anyio.open_file(self._store.part_path(number), "wb") as file:
            for file_id in filter(None, (output, errors)):
                content = self._client.files.with_streaming_response.content(file_id)
                async with content as response:
                    async for piece in response.iter_bytes(_PIECE):
                        await file.write(piece)
        await anyio.to_thread.run_sync(self._store.keep_output, number)

    async def index(self, job: Job) -> int:
        """Note where each answer is; give the number of rows without one."""

        def work() -> int:
            return self._store.index(job, answers_in(self._store.output_path(job.number)))

        return await anyio.to_thread.run_sync(work)

    async def forget(self, file_id: str) -> None:
        """Delete an input that has been worked off: a project may keep 20 GB."""
        with suppress(OpenAIError):
            await self._client.files.delete(file_id)
