from __future__ import annotations

from typing import Any

import instructor
from ecosystem.task import KEY, MODEL, QUESTION, URL, WISH, Trip

PACKAGES = ["instructor"]
ABSENT = {
    "tools": "it runs no tools",
    "parallel": "it runs no tools",
    "embeddings": "it has none",
}


def plain() -> Any:
    from openai import OpenAI

    client = instructor.from_openai(OpenAI(api_key=KEY, base_url=URL))
    return client


def client() -> Any:
    from gemini_openai import OpenAI

    client = instructor.from_openai(OpenAI())
    return client


def transport() -> Any:
    from gemini_openai.transport import openai_client

    client = instructor.from_openai(openai_client())
    return client


def answer(client: Any) -> Any:
    messages = [{"role": "user", "content": QUESTION}]
    completion = client.create(model=MODEL, response_model=None, messages=messages)
    return completion.choices[0].message.content, completion.usage.completion_tokens


def stream(client: Any) -> Any:
    messages = [{"role": "user", "content": QUESTION}]
    chunks = client.create(model=MODEL, response_model=None, messages=messages, stream=True)
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return [piece for piece in pieces if piece], None


def structured(client: Any) -> Any:
    messages = [{"role": "user", "content": WISH}]
    return client.create(model=MODEL, response_model=Trip, messages=messages)
