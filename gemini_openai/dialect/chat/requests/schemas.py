"""Rewrite the schemas in a chat request, those of `response_format` and `tools`."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ...._primitives.json_types import is_array, is_object
from ...notes import InvalidRequestError, Note
from ...schemas.adapt import adapt_schema, takes_nothing
from ...schemas.references import SchemaError
from ...schemas.rules import RULE_PREFIX

if TYPE_CHECKING:
    from ...schemas.keywords import SchemaChange
    from ...settings import Settings


def adapt_schemas(body: dict[str, Any], settings: Settings) -> tuple[dict[str, Any], list[Note]]:
    """`body` with its schemas rewritten by `adapt_schema`, a note for each change.

    Raises:
        InvalidRequestError: a schema cannot be sent; `param` is its place in the request.
    """
    notes: list[Note] = []
    if not settings.on("schemas"):
        return body, notes
    wanted = body.get("response_format")
    if is_object(wanted) and is_object(inner := wanted.get("json_schema")):
        schema = inner.get("schema")
        new = _adapted(schema, "response_format.json_schema.schema", settings, notes)
        if new is not schema:
            body = {**body, "response_format": {**wanted, "json_schema": {**inner, "schema": new}}}
    tools = body.get("tools")
    if is_array(tools) and tools:
        new_tools = [_tool(tool, f"tools[{i}]", settings, notes) for i, tool in enumerate(tools)]
        if any(new is not old for new, old in zip(new_tools, tools, strict=True)):
            body = {**body, "tools": new_tools}
    return body, notes


def _tool(tool: Any, where: str, settings: Settings, notes: list[Note]) -> Any:
    function = tool.get("function") if is_object(tool) else None
    parameters = function.get("parameters") if is_object(function) else None
    if not is_object(function) or not is_object(parameters):
        return tool
    where = f"{where}.function.parameters"
    new: Any = {}
    if takes_nothing(parameters) or takes_nothing(
        new := _adapted(parameters, where, settings, notes, parameters=True)
    ):
        out = {key: value for key, value in function.items() if key != "parameters"}
        notes.append(Note("schemas", f"{where}: empty, left out"))
        return {**tool, "function": out}
    return tool if new is parameters else {**tool, "function": {**function, "parameters": new}}


def _adapted(
    schema: Any, where: str, settings: Settings, notes: list[Note], *, parameters: bool = False
) -> Any:
    if not is_object(schema):
        return schema
    off = _rules(settings.off)
    on = _rules(settings.asked_for)
    try:
        # Apps send the same tools with every turn, and to compare costs less than to rewrite.
        new, changes = _remembered(_text_of(schema), off, on, parameters)
    except SchemaError as error:
        raise InvalidRequestError(f"{where}: {error}", param=where, repair="schemas") from error
    for change in changes:
        lost = "" if change.lossless else "; the server no longer checks this"
        notes.append(
            Note(
                "schemas",
                f"{where}{change.path}: {change.what}{lost}",
                changes_answer=not change.lossless,
            )
        )
    return new if changes else schema


def _text_of(schema: dict[str, Any]) -> bytes:
    try:
        return to_json(schema)  # a third of what `json.dumps` costs
    except ValueError:  # half of a character, or nested deeply
        return json.dumps(schema).encode()


@lru_cache(maxsize=256)
def _remembered(
    text: bytes, off: frozenset[str], on: frozenset[str], parameters: bool
) -> tuple[dict[str, Any], tuple[SchemaChange, ...]]:
    new, changes = adapt_schema(json.loads(text), off=off, on=on, parameters=parameters)
    return new, tuple(changes)


def _rules(names: frozenset[str]) -> frozenset[str]:
    if not names:
        return names
    return frozenset(n.removeprefix(RULE_PREFIX) for n in names if n.startswith(RULE_PREFIX))
