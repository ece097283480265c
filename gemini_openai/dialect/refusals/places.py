"""Say where in a request Google means, whose errors speak of the request it made of it.

From an OpenAI request the server makes one of its own: the functions of all tools are declared in
its one tool, messages become `contents` with `parts`, texts to embed become `requests`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..._primitives.patterns import late_pattern
from ..paths import Path, follow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REQUEST_NAME = late_pattern(r"[A-Z]\w*Request")
_FUNCTIONS = frozenset({"function_declarations", "functionDeclarations"})
_SCHEMAS = frozenset(
    {"response_schema", "responseSchema", "response_json_schema", "responseJsonSchema"}
)
_CONFIGS = frozenset({"generation_config", "generationConfig"})
_RESULTS = frozenset({"tool", "function"})
_SYSTEM = frozenset({"system", "developer"})


def place_in_request(path: Path, body: Mapping[str, Any]) -> Path | None:
    """Where in `body`, as it was sent, a path of Google's leads; None if that is not certain.

    The end of the path may not be there: a schema can be refused for what it lacks.
    """
    if path and isinstance(path[0], str) and _REQUEST_NAME.fullmatch(path[0]):
        path = path[1:]
    match path:
        case ("tools", 0, str(kind), int(number), *rest) if kind in _FUNCTIONS:
            places = function_places(body.get("tools"))
            if number >= len(places):
                return None
            return "tools", places[number], "function", *rest
        case ("contents", int(number), *rest):
            messages = body.get("messages")
            return _place_in_messages(messages if is_array(messages) else [], number, rest)
        case (str(config), str(schema), *rest) if config in _CONFIGS and schema in _SCHEMAS:
            return "response_format", "json_schema", "schema", *rest
        case ("requests", int(number), *_):
            return ("input", number) if is_array(body.get("input")) else ("input",)
        case _:
            return path if follow(body, path[:1]) else None


def function_places(tools: object) -> list[int]:
    """Which of the tools are functions, in their order."""
    found = enumerate(tools if is_array(tools) else [])
    return [place for place, tool in found if is_object(tool) and is_object(tool.get("function"))]


def _place_in_messages(
    messages: Sequence[Any], number: int, rest: Sequence[str | int]
) -> Path | None:
    """Where the path `rest` in `contents[number]` leads, as far as that is certain."""
    place = _message_of(messages, number, rest)
    if place is None or not is_object(message := messages[place]):
        return None
    match rest:
        case ("parts", int(part), *inside):
            # The calls and the results of functions are parts as well.
            if message.get("role") in _RESULTS or message.get("tool_calls"):
                return "messages", place
            is_part = is_array(message.get("content"))
            return ("messages", place, "content", part, *inside) if is_part else ("messages", place)
        case ("parts", *_):
            return "messages", place
        case _:
            return "messages", place, *rest


def _message_of(messages: Sequence[Any], number: int, rest: Sequence[str | int]) -> int | None:
    """The message that became `contents[number]`, or a part of it.

    System messages are none of them, and the results of one turn are one together. Whether other
    neighbours of one role are put together too is not known: where it matters, nothing is said.
    """
    turns = _turns(messages, merged=False)
    if number >= len(turns) or _turns(messages, merged=True)[: number + 1] != turns[: number + 1]:
        return None
    turn = turns[number]
    if len(turn) == 1:
        return turn[0]
    part = rest[1] if len(rest) > 1 and rest[0] == "parts" else None
    return turn[part] if isinstance(part, int) and part < len(turn) else None


def _turns(messages: Sequence[Any], *, merged: bool) -> list[list[int]]:
    """The places of the messages of each content, with all neighbours of a role in one or not."""
    out: list[list[int]] = []
    before: object = None
    for place, message in enumerate(messages):
        role = message.get("role") if is_object(message) else None
        if role in _SYSTEM:
            continue
        if out and role == before and (merged or role in _RESULTS):
            out[-1].append(place)
        else:
            out.append([place])
        before = role
    return out
