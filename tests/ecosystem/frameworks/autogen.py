from __future__ import annotations

from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_core.models import UserMessage
from autogen_ext.models.openai import OpenAIChatCompletionClient
from ecosystem.task import ERRAND, KEY, MODEL, QUESTION, URL, WISH, Trip, get_weather

TITLE = "autogen-ext"
PACKAGES = ["autogen-ext[openai]", "autogen-agentchat"]
ABSENT = {"embeddings": "it has none"}
ABLE: Any = {
    "family": "unknown",
    "function_calling": True,
    "json_output": True,
    "multiple_system_messages": True,
    "structured_output": True,
    "vision": True,
}


def plain() -> Any:
    at = {"api_key": KEY, "base_url": URL}
    model = OpenAIChatCompletionClient(model=MODEL, model_info=ABLE, **at)
    return model


def client() -> Any:
    from gemini_openai import AsyncOpenAI

    model = OpenAIChatCompletionClient(model=MODEL, model_info=ABLE, api_key=KEY, base_url=URL)
    model._client = AsyncOpenAI()
    return model


def transport() -> Any:
    from gemini_openai.transport import async_http_client

    at = {"api_key": KEY, "base_url": URL, "http_client": async_http_client()}
    model = OpenAIChatCompletionClient(model=MODEL, model_info=ABLE, **at)
    return model


async def answer(model: Any) -> Any:
    result = await model.create([UserMessage(content=QUESTION, source="user")])
    return result.content, result.usage.completion_tokens


async def stream(model: Any) -> Any:
    asked = [UserMessage(content=QUESTION, source="user")]
    *pieces, result = [p async for p in model.create_stream(asked, include_usage=True)]
    return pieces, result.usage.completion_tokens


async def tools(model: Any) -> Any:
    agent = AssistantAgent(
        "guide", model, tools=[get_weather], max_tool_iterations=5, reflect_on_tool_use=False
    )
    first = await agent.run(task=ERRAND)
    return first.messages[-1].content, (await agent.run(task=QUESTION)).messages[-1].content


async def parallel(model: Any) -> Any:
    agent = AssistantAgent(
        "guide", model, tools=[get_weather], max_tool_iterations=5, model_client_stream=True
    )
    return (await agent.run(task=ERRAND)).messages[-1].content


async def structured(model: Any) -> Any:
    asked = [UserMessage(content=WISH, source="user")]
    return Trip.model_validate_json((await model.create(asked, json_output=Trip)).content)
