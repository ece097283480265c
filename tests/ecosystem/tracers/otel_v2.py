from __future__ import annotations

from typing import Any

from ecosystem.tracers import spans
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

# It does not import with the newest opentelemetry-util-genai.
PACKAGES = [
    "opentelemetry-instrumentation-openai-v2",
    "opentelemetry-util-genai<1.2",
    "opentelemetry-sdk",
    "openai",
]
ABSENT = {"parse": "it does not watch it"}


def start() -> None:
    OpenAIInstrumentor().instrument(tracer_provider=spans.provider)


def watch(client: Any) -> Any:
    return client


def seen() -> list[int | None]:
    return spans.take()
