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
from haystack import Document
from haystack.components.agents import Agent
from haystack.components.embedders import OpenAIDocumentEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret

PACKAGES = ["haystack-ai"]


def plain() -> Any:
    at = {"api_key": Secret.from_token(KEY), "api_base_url": URL}
    model = OpenAIChatGenerator(model=MODEL, **at)
    embedder = OpenAIDocumentEmbedder(model=EMBEDDER, **at)
    return model, embedder


def client() -> Any:
    from gemini_openai import OpenAI

    model = OpenAIChatGenerator(Secret.from_token(KEY), model=MODEL)
    embedder = OpenAIDocumentEmbedder(Secret.from_token(KEY), model=EMBEDDER)
    model.client = embedder.client = OpenAI()
    return model, embedder


def transport() -> Any:
    from gemini_openai.transport import openai_client

    model = OpenAIChatGenerator(Secret.from_token(KEY), model=MODEL)
    embedder = OpenAIDocumentEmbedder(Secret.from_token(KEY), model=EMBEDDER)
    model.client = embedder.client = openai_client()
    return model, embedder


def answer(model: Any) -> Any:
    [message] = model.run([ChatMessage.from_user(QUESTION)])["replies"]
    return message.text, message.meta["usage"]["completion_tokens"]


def stream(model: Any) -> Any:
    pieces: list[str] = []
    model.run(
        [ChatMessage.from_user(QUESTION)],
        streaming_callback=lambda chunk: pieces.append(chunk.content),
    )
    return [piece for piece in pieces if piece], None


def tools(model: Any) -> Any:
    agent = Agent(chat_generator=model, tools=[create_tool_from_function(get_weather)])
    messages = agent.run([ChatMessage.from_user(ERRAND)])["messages"]
    further = agent.run([*messages, ChatMessage.from_user(QUESTION)])["messages"]
    return messages[-1].text, further[-1].text


def parallel(model: Any) -> Any:
    agent = Agent(
        chat_generator=model,
        tools=[create_tool_from_function(get_weather)],
        streaming_callback=lambda _: None,
    )
    return agent.run([ChatMessage.from_user(ERRAND)])["messages"][-1].text


def structured(model: Any) -> Any:
    wish = [ChatMessage.from_user(WISH)]
    [message] = model.run(wish, generation_kwargs={"response_format": Trip})["replies"]
    return Trip.model_validate_json(message.text)


def embeddings(embedder: Any) -> Any:
    documents = embedder.run([Document(content=text) for text in TEXTS])["documents"]
    return [document.embedding for document in documents]
