"""Blocks of bytes to the items of a stream, without a socket."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gemini_openai._streaming import EventReader
from gemini_openai.types.chat import ChatCompletionChunk

RESPONSE = httpx.Response(200, request=httpx.Request("POST", "http://x/y"))
DONE = b"data: [DONE]\n\n"


def event(content: str, finish: str | None = None) -> bytes:
    choice: dict[str, Any] = {"delta": {"content": content}, "index": 0}
    if finish:
        choice["finish_reason"] = finish
    value = {"choices": [choice], "created": 1, "id": "x", "model": "m"}
    return f"data: {json.dumps(value)}\n\n".encode()


def reader(cast_to: Any = ChatCompletionChunk) -> EventReader[Any]:
    return EventReader(cast_to, RESPONSE)


def read(reader: EventReader[Any], *blocks: bytes) -> list[Any]:
    return [item for block in blocks for item in reader.feed(block)]


@pytest.mark.parametrize("late", [event("two"), event("two", "stop"), event("two") * 2])
@pytest.mark.parametrize("one_block", [True, False], ids=["one block", "a block each"])
def test_what_comes_behind_done_is_not_given(late: bytes, one_block: bool) -> None:
    blocks = [event("one"), DONE, late]
    items = read(reader(), *([b"".join(blocks)] if one_block else blocks))
    assert [item.choices[0].delta.content for item in items] == ["one"]
