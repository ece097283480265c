"""Bodies that Google really sent, and odd ones made from them by chance."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

RECORDED = Path(__file__).parents[1] / "recorded"
JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 1e308, float("nan"), float("inf"), 2**63, 10**30,
    "", " ", "x", "0", "1", "²", "9" * 400, "NaN", "-1", "null", "{}", "[1", "\ud800", "\0",
    "é\u2028", "<thought>", "</thought>", "<html><title>x</title>", "stop", "9e999s", "1.2.3s",
    "2026-13-45T99:99:99Z", [], {}, [[]], [{}], [None], ["x"], {"x": 1},
    {"error": None}, {"error": {}}, {"error": "x"},
]  # fmt: skip
"""What stands where something else should."""


def recorded_values() -> list[Any]:
    """The JSON of all recorded bodies, lines and events."""
    found = []
    for path in sorted(RECORDED.rglob("*.*")):
        data = path.read_text("utf-8")
        try:
            found.append(json.loads(data))
        except ValueError:
            found += list(values_of_lines(data.splitlines()))
    return found


def values_of_lines(lines: list[str]) -> Iterator[Any]:
    for line in lines:
        try:
            yield json.loads(line.removeprefix("data: "))
        except ValueError:
            continue


def recorded_streams() -> list[bytes]:
    """All recorded streams, as they came."""
    return [path.read_bytes() for path in sorted(RECORDED.rglob("*.sse"))]


def keys(values: Any) -> Iterator[str]:
    """All keys within JSON values, again and again."""
    if isinstance(values, dict):
        yield from values
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            yield from keys(value)


def objects(values: Any) -> Iterator[Any]:
    """All objects within JSON values that have more than one key."""
    if isinstance(values, dict):
        if len(values) > 1:
            yield values
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            yield from objects(value)


SCHEMA = {
    "$defs": {"Day": {"enum": ["Mon", "Tue"], "title": "Day"}, "Node": {"$ref": "#/$defs/Tree"},
              "Tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/Node"}}}},
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 1, "pattern": "^[A-Z]", "const": "Rome"},
        "day": {"anyOf": [{"$ref": "#/$defs/Day"}, {"type": "null"}], "default": None},
        "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "number"}]},
        "tree": {"$ref": "#/$defs/Tree"}, "n": {"type": ["integer", "null"], "exclusiveMinimum": 0},
    },
    "required": ["city", "pair"], "additionalProperties": False,
}  # fmt: skip
REQUESTS: list[Any] = [
    {
        "model": "gemini-3.8-flash", "stop": None, "seed": 1, "reasoning_effort": "minimal",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "developer", "content": "In verse."},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}, {"type": "image_url",
                "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]},
            {"role": "assistant", "content": None, "refusal": None, "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "weather", "arguments": "{}"}},
                {"id": "b", "type": "function",
                 "function": {"name": "day", "arguments": "{\"x\": 1}"},
                 "extra_content": {"google": {"thought_signature": "c2ln"}}}]},
            {"role": "tool", "tool_call_id": "b", "content": "Monday"},
            {"role": "tool", "tool_call_id": "a", "content": [{"type": "text", "text": "Rain"}]},
        ],
        "tools": [{"type": "function", "function": {"name": "weather", "strict": True,
                                                    "parameters": SCHEMA}},
                  {"name": "21 day", "input_schema": SCHEMA}],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
    },
    {
        "model": "gemini-2.5-flash", "n": 2, "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [{"role": "user", "content": "A city."},
                     {"role": "assistant", "function_call": {"name": "f", "arguments": ""}},
                     {"role": "function", "name": "f", "content": "1"}],
        "response_format": {"type": "json_schema",
                            "json_schema": {"name": "City", "schema": SCHEMA, "strict": True}},
        "extra_body": {"google": {"thinking_config": {"thinking_budget": 0,
                                                      "include_thoughts": True}}},
        "parallel_tool_calls": True, "logit_bias": {"1": 2}, "verbosity": "low", "user": None,
    },
]  # fmt: skip
"""Requests that need most of the repairs."""

VALUES = [*recorded_values(), *REQUESTS]
OBJECTS = list(objects(VALUES))
STREAMS = recorded_streams()
KEYS = sorted(set(keys(VALUES)))


def _junk(random: Random) -> Any:
    return copy.deepcopy(random.choice(JUNK))  # it may be changed later


def odd_value(random: Random) -> Any:
    """A recorded value, or an object in one, with a few places in it changed."""
    value = copy.deepcopy(random.choice(random.choice((VALUES, REQUESTS, OBJECTS))))
    for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
        value = _changed(value, random)
    return value


def odd_stream(random: Random) -> tuple[bytes, list[int]]:
    """A stream with odd events and bytes in it, and places to cut it at."""
    blocks = random.choice(STREAMS).replace(b"\r\n", b"\n").split(b"\n\n")
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        place = random.randrange(len(blocks))
        event = blocks[place]
        match random.randrange(8):
            case 0:
                del blocks[place:]
                blocks.append(event[: random.randrange(len(event) + 1)])
            case 1:
                blocks.insert(random.randrange(len(blocks)), event)
            case 2:
                blocks.insert(place, _event(random.choice(JUNK)))
            case 3:
                blocks.insert(place, _event(odd_value(random)))
            case 4:
                blocks[place] = random.choice((b": note\n", b"event: error\n", b"id: 1\n")) + event
            case 5:
                changed = bytearray(event or b" ")
                changed[random.randrange(len(changed))] = random.randrange(256)
                blocks[place] = bytes(changed)
            case 6:
                blocks[place] = event.replace(b"\n", b"\r")
            case _ if event.startswith(b"data: {"):
                try:
                    blocks[place] = _event(_changed(json.loads(event[6:]), random))
                except ValueError:
                    blocks[place] = b""
            case _:
                pass
    end = random.choice((b"\n\n", b"\r\n\r\n", b"\r\r"))
    data = end.join(blocks or [b""]) + random.choice((b"", end))
    return data, [random.randrange(len(data) + 1) for _ in range(random.randrange(12))]


def _event(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode()


def _changed(value: Any, random: Random) -> Any:
    """`value` with one place in it made another."""
    if not isinstance(value, (dict, list)) or not value or random.random() < 0.15:
        return _junk(random)
    if isinstance(value, list):
        place = random.randrange(len(value))
        match random.randrange(6):
            case 0:
                del value[place]
            case 1:
                value.append(copy.deepcopy(value[place]))
            case _:
                value[place] = _changed(value[place], random)
        return value
    key = random.choice(list(value))
    match random.randrange(8):
        case 0:
            del value[key]
        case 1:
            value[random.choice(KEYS)] = value.pop(key)
        case 2:
            value[random.choice(KEYS)] = _junk(random)
        case 3:
            value[key] = odd_value(random) if random.random() < 0.3 else _junk(random)
        case _:
            value[key] = _changed(value[key], random)
    return value
