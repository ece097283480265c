"""Add to openai's resources what takes many calls: `batches.run`, `embeddings.create_many`."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, overload

from .._call.signature import spell_out
from .._primitives.given import omit
from ..resources.batches import AsyncBatches as OpenAIAsyncBatches, Batches as OpenAIBatches
from ..resources.embeddings import (
    AsyncEmbeddings as OpenAIAsyncEmbeddings,
    Embeddings as OpenAIEmbeddings,
)
from .options import ManyParams, RunParams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from typing import Literal, TypeAlias

    from numpy import float32
    from numpy.typing import NDArray
    from typing_extensions import Unpack

    from .._types import Maybe
    from ..lib._parsing import ResponseFormatT
    from .batches.run import AsyncBatchRun, BatchRun
    from .tasks import AsyncResults
    from .threads import Results

    AnyTexts: TypeAlias = Iterable[str] | AsyncIterable[str]


class Batches(OpenAIBatches):
    """Requests answered together, later and cheaper; `run` does all of it."""

    @spell_out(RunParams)
    def run(
        self,
        requests: Iterable[object] | str | PathLike[str] | None = None,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[RunParams],
    ) -> BatchRun[ResponseFormatT]:
        """Answer any number of requests by batch jobs, in their order, at half the price.

        Nothing is sent before the result is iterated over. Then every row is checked and written to
        disk, uploaded in as many files as Google's limits ask for, and waited for; a job's answers
        are given as soon as it and those before it have ended. Memory does not grow with the rows.
        The client's `deadline` is that of each upload, look and download, not of the run.
        The directory is locked meanwhile: one process at a time drives a run.

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
            **params: parameters of every row that does not have them, as `model`.

        Raises, when iterated over:
            BatchError: it cannot go on, or another process drives it; the text says what to do.
            OSError: there is no such JSONL file.
        """
        from .batches.run import BatchRun

        return BatchRun(self, requests, response_format, params)


class AsyncBatches(OpenAIAsyncBatches):
    """Requests answered together, later and cheaper; `run` does all of it."""

    @spell_out(RunParams)
    def run(
        self,
        requests: Iterable[object] | AsyncIterable[object] | str | PathLike[str] | None = None,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[RunParams],
    ) -> AsyncBatchRun[ResponseFormatT]:
        """Answer any number of requests by batch jobs: `async for` over it; see `Batches.run`.

        `requests` may be an async iterable, and `on_progress` async.
        """
        from .batches.run import AsyncBatchRun

        return AsyncBatchRun(self, requests, response_format, params)


class Embeddings(OpenAIEmbeddings):
    """Vectors for texts, and with `create_many` for any number of them."""

    @overload
    def create_many(
        self, texts: Iterable[str], *, as_numpy: Literal[False] = ..., **params: Unpack[ManyParams]
    ) -> Results[list[float]]: ...
    @overload
    def create_many(
        self, texts: Iterable[str], *, as_numpy: Literal[True], **params: Unpack[ManyParams]
    ) -> Results[NDArray[float32]]: ...
    @spell_out(ManyParams)
    def create_many(
        self, texts: Iterable[str], *, as_numpy: bool = False, **params: Unpack[ManyParams]
    ) -> Results[Any]:
        """Embed any number of texts; give an iterator of one vector for each, in their order.

        Texts are taken in as vectors are taken out, so that they may come from a generator of any
        length. They are sent 100 in a request, several requests at once in threads, and each is
        tried again by itself as the client's `max_retries` and `retry_budget` say; a refusal for
        quota (429) makes all of them wait, and lowers their rate. A `deadline` is each request's.

        Args:
            texts: an iterable of strings.
            as_numpy: give each vector as a numpy array of float32, not as a list of floats.
            concurrency: how many requests at once.
            look_ahead: how many texts, in hundreds, at most are taken in before their vectors are
                taken out; two requests' for each at once if not given.
            rpm: requests per minute at most; None: as many as the server takes.
            tpm: tokens per minute at most, as the `RateLimiter` counts them.
            limiter: a `RateLimiter` to share with other calls, in place of `rpm` and `tpm`.
            on_progress: called with the number of texts embedded so far, whenever the vectors of a
                request are about to be handed out.
            **params: `model`, `dimensions` and the rest that each request is to have.

        Raises:
            TypeError: a keyword is unknown or missing, or (from the iterator) for what is not
                a string.
            ImportError: numpy is wanted and not installed.
            APIError: from the iterator, in the place of the vectors that are missing; its
                message says of which texts. The vectors of those before have been handed out.
        """
        from .embeddings import embedding_calls, in_chunks
        from .threads import Results

        calls = embedding_calls(self, {**params}, as_numpy=as_numpy)
        return Results(in_chunks(texts), calls)


class AsyncEmbeddings(OpenAIAsyncEmbeddings):
    """Vectors for texts, and with `create_many` for any number of them."""

    @overload
    def create_many(
        self, texts: AnyTexts, *, as_numpy: Literal[False] = ..., **params: Unpack[ManyParams]
    ) -> AsyncResults[list[float]]: ...
    @overload
    def create_many(
        self, texts: AnyTexts, *, as_numpy: Literal[True], **params: Unpack[ManyParams]
    ) -> AsyncResults[NDArray[float32]]: ...
    @spell_out(ManyParams)
    def create_many(
        self, texts: AnyTexts, *, as_numpy: bool = False, **params: Unpack[ManyParams]
    ) -> AsyncResults[Any]:
        """Embed any number of texts, which may come from an async iterable.

        See `Embeddings.create_many`; requests are made in tasks of asyncio or trio.
        """
        from .embeddings import embedding_calls, in_chunks, in_chunks_async
        from .tasks import AsyncResults

        chunks = in_chunks_async(texts) if isinstance(texts, AsyncIterable) else in_chunks(texts)
        calls = embedding_calls(self, {**params}, as_numpy=as_numpy)
        return AsyncResults(chunks, calls)
