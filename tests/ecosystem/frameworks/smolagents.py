from __future__ import annotations

from typing import Any

from ecosystem.task import ERRAND, KEY, MODEL, QUESTION, URL, WISH, Trip, get_weather
from smolagents import ChatMessage, MessageRole, OpenAIModel, ToolCallingAgent, tool

TITLE = "smolagents"
NOTE = "Without `retry=False` it waits for a minute itself, whatever the server says."
PACKAGES = ["smolagents[openai]"]
ABSENT = {"embeddings": "it has none"}


def plain() -> Any:
    model = OpenAIModel(MODEL, api_base=URL, api_key=KEY, retry=False)
    return model


def client() -> Any:
    from gemini_openai import OpenAI

    model = OpenAIModel(MODEL, client=OpenAI(), retry=False)
    return model


def transport() -> Any:
    from gemini_openai.transport import openai_client

    model = OpenAIModel(MODEL, client=openai_client(), retry=False)
    return model


def answer(model: Any) -> Any:
    message = model([ChatMessage(role=MessageRole.USER, content=QUESTION)])
    return message.content, message.token_usage.output_tokens


def stream(model: Any) -> Any:
    deltas = list(model.generate_stream([ChatMessage(role=MessageRole.USER, content=QUESTION)]))
    tokens = [delta.token_usage.output_tokens for delta in deltas if delta.token_usage]
    return [delta.content for delta in deltas if delta.content], sum(tokens)


def tools(model: Any) -> Any:
    agent = ToolCallingAgent([tool(get_weather)], model, verbosity_level=0)
    return agent.run(ERRAND), agent.run(QUESTION, reset=False)


def parallel(model: Any) -> Any:
    agent = ToolCallingAgent([tool(get_weather)], model, verbosity_level=0, stream_outputs=True)
    return agent.run(ERRAND)


def structured(model: Any) -> Any:
    schema = {"name": "trip", "schema": Trip.model_json_schema()}
    form = {"type": "json_schema", "json_schema": schema}
    wish = [ChatMessage(role=MessageRole.USER, content=WISH)]
    return Trip.model_validate_json(model(wish, response_format=form).content)
