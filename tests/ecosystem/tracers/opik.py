from __future__ import annotations

import os
from typing import Any

import opik
from opik.integrations.openai import track_openai

NOTE = (
    "It takes a client with `decisions` for one of a newer `openai` than it installs, and ours has "
    "that name to say that Gemini lacks it."
)
PACKAGES = ["opik", "openai"]
ABSENT = {"embed": "it does not watch it"}

recordings: list[Any] = []
known: set[str] = set()


def start() -> None:
    os.environ["OPIK_URL_OVERRIDE"] = "http://127.0.0.1:9"
    recording = opik.record_traces_locally()
    recordings.extend([recording.__enter__(), recording])


def watch(client: Any) -> Any:
    return track_openai(client)


def seen() -> list[int | None]:
    new = [span for span in recordings[0].span_trees if span.id not in known]
    known.update(span.id for span in new)
    return [(span.usage or {}).get("completion_tokens") for span in new]
