"""Send functions under names that Gemini takes, and give the app its own names back."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..notes import Note
from .tool_calls import calls_of, function_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..settings import Settings
    from .answers.context import AnswerContext

_TAKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
_REFUSED = re.compile(r"[^A-Za-z0-9_.:-]")
_LONGEST = 64
_PREFIXES = ("default_api.", "default_api:")  # what Gemini's prompt calls the place of functions


def with_wire_names(
    body: dict[str, Any], settings: Settings
) -> tuple[dict[str, Any], Sequence[Note], Mapping[str, str]]:
    """`body` with names of functions that Gemini takes: in tools, `tool_choice` and the history.

    Returns also the app's name for each name that was made, for `with_given_names`. A name is made
    of the app's alone, unless two would be the same: it stays through a conversation.
    """
    if not settings.on("function-names"):
        return body, (), {}
    names = dict.fromkeys(_names(body))
    refused = [name for name in names if not _TAKEN.fullmatch(name)]
    if not refused:
        return body, (), {}
    made = _made_names(names, refused)
    said = ", ".join(f"{name!r} as {wire!r}" for name, wire in made.items())
    note = Note("function-names", f"names of functions that Gemini refuses were sent: {said}")
    return _with_names(body, made), (note,), {wire: name for name, wire in made.items()}


def with_app_names(body: dict[str, Any], given_names: Mapping[str, str]) -> dict[str, Any]:
    """`body`, as it was sent, with the app's names of functions; they are by the sent ones."""
    return _with_names(body, given_names) if given_names else body


def _with_names(body: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`body` with other names of functions."""
    out = dict(body)
    if is_array(tools := body.get("tools")):
        out["tools"] = [_renamed(tool, names) for tool in tools]
    if is_object(choice := body.get("tool_choice")):
        out["tool_choice"] = _renamed_choice(choice, names)
    if is_array(messages := body.get("messages")):
        out["messages"] = [_renamed_message(message, names) for message in messages]
    return out


def with_given_names(calls: list[Any], context: AnswerContext) -> list[Any]:
    """The tool calls of an answer, or of a delta, under the app's names; the same if they are."""
    if not any(map(_may_be_other, calls)) and not context.given_names:
        return calls
    out = [_with_given_name(call, context) for call in calls]
    return out if any(new is not old for new, old in zip(out, calls, strict=True)) else calls


def _may_be_other(call: Any) -> bool:
    name = function_of(call).get("name")
    return isinstance(name, str) and name.startswith(_PREFIXES)


def _with_given_name(call: Any, context: AnswerContext) -> Any:
    function = function_of(call)
    name = function.get("name")
    if not isinstance(name, str) or (given := _given_name(name, context)) == name:
        return call
    return {**call, "function": {**function, "name": given}}


def _given_name(name: str, context: AnswerContext) -> str:
    """The app's name of a function, for the one in an answer."""
    if name.startswith(_PREFIXES) and context.settings.on("function-prefix"):
        bare = name[len(_PREFIXES[0]) :]
        offered = set(function_names(context.tools))
        if bare in offered and name not in offered:
            context.applied.add("function-prefix")
            name = bare
    if name in context.given_names:
        context.applied.add("function-names")
        return context.given_names[name]
    return name


def function_names(tools: object) -> Iterator[str]:
    """The names of the functions among some tools."""
    for tool in tools if is_array(tools) else ():
        function: Any = tool.get("function") if tool.__class__ is dict else None
        name = function.get("name") if function.__class__ is dict else None
        if name and isinstance(name, str):
            yield name


def _names(body: Mapping[str, Any]) -> Iterator[str]:
    """All names of functions in a request."""
    yield from function_names(body.get("tools"))
    messages = body.get("messages")
    for message in messages if is_array(messages) else ():
        if message.__class__ is dict and "tool_calls" in message:
            for call in calls_of(message):
                function: Any = call.get("function") if call.__class__ is dict else None
                name = function.get("name") if function.__class__ is dict else None
                if name and name.__class__ is str:
                    yield name


def _made_names(names: Iterable[str], refused: list[str]) -> dict[str, str]:
    """A name to send for each of those that are refused, unlike all others."""
    plain = {name: _plain(name) for name in refused}
    others = [name for name in names if name not in plain]
    others += plain.values()
    return {
        name: wire if others.count(wire) == 1 else _numbered(name, wire)
        for name, wire in plain.items()
    }


def _plain(name: str) -> str:
    plain = _REFUSED.sub("_", name)
    if not _TAKEN.match(plain):
        plain = f"_{plain}"
    return plain if len(plain) <= _LONGEST else _numbered(name, plain)


def _numbered(name: str, plain: str) -> str:
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: _LONGEST - 9]}_{digest}"


def _renamed(item: Any, made: Mapping[str, str]) -> Any:
    """A tool, a tool call or a choice of a tool with the name that is sent."""
    function = function_of(item)
    wire = made.get(str(function.get("name")))
    return item if wire is None else {**item, "function": {**function, "name": wire}}


def _renamed_choice(choice: dict[str, Any], made: Mapping[str, str]) -> dict[str, Any]:
    allowed = choice.get("allowed_tools")
    if is_object(allowed) and is_array(tools := allowed.get("tools")):
        tools = [_renamed(tool, made) for tool in tools]
        return {**choice, "allowed_tools": {**allowed, "tools": tools}}
    renamed: dict[str, Any] = _renamed(choice, made)
    return renamed


def _renamed_message(message: Any, made: Mapping[str, str]) -> Any:
    if calls := calls_of(message):
        renamed = [_renamed(call, made) for call in calls]
        changed = any(new is not old for new, old in zip(renamed, calls, strict=True))
        return {**message, "tool_calls": renamed} if changed else message
    if is_object(message) and message.get("role") == "tool":
        wire = made.get(str(message.get("name")))
        return message if wire is None else {**message, "name": wire}
    return message
