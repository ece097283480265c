"""Run many requests from one file, answered within a day at a lower price: `batches`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from .._call.request import make_call
from .._call.signature import spell_out
from .._call.views import async_raw, async_streamed, raw, streamed
from .._primitives.given import omit
from .._primitives.urls import path_id
from .._types import Maybe, RequestExtras
from ..dialect import MAX_FILE_BYTES
from ..pagination import AsyncCursorPage, SyncCursorPage
from ..types.batch import Batch
from ..types.batch_create_params import BatchCreateParams
from ..types.batch_list_params import BatchListParams
from ._resource import AsyncAPIResource, SyncAPIResource

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterable, Callable, Iterable

    from typing_extensions import Unpack

    from .._call.request import Call
    from .._client import AsyncOpenAI, OpenAI
    from ..bulk.batches import AsyncBatchRun, BatchProgress, BatchRun
    from ..lib._parsing._completions import ResponseFormatT
    from ..pagination import AsyncPaginator

__all__ = ["AsyncBatches", "Batches"]


class CreateParams(BatchCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class ListParams(BatchListParams, RequestExtras, total=False):
    """Everything `list` takes."""


class BatchesWithRawResponse:
    """`Batches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = raw(batches.create)
        self.retrieve = raw(batches.retrieve)
        self.list = raw(batches.list)
        self.cancel = raw(batches.cancel)


class AsyncBatchesWithRawResponse:
    """`AsyncBatches`, giving `LegacyAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_raw(batches.create)
        self.retrieve = async_raw(batches.retrieve)
        self.list = async_raw(batches.list)
        self.cancel = async_raw(batches.cancel)


class BatchesWithStreamingResponse:
    """`Batches`, giving `APIResponse`."""

    def __init__(self, batches: Batches) -> None:
        self.create = streamed(batches.create)
        self.retrieve = streamed(batches.retrieve)
        self.list = streamed(batches.list)
        self.cancel = streamed(batches.cancel)


class AsyncBatchesWithStreamingResponse:
    """`AsyncBatches`, giving `AsyncAPIResponse`."""

    def __init__(self, batches: AsyncBatches) -> None:
        self.create = async_streamed(batches.create)
        self.retrieve = async_streamed(batches.retrieve)
        self.list = async_streamed(batches.list)
        self.cancel = async_streamed(batches.cancel)


