"""Messages that several tests build histories of."""

from __future__ import annotations

from typing import Any


def step(*calls: dict[str, Any], **message: Any) -> dict[str, Any]:
    """An assistant's message that makes these tool calls."""
    return {"role": "assistant", "content": None, "tool_calls": list(calls), **message}
