from __future__ import annotations

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
from pydantic_ai import Agent, Embedder
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TITLE = "pydantic-ai"
PACKAGES = ["pydantic-ai-slim[openai]"]


def plain() -> Any:
    provider = OpenAIProvider(api_key=KEY, base_url=URL)
    model = OpenAIChatModel(MODEL, provider=provider)
    return model, provider


def client() -> Any:
    from gemini_openai import AsyncOpenAI

    provider = OpenAIProvider(openai_client=AsyncOpenAI())
    model = OpenAIChatModel(MODEL, provider=provider)
    return model, provider


def transport() -> Any:
    from gemini_openai.transport import async_openai_client

    provider = OpenAIProvider(openai_client=async_openai_client())
    model = OpenAIChatModel(MODEL, provider=provider)
    return model, provider


async def answer(model: Any) -> Any:
    result = await Agent(model).run(QUESTION)
    return result.output, result.usage.output_tokens


async def stream(model: Any) -> Any:
    async with Agent(model).run_stream(QUESTION) as result:
        pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
        return pieces, result.usage.output_tokens


async def tools(model: Any) -> Any:
    agent = Agent(model, tools=[get_weather])
    weather = await agent.run(ERRAND)
    france = await agent.run(QUESTION, message_history=weather.all_messages())
    return weather.output, france.output


async def parallel(model: Any) -> Any:
    async with Agent(model, tools=[get_weather]).run_stream(ERRAND) as result:
        return await result.get_output()


async def structured(model: Any) -> Any:
    return (await Agent(model, output_type=Trip).run(WISH)).output


async def embeddings(provider: Any) -> Any:
    embedder = Embedder(OpenAIEmbeddingModel(EMBEDDER, provider=provider))
    return (await embedder.embed_documents(TEXTS)).embeddings
