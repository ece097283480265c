"""Repair who speaks in a history, and what they say: roles, nulls, and empty texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...notes import InvalidRequestError, Note
from ...nulls import without_nested_nulls, without_null_keys
from ..tool_calls import calls_of
from .history import ASSISTANT_ROLES, SYSTEM_ROLES, At, is_text_part, listed, note_changes, role_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def without_nulls(messages: Sequence[Any], *, nested: bool) -> list[Any]:
    """`messages` without keys that are null; with `nested` also of their parts and tool calls."""
    out = list(messages)
    for place, message in enumerate(messages):
        if message.__class__ is not dict:
            continue
        if None in message.values():
            new = without_null_keys(message)
            if "content" in message and "content" not in new and new.get("role") == "tool":
                new["content"] = ""  # a function that returns nothing
            out[place] = new
        if nested:
            out[place] = _without_nested_nulls(out[place])
    return out


def _without_nested_nulls(message: dict[str, Any]) -> dict[str, Any]:
    out = message
    for key in ("content", "tool_calls"):
        if is_array(items := out.get(key)):
            new = [without_nested_nulls(item) if is_object(item) else item for item in items]
            if any(item is not old for item, old in zip(new, items, strict=True)):
                out = {**out, key: new}
    return out


def system_for_developer(messages: Sequence[Any]) -> list[Any]:
    """`messages` with `system` for `developer`, OpenAI's newer word for the same."""
    return [
        {**message, "role": "system"} if role_of(message) == "developer" else message
        for message in messages
    ]


def with_somebody_speaking(history: list[At], notes: list[Note]) -> list[At]:
    """The history with the last message as the user's, where only the system speaks."""
    if not history or any(role_of(at.message) not in SYSTEM_ROLES for at in history):
        return history
    last = history[-1]
    out = [*history[:-1], last.having({**last.message, "role": "user"})]
    note_changes(
        "system-only", "only the system spoke; the last was sent as the user's", history, out, notes
    )
    return out


def with_one_system_message(history: list[At], notes: list[Note]) -> list[At]:
    """The history with one message of the system, in the place of the first of several."""
    systems = [at for at in history if role_of(at.message) in SYSTEM_ROLES]
    contents = [at.message.get("content") for at in systems]
    if len(systems) < 2 or not all(c is None or isinstance(c, (str, list)) for c in contents):
        return history
    first = systems[0]
    merged = {**first.message, "content": _joined([c for c in contents if c])}
    if any(at.message.get("name") != merged.get("name") for at in systems):
        merged.pop("name", None)  # others said the rest
    out = [
        at.having(merged) if at is first else at
        for at in history
        if at is first or role_of(at.message) not in SYSTEM_ROLES
    ]
    places = [at.place for at in systems]
    start = history.index(first)
    moved = history[start : start + len(systems)] != systems
    note = f"the system messages were sent as one: {listed(places)}"
    notes.append(Note("system-messages", note, changes_answer=moved))
    return out


def _joined(contents: list[str | list[Any]]) -> str | list[Any]:
    """Contents as one, with a blank line between: text if all are, else all their parts."""
    texts = [content for content in contents if isinstance(content, str)]
    if len(texts) == len(contents):
        return "\n\n".join(texts)
    joined: list[Any] = []
    for content in contents:
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else [*content]
        begins = parts[0] if parts else None
        if joined and is_object(begins) and isinstance(text := begins.get("text"), str):
            parts[0] = {**begins, "text": f"\n\n{text}"}
        joined += parts
    return joined


def without_text_beside_calls(history: list[At], notes: list[Note]) -> list[At]:
    """The history without the content of messages that make tool calls."""
    out = [
        at.having({key: value for key, value in at.message.items() if key != "content"})
        if calls_of(at.message) and at.message.get("content")
        else at
        for at in history
    ]
    if any(new is not old for new, old in zip(out, history, strict=True)):
        note_changes("text-beside-calls", "text beside tool calls left out", history, out, notes)
        notes.append(
            Note(
                "text-beside-calls",
                "This model on Vertex AI refuses a message that has both text and tool calls, so "
                "the text was left out of those in the history, and the model does not see it.",
                changes_answer=True,
                warn=True,
            )
        )
    return out


def without_empty_parts(history: list[At], notes: list[Note]) -> list[At]:
    """The history without empty texts, and without messages that say nothing.

    Raises:
        InvalidRequestError: nothing is left to answer; `param` has the index of the message.
    """
    out: list[At] = []
    for place, at in enumerate(history):
        message = _without_empty_texts(at.message) if is_object(at.message) else at.message
        if not _says_nothing(message):
            out.append(at.having(message))
        elif role_of(message) == "user" and place == len(history) - 1 and _answered(out):
            raise _empty(at.place, "is empty, so there is nothing to answer")
    if history and not out:
        raise _empty(history[-1].place, "is empty, as are all the others")
    note_changes("empty-parts", "empty parts or messages left out", history, out, notes)
    return out


def _answered(history: list[At]) -> bool:
    return bool(history) and role_of(history[-1].message) in ASSISTANT_ROLES


def _without_empty_texts(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if is_array(content):
        parts = [part for part in content if not _is_empty_text(part)]
        if len(parts) < len(content):
            message = {**message, "content": parts}
        if not parts and message.get("role") == "tool":
            return {**message, "content": ""}
    if message.get("role") in ASSISTANT_ROLES and not message.get("content"):
        if calls_of(message):
            if message.get("content") is None:
                return message
            return {key: value for key, value in message.items() if key != "content"}
        if isinstance(refusal := message.get("refusal"), str) and refusal:
            return {**message, "content": refusal}
    return message


def _is_empty_text(part: object) -> bool:
    if not is_object(part):
        return part == ""
    return is_text_part(part) and part.get("text") in ("", None)


def _says_nothing(message: Any) -> bool:
    if not is_object(message) or message.get("content"):
        return False
    role = message.get("role")
    if role in ASSISTANT_ROLES:
        return not any(message.get(key) for key in ("tool_calls", "function_call", "audio"))
    return role in ("user", "system", "developer")


def _empty(place: int, what: str) -> InvalidRequestError:
    where = f"messages[{place}]"
    message = f"{where} {what}. Give it content, or leave it out."
    return InvalidRequestError(message, param=where, repair="empty-parts")
