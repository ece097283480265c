"""What checkers know of raw and streaming responses: the parameters, the overloads, the answer."""

from __future__ import annotations

from typing_extensions import assert_type

from gemini_openai import AsyncOpenAI, AsyncStream, BaseModel, OpenAI, Stream
from gemini_openai._legacy_response import HttpxBinaryResponseContent, LegacyAPIResponse
from gemini_openai._response import (
    APIResponse,
    AsyncAPIResponse,
    AsyncStreamedBinaryAPIResponse,
    StreamedBinaryAPIResponse,
)
from gemini_openai.pagination import AsyncPage, SyncPage
from gemini_openai.types import CreateEmbeddingResponse, Model
from gemini_openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
    ParsedChatCompletion,
)

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hello"}]


class Short(BaseModel):
    id: str


def blocking(client: OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model="m", messages=HELLO)
    assert_type(raw, LegacyAPIResponse[ChatCompletion])
    assert_type(raw.parse(), ChatCompletion)
    assert_type(raw.parse(to=Short), Short)
    assert_type(raw.parse(to=dict[str, object]), dict[str, object])
    assert_type(raw.request_id, str | None)
    assert_type(
        client.with_raw_response.chat.completions.create(model="m", messages=HELLO, stream=True),
        LegacyAPIResponse[Stream[ChatCompletionChunk]],
    )
    assert_type(
        client.chat.with_raw_response.completions.create(model="m", messages=HELLO, stream=False),
        LegacyAPIResponse[ChatCompletion],
    )
    assert_type(
        client.with_raw_response.embeddings.create(model="m", input="text"),
        LegacyAPIResponse[CreateEmbeddingResponse],
    )
    assert_type(client.models.with_raw_response.list().parse(), SyncPage[Model])
    assert_type(
        client.files.with_raw_response.content("id"), LegacyAPIResponse[HttpxBinaryResponseContent]
    )
    assert_type(
        client.chat.completions.with_raw_response.parse(
            model="m", messages=HELLO, response_format=Short
        ).parse(),
        ParsedChatCompletion[Short],
    )
    completions = client.chat.completions.with_streaming_response
    with completions.create(model="m", messages=HELLO, stream=True) as opened:
        assert_type(opened, APIResponse[Stream[ChatCompletionChunk]])
        assert_type(opened.parse(), Stream[ChatCompletionChunk])
        assert_type(opened.read(), bytes)
    with client.files.with_streaming_response.content("id") as file:
        assert_type(file, StreamedBinaryAPIResponse)
        file.stream_to_file("path")


async def in_an_event_loop(client: AsyncOpenAI) -> None:
    raw = await client.chat.completions.with_raw_response.create(model="m", messages=HELLO)
    assert_type(raw, LegacyAPIResponse[ChatCompletion])
    assert_type(
        await client.with_raw_response.chat.completions.create(
            model="m", messages=HELLO, stream=True
        ),
        LegacyAPIResponse[AsyncStream[ChatCompletionChunk]],
    )
    assert_type((await client.models.with_raw_response.list()).parse(), AsyncPage[Model])
    completions = client.chat.completions.with_streaming_response
    async with completions.create(model="m", messages=HELLO) as opened:
        assert_type(opened, AsyncAPIResponse[ChatCompletion])
        assert_type(await opened.parse(), ChatCompletion)
        assert_type(await opened.parse(to=Short), Short)
    async with completions.parse(model="m", messages=HELLO, response_format=Short) as opened_parsed:
        assert_type(opened_parsed, AsyncAPIResponse[ParsedChatCompletion[Short]])
    async with client.files.with_streaming_response.content("id") as file:
        assert_type(file, AsyncStreamedBinaryAPIResponse)
        await file.stream_to_file("path")


def mistakes(client: OpenAI) -> None:
    create = client.chat.completions.with_raw_response.create
    create(model="m", mesages=HELLO)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.with_raw_response.chatt  # type: ignore[attr-defined]  # pyright: ignore  # noqa: B018, PGH003


async def forgotten(client: AsyncOpenAI) -> None:
    create = client.chat.completions.with_raw_response.create
    create(model="m", messages=HELLO)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
