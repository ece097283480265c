"""The types of many calls at once."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from typing_extensions import assert_type

from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.bulk import MapResult, RateLimiter, Results
from gemini_openai.types import CreateEmbeddingResponse
from gemini_openai.types.chat import ChatCompletion

client = OpenAI()
async_client = AsyncOpenAI()


def requests() -> Iterator[dict[str, Any]]:
    yield {"model": "gemini-flash-latest", "messages": []}


async def async_requests() -> AsyncIterator[dict[str, Any]]:
    yield {"model": "gemini-flash-latest", "messages": []}


def embed(client: OpenAI, text: str) -> CreateEmbeddingResponse:
    return client.embeddings.create(model="gemini-embedding-001", input=text)


async def embed_async(client: AsyncOpenAI, text: str) -> CreateEmbeddingResponse:
    return await client.embeddings.create(model="gemini-embedding-001", input=text)


for done in client.map(requests(), concurrency=8, rpm=100):
    assert_type(done, MapResult[Mapping[str, Any], ChatCompletion])
    assert_type(done.unwrap(), ChatCompletion)
    assert_type(done.error, Exception | None)

with client.map(["one"], call=embed) as results:
    for embedded in results:
        assert_type(embedded.request, str)
        assert_type(embedded.result, CreateEmbeddingResponse | None)

with client.map(["one"], call=embed, tokens=len, limiter=RateLimiter(rpm=60)) as limited:
    assert_type(limited, Results[MapResult[str, CreateEmbeddingResponse]])

for vector in client.embeddings.create_many(["one"], model="gemini-embedding-001"):
    assert_type(vector, list[float])


async def main() -> None:
    async for done in async_client.map(async_requests()):
        assert_type(done.result, ChatCompletion | None)
    async with async_client.map(["one"], call=embed_async) as results:
        async for embedded in results:
            assert_type(embedded.unwrap(), CreateEmbeddingResponse)
    async for vector in async_client.embeddings.create_many(
        ["one"], model="gemini-embedding-001", dimensions=8
    ):
        assert_type(vector, list[float])
