"""Mistakes that a type checker must catch: each is marked, and an idle mark is an error itself."""

# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import httpx

from gemini_openai import AsyncOpenAI, OpenAI

client = OpenAI(api_key="k")
async_client = AsyncOpenAI(api_key="k")


def a_misspelt_parameter() -> None:
    client.chat.completions.create(model="m", messages=[], temprature=1)  # type: ignore[call-overload]


def a_missing_parameter() -> None:
    client.chat.completions.create(model="m")  # type: ignore[call-overload]


def a_wrong_message() -> None:
    client.chat.completions.create(
        model="m",
        messages=[{"role": "nobody", "content": "x"}],  # type: ignore[misc, list-item]
    )


async def a_forgotten_await() -> None:
    async_client.chat.completions.create(model="m", messages=[])  # type: ignore[unused-coroutine]


def the_wrong_http_client() -> None:
    OpenAI(http_client=httpx.AsyncClient())  # type: ignore[arg-type]


def an_unknown_option() -> None:
    OpenAI(api_kee="k")  # type: ignore[call-arg]


def misspelt_keywords_of_calls_in_bulk() -> None:
    client.batches.run([], max_rows_per_jop=5)  # type: ignore[call-arg]
    client.batches.run([], concurrency="4")  # type: ignore[arg-type]
    client.map([], ordred=True)  # type: ignore[call-overload]
    client.embeddings.create_many([], model="m", rmp=5)  # type: ignore[call-overload]
