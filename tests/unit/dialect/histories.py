"""Messages that several tests build histories of, and what becomes of a history."""

from __future__ import annotations

import copy
from typing import Any

from gemini_openai.dialect.chat.requests.messages import repair_messages
from gemini_openai.dialect.chat.requests.survey import survey
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

USER: dict[str, Any] = {"role": "user", "content": "Weather in Oslo and Rome?"}
ANSWER: dict[str, Any] = {"role": "assistant", "content": "Fine."}


def step(*calls: dict[str, Any], **message: Any) -> dict[str, Any]:
    """An assistant's message that makes these tool calls."""
    return {"role": "assistant", **message, "tool_calls": list(calls)}


def call(id: str | None, name: str = "weather", arguments: Any = "{}") -> dict[str, Any]:
    item = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return item if id is None else {"id": id, **item}


def result(id: str | None, content: Any = "sunny", **message: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "name": "weather", "content": content, **message}


def repaired(messages: list[Any], *off: str) -> tuple[list[Any], list[str]]:
    """The history repaired, and the names of the repairs; repairing again changes nothing."""
    before = copy.deepcopy(messages)
    settings = DEFAULT_SETTINGS._replace(off=frozenset(off))
    out, notes, places = repair_messages(messages, settings, survey(messages))
    assert messages == before
    assert len(places) == len(out)
    again, none, _ = repair_messages(out, settings, survey(out))
    assert again is out
    assert not none
    assert all(not note.warn for note in notes)
    return list(out), [note.repair for note in notes]
