"""Provide the whole answer and the stream that the benchmark server sends."""

from __future__ import annotations

import json
from typing import Any

CHUNKS = 3000
WHOLE = json.dumps(
    {
        "choices": [
            {
                "finish_reason": "stop",
                "index": 0,
                "message": {"content": "A short answer.", "role": "assistant"},
            }
        ],
        "created": 1769093697,
        "id": "QTpyabuaIfaevdIPzqPKkQU",
        "model": "gemini-2.5-flash",
        "object": "chat.completion",
        "usage": {"completion_tokens": 4, "prompt_tokens": 60, "total_tokens": 64},
    }
).encode()


def chunk(number: int) -> bytes:
    """An event as Gemini writes it. Every text is different, as in real streams."""
    choice: dict[str, Any] = {
        "delta": {"content": f"piece {number} of what is said ", "role": "assistant"},
        "index": 0,
    }
    if number == CHUNKS - 1:
        choice["finish_reason"] = "stop"
    body = {
        "choices": [choice],
        "created": 1769093707,
        "id": "SzpyaZuaHu_WxN8P9M-PgA4",
        "model": "gemini-2.5-flash",
        "object": "chat.completion.chunk",
    }
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"


PIECES = [*map(chunk, range(CHUNKS)), b"data: [DONE]\n\n"]
