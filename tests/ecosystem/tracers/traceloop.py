from __future__ import annotations

from typing import Any

from ecosystem.tracers import spans
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

TITLE = "traceloop (opentelemetry-instrumentation-openai)"
PACKAGES = [
    "opentelemetry-instrumentation-openai",
    "opentelemetry-sdk",
    "openai",
]


def start() -> None:
    OpenAIInstrumentor().instrument(tracer_provider=spans.provider)


def watch(client: Any) -> Any:
    return client


def seen() -> list[int | None]:
    return spans.take()
