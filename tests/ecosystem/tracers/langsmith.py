from __future__ import annotations

import json
import os
from typing import Any
from unittest import mock

from langsmith import Client
from langsmith.wrappers import wrap_openai

PACKAGES = ["langsmith", "openai"]
ABSENT = {"embed": "it does not watch it"}

session = mock.MagicMock()


def start() -> None:
    os.environ["LANGSMITH_TRACING"] = "true"


def watch(client: Any) -> Any:
    told = Client(
        api_url="http://127.0.0.1:9", api_key="none", session=session, auto_batch_tracing=False
    )
    return wrap_openai(client, tracing_extra={"client": told})


def seen() -> list[int | None]:
    bodies = [json.loads(call.kwargs["data"]) for call in session.request.mock_calls if call.args]
    session.request.reset_mock()
    ended = [body["outputs"] for body in bodies if body.get("outputs")]
    return [(out.get("usage_metadata") or {}).get("output_tokens") for out in ended]
