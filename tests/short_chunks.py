"""Chunks for the tests, written short."""

from __future__ import annotations

from typing import Any

from gemini_openai._call.decode import fit
from gemini_openai.types.chat import ChatCompletionChunk

USAGE = {
    "prompt_tokens": 3,
    "completion_tokens": 2,
    "total_tokens": 5,
    "completion_tokens_details": {"reasoning_tokens": 0},
    "prompt_tokens_details": {"cached_tokens": 0},
}


def chunk_body(
    delta: Any = None, finish_reason: str | None = None, index: int = 0, **fields: Any
) -> dict[str, Any]:
    """The JSON of a chunk with one choice, or with none."""
    body: dict[str, Any] = {
        "id": "SzpyaZuaHu_WxN8P9M-PgA4",
        "choices": [],
        "created": 1769093707,
        "model": "gemini-2.5-flash",
        "object": "chat.completion.chunk",
    }
    if delta is not None or finish_reason is not None:
        choice = {"delta": delta or {}, "index": index, **fields.pop("choice", {})}
        if finish_reason is not None:
            choice["finish_reason"] = finish_reason
        body["choices"] = [choice]
    return {**body, **fields}


def chunk(
    delta: Any = None, finish_reason: str | None = None, index: int = 0, **fields: Any
) -> ChatCompletionChunk:
    """A chunk with one choice, or with none."""
    made: ChatCompletionChunk = fit(
        chunk_body(delta, finish_reason, index, **fields), ChatCompletionChunk
    )
    return made


def call(name: str | None = None, arguments: str = "", **fields: Any) -> dict[str, Any]:
    """The delta of a tool call; `index`, `id` and what else there is as keywords."""
    function = {"arguments": arguments} if name is None else {"name": name, "arguments": arguments}
    return {"type": "function", "function": function, **fields}


def calling(*calls: dict[str, Any], **delta: Any) -> dict[str, Any]:
    """A delta with tool calls."""
    return {"role": "assistant", "tool_calls": [*calls], **delta}


def tokens(text: str) -> list[dict[str, Any]]:
    """Log probabilities, a token for each letter."""
    return [{"token": t, "logprob": -1.0, "bytes": None, "top_logprobs": []} for t in text]
