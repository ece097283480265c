"""Embed texts as vectors, in as many requests as that takes: `embeddings`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio

from .._call.prepare import public_errors
from .._call.request import make_call
from .._call.signature import spell_out
from .._types import RequestExtras
from ..dialect import MAX_EMBEDDING_INPUTS as BATCH, split_inputs
from ..types.create_embedding_response import CreateEmbeddingResponse, Usage
from ..types.embedding_create_params import EmbeddingCreateParams
from ._polling import one_deadline
from ._resource import AsyncAPIResource, SyncAPIResource
from ._views import AsyncRawView, AsyncStreamedView, RawView, StreamedView, Viewed, view_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typing_extensions import Unpack

    from .._base_client import BaseClient
    from .._call.request import Call
    from .._types import RequestOptions

__all__ = ["AsyncEmbeddings", "Embeddings"]

T = TypeVar("T")

AT_ONCE = 4
"""Requests that one call of an async client has under way at a time: few enough that several such
calls stay within the connections of a pool and the requests a minute of a small quota."""


class CreateParams(EmbeddingCreateParams, RequestExtras, total=False):
    """Everything `create` takes."""


class Embeddings(SyncAPIResource):
    """Embed texts: a few in one answer, or any number in a stream of vectors."""

    with_raw_response = view_as(lambda: EmbeddingsWithRawResponse)
    with_streaming_response = view_as(lambda: EmbeddingsWithStreamingResponse)

    @spell_out(CreateParams)
    def create(self, **params: Unpack[CreateParams]) -> CreateEmbeddingResponse:
        """Embed texts: one vector of floats for each, in their order.

        Any number of texts makes one answer: Gemini takes 100 in a request, and more are sent
        in several, one after the other, each with retries of its own. Their usage is summed.

        Args:
            **params: all that `openai` takes here; `input` is a text, or an iterable of texts. With
                `encoding_format="base64"` each vector is base64 of little-endian 32-bit floats.

        Raises:
            TypeError: a keyword is unknown or missing, or a value has no JSON form.
            InvalidRequestError: `input` is empty, or has an empty text or token ids, which Gemini
                does not take.
            APIResponseValidationError: there are not as many vectors as texts.
            APIError: no answer came, or a refusal; the subclass says which.
        """
        return self._create_from(0, params)

    def _create_from(self, first: int, params: CreateParams) -> CreateEmbeddingResponse:
        """`create`, of texts that the caller counts from `first`."""
        calls = create_calls(params, self._client, first)
        answers = [self._send(call) for call in calls]
        return answers[0] if len(answers) == 1 else joined(answers)


class AsyncEmbeddings(AsyncAPIResource):
    """Embed texts: a few in one answer, or any number in a stream of vectors."""

    with_raw_response = view_as(lambda: AsyncEmbeddingsWithRawResponse)
    with_streaming_response = view_as(lambda: AsyncEmbeddingsWithStreamingResponse)

    @spell_out(CreateParams)
    async def create(self, **params: Unpack[CreateParams]) -> CreateEmbeddingResponse:
        """Embed texts; see `Embeddings.create`. At most 4 requests are under way at once."""
        return await self._create_from(0, params)

    async def _create_from(self, first: int, params: CreateParams) -> CreateEmbeddingResponse:
        calls = create_calls(params, self._client, first)
        if len(calls) == 1:
            return await self._send(calls[0])
        return joined(await self._send_all(calls))

    async def _send_all(self, calls: Sequence[Call[T]]) -> list[T]:
        """The answers in the order of `calls`. Raises the first error alone, not a group."""
        answers: dict[int, T] = {}
        errors: list[Exception] = []
        waiting = iter(enumerate(calls))
        async with anyio.create_task_group() as group:

            async def send_next(waiting: Iterator[tuple[int, Call[T]]]) -> None:
                for place, call in waiting:
                    try:
                        answers[place] = await self._send(call)
                    except Exception as error:  # noqa: BLE001  # raised below
                        errors.append(error)
                        group.cancel_scope.cancel()
                        return

            for _ in range(AT_ONCE):
                group.start_soon(send_next, waiting)
        if errors:
            raise errors[0]
        return [answers[place] for place in range(len(calls))]


class _EmbeddingMethods:
    create = Viewed(Embeddings.create, AsyncEmbeddings.create)


class EmbeddingsWithRawResponse(_EmbeddingMethods, RawView):
    """`Embeddings`, giving `LegacyAPIResponse`."""


class AsyncEmbeddingsWithRawResponse(_EmbeddingMethods, AsyncRawView):
    """`AsyncEmbeddings`, giving `LegacyAPIResponse`."""


class EmbeddingsWithStreamingResponse(_EmbeddingMethods, StreamedView):
    """`Embeddings`, giving `APIResponse`."""


class AsyncEmbeddingsWithStreamingResponse(_EmbeddingMethods, AsyncStreamedView):
    """`AsyncEmbeddings`, giving `AsyncAPIResponse`."""


def create_calls(
    params: CreateParams, client: BaseClient[Any, Any, Any], first: int = 0
) -> list[Call[CreateEmbeddingResponse]]:
    """The requests that `create` sends, in the order of the texts; raises what `create` says.

    Errors count the texts from `first`.
    """
    texts = _listed(params["input"])
    whole = {**params, "input": texts}
    call = make_call("post", "/embeddings", CreateEmbeddingResponse, whole)
    with public_errors():
        bodies = split_inputs(call.body or {}, client._settings.dialect)
    if "view" in call.options:  # one response: the client sends what it takes, and joins it
        return [
            call if not first else replace(call, options={**call.options, "first_input": first})
        ]
    shared = one_deadline(call.options, client) if len(bodies) > 1 else call.options
    calls: list[Call[CreateEmbeddingResponse]] = []
    for place, body in enumerate(bodies):
        here = first + place * BATCH
        options: RequestOptions = {**shared, "first_input": here} if here else shared
        calls.append(replace(call, body=body, options=options))
    return calls


def joined(answers: Sequence[CreateEmbeddingResponse]) -> CreateEmbeddingResponse:
    """The answers to the parts of one request as one: vectors counted through, usage summed."""
    data = [item for answer in answers for item in answer.data]
    for place, item in enumerate(data):
        item.index = place
    used = [answer.usage for answer in answers]
    usage = Usage(
        prompt_tokens=sum(count.prompt_tokens for count in used),
        total_tokens=sum(count.total_tokens for count in used),
    )
    return answers[0].model_copy(update={"data": data, "usage": usage})


def _listed(inputs: object) -> Any:
    """What can be gone through but once as a list, to be counted and split."""
    if isinstance(inputs, (str, bytes, bytearray, Mapping)) or not isinstance(inputs, Iterable):
        return cast("Any", inputs)
    return list(cast("Iterable[object]", inputs))
