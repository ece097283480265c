"""Put `tools`, `tool_choice` and `response_format` into the form of chat completions.

Where they have no known form, an error says what is wrong.

People write them as other APIs take them: flat, as the Responses API, with `input_schema`, as
Anthropic, or as a schema alone. What was meant is certain in these.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...notes import InvalidRequestError, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...settings import Settings

_SCHEMA_KEYS = ("parameters", "input_schema", "inputSchema")  # OpenAI's, Anthropic's, MCP's
_FLAT_KINDS = (None, "function", "custom")  # `custom` is what Anthropic calls an app's own tool
_CHOICES = {"auto": "auto", "none": "none", "required": "required", "any": "required"}
"""The choices that Anthropic has as objects: what OpenAI calls them."""
_FORMATS = ("text", "json_object", "json_schema")
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_OF_SCHEMAS = frozenset({"properties", "anyOf", "oneOf", "allOf", "enum", "$ref"})
_EXAMPLE = (
    "{'type': 'function', 'function': {'name': ..., 'description': ..., 'parameters': {...}}}"
)
_FORMAT_EXAMPLE = (
    "{'type': 'json_schema', 'json_schema': {'name': 'answer', 'schema': {...}}}, or "
    "{'type': 'json_object'} for JSON without a schema"
)


def with_openai_shapes(
    body: dict[str, Any], settings: Settings
) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` with its tools and its format as chat completions take them; the same if they are.

    Raises:
        InvalidRequestError: one is of no form that is known, or two functions have one name;
            `param` is its place.
    """
    notes: list[Note] = []
    if not settings.on("request-shapes"):
        return body, notes
    tools = body.get("tools")
    if tools is not None:
        new = _tools(tools, notes)
        if not settings.self_deployed:
            _check_names(new)
        body = body if new is tools else {**body, "tools": new}
    choice = body.get("tool_choice")
    if is_object(choice) and (new := _choice(choice)) is not choice:
        body = {**body, "tool_choice": new}
        notes.append(Note("request-shapes", f"tool_choice was sent as {json.dumps(new)}"))
    wanted = body.get("response_format")
    if wanted is not None:
        new = _format(wanted, notes)
        body = body if new is wanted else {**body, "response_format": new}
    return body, notes


def _tools(tools: Any, notes: list[Note]) -> Any:
    if not is_array(tools):
        example = "tools=[that dict]" if is_object(tools) else f"tools=[{_EXAMPLE}]"
        msg = f"tools is {_what(tools)}. Give a list: {example}."
        raise _invalid(msg, "tools")
    new = [_tool(tool, f"tools[{place}]", notes) for place, tool in enumerate(tools)]
    return new if any(one is not old for one, old in zip(new, tools, strict=True)) else tools


def _tool(tool: Any, where: str, notes: list[Note]) -> Any:
    if not is_object(tool):
        msg = f"{where} is {_what(tool)}. A tool is a dict: {_EXAMPLE}."
        raise _invalid(msg, where)
    if is_object(function := tool.get("function")):
        if not function.get("name"):
            msg = f"{where}.function has no name, by which the model could call it."
            raise _invalid(msg, f"{where}.function.name")
        if "type" in tool:
            return tool
        notes.append(Note("request-shapes", f"{where}: 'type': 'function' was added"))
        return {"type": "function", **tool}
    function = _flat_function(tool)
    if function is None:
        if tool and tool.get("type") != "function":
            return tool  # one of another kind
        msg = f"{where} has no function. A tool is a dict: {_EXAMPLE}."
        raise _invalid(msg, where)
    notes.append(Note("request-shapes", f"{where}: its keys were put under 'function'"))
    return {"type": "function", "function": function}


def _check_names(tools: Sequence[Any]) -> None:
    places: dict[str, int] = {}
    for place, tool in enumerate(tools):
        if not is_object(function := tool.get("function")):
            continue
        first = places.setdefault(str(function["name"]), place)
        if first != place:
            msg = (
                f"tools[{place}] is a function named {function['name']!r}, as tools[{first}] is. "
                "Gemini takes each name once: leave out one of them, or give it another name."
            )
            raise _invalid(msg, f"tools[{place}].function.name")


