from __future__ import annotations

from typing import Any

import dspy
import litellm
from dspy.predict.react_v2 import ReActV2
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

NOTE = (
    "Its own engine does not use `openai`, so litellm is named. It tries again by its own clock, "
    "not when the server asks it to. It knows a spent quota by a code that only the transport "
    "gives."
)
PACKAGES = ["dspy", "numpy"]
# litellm knows no abilities of a model under OpenAI's name, and dspy asks it.
ABLE = {"supports_function_calling": True, "supports_response_schema": True}
litellm.register_model({f"openai/{MODEL}": {"litellm_provider": "openai", "mode": "chat", **ABLE}})


def plain() -> Any:
    at = {"api_key": KEY, "api_base": URL}
    lm = dspy.LM(f"openai/{MODEL}", engine="litellm", cache=False, **at)
    embedder = dspy.Embedder(f"openai/{EMBEDDER}", caching=False, **at)
    return lm, embedder


def client() -> Any:
    from gemini_openai import OpenAI

    lm = dspy.LM(f"openai/{MODEL}", engine="litellm", cache=False, client=OpenAI())
    embedder = dspy.Embedder(f"openai/{EMBEDDER}", caching=False, client=OpenAI())
    return lm, embedder


def transport() -> Any:
    from gemini_openai.transport import async_http_client, http_client

    litellm.client_session, litellm.aclient_session = http_client(), async_http_client()
    at = {"api_key": KEY, "api_base": URL}
    lm = dspy.LM(f"openai/{MODEL}", engine="litellm", cache=False, **at)
    embedder = dspy.Embedder(f"openai/{EMBEDDER}", caching=False, **at)
    return lm, embedder


def answer(lm: Any) -> Any:
    [text] = lm(QUESTION)
    return text, lm.history[-1]["usage"]["completion_tokens"]


class Talk(dspy.Module):
    def __init__(self, lm: Any) -> None:
        super().__init__()
        self.lm = lm

    def forward(self, question: str) -> Any:
        return dspy.Prediction(answer=self.lm(question)[0])


async def stream(lm: Any) -> Any:
    given = [piece async for piece in dspy.streamify(Talk(lm))(question=QUESTION)]
    chunks = [piece for piece in given if hasattr(piece, "choices")]
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return [piece for piece in pieces if piece], None


def tools(lm: Any) -> Any:
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter(use_native_function_calling=True)):
        agent = ReActV2("question -> answer", [get_weather])
        weather = agent(question=ERRAND)
        return weather.answer, agent(question=QUESTION, history=weather.history).answer


async def parallel(lm: Any) -> Any:
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter(use_native_function_calling=True)):
        agent = dspy.streamify(ReActV2("question -> answer", [get_weather]))
        *_, last = [piece async for piece in agent(question=ERRAND)]
        return last.answer


def structured(lm: Any) -> Any:
    class Plan(dspy.Signature):
        wish: str = dspy.InputField()
        trip: Trip = dspy.OutputField()

    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()):
        return dspy.Predict(Plan)(wish=WISH).trip


def embeddings(embedder: Any) -> Any:
    return embedder(TEXTS).tolist()
