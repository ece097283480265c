"""Streams of chunks for tests: recorded ones read, adapted ones added up as an app would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gemini_openai.dialect.chat.answers.chunks import ChunkAdapter
from gemini_openai.dialect.chat.answers.context import answer_context
from gemini_openai.dialect.chat.answers.usage import NO_TOKENS
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gemini_openai.dialect.chat.answers.context import AnswerContext
    from gemini_openai.dialect.chat.signatures import SignatureMemory

RECORDED = Path(__file__).parent / "recorded"
USAGE = {"stream_options": {"include_usage": True}}
THOUGHTS = {"extra_body": {"google": {"thinking_config": {"include_thoughts": True}}}}


def recorded_stream(name: str) -> list[dict[str, Any]]:
    """The chunks of a recorded stream, `developer_api/x.sse`."""
    lines = (RECORDED / name).read_text("utf-8").splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


def context(
    body: Mapping[str, Any] | None = None,
    *,
    off: Iterable[str] = (),
    memory: SignatureMemory | None = None,
    settings: Settings = DEFAULT_SETTINGS,
) -> AnswerContext:
    settings = settings._replace(off=frozenset(off))
    return answer_context(body or {}, settings, memory, seed="seed")


def adapt(chunks: Iterable[dict[str, Any]], made_for: AnswerContext) -> list[dict[str, Any]]:
    """The stream as a client sees it, chunks that need nothing taken as they are."""
    adapter = ChunkAdapter(made_for)
    out: list[dict[str, Any]] = []
    for chunk in chunks:
        data = json.dumps(chunk, separators=(",", ":")).encode()
        if adapter.needs(data):
            out += adapter.adapt(chunk)
        else:
            out.append({**chunk, "usage": NO_TOKENS} if adapter.counts else chunk)
    return [*out, *adapter.end()]


def chunk(delta: Mapping[str, Any], **choice: Any) -> dict[str, Any]:
    """A chunk as Gemini sends it, with the role in every delta."""
    return {
        "choices": [{"delta": {"role": "assistant", **delta}, "index": 0, **choice}],
        "created": 1769093707,
        "id": "SzpyaZuaHu_WxN8P9M-PgA4",
        "model": "gemini-3-pro-preview",
        "object": "chat.completion.chunk",
    }


def calls(*items: Mapping[str, Any], **choice: Any) -> dict[str, Any]:
    return chunk({"tool_calls": list(items)}, **choice)


def call(name: str | None, arguments: str | None, **item: Any) -> dict[str, Any]:
    function = {"arguments": arguments, "name": name}
    given = {key: value for key, value in function.items() if value is not None}
    return {"function": given, "type": "function", **item}


def added_up(chunks: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What an app makes of a stream: texts joined, calls merged by index, the last reason kept."""
    out: dict[int, dict[str, Any]] = {}
    for value in chunks:
        for choice in value["choices"]:
            delta = choice["delta"]
            whole = out.setdefault(
                choice["index"], {"content": "", "reasoning_content": "", "calls": {}}
            )
            for key in ("content", "reasoning_content"):
                whole[key] += delta.get(key) or ""
            for item in delta.get("tool_calls") or ():
                merged = whole["calls"].setdefault(item["index"], {"name": "", "arguments": ""})
                merged["name"] += item["function"].get("name") or ""
                merged["arguments"] += item["function"].get("arguments") or ""
                merged.update({k: item[k] for k in ("id", "extra_content") if item.get(k)})
            if choice.get("finish_reason"):
                whole["finish_reason"] = choice["finish_reason"]
    return out