def _choice(choice: dict[str, Any]) -> Any:
    """A `tool_choice` out of the forms of the Responses API and of Anthropic."""
    kind, name = choice.get("type"), choice.get("name")
    if kind == "allowed_tools":
        allowed = choice.get("allowed_tools", choice)  # flat in the Responses API
        tools = allowed.get("tools") if is_object(allowed) else None
        if not is_array(tools):
            return choice
        new = [_choice(tool) if is_object(tool) else tool for tool in tools]
        same = all(one is old for one, old in zip(new, tools, strict=True))
        if same and allowed is not choice:
            return choice
        mode = {"mode": allowed["mode"]} if "mode" in allowed else {}
        return {"type": kind, "allowed_tools": {**mode, "tools": new}}
    if is_object(choice.get("function")):
        return choice if "type" in choice else {"type": "function", **choice}
    if isinstance(kind, str) and kind in _CHOICES and not name:
        return _CHOICES[kind]
    if kind in (None, "function", "tool") and isinstance(name, str) and "function" not in choice:
        return {"type": "function", "function": {"name": name}}
    return choice


def _flat_function(tool: dict[str, Any]) -> dict[str, Any] | None:
    """The `function` that a tool without one is by itself; None if it is something else."""
    name, kind = tool.get("name"), tool.get("type")
    if not isinstance(name, str) or not name or kind not in _FLAT_KINDS or "function" in tool:
        return None
    schemas = [key for key in _SCHEMA_KEYS if is_object(tool.get(key))]
    known = {"type", "name", "description", "strict", *_SCHEMA_KEYS}
    if not schemas and (kind == "custom" or not tool.keys() <= known):
        return None
    function: dict[str, Any] = {
        key: tool[key] for key in ("name", "description", "strict") if key in tool
    }
    return {**function, "parameters": tool[schemas[0]]} if schemas else function


def _format(wanted: Any, notes: list[Note]) -> Any:
    if not is_object(wanted):
        json_too = isinstance(wanted, str) and wanted.lower() in ("json", "json_object")
        example = "{'type': 'json_object'}" if json_too else _FORMAT_EXAMPLE
        msg = f"response_format is {_what(wanted)}. Give a dict: {example}."
        raise _invalid(msg, "response_format")
    kind, inner = wanted.get("type"), wanted.get("json_schema")
    if is_object(inner):
        if kind in _FORMATS and (is_object(inner.get("schema")) or not _is_schema(inner)):
            return wanted
        described = inner if is_object(inner.get("schema")) else {"schema": inner}
    elif kind in _FORMATS or kind is None:
        schemas = [key for key in ("schema", "response_schema") if is_object(wanted.get(key))]
        if schemas and kind != "text":  # of the Responses API, and of other servers
            described = {**wanted, "schema": wanted[schemas[0]]}
        elif kind is None and _is_schema(wanted):
            described = {"schema": wanted}
        elif kind in _FORMATS:
            return wanted
        else:
            raise _no_format(wanted)
    elif _is_schema(wanted):
        described = {"schema": wanted}
    else:
        raise _no_format(wanted)
    kept = {key: described[key] for key in ("description", "schema", "strict") if key in described}
    name = described.get("name") or "answer"
    notes.append(Note("request-shapes", "response_format: its schema was put under 'json_schema'"))
    return {"type": "json_schema", "json_schema": {"name": name, **kept}}


def _is_schema(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    named = isinstance(kind, str) and kind in _TYPES
    return named or is_array(kind) or not value.keys().isdisjoint(_OF_SCHEMAS)


def _no_format(wanted: dict[str, Any]) -> InvalidRequestError:
    kind = wanted.get("type")
    what = f"has the type {kind!r}" if kind is not None else "has no type"
    msg = f"response_format {what}. Give {_FORMAT_EXAMPLE}."
    return _invalid(msg, "response_format")


def _what(value: object) -> str:
    """A wrong value in words: `the text 'json'`, `a dict`."""
    if isinstance(value, str):
        return f"the text {value if len(value) <= 40 else value[:40] + '...'!r}"
    if is_object(value):
        return "a dict"
    return "a list" if is_array(value) else json.dumps(value)


def _invalid(message: str, param: str) -> InvalidRequestError:
    return InvalidRequestError(message, param=param, repair="request-shapes")