class Batches(SyncAPIResource):
    """Run many requests as one job: later, and at a lower price."""

    with_raw_response = cached_property(BatchesWithRawResponse)
    with_streaming_response = cached_property(BatchesWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> Batch:
        """Begin a batch of the requests in an uploaded file.

        Args:
            **params: all that `openai` takes here. `input_file_id` is `files/...`, `endpoint` is
                `/v1/chat/completions` or `/v1/embeddings`.

        Raises:
            TypeError: a keyword is unknown or missing, or a value has no JSON form.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        return self._send(create_call(params))

    @spell_out(RequestExtras)
    def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is. Raises `ValueError` for an empty id."""
        return self._send(retrieve_call(batch_id, extras))

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> SyncCursorPage[Batch]:
        """List the batches; iterate over the result for those of all pages."""
        return self._send_list(list_call(params), SyncCursorPage[Batch])

    @spell_out(RequestExtras)
    def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; what is answered by then is kept. Raises `ValueError` for an empty id."""
        return self._send(cancel_call(batch_id, extras))

    def run(
        self,
        requests: Iterable[object] | str | os.PathLike[str] | None = None,
        *,
        directory: str | os.PathLike[str] | None = None,
        resume: str | os.PathLike[str] | None = None,
        begin_lost_jobs: bool = False,
        endpoint: str | None = None,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        on_progress: Callable[[BatchProgress], object] | None = None,
        concurrency: int = 4,
        max_rows_per_job: int = 200_000,
        max_bytes_per_job: int = MAX_FILE_BYTES,
        poll_interval: float = 5.0,
        max_poll_interval: float = 60.0,
        **shared: Any,
    ) -> BatchRun[ResponseFormatT]:
        """Answer any number of requests by batch jobs, in their order, at half the price.

        Nothing is sent before the result is iterated over. Then every row is checked and written to
        disk, uploaded in as many files as Google's limits ask for, and waited for; a job's answers
        are given as soon as it and those before it have ended. Memory does not grow with the rows.

        ```python
        for result in client.batches.run(requests, model="gemini-flash-latest"):
            print(result.custom_id, result.text or result.error)
        ```

        Args:
            requests: an iterable (a generator is fine) of request bodies, such as
                `{"messages": [...]}` or `{"input": "..."}`, or of rows with `custom_id`, `url` and
                `body`; or the path of a JSONL file of such.
            directory: where the run is kept until it is done; a temporary one if not given. It has
                to hold all requests and all answers.
            resume: the directory of a run that was interrupted, in place of `requests`.
            begin_lost_jobs: with `resume`, and after a `BatchError` that asks for it: a job of
                which nobody can tell whether it has begun is begun again. If it had, it is paid
                for twice.
            endpoint: `/v1/chat/completions` or `/v1/embeddings`; the first row tells otherwise.
            response_format: a type to parse the answers as, see `chat.completions.parse`. To be
                given again when a run is resumed.
            on_progress: called with a `BatchProgress` at each look at the jobs.
            concurrency: jobs open at Google at once. A project may have 100, and files of 20 GB.
            max_rows_per_job: where to split: 200,000 is what Vertex AI documents for Gemini; for
                the Developer API no number is documented.
            max_bytes_per_job: where to split too: Google takes files of up to 2 GiB.
            poll_interval: seconds between two looks at first; they become longer while nothing
                moves, up to `max_poll_interval`.
            max_poll_interval: see `poll_interval`.
            **shared: parameters of every row that does not have them, as `model`.

        Raises, when iterated over:
            BatchError: it cannot go on; the text says how to.
            OSError: there is no such JSONL file.
        """
        from ..bulk.batches.run import BatchRun, make_plan

        plan = make_plan(
            self._client,
            requests,
            directory=directory,
            resume=resume,
            begin_lost_jobs=begin_lost_jobs,
            endpoint=endpoint,
            response_format=response_format,
            shared=shared,
            on_progress=on_progress,
            concurrency=concurrency,
            max_rows=max_rows_per_job,
            max_bytes=max_bytes_per_job,
            poll_interval=poll_interval,
            max_poll_interval=max_poll_interval,
        )
        return BatchRun(cast("OpenAI", self._client), plan, self._sleep)


class AsyncBatches(AsyncAPIResource):
    """Run many requests as one job: later, and at a lower price."""

    with_raw_response = cached_property(AsyncBatchesWithRawResponse)
    with_streaming_response = cached_property(AsyncBatchesWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> Batch:
        """Begin a batch; see `Batches.create`."""
        return await self._send(create_call(params))

    @spell_out(RequestExtras)
    async def retrieve(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Say how far a batch is; see `Batches.retrieve`."""
        return await self._send(retrieve_call(batch_id, extras))

    @spell_out(ListParams)
    def list(self, **params: Unpack[ListParams]) -> AsyncPaginator[Batch, AsyncCursorPage[Batch]]:
        """List the batches: `async for` over the result, or await it for the first page."""
        return self._send_list(list_call(params), AsyncCursorPage[Batch])

    @spell_out(RequestExtras)
    async def cancel(self, batch_id: str, **extras: Unpack[RequestExtras]) -> Batch:
        """Stop a batch; see `Batches.cancel`."""
        return await self._send(cancel_call(batch_id, extras))

    def run(
        self,
        requests: (Iterable[object] | AsyncIterable[object] | str | os.PathLike[str] | None) = None,
        *,
        directory: str | os.PathLike[str] | None = None,
        resume: str | os.PathLike[str] | None = None,
        begin_lost_jobs: bool = False,
        endpoint: str | None = None,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        on_progress: Callable[[BatchProgress], object] | None = None,
        concurrency: int = 4,
        max_rows_per_job: int = 200_000,
        max_bytes_per_job: int = MAX_FILE_BYTES,
        poll_interval: float = 5.0,
        max_poll_interval: float = 60.0,
        **shared: Any,
    ) -> AsyncBatchRun[ResponseFormatT]:
        """Answer any number of requests by batch jobs: `async for` over it; see `Batches.run`.

        `requests` may be an async iterable, and `on_progress` async.
        """
        from ..bulk.batches.run import AsyncBatchRun, make_plan

        plan = make_plan(
            self._client,
            requests,
            directory=directory,
            resume=resume,
            begin_lost_jobs=begin_lost_jobs,
            endpoint=endpoint,
            response_format=response_format,
            shared=shared,
            on_progress=on_progress,
            concurrency=concurrency,
            max_rows=max_rows_per_job,
            max_bytes=max_bytes_per_job,
            poll_interval=poll_interval,
            max_poll_interval=max_poll_interval,
        )
        return AsyncBatchRun(cast("AsyncOpenAI", self._client), plan, self._sleep)


def create_call(params: CreateParams) -> Call[Batch]:
    """The request that `create` sends."""
    return make_call("post", "/batches", Batch, params)


def retrieve_call(batch_id: str, extras: RequestExtras) -> Call[Batch]:
    """The request that `retrieve` sends. Raises `ValueError` for an empty id."""
    return make_call("get", f"/batches/{path_id('batch_id', batch_id)}", Batch, extras)


def list_call(params: ListParams) -> Call[Batch]:
    """The request that `list` sends."""
    return make_call("get", "/batches", Batch, params)


def cancel_call(batch_id: str, extras: RequestExtras) -> Call[Batch]:
    """The request that `cancel` sends. Raises `ValueError` for an empty id."""
    return make_call("post", f"/batches/{path_id('batch_id', batch_id)}/cancel", Batch, extras)
