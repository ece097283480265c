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
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.workflow import Context
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike

TITLE = "llama-index (OpenAILike)"
NOTE = "Without `max_retries=0` it tries a spent quota again itself."
PACKAGES = ["llama-index-llms-openai-like", "llama-index-embeddings-openai-like"]


def plain() -> Any:
    at = {"api_key": KEY, "api_base": URL}
    model = OpenAILike(model=MODEL, is_chat_model=True, is_function_calling_model=True, **at)
    embedder = OpenAILikeEmbedding(EMBEDDER, **at)
    return model, embedder


def client() -> Any:
    from gemini_openai import AsyncOpenAI, OpenAI

    clients = {"openai_client": OpenAI(), "async_openai_client": AsyncOpenAI()}
    able = {"is_chat_model": True, "is_function_calling_model": True}
    model = OpenAILike(model=MODEL, **able, **clients)
    embedder = OpenAILikeEmbedding(EMBEDDER, api_key=KEY, api_base=URL)
    embedder._client = OpenAI()
    return model, embedder


def transport() -> Any:
    from gemini_openai.transport import async_openai_client, http_client, openai_client

    clients = {"openai_client": openai_client(), "async_openai_client": async_openai_client()}
    able = {"is_chat_model": True, "is_function_calling_model": True}
    model = OpenAILike(model=MODEL, max_retries=0, **able, **clients)
    embedder = OpenAILikeEmbedding(EMBEDDER, api_key=KEY, api_base=URL, http_client=http_client())
    return model, embedder


def answer(model: Any) -> Any:
    response = model.chat([ChatMessage(QUESTION)])
    return response.message.content, response.raw.usage.completion_tokens


def stream(model: Any) -> Any:
    return [
        piece.delta for piece in model.stream_chat([ChatMessage(QUESTION)]) if piece.delta
    ], None


async def tools(model: Any) -> Any:
    agent = FunctionAgent(tools=[get_weather], llm=model, streaming=False)
    talk = Context(agent)
    weather = await agent.run(ERRAND, ctx=talk)
    return str(weather), str(await agent.run(QUESTION, ctx=talk))


async def parallel(model: Any) -> Any:
    return str(await FunctionAgent(tools=[get_weather], llm=model).run(ERRAND))


def structured(model: Any) -> Any:
    return model.as_structured_llm(Trip).chat([ChatMessage(WISH)]).raw


def embeddings(embedder: Any) -> Any:
    return embedder.get_text_embedding_batch(TEXTS)
