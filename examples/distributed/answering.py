"""Add answers to rows, inside a worker of any engine: Dask, Ray, Spark, or none."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gemini_openai import OpenAI
from gemini_openai.bulk import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODEL = "gemini-flash-latest"


class Share(NamedTuple):
    """The limits of one worker process: its share of the project's quota, and calls at once."""

    rpm: float
    tpm: float
    concurrency: int = 16


def share_of(*, rpm: float, tpm: float, workers: int) -> Share:
    """The share of each worker. A project has one quota, wherever its calls are made."""
    return Share(rpm / workers, tpm / workers)


@cache
def worker(share: Share) -> tuple[OpenAI, RateLimiter]:
    """The client and the limiter of this process, made once for all its partitions.

    The key and the URL come from this process's own environment, not with the work.
    """
    return OpenAI(), RateLimiter(rpm=share.rpm, tpm=share.tpm)


def answer_rows(rows: Iterable[dict[str, Any]], share: Share) -> Iterator[dict[str, Any]]:
    """Yield each row, which has a `question`, with an `answer` or an `error`."""
    client, limiter = worker(share)

    def ask(client: OpenAI, row: dict[str, Any]) -> str | None:
        completion = client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": row["question"]}]
        )
        return completion.choices[0].message.content

    with client.map(rows, call=ask, concurrency=share.concurrency, limiter=limiter) as results:
        for done in results:
            error = None if done.error is None else f"{type(done.error).__name__}: {done.error}"
            yield {**done.request, "answer": done.result, "error": error}
