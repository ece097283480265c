"""The requests of the jobs, as the keywords of `chat.completions.create`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

MODEL = "gemini-2.5-flash"
PICTURE = 20_000_000  # bytes of the body


@lru_cache
def ask(kind: str) -> dict[str, Any]:
    """A request: `short`, `usage` (asks for it), `history` or `picture`."""
    if kind == "history":
        return {"model": MODEL, "messages": _history(), "tools": [_tool(i) for i in range(10)]}
    if kind == "picture":
        image = {"url": "data:image/png;base64," + "iVBORw0KGgoA" * (PICTURE // 12)}
        parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": image}]
        return {"model": MODEL, "messages": [{"role": "user", "content": parts}]}
    asked: dict[str, Any] = {"model": MODEL, "messages": _short()}
    if kind == "usage":
        asked["stream_options"] = {"include_usage": True}
    return asked


def texts(count: int) -> list[str]:
    """Texts to embed."""
    return [f"The text of number {number}, some words long." for number in range(count)]


def _short() -> list[dict[str, Any]]:
    return [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Explain to me how AI works."},
    ]


def _history() -> list[dict[str, Any]]:
    return [
        {
            "role": "assistant" if turn % 2 else "user",
            "content": f"Turn {turn} of a talk in which somebody says a sentence, or even two.",
        }
        for turn in range(100)
    ]


def _tool(number: int) -> dict[str, Any]:
    properties = {
        "location": {"type": "string", "description": "The city and state, e.g. Chicago, IL"},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        "days": {"type": "integer", "minimum": 1, "description": "How many days ahead."},
    }
    schema = {"type": "object", "properties": properties, "required": ["location"]}
    about = {"name": f"get_weather_{number}", "description": "The weather in a given location."}
    return {"type": "function", "function": {**about, "parameters": schema}}
