"""What type checkers know of a run of batches and of uploads."""

from pathlib import Path

from pydantic import BaseModel
from typing_extensions import assert_type

from gemini_openai import AsyncOpenAI, OpenAI
from gemini_openai.bulk import AsyncBatchRun, BatchProgress, BatchRun

client = OpenAI()
async_client = AsyncOpenAI()


class Fruit(BaseModel):
    name: str


def tell(progress: BatchProgress) -> None:
    assert_type(progress.done, int)


def batches() -> None:
    run = client.batches.run([{"input": "a"}], model="m", on_progress=tell)
    assert_type(run, BatchRun[None])
    for result in run:
        assert_type(result.embedding, list[float] | None)
        assert_type(result.text, str | None)
    client.batches.run([], model="m", temperature=0.5, thinking_level="low", dimensions=8)
    for parsed in client.batches.run(Path("in.jsonl"), response_format=Fruit):
        assert_type(parsed.parsed, Fruit | None)


async def async_batches() -> None:
    run = async_client.batches.run(resume="run", response_format=Fruit)
    assert_type(run, AsyncBatchRun[Fruit])
    async for result in run:
        assert_type(result.parsed, Fruit | None)


def files(path: Path) -> None:
    client.files.create(file=path, purpose="batch", on_progress=lambda sent, total: None)
