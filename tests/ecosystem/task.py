"""What every framework is given to do. Loaded in the environment of the framework."""

from __future__ import annotations

import os
from typing import Literal

from pydantic import BaseModel, Field

KEY = os.environ["GEMINI_API_KEY"]
URL = os.environ["GOOGLE_GEMINI_BASE_URL"]
MODEL = "gemini-3-flash-preview"  # one that demands its thought signatures back
EMBEDDER = "gemini-embedding-001"

QUESTION = "What is the capital of France?"
ERRAND = "How is the weather in Rome, and then in Oslo?"
WISH = "Plan a trip to Rome and Oslo."
TEXTS = [f"text {number}" for number in range(150)]  # more than Gemini takes at once

ran: list[str] = []


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: The name of the city.
    """
    ran.append(city)
    return f"sunny in {city}"


class Stop(BaseModel):
    """A city of a trip."""

    city: str
    nights: int = Field(gt=0)


class Trip(BaseModel):
    """A trip. Its JSON schema has a `const`, an `exclusiveMinimum`, and a `$ref` with siblings."""

    kind: Literal["trip"]
    first: Stop = Field(description="Where it begins.")
    others: list[Stop]
