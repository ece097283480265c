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
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

PACKAGES = ["langchain-openai"]


def plain() -> Any:
    at = {"api_key": KEY, "base_url": URL}
    model = ChatOpenAI(model=MODEL, **at)
    embedder = OpenAIEmbeddings(model=EMBEDDER, check_embedding_ctx_length=False, **at)
    return model, embedder


def client() -> Any:
    from gemini_openai import AsyncOpenAI, OpenAI

    client, async_client = OpenAI(), AsyncOpenAI()
    model = ChatOpenAI(
        model=MODEL,
        api_key=KEY,
        client=client.chat.completions,
        async_client=async_client.chat.completions,
        root_client=client,
        root_async_client=async_client,
    )
    embedder = OpenAIEmbeddings(
        model=EMBEDDER,
        api_key=KEY,
        check_embedding_ctx_length=False,
        client=client.embeddings,
        async_client=async_client.embeddings,
    )
    return model, embedder


def transport() -> Any:
    from gemini_openai.transport import async_http_client, http_client

    http = {"http_client": http_client(), "http_async_client": async_http_client()}
    at = {"api_key": KEY, "base_url": URL, **http}
    model = ChatOpenAI(model=MODEL, **at)
    embedder = OpenAIEmbeddings(model=EMBEDDER, check_embedding_ctx_length=False, **at)
    return model, embedder


def answer(model: Any) -> Any:
    message = model.invoke(QUESTION)
    return message.text, message.usage_metadata["output_tokens"]


async def stream(model: Any) -> Any:
    chunks = [chunk async for chunk in model.astream(QUESTION, stream_usage=True)]
    tokens = [c.usage_metadata["output_tokens"] for c in chunks if c.usage_metadata]
    return [chunk.text for chunk in chunks if chunk.text], sum(tokens)


def tools(model: Any) -> Any:
    able = model.bind_tools([get_weather])
    messages: list[Any] = [HumanMessage(ERRAND)]
    weather = _run(able.invoke, messages)
    messages.append(HumanMessage(QUESTION))
    return weather, able.invoke(messages).text


def parallel(model: Any) -> Any:
    able = model.bind_tools([get_weather])

    def ask(messages: list[Any]) -> Any:
        first, *rest = able.stream(messages)
        return sum(rest, first)

    return _run(ask, [HumanMessage(ERRAND)])


def _run(ask: Any, messages: list[Any]) -> str:
    while calls := (message := ask(messages)).tool_calls:
        messages.append(message)
        messages += [ToolMessage(get_weather(**c["args"]), tool_call_id=c["id"]) for c in calls]
    messages.append(message)
    return str(message.text)


def structured(model: Any) -> Any:
    return model.with_structured_output(Trip).invoke(WISH)


def embeddings(embedder: Any) -> Any:
    return embedder.embed_documents(TEXTS)
