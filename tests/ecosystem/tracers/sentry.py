from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.openai import OpenAIIntegration

PACKAGES = ["sentry-sdk", "openai"]
ABSENT = {"parse": "it does not watch it"}

found: list[dict[str, Any]] = []


def start() -> None:
    sentry_sdk.init(
        dsn="http://none@127.0.0.1:9/1",
        traces_sample_rate=1.0,
        integrations=[OpenAIIntegration()],
        before_send_transaction=keep,
    )


def keep(event: Any, _: Any) -> None:
    """Keep the spans about `openai`, and send nothing."""
    spans = [
        {"op": event["contexts"]["trace"].get("op"), "data": event["contexts"]["trace"].get("data")}
    ]
    spans += event.get("spans") or ()
    found.extend(s["data"] for s in spans if str(s.get("op")).startswith("gen_ai"))


def watch(client: Any) -> Any:
    return client


def seen() -> list[int | None]:
    sentry_sdk.flush()
    tokens = [data.get("gen_ai.usage.output_tokens") for data in found]
    found.clear()
    return tokens
