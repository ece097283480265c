from __future__ import annotations

from typing import Any

import outlines
from ecosystem.task import KEY, MODEL, QUESTION, URL, WISH, Trip

PACKAGES = ["outlines", "openai"]
ABSENT = {
    "tools": "it has no tools",
    "parallel": "it has no tools",
    "embeddings": "it has none",
}


def plain() -> Any:
    from openai import OpenAI

    model = outlines.from_openai(OpenAI(api_key=KEY, base_url=URL), MODEL)
    return model


def client() -> Any:
    from gemini_openai import OpenAI

    model = outlines.from_openai(OpenAI(), MODEL)
    return model


def transport() -> Any:
    from gemini_openai.transport import openai_client

    model = outlines.from_openai(openai_client(), MODEL)
    return model


def answer(model: Any) -> Any:
    return model(QUESTION), None


def stream(model: Any) -> Any:
    return list(model.stream(QUESTION)), None


def structured(model: Any) -> Any:
    return Trip.model_validate_json(model(WISH, Trip))
