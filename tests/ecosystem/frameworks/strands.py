from __future__ import annotations

from typing import Any

from ecosystem.task import ERRAND, KEY, MODEL, QUESTION, URL, WISH, Trip, get_weather
from strands import Agent, tool
from strands.models.openai import OpenAIModel

TITLE = "strands-agents"
NOTE = "Without `retry_strategy=None` an agent tries a spent quota again for minutes."
PACKAGES = ["strands-agents[openai]"]
ABSENT = {"embeddings": "it has none"}


def plain() -> Any:
    model = OpenAIModel(client_args={"api_key": KEY, "base_url": URL}, model_id=MODEL)
    return model


def client() -> Any:
    from gemini_openai import AsyncOpenAI

    model = OpenAIModel(AsyncOpenAI(), model_id=MODEL)
    return model


def transport() -> Any:
    from gemini_openai.transport import async_openai_client

    model = OpenAIModel(async_openai_client(), model_id=MODEL)
    return model


def _agent(model: Any, **options: Any) -> Any:
    return Agent(model, callback_handler=None, retry_strategy=None, **options)


def answer(model: Any) -> Any:
    result = _agent(model)(QUESTION)
    return _text(result), result.metrics.accumulated_usage["outputTokens"]


async def stream(model: Any) -> Any:
    events = [event async for event in _agent(model).stream_async(QUESTION)]
    tokens = events[-1]["result"].metrics.accumulated_usage["outputTokens"]
    return [event["data"] for event in events if "data" in event], tokens


def tools(model: Any) -> Any:
    agent = _agent(model, tools=[tool(get_weather)])
    return _text(agent(ERRAND)), _text(agent(QUESTION))


def parallel(model: Any) -> Any:
    return _text(_agent(model, tools=[tool(get_weather)])(ERRAND))


def structured(model: Any) -> Any:
    return _agent(model)(WISH, structured_output_model=Trip).structured_output


def _text(result: Any) -> str:
    return str(result).removesuffix("\n")
