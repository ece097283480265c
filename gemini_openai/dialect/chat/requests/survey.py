"""See at a glance whether a history might need a repair; the ordinary one needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .history import is_text_part

if TYPE_CHECKING:
    from collections.abc import Sequence

# What `survey` finds, as bits of one number.
CALLS = 1
OPAQUE = 2  # a message or call that is no JSON object
DEVELOPER = 4
EMPTY = 8
NO_ID = 16
DISORDER = 32
NO_NAME = 64
SYSTEM_ONLY = 128
SHAPE = 256
NULLS = 512
SYSTEMS = 1024  # more than one message of the system
ARGUMENTS = 2048
LEGACY = 4096
TEXT_BESIDE_CALLS = 8192
NESTED_NULLS = 16384  # some of the nulls are in parts or tool calls

URL_SCHEMES = ("https://", "http://", "data:", "gs://")


def survey(messages: Sequence[Any]) -> int:
    """What there is in a history that might need a repair; 0 where there is nothing.

    One cheap look spares a history that needs no repair the cost of one. A bit once set stays set.
    """
    found, spoken, systems = 0, False, 0
    waiting: list[object] = []  # ids of the calls just made, in their order
    made = 0
    for message in messages:
        if message.__class__ is not dict:
            found |= OPAQUE | SHAPE
            spoken = True
            continue
        role = message.get("role")
        content = message.get("content")
        is_text = content.__class__ is str
        if role == "tool":
            spoken = True
            if None in message.values():
                found |= NULLS
            if not is_text and content is not None:
                found |= _in_content(content)
            wanted = message.get("tool_call_id")
            if waiting and waiting[0] == wanted:
                del waiting[0]
            else:
                found |= DISORDER
            if not wanted:
                found |= NO_ID
            if not message.get("name"):
                found |= NO_NAME
            continue
        if waiting:
            found |= DISORDER
            waiting = []
        if role == "user" or role == "assistant":
            spoken = True
        elif role == "system":
            systems += 1
        elif role == "developer":
            systems += 1
            found |= DEVELOPER
        else:
            spoken = True
            found |= LEGACY | SHAPE
        if is_text and content and len(message) == 2:
            continue  # a role and a text, and nothing else
        if None in message.values():
            found |= NULLS
        if not is_text and content is not None:
            found |= _in_content(content)
        if message.get("function_call"):
            found |= LEGACY
        calls = message.get("tool_calls")
        if not calls:
            if not content:
                found |= EMPTY
            continue
        found |= CALLS
        if content:
            found |= TEXT_BESIDE_CALLS
        elif content is not None:
            found |= EMPTY
        waiting, more = _in_calls(calls)
        found |= more
        made = len(waiting)
    if waiting and len(waiting) < made:
        found |= DISORDER
    if systems > 1:
        found |= SYSTEMS
    return found if spoken else found | SYSTEM_ONLY


def _in_calls(calls: Any) -> tuple[list[object], int]:
    """The ids of the calls of a message, none if one is no object; and what there is in them."""
    if calls.__class__ is not list:
        return [], SHAPE
    ids: list[object] = []
    found = 0
    for call in calls:
        if call.__class__ is not dict:
            return [], found | OPAQUE | SHAPE
        if None in call.values():
            found |= NULLS | NESTED_NULLS
        id = call.get("id")
        if not id:
            found |= NO_ID
        ids.append(id)
        function = call.get("function")
        if function.__class__ is dict:
            if None in function.values():
                found |= NULLS | NESTED_NULLS
            if may_be_no_object(function.get("arguments")):
                found |= ARGUMENTS
    return ids, found


def may_be_no_object(arguments: Any) -> bool:
    """Whether arguments are perhaps not the JSON text of one object, from their ends only."""
    return (
        arguments.__class__ is not str
        or arguments[:1] != "{"
        or arguments[-1:] != "}"
        or "}{" in arguments
    )


def _in_content(content: Any) -> int:
    """What there is in content that is no plain text."""
    if content.__class__ is not list:
        return SHAPE
    found = 0 if content else EMPTY
    for part in content:
        if part.__class__ is not dict:
            found |= SHAPE | EMPTY
            continue
        if None in part.values():
            found |= NULLS | NESTED_NULLS
        if is_text_part(part):
            text = part.get("text")
            if not text:
                found |= EMPTY
            elif text.__class__ is not str:
                found |= SHAPE
            continue
        kind = part.get("type")
        inner: Any = part.get(kind) if kind.__class__ is str else None
        if inner.__class__ is not dict:
            found |= SHAPE
            continue
        if None in inner.values():
            found |= NULLS | NESTED_NULLS
        if kind == "image_url":
            url = inner.get("url")
            if url.__class__ is not str or not url.startswith(URL_SCHEMES) or url[-1].isspace():
                found |= SHAPE
        elif kind == "input_audio" and not (inner.get("data") and inner.get("format")):
            found |= SHAPE
    return found
