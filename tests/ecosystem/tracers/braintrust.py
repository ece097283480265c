from __future__ import annotations

from typing import Any

import braintrust
from braintrust import logger

PACKAGES = ["braintrust", "openai"]

memories: list[Any] = []


def start() -> None:
    memory = logger._internal_with_memory_background_logger()
    memories.extend([memory.__enter__(), memory])
    braintrust.login(api_key=logger.TEST_API_KEY)  # asks nobody
    braintrust.init_logger(project="none", project_id="none")


def watch(client: Any) -> Any:
    return braintrust.wrap_openai(client)


def seen() -> list[int | None]:
    braintrust.flush()
    return [(row.get("metrics") or {}).get("completion_tokens") for row in memories[0].pop()]
