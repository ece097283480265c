from __future__ import annotations

from typing import Any

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool
from ecosystem.task import ERRAND, KEY, MODEL, QUESTION, URL, WISH, Trip, get_weather

PACKAGES = ["openai-agents"]
ABSENT = {"embeddings": "it has none"}


def plain() -> Any:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key=KEY, base_url=URL)
    model = OpenAIChatCompletionsModel(MODEL, openai_client=client)
    return model


def client() -> Any:
    from gemini_openai import AsyncOpenAI

    model = OpenAIChatCompletionsModel(MODEL, openai_client=AsyncOpenAI())
    return model


def transport() -> Any:
    from gemini_openai.transport import async_openai_client

    model = OpenAIChatCompletionsModel(MODEL, openai_client=async_openai_client())
    return model


async def answer(model: Any) -> Any:
    result = await Runner.run(Agent("Guide", model=model), QUESTION)
    return result.final_output, result.context_wrapper.usage.output_tokens


async def stream(model: Any) -> Any:
    result = Runner.run_streamed(Agent("Guide", model=model), QUESTION)
    raw = [event.data async for event in result.stream_events() if event.type.startswith("raw")]
    pieces = [data.delta for data in raw if data.type == "response.output_text.delta"]
    return pieces, result.context_wrapper.usage.output_tokens or None


async def tools(model: Any) -> Any:
    agent = Agent("Guide", model=model, tools=[function_tool(get_weather)])
    weather = await Runner.run(agent, ERRAND)
    further: Any = [*weather.to_input_list(), {"role": "user", "content": QUESTION}]
    return weather.final_output, (await Runner.run(agent, further)).final_output


async def parallel(model: Any) -> Any:
    agent = Agent("Guide", model=model, tools=[function_tool(get_weather)])
    result = Runner.run_streamed(agent, ERRAND)
    async for _ in result.stream_events():
        pass
    return result.final_output


async def structured(model: Any) -> Any:
    return (await Runner.run(Agent("Guide", model=model, output_type=Trip), WISH)).final_output
