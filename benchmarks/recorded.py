"""Bodies as Google sent them, from `tests/recorded`, with other texts and any number of chunks."""

from __future__ import annotations

import base64
import copy
import json
import random
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "tests" / "recorded" / "developer_api"
TEXT = "AI works by learning patterns from data. " * 8
DIMENSIONS = 3072
MODELS = 60
TOOL_CALL_EVERY = 8
THOUGHT_TAGS = len("<thought></thought>")
_NOT_COPIED = {"content-encoding", "content-length", "content-type", "transfer-encoding"}


@lru_cache
def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@lru_cache
def _chunks(name: str) -> list[Any]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


@lru_cache
def headers() -> bytes:
    """The header lines of an answer, but for those about its body."""
    told = _read("chat_stream_text_usage_2chunks.request_and_headers.json")["response_headers"]
    lines = [f"{name}: {of[0]}\r\n" for name, of in told.items() if name.lower() not in _NOT_COPIED]
    return "".join(lines).encode()


def answer(text: str = TEXT) -> bytes:
    """A whole chat answer."""
    body = copy.deepcopy(_read("chat_nonstream_text.json"))
    body["choices"][0]["message"]["content"] = text
    return json.dumps(body, indent=2).encode()  # Google indents whole answers


def text_of(number: int) -> str:
    """The text of a chunk, of each another, as in real streams."""
    return f"word{number} and some more text "


def events(kind: str, count: int) -> list[bytes]:
    """The events of a stream of so many chunks, the last with `[DONE]` behind it.

    Kinds are `text`, `usage` (a count of tokens in each chunk), `no_id`, `recorded` (no id, and
    usage in each: older models), `tools` (in every eighth chunk a call with a thought signature)
    and `thoughts` (half of the chunks).
    """
    shape = _chunks("chat_stream_text_no_usage.sse")[0]
    older = _chunks("chat_stream_text_usage_3chunks.sse")[0]
    made = []
    for number in range(count):
        chunk = copy.deepcopy(older if kind in {"no_id", "recorded"} else shape)
        choice = chunk["choices"][0]
        choice.pop("finish_reason", None)
        choice["delta"] = _delta(kind, number, count)
        if number == count - 1:
            choice["finish_reason"] = "stop"
        chunk.pop("usage", None)
        if kind in {"usage", "recorded"}:
            told = 6 * number
            chunk["usage"] = {
                "completion_tokens": told,
                "prompt_tokens": 12,
                "total_tokens": 12 + told,
            }
        made.append(_event(chunk))
    made[-1] += b"data: [DONE]\n\n"
    return made


def native_events(count: int) -> list[bytes]:
    """The events of a stream in Google's own protocol."""
    return [_event(_native(text_of(number)), b"\r\n\r\n") for number in range(count)]


def native_answer(text: str = TEXT) -> bytes:
    """A whole answer in Google's own protocol."""
    return json.dumps(_native(text), indent=2).encode()


def embeddings(count: int) -> bytes:
    """So many vectors, all digits of their numbers written out; the first has no index."""
    shapes = _read("embeddings_two_inputs_jq_without_vectors.json")
    rows = []
    for index in range(count):
        row = {**shapes[min(index, 1)], "embedding": ...}
        if index:
            row["index"] = index
        rows.append(json.dumps({**row, "embedding": None}).replace("null", _vector(index % 10)))
    return (
        '{"object": "list", "data": [' + ", ".join(rows) + '], "model": "gemini-embedding-001"}'
    ).encode()


def models() -> bytes:
    """A list of models."""
    told = _read("models_list.json")
    shapes = told["data"]
    rows = [
        {**shapes[number % len(shapes)], "id": f"{shapes[number % len(shapes)]['id']}-{number}"}
        for number in range(MODELS)
    ]
    return json.dumps({**told, "data": rows}, indent=2).encode()


def _delta(kind: str, number: int, count: int) -> dict[str, Any]:
    text = text_of(number)
    if kind == "tools" and number % TOOL_CALL_EVERY == TOOL_CALL_EVERY - 1:
        shape = _read("chat_stream_tool_call_single_frame.json")["choices"][0]["delta"]
        call = copy.deepcopy(shape["tool_calls"][0])
        call["function"]["arguments"] = json.dumps({"pattern": f"{number}*"})
        call["id"] = f"function-call-{10**18 + number}"
        call = {"extra_content": {"google": {"thought_signature": _signature()}}, **call}
        return {**shape, "tool_calls": [call]}
    if kind == "thoughts" and number < count // 2:
        opened = "<thought>" if number == 0 else ""
        thought = {"google": {"thought": True}}
        return {"content": opened + text, "extra_content": thought, "role": "assistant"}
    if kind == "thoughts" and number == count // 2:
        text = "</thought>" + text
    return {"content": text, "role": "assistant"}


def _native(text: str) -> Any:
    batch = _read("native_batch_get_succeeded.json")
    response = batch["metadata"]["output"]["inlinedResponses"]["inlinedResponses"][0]["response"]
    body = copy.deepcopy(response)
    body["candidates"][0]["content"]["parts"] = [{"text": text}]
    return body


def _event(body: Any, end: bytes = b"\n\n") -> bytes:
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + end


@lru_cache
def _signature() -> str:
    body = _read("chat_nonstream_tool_call_empty_id_with_signature.json")
    signature = body["choices"][0]["message"]["thought_signature"]
    assert base64.b64decode(signature)
    return str(signature)


@lru_cache
def _vector(seed: int) -> str:
    numbers = random.Random(seed)
    return json.dumps([round(numbers.gauss(0, 0.02), 9) for _ in range(DIMENSIONS)])
