from __future__ import annotations

import json
from typing import Any

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

TITLE = "openai, without a framework"
PACKAGES = ["openai"]
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
    from openai import OpenAI

    client = OpenAI(api_key=KEY, base_url=URL)
    return client


def client() -> Any:
    from gemini_openai import OpenAI

    client = OpenAI()
    return client


def transport() -> Any:
    from gemini_openai.transport import openai_client

    client = openai_client()
    return client


def answer(client: Any) -> Any:
    asked = [{"role": "user", "content": QUESTION}]
    completion = client.chat.completions.create(model=MODEL, messages=asked)
    return completion.choices[0].message.content, completion.usage.completion_tokens


def stream(client: Any) -> Any:
    asked = [{"role": "user", "content": QUESTION}]
    usage = {"include_usage": True}
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=asked, stream=True, stream_options=usage
        )
    )
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    tokens = sum(chunk.usage.completion_tokens for chunk in chunks if chunk.usage)
    return [piece for piece in pieces if piece], tokens


def tools(client: Any) -> Any:
    def ask(messages: list[Any]) -> Any:
        completion = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
        return completion.choices[0].message

    messages: list[Any] = [{"role": "user", "content": ERRAND}]
    weather = _run(ask, messages)
    return weather, ask([*messages, {"role": "user", "content": QUESTION}]).content


def parallel(client: Any) -> Any:
    def ask(messages: list[Any]) -> Any:
        with client.chat.completions.stream(
            model=MODEL, messages=messages, tools=[WEATHER]
        ) as stream:
            return stream.get_final_completion().choices[0].message

    return _run(ask, [{"role": "user", "content": ERRAND}])


def _run(ask: Any, messages: list[Any]) -> Any:
    while calls := (message := ask(messages)).tool_calls:
        # As many programs do: what is not OpenAI's own is lost on the way.
        kept = [
            {
                "id": c.id,
                "type": "function",
                "function": c.function.model_dump(include={"name", "arguments"}),
            }
            for c in calls
        ]
        messages.append({"role": "assistant", "content": None, "tool_calls": kept})
        for call in calls:
            result = get_weather(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    messages.append({"role": "assistant", "content": message.content})
    return message.content


def structured(client: Any) -> Any:
    asked = [{"role": "user", "content": WISH}]
    completion = client.chat.completions.parse(model=MODEL, messages=asked, response_format=Trip)
    return completion.choices[0].message.parsed


def embeddings(client: Any) -> Any:
    data = client.embeddings.create(model=EMBEDDER, input=TEXTS).data
    return [item.embedding for item in data]
