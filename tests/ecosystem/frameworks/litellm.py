from __future__ import annotations

import json
from typing import Any

import litellm
from ecosystem.task import (
    EMBEDDER,
    ERRAND,
    KEY,
    MODEL,
    QUESTION,
    TEXTS,
    URL,
    WISH,
    Trip,
    get_weather,
)

PACKAGES = ["litellm"]
NOTE = (
    "Then `litellm.completion(messages=..., **chat)`, `litellm.embedding(input=..., **embedder)`."
)
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def plain() -> Any:
    at = {"api_key": KEY, "api_base": URL}
    chat = {"model": f"openai/{MODEL}", **at}
    embedder = {"model": f"openai/{EMBEDDER}", **at}
    return chat, embedder


def client() -> Any:
    from gemini_openai import OpenAI

    chat = {"model": f"openai/{MODEL}", "client": OpenAI()}
    embedder = {"model": f"openai/{EMBEDDER}", "client": OpenAI()}
    return chat, embedder


def transport() -> Any:
    from gemini_openai.transport import openai_client

    chat = {"model": f"openai/{MODEL}", "client": openai_client()}
    embedder = {"model": f"openai/{EMBEDDER}", "client": openai_client()}
    return chat, embedder


def answer(model: Any) -> Any:
    response = litellm.completion(messages=[{"role": "user", "content": QUESTION}], **model)
    return response.choices[0].message.content, response.usage.completion_tokens


def stream(model: Any) -> Any:
    messages = [{"role": "user", "content": QUESTION}]
    usage = {"stream_options": {"include_usage": True}}
    chunks = list(litellm.completion(messages=messages, stream=True, **usage, **model))
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return [piece for piece in pieces if piece], chunks[-1].usage.completion_tokens


def tools(model: Any) -> Any:
    messages: list[Any] = [{"role": "user", "content": ERRAND}]
    weather = _run(
        lambda: litellm.completion(messages=messages, tools=[WEATHER], **model), messages
    )
    messages.append({"role": "user", "content": QUESTION})
    france = litellm.completion(messages=messages, tools=[WEATHER], **model)
    return weather, france.choices[0].message.content


def parallel(model: Any) -> Any:
    messages: list[Any] = [{"role": "user", "content": ERRAND}]

    def ask() -> Any:
        chunks = litellm.completion(messages=messages, tools=[WEATHER], stream=True, **model)
        return litellm.stream_chunk_builder(list(chunks))

    return _run(ask, messages)


def _run(ask: Any, messages: list[Any]) -> Any:
    while calls := (message := ask().choices[0].message).tool_calls:
        messages.append(message)
        for call in calls:
            result = get_weather(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    messages.append(message)
    return message.content


def structured(model: Any) -> Any:
    messages = [{"role": "user", "content": WISH}]
    response = litellm.completion(messages=messages, response_format=Trip, **model)
    return Trip.model_validate_json(response.choices[0].message.content)


def embeddings(embedder: Any) -> Any:
    return [item["embedding"] for item in litellm.embedding(input=TEXTS, **embedder).data]
