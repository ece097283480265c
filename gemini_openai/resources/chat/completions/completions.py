"""`chat.completions`: a conversation to its next message."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from ...._given import is_given, omit
from ...._request import Call, make_request_options
from ...._signatures import given, spell_out, split_extras
from ....types.chat.chat_completion import ChatCompletion
from ....types.chat.chat_completion_chunk import ChatCompletionChunk
from ..._resource import AsyncAPIResource, SyncAPIResource
from ._params import CreateParams

if TYPE_CHECKING:
    from typing import Literal

    from typing_extensions import Unpack

    from ...._streaming import AsyncStream, Stream
    from ...._types import Maybe


class Completions(SyncAPIResource):
    """Answers to conversations."""

    @overload
    def create(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion: ...
    @overload
    def create(
        self, *, stream: Literal[True], **params: Unpack[CreateParams]
    ) -> Stream[ChatCompletionChunk]: ...
    @overload
    def create(
        self, *, stream: bool, **params: Unpack[CreateParams]
    ) -> ChatCompletion | Stream[ChatCompletionChunk]: ...
    @spell_out(CreateParams)
    def create(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion | Stream[ChatCompletionChunk]:
        """Answer a conversation: whole, or with `stream=True` chunk by chunk as it is made.

        Args:
            model: a Gemini model, for example `"gemini-flash-latest"`.
            messages: the conversation so far, oldest first.
            stream: give a `Stream` of `ChatCompletionChunk` in place of a `ChatCompletion`.
            **params: everything else that `openai` takes here.

        Raises:
            TypeError: a keyword is unknown or missing, or a value has no JSON form.
            APIStatusError: the server refused; the subclass says how.
            APIConnectionError: no whole answer arrived.
            APITimeoutError: none arrived in time.
        """
        answer: ChatCompletion | Stream[ChatCompletionChunk]
        answer = self._send(create_call("Completions.create", stream, params))
        return answer


class AsyncCompletions(AsyncAPIResource):
    """Answers to conversations."""

    @overload
    async def create(
        self, *, stream: Maybe[Literal[False] | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion: ...
    @overload
    async def create(
        self, *, stream: Literal[True], **params: Unpack[CreateParams]
    ) -> AsyncStream[ChatCompletionChunk]: ...
    @overload
    async def create(
        self, *, stream: bool, **params: Unpack[CreateParams]
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]: ...
    @spell_out(CreateParams)
    async def create(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]:
        """Answer a conversation; see `Completions.create`."""
        answer: ChatCompletion | AsyncStream[ChatCompletionChunk]
        answer = await self._send(create_call("AsyncCompletions.create", stream, params))
        return answer


def create_call(method: str, stream: object, params: CreateParams) -> Call:
    """The request that `create` sends. Raises `TypeError` for unknown and missing keywords."""
    body = given(method, params, CreateParams)
    extras = split_extras(body)
    if is_given(stream):
        body["stream"] = stream
    return Call(
        method="post",
        path="/chat/completions",
        cast_to=ChatCompletion,
        chunk=ChatCompletionChunk,
        body=body,
        options=make_request_options(**extras),
        stream=bool(stream),
    )
