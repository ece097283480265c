from __future__ import annotations

from typing import Any

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.knowledge.embedder.openai import OpenAIEmbedder
from agno.models.message import Message
from agno.models.openai.like import OpenAILike
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

PACKAGES = ["agno", "openai"]


def plain() -> Any:
    model = OpenAILike(MODEL, api_key=KEY, base_url=URL)
    embedder = OpenAIEmbedder(id=EMBEDDER, api_key=KEY, base_url=URL)
    return model, embedder


def client() -> Any:
    from gemini_openai import AsyncOpenAI, OpenAI

    model = OpenAILike(MODEL, client=OpenAI(), async_client=AsyncOpenAI())
    embedder = OpenAIEmbedder(id=EMBEDDER, openai_client=OpenAI(), async_client=AsyncOpenAI())
    return model, embedder


def transport() -> Any:
    from gemini_openai.transport import async_openai_client, openai_client

    model = OpenAILike(MODEL, client=openai_client(), async_client=async_openai_client())
    embedder = OpenAIEmbedder(
        id=EMBEDDER, openai_client=openai_client(), async_client=async_openai_client()
    )
    return model, embedder


def answer(model: Any) -> Any:
    result = Agent(model=model).run(QUESTION)
    return result.content, result.metrics.output_tokens


def stream(model: Any) -> Any:
    return [e.content for e in Agent(model=model).run(QUESTION, stream=True) if e.content], None


def tools(model: Any) -> Any:
    agent = Agent(model=model, tools=[get_weather], db=InMemoryDb(), add_history_to_context=True)
    weather = agent.run(ERRAND, session_id="one")
    return weather.content, agent.run(QUESTION, session_id="one").content


def parallel(model: Any) -> Any:
    events = Agent(model=model, tools=[get_weather]).run(ERRAND, stream=True)
    return "".join(e.content for e in events if e.content)


def structured(model: Any) -> Any:
    return Agent(model=model, output_schema=Trip).run(WISH).content


def quota(model: Any) -> Any:
    return model.response([Message(role="user", content=QUESTION)])  # a run only tells its status


key = quota


async def embeddings(embedder: Any) -> Any:
    return (await embedder.async_get_embeddings_batch_and_usage(TEXTS))[0]
