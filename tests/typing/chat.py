"""What users write with `chat.completions.create`, checked by four type checkers."""

from __future__ import annotations

import httpx
import httpx2
from typing_extensions import assert_type

from gemini_openai import (
    NOT_GIVEN,
    APIStatusError,
    AsyncOpenAI,
    AsyncStream,
    OpenAI,
    RateLimitError,
    Stream,
    omit,
)
from gemini_openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
)

client = OpenAI(api_key="k")
async_client = AsyncOpenAI(api_key="k")
messages: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
]
tools: list[ChatCompletionToolParam] = [
    {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
]


def whole_and_streamed(stream: bool) -> None:
    assert_type(client.chat.completions.create(model="m", messages=messages), ChatCompletion)
    assert_type(
        client.chat.completions.create(model="m", messages=messages, stream=False), ChatCompletion
    )
    assert_type(
        client.chat.completions.create(model="m", messages=messages, stream=None), ChatCompletion
    )
    assert_type(
        client.chat.completions.create(model="m", messages=messages, stream=True),
        Stream[ChatCompletionChunk],
    )
    assert_type(
        client.chat.completions.create(model="m", messages=messages, stream=stream),
        ChatCompletion | Stream[ChatCompletionChunk],
    )


async def in_an_event_loop(stream: bool) -> None:
    create = async_client.chat.completions.create
    assert_type(await create(model="m", messages=messages), ChatCompletion)
    assert_type(
        await create(model="m", messages=messages, stream=True), AsyncStream[ChatCompletionChunk]
    )
    assert_type(
        await create(model="m", messages=messages, stream=stream),
        ChatCompletion | AsyncStream[ChatCompletionChunk],
    )
    async with await create(model="m", messages=messages, stream=True) as chunks:
        async for chunk in chunks:
            assert_type(chunk, ChatCompletionChunk)


def fields() -> None:
    completion = client.chat.completions.create(model="m", messages=messages, tools=tools)
    assert_type(completion.choices[0].message.content, str | None)
    assert_type(completion.choices[0].index, int)
    assert_type(completion.to_json(), str)
    assert_type(completion._request_id, str | None)
    if completion.usage:
        assert_type(completion.usage.total_tokens, int)
    for call in completion.choices[0].message.tool_calls or []:
        if call.type == "function":
            assert_type(call.function.arguments, str)
    with client.chat.completions.create(model="m", messages=messages, stream=True) as chunks:
        for chunk in chunks:
            assert_type(chunk.choices[0].delta.content, str | None)


def parameters() -> None:
    client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": "Hello"}],
        temperature=omit,
        top_p=None,
        max_tokens=5,
        stop=["a"],
        tools=tools,
        tool_choice={"type": "function", "function": {"name": "f"}},
        response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {}}},
        reasoning_effort="low",
        extra_headers={"x": "y", "z": omit},
        extra_query={"a": 1},
        extra_body={"b": 2},
        timeout=httpx.Timeout(5),
    )
    client.chat.completions.create(model="m", messages=messages, timeout=httpx2.Timeout(5))
    client.chat.completions.create(model="m", messages=messages, timeout=NOT_GIVEN)
    client.chat.completions.create(model="m", messages=messages, deadline=2.5)
    client.chat.completions.create(model="m", messages=messages, deadline=None)
    assert_type(client.with_options(deadline=None).deadline, float | None)


def clients() -> None:
    with OpenAI(http_client=httpx.Client(), timeout=None, deadline=30) as one:
        assert_type(one.with_options(timeout=5, max_retries=3), OpenAI)
    OpenAI(http_client=httpx2.Client(), api_key=lambda: "k", base_url="http://x")


async def async_clients() -> None:
    async def key() -> str:
        return "k"

    async with AsyncOpenAI(http_client=httpx.AsyncClient(), api_key=key) as one:
        assert_type(one.copy(timeout=5), AsyncOpenAI)


def errors() -> None:
    try:
        client.chat.completions.create(model="m", messages=messages)
    except RateLimitError as error:
        assert_type(error.message, str)
    except APIStatusError as error:
        assert_type(error.status_code, int)
        assert_type(error.code, str | None)
