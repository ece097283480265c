from __future__ import annotations

from typing import Any

import logfire
from ecosystem.tracers import spans
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

PACKAGES = ["logfire", "openai"]


def start() -> None:
    logfire.configure(
        send_to_logfire=False,
        console=False,
        additional_span_processors=[SimpleSpanProcessor(spans.exporter)],
    )
    logfire.instrument_openai()


def watch(client: Any) -> Any:
    return client


def seen() -> list[int | None]:
    finished = [dict(span.attributes or {}) for span in spans.exporter.get_finished_spans()]
    spans.exporter.clear()
    whole = [a for a in finished if a.get("logfire.span_type") != "pending_span"]
    streamed = [a for a in whole if a.get("logfire.span_type") == "log"]
    # The span of a stream is its request; what came is logged when it has ended.
    return [spans.tokens(attributes) for attributes in streamed or whole]
