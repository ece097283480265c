from __future__ import annotations

import json
from typing import Any

from ecosystem.tracers import spans
from langfuse import Langfuse, get_client

PACKAGES = ["langfuse", "openai"]


def start() -> None:
    Langfuse(
        public_key="pk-lf-none",
        secret_key="sk-lf-none",
        base_url="http://127.0.0.1:9",
        span_exporter=spans.exporter,
    )
    import langfuse.openai  # noqa: F401  # this watches `openai`


def watch(client: Any) -> Any:
    return client


def seen() -> list[int | None]:
    get_client().flush()
    finished = [dict(span.attributes or {}) for span in spans.exporter.get_finished_spans()]
    spans.exporter.clear()
    usages = [json.loads(str(a.get("langfuse.observation.usage_details", "{}"))) for a in finished]
    return [usage.get("output", usage.get("completion_tokens")) for usage in usages]
