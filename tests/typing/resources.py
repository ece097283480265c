"""What users write with the endpoints beside chat, checked by four type checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from typing_extensions import assert_type

import gemini_openai
from gemini_openai import (
    AsyncOpenAI,
    AsyncStream,
    AzureOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    HttpxBinaryResponseContent,
    NotSupportedError,
    OpenAI,
    Stream,
    file_from_path,
)
from gemini_openai.pagination import AsyncCursorPage, AsyncPage, SyncCursorPage, SyncPage
from gemini_openai.types import (
    Batch,
    CreateEmbeddingResponse,
    Embedding,
    FileDeleted,
    FileObject,
    ImageGenStreamEvent,
    ImagesResponse,
    Model,
    Video,
)
from gemini_openai.types.chat import ChatCompletion

if TYPE_CHECKING:
    from pathlib import Path

client = OpenAI(api_key="k", http_client=DefaultHttpxClient(proxy="http://proxy.example"))
async_client = AsyncOpenAI(api_key="k", http_client=DefaultAsyncHttpxClient(timeout=5))


def embeddings() -> list[float]:
    answer = client.embeddings.create(model="m", input=["a", "b"], dimensions=8, timeout=5)
    assert_type(answer, CreateEmbeddingResponse)
    assert_type(answer.data, list[Embedding])
    return answer.data[0].embedding


def images(stream: bool) -> None:
    assert_type(client.images.generate(prompt="A cat", model="m", n=2), ImagesResponse)
    assert_type(client.images.generate(prompt="A cat", stream=True), Stream[ImageGenStreamEvent])
    assert_type(
        client.images.generate(prompt="A cat", stream=stream),
        ImagesResponse | Stream[ImageGenStreamEvent],
    )


def lists() -> None:
    page = client.models.list()
    assert_type(page, SyncPage[Model])
    for model in page:
        assert_type(model, Model)
    batches = client.batches.list(limit=2)
    assert_type(batches, SyncCursorPage[Batch])
    assert_type(batches.get_next_page(), SyncCursorPage[Batch])
    assert_type([batch.id for batch in batches], list[str])
    assert_type(client.models.retrieve("m", extra_headers={"a": "b"}).id, str)


def files(path: Path) -> None:
    file = client.files.create(file=path, purpose="batch")
    assert_type(file, FileObject)
    client.files.create(file=("a.jsonl", b"", "application/jsonl"), purpose="batch")
    client.files.create(file=file_from_path("a.jsonl"), purpose="batch")
    with path.open("rb") as opened:
        client.files.create(file=opened, purpose="batch")
    assert_type(client.files.content(file.id), HttpxBinaryResponseContent)
    assert_type(client.files.wait_for_processing(file.id, poll_interval=1), FileObject)
    assert_type(client.files.delete(file.id), FileDeleted)
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert_type(batch, Batch)


def videos() -> None:
    video = client.videos.create_and_poll(prompt="A cat", model="veo", poll_interval_ms=500)
    assert_type(video, Video)
    assert_type(client.videos.download_content(video.id).content, bytes)


async def in_an_event_loop() -> None:
    assert_type(await async_client.embeddings.create(model="m", input="a"), CreateEmbeddingResponse)
    assert_type(
        await async_client.images.generate(prompt="A cat", stream=True),
        AsyncStream[ImageGenStreamEvent],
    )
    assert_type(await async_client.models.list(), AsyncPage[Model])
    async for batch in async_client.batches.list():
        assert_type(batch, Batch)
    page = await async_client.files.list()
    assert_type(page, AsyncCursorPage[FileObject])
    assert_type(await page.get_next_page(), AsyncCursorPage[FileObject])
    async for file in page:
        assert_type(file, FileObject)
    assert_type((await async_client.files.content("f")).text, str)
    assert_type(await async_client.videos.poll("v"), Video)


def by_the_package_itself() -> None:
    gemini_openai.api_key = "k"
    gemini_openai.timeout = 5
    gemini_openai.default_headers = {"X-Team": "cats"}
    gemini_openai.http_client = httpx.Client()
    assert_type(gemini_openai.chat.completions.create(model="m", messages=[]), ChatCompletion)
    assert_type(gemini_openai.models.list(), SyncPage[Model])


def what_gemini_has_not() -> str:
    try:
        client.audio.speech.create(model="m", input="Hello", voice="alloy")
    except NotSupportedError as error:
        return error.advice


def other_companies(maybe: OpenAI) -> bool:
    return isinstance(maybe, AzureOpenAI)
