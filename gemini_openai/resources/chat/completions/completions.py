"""Answer conversations: `chat.completions`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast, get_origin, overload

from ...._call.request import make_call
from ...._call.signature import spell_out
from ...._call.views import async_raw, async_streamed, raw, streamed
from ...._primitives.given import is_given, omit
from ...._primitives.json_types import is_array
from ...._primitives.lazy import cached_property
from ....types.chat.chat_completion import ChatCompletion
from ..._resource import AsyncAPIResource, SyncAPIResource
from ._keywords import CREATE, PARSE
from ._stored import AsyncStoredCompletions, StoredCompletions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from typing_extensions import TypeForm, Unpack

    from ...._call.request import Call
    from ...._streaming import AsyncStream, Stream
    from ...._types import Maybe
    from ....dialect import Settings
    from ....lib._parsing import ResponseFormatT
    from ....lib.streaming.chat import (
        AsyncChatCompletionStreamManager,
        ChatCompletionStreamManager,
    )
    from ....types.chat.chat_completion_chunk import ChatCompletionChunk
    from ....types.chat.completion_create_params import ResponseFormat
    from ....types.chat.parsed_chat_completion import ParsedChatCompletion
    from ._params import CreateParams, ParseParams


PATH = "/chat/completions"


class CompletionsWithRawResponse(StoredCompletions):
    """`Completions`, giving `LegacyAPIResponse`."""

    def __init__(self, completions: Completions) -> None:
        self.create = raw(completions.create)
        self.parse = raw(completions.parse)


class AsyncCompletionsWithRawResponse(AsyncStoredCompletions):
    """`AsyncCompletions`, giving `LegacyAPIResponse`."""

    def __init__(self, completions: AsyncCompletions) -> None:
        self.create = async_raw(completions.create)
        self.parse = async_raw(completions.parse)


class CompletionsWithStreamingResponse(StoredCompletions):
    """`Completions`, giving `APIResponse`."""

    def __init__(self, completions: Completions) -> None:
        self.create = streamed(completions.create)
        self.parse = streamed(completions.parse)


class AsyncCompletionsWithStreamingResponse(StoredCompletions):
    """`AsyncCompletions`, giving `AsyncAPIResponse`."""

    def __init__(self, completions: AsyncCompletions) -> None:
        self.create = async_streamed(completions.create)
        self.parse = async_streamed(completions.parse)


class Completions(SyncAPIResource, StoredCompletions):
    """Answer conversations: whole, in chunks, or as values of a type."""

    with_raw_response = cached_property(CompletionsWithRawResponse)
    with_streaming_response = cached_property(CompletionsWithStreamingResponse)

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
    @spell_out(CREATE)
    def create(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion | Stream[ChatCompletionChunk]:
        """Answer a conversation: whole, or with `stream=True` chunk by chunk as it is made.

        Args:
            model: a Gemini model, for example `"gemini-flash-latest"`.
            messages: the conversation so far, oldest first.
            tools: what the model may call: dicts, and Python functions, pydantic models,
                dataclasses or `TypedDict`s, whose schemas are made from their signatures, type
                hints and docstrings.
            stream: give a `Stream` of `ChatCompletionChunk` in place of a `ChatCompletion`.
            thinking_budget: how many tokens to think with at most (Gemini 2.5).
            thinking_level: how much to think: `"minimal"` to `"high"` (Gemini 3 and later). The
                nearest that the model takes is sent, as of the budget and of `reasoning_effort`.
            include_thoughts: tell what was thought, in `reasoning_content`.
            cached_content: the name of a cached beginning of the conversation.
            safety_settings: what is held back as harmful (Vertex AI only).
            media_resolution: how closely to look at images and videos (Vertex AI only).
            **params: everything else that `openai` takes here.

        Raises:
            TypeError: a keyword is unknown or missing, a value has no JSON form, or no tool can be
                made of a function: it lacks a type hint, for example.
            InvalidRequestError: Gemini would refuse the request, and it has no certain repair.
            APIStatusError: the server refused; the subclass says how.
            APIConnectionError: no whole answer arrived.
            APITimeoutError: none arrived in time.
        """
        call = create_call(stream, params)
        if stream:
            return self._send_stream(call, _stream())
        return self._send(call)

    @overload
    def parse(
        self,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[ParseParams],
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    @overload
    def parse(
        self, *, response_format: ResponseFormat, **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[None]: ...
    @overload
    def parse(
        self, *, response_format: TypeForm[ResponseFormatT], **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    @spell_out(PARSE)
    def parse(
        self, *, response_format: Any = omit, **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[Any]:
        """Answer a conversation with a value of a type, in `choices[0].message.parsed`.

        The answer is asked for as JSON after the schema of the type. `content` keeps what the model
        wrote; where that has a Markdown fence or words around the JSON, the JSON is found in it.

        Args:
            response_format: a pydantic model, a dataclass, a `TypedDict`, an enum, a `Literal`, or
                a list or union of such. A dict like `{"type": "json_object"}` goes to the server as
                it is, and nothing is parsed.
            **params: everything else that `create` takes but `stream`. Of `tools`, functions and
                types have the arguments of their calls parsed as well, in
                `function.parsed_arguments`: those of a function as a dict for `function(**...)`,
                those of a type as its value.

        Raises:
            TypeError: as `create`, and for a `response_format` that has no JSON Schema.
            ValueError: a tool is not strict, so that its arguments could not be parsed.
            LengthFinishReasonError: the answer was cut off by its token limit.
            ContentFilterFinishReasonError: it was stopped by a content filter.
            pydantic.ValidationError: it does not fit the type.
            APIError: as `create`.
        """
        return self._send(parse_call(response_format, params, self._client._settings.dialect))

    @overload
    def stream(
        self,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[ParseParams],
    ) -> ChatCompletionStreamManager[ResponseFormatT]: ...
    @overload
    def stream(
        self, *, response_format: ResponseFormat, **params: Unpack[ParseParams]
    ) -> ChatCompletionStreamManager[None]: ...
    @overload
    def stream(
        self, *, response_format: TypeForm[ResponseFormatT], **params: Unpack[ParseParams]
    ) -> ChatCompletionStreamManager[ResponseFormatT]: ...
    @spell_out(PARSE)
    def stream(
        self, *, response_format: Any = omit, **params: Unpack[ParseParams]
    ) -> ChatCompletionStreamManager[Any]:
        """Answer a conversation event by event: `with client.chat.completions.stream(...) as s`.

        Entering the `with` block sends the request. Iterating gives events, told apart by their
        `type`; `s.get_final_completion()` gives the whole answer, parsed as `parse` does it. Takes
        what `parse` takes, and tools that are not strict too.
        """
        call = stream_call(response_format, params)
        from ....lib.streaming.chat import ChatCompletionStreamManager

        return ChatCompletionStreamManager(
            partial(self._send_stream, call, _stream()),
            response_format=response_format,
            input_tools=(call.body or {}).get("tools", omit),
            settings=self._client._settings.dialect,
        )


class AsyncCompletions(AsyncAPIResource, AsyncStoredCompletions):
    """Answer conversations: whole, in chunks, or as values of a type."""

    with_raw_response = cached_property(AsyncCompletionsWithRawResponse)
    with_streaming_response = cached_property(AsyncCompletionsWithStreamingResponse)

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
    @spell_out(CREATE)
    async def create(
        self, *, stream: Maybe[bool | None] = omit, **params: Unpack[CreateParams]
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]:
        """Answer a conversation; see `Completions.create`."""
        call = create_call(stream, params)
        if stream:
            return await self._send_stream(call, _async_stream())
        return await self._send(call)

    @overload
    async def parse(
        self,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[ParseParams],
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    @overload
    async def parse(
        self, *, response_format: ResponseFormat, **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[None]: ...
    @overload
    async def parse(
        self, *, response_format: TypeForm[ResponseFormatT], **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[ResponseFormatT]: ...
    @spell_out(PARSE)
    async def parse(
        self, *, response_format: Any = omit, **params: Unpack[ParseParams]
    ) -> ParsedChatCompletion[Any]:
        """Answer a conversation with a value of a type; see `Completions.parse`."""
        return await self._send(parse_call(response_format, params, self._client._settings.dialect))

    @overload
    def stream(
        self,
        *,
        response_format: Maybe[type[ResponseFormatT]] = omit,
        **params: Unpack[ParseParams],
    ) -> AsyncChatCompletionStreamManager[ResponseFormatT]: ...
    @overload
    def stream(
        self, *, response_format: ResponseFormat, **params: Unpack[ParseParams]
    ) -> AsyncChatCompletionStreamManager[None]: ...
    @overload
    def stream(
        self, *, response_format: TypeForm[ResponseFormatT], **params: Unpack[ParseParams]
    ) -> AsyncChatCompletionStreamManager[ResponseFormatT]: ...
    @spell_out(PARSE)
    def stream(
        self, *, response_format: Any = omit, **params: Unpack[ParseParams]
    ) -> AsyncChatCompletionStreamManager[Any]:
        """Answer a conversation event by event, in `async with`; see `Completions.stream`."""
        call = stream_call(response_format, params)
        from ....lib.streaming.chat import AsyncChatCompletionStreamManager

        return AsyncChatCompletionStreamManager(
            partial(self._send_stream, call, _async_stream()),
            response_format=response_format,
            input_tools=(call.body or {}).get("tools", omit),
            settings=self._client._settings.dialect,
        )


def _stream() -> type[Stream[ChatCompletionChunk]]:
    """The streams of `create`, which a blocking client loads with the first of them."""
    from ...._streaming import Stream
    from ....types.chat.chat_completion_chunk import ChatCompletionChunk

    return Stream[ChatCompletionChunk]


def _async_stream() -> type[AsyncStream[ChatCompletionChunk]]:
    from ...._streaming import AsyncStream
    from ....types.chat.chat_completion_chunk import ChatCompletionChunk

    return AsyncStream[ChatCompletionChunk]


def create_call(stream: object, params: CreateParams) -> Call[ChatCompletion]:
    """The request that `create` sends.

    Raises `TypeError` for a type as `response_format`, and for an instance of one.
    """
    response_format: object = params.get("response_format")
    if isinstance(response_format, type) or get_origin(response_format) is not None:
        raise TypeError(
            "chat.completions.create() takes response_format as a dict; it does not parse. "
            f"For answers of type {response_format!r} call parse() or stream()."
        )
    if (
        is_given(response_format)
        and type(response_format) not in (dict, str, type(None))
        # One of `types.shared` has the keys of a format as attributes.
        and getattr(response_format, "type", None) not in ("text", "json_object", "json_schema")
    ):
        from ....lib._parsing import refuse_instance

        refuse_instance(response_format)
    return make_call("post", PATH, ChatCompletion, {**_with_tools(params), "stream": stream})


def _with_tools(params: CreateParams) -> Mapping[str, Any]:
    """The parameters of `create`, each function or type among the tools made into a tool."""
    tools: Any = params.get("tools")
    if tools is None or (is_array(tools) and not any(map(callable, tools))):
        return params
    from ....lib._functions import as_tools  # takes pydantic's schemas, which few programs need

    return {**params, "tools": as_tools(tools)}


def parse_call(
    response_format: Any, params: ParseParams, settings: Settings
) -> Call[ParsedChatCompletion[Any]]:
    """The request that `parse` sends, and the reading of its answer; raises what `parse` says."""
    from ....lib._parsing import parse_chat_completion, validate_input_tools

    tools = validate_input_tools(params.get("tools", omit))

    def parsed(completion: ChatCompletion) -> ParsedChatCompletion[Any]:
        return parse_chat_completion(
            response_format=response_format,
            input_tools=tools,
            chat_completion=completion,
            settings=settings,
        )

    body = {**params, **_as_schemas(response_format, tools), "stream": False}
    # What is read is a ChatCompletion; `parsed` makes the answer of it.
    cast_to = cast("type[ParsedChatCompletion[Any]]", ChatCompletion)
    return make_call("post", PATH, cast_to, body, post_parser=parsed)


def stream_call(response_format: Any, params: ParseParams) -> Call[ChatCompletion]:
    """The request that `stream` sends, once it is entered; raises what `stream` says."""
    from ....lib._parsing import materialize_input_tools

    tools = materialize_input_tools(params.get("tools", omit))
    body = {**params, **_as_schemas(response_format, tools), "stream": True}
    return make_call("post", PATH, ChatCompletion, body)


def _as_schemas(response_format: Any, tools: Any) -> dict[str, Any]:
    """What the caller gave as types, in the form the server takes."""
    from ....lib._parsing import type_to_response_format_param

    return {"response_format": type_to_response_format_param(response_format), "tools": tools}
