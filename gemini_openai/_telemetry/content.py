"""Turn messages into the form that OpenTelemetry's conventions give them on spans."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .values import field, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

_INSTRUCTIONS = ("system", "developer")


def input_attributes(body: Mapping[str, Any]) -> dict[str, str]:
    """What was asked: messages, instructions and tools, each as JSON."""
    messages = listed(body.get("messages"))
    instructions = [m for m in messages if field(m, "role") in _INSTRUCTIONS]
    others = [_message(m) for m in messages if field(m, "role") not in _INSTRUCTIONS]
    tools = [_tool(tool) for tool in listed(body.get("tools"))]
    found = {
        "gen_ai.system_instructions": [part for m in instructions for part in _parts(m)],
        "gen_ai.input.messages": others,
        "gen_ai.tool.definitions": tools,
    }
    return {name: as_json(value) for name, value in found.items() if value}


class Output:
    """What was answered, put together from an answer or from its chunks."""

    def __init__(self) -> None:
        self._texts: dict[int, dict[str, str]] = {}
        self._calls: dict[int, dict[int, dict[str, str]]] = {}

    def add(self, index: int, choice: object) -> None:
        """Add what a choice has: its message, or the piece of one."""
        message = field(choice, "message") or field(choice, "delta")
        texts = self._texts.setdefault(index, {})
        for kind, name in (("reasoning", "reasoning_content"), ("text", "content")):
            if isinstance(text := field(message, name), str) and text:
                texts[kind] = texts.get(kind, "") + text
        calls = self._calls.setdefault(index, {})
        for place, call in enumerate(listed(field(message, "tool_calls"))):
            number = field(call, "index")
            known = calls.setdefault(number if isinstance(number, int) else place, {})
            function = field(call, "function")
            for name, piece in (
                ("id", field(call, "id")),
                ("name", field(function, "name")),
                ("arguments", field(function, "arguments")),
            ):
                if isinstance(piece, str):
                    # Only arguments come in pieces.
                    known[name] = known.get(name, "") + piece if name == "arguments" else piece

    def messages(self, reasons: Mapping[int, str]) -> list[dict[str, Any]]:
        """The message of each choice."""
        return [
            {
                "role": "assistant",
                "parts": [
                    *({"type": kind, "content": text} for kind, text in texts.items()),
                    *(_tool_call(call) for _, call in sorted(self._calls[index].items())),
                ],
                "finish_reason": reasons.get(index, ""),
            }
            for index, texts in sorted(self._texts.items())
        ]


def _message(message: object) -> dict[str, Any]:
    return {"role": field(message, "role") or "user", "parts": _parts(message)}


def _parts(message: object) -> list[dict[str, Any]]:
    content = field(message, "content")
    if field(message, "role") == "tool":
        answer = {"type": "tool_call_response", "id": field(message, "tool_call_id")}
        texts = [part.get("content") for part in _contents(content)]
        return [{**answer, "response": texts[0] if len(texts) == 1 else texts}]
    calls = [
        {
            "id": field(call, "id"),
            "name": field(field(call, "function"), "name"),
            "arguments": field(field(call, "function"), "arguments"),
        }
        for call in listed(field(message, "tool_calls"))
    ]
    return [*_contents(content), *map(_tool_call, calls)]


def _contents(content: object) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "content": content}]
    return [_content_part(part) for part in listed(content)]


def _content_part(part: object) -> dict[str, Any]:
    """A part of a message. Of media the address or the type, and not the bytes."""
    kind = field(part, "type")
    if isinstance(text := field(part, "text"), str):
        return {"type": "text", "content": text}
    url = field(field(part, "image_url"), "url")
    if isinstance(url, str) and not url.startswith("data:"):
        return {"type": "uri", "modality": "image", "uri": url}
    if isinstance(url, str):
        return {"type": "blob", "modality": "image", "mime_type": url[5:].partition(";")[0]}
    return {"type": kind if isinstance(kind, str) else "unknown"}


def _tool_call(call: Mapping[str, Any]) -> dict[str, Any]:
    arguments = call.get("arguments")
    if isinstance(arguments, str):
        with suppress(ValueError):  # then as the model wrote it
            arguments = json.loads(arguments)
    return {
        "type": "tool_call",
        "id": call.get("id"),
        "name": call.get("name"),
        "arguments": arguments,
    }


def _tool(tool: object) -> dict[str, Any]:
    function = field(tool, "function")
    found = {name: field(function, name) for name in ("name", "description", "parameters")}
    return {"type": "function", **{name: v for name, v in found.items() if v is not None}}


def as_json(value: object) -> str:
    """`value` as JSON in ASCII, which any exporter can encode. Raises nothing."""
    try:
        return json.dumps(value, default=str)
    except (TypeError, ValueError, RecursionError):  # the call itself says what is wrong with it
        return ""
