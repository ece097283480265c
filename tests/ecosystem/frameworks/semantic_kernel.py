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
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIChatCompletion,
    OpenAIChatPromptExecutionSettings,
    OpenAITextEmbedding,
)
from semantic_kernel.contents import ChatHistory
from semantic_kernel.functions import kernel_function

PACKAGES = ["semantic-kernel"]


def plain() -> Any:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key=KEY, base_url=URL)
    model = OpenAIChatCompletion(MODEL, async_client=client)
    embedder = OpenAITextEmbedding(EMBEDDER, async_client=client)
    return model, embedder


def client() -> Any:
    from gemini_openai import AsyncOpenAI

    client = AsyncOpenAI()
    model = OpenAIChatCompletion(MODEL, async_client=client)
    embedder = OpenAITextEmbedding(EMBEDDER, async_client=client)
    return model, embedder


def transport() -> Any:
    from gemini_openai.transport import async_openai_client

    client = async_openai_client()
    model = OpenAIChatCompletion(MODEL, async_client=client)
    embedder = OpenAITextEmbedding(EMBEDDER, async_client=client)
    return model, embedder


def _asked(text: str) -> ChatHistory:
    history = ChatHistory()
    history.add_user_message(text)
    return history


async def answer(model: Any) -> Any:
    message = await model.get_chat_message_content(
        _asked(QUESTION), OpenAIChatPromptExecutionSettings()
    )
    return message.content, message.metadata["usage"].completion_tokens


async def stream(model: Any) -> Any:
    pieces = model.get_streaming_chat_message_content(
        _asked(QUESTION), OpenAIChatPromptExecutionSettings()
    )
    found = [piece async for piece in pieces]
    tokens = [p.metadata["usage"].completion_tokens for p in found if p.metadata.get("usage")]
    return [piece.content for piece in found if piece.content], sum(tokens)


def _able() -> dict[str, Any]:
    kernel = Kernel()
    kernel.add_function("guide", kernel_function(get_weather, name="get_weather"))
    return {
        "kernel": kernel,
        "settings": OpenAIChatPromptExecutionSettings(
            function_choice_behavior=FunctionChoiceBehavior.Auto()
        ),
    }


async def tools(model: Any) -> Any:
    history, able = _asked(ERRAND), _able()
    weather = await model.get_chat_message_content(history, **able)
    history.add_message(weather)
    history.add_user_message(QUESTION)
    return weather.content, (await model.get_chat_message_content(history, **able)).content


async def parallel(model: Any) -> Any:
    pieces = model.get_streaming_chat_message_content(_asked(ERRAND), **_able())
    return "".join([piece.content async for piece in pieces])


async def structured(model: Any) -> Any:
    settings = OpenAIChatPromptExecutionSettings(response_format=Trip)
    message = await model.get_chat_message_content(_asked(WISH), settings)
    return Trip.model_validate_json(message.content)


async def embeddings(embedder: Any) -> Any:
    return await embedder.generate_embeddings(TEXTS)
