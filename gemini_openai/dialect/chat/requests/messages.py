"""Repair a history that OpenAI takes and Gemini refuses: which repairs, and in which order."""

from __future__ import annotations

import operator
from functools import partial
from itertools import compress, count
from typing import TYPE_CHECKING, Any, NamedTuple

from ...model_table import facts_of
from ...notes import Note
from .call_history import (
    with_call_ids,
    with_object_arguments,
    with_result_names,
    with_results_after_calls,
    with_tools_for_functions,
)
from .history import At, listed, note_changes
from .message_shapes import with_checked_shapes
from .roles_and_texts import (
    system_for_developer,
    with_one_system_message,
    with_somebody_speaking,
    without_empty_parts,
    without_nulls,
    without_text_beside_calls,
)
from .survey import (
    ARGUMENTS,
    CALLS,
    DEVELOPER,
    DISORDER,
    EMPTY,
    LEGACY,
    NESTED_NULLS,
    NO_ID,
    NO_NAME,
    NULLS,
    OPAQUE,
    SHAPE,
    SYSTEM_ONLY,
    SYSTEMS,
    TEXT_BESIDE_CALLS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ...settings import Settings
    from ...table import RepairName


class Repaired(NamedTuple):
    """A history to send, what was done to it, and where each message stood before."""

    messages: Sequence[Any]
    notes: Sequence[Note]
    places: Sequence[int]


def repair_messages(
    messages: Sequence[Any], settings: Settings, found: int, model: str = ""
) -> Repaired:
    """The history repaired, or the same object where it needs nothing; `found` is its `survey`.

    Messages are plain JSON objects. Where one is not, the order of tool results is not looked at:
    the call they belong to may be in it.

    Raises:
        InvalidRequestError: a message is empty or has a shape that no repair is certain for, or
            calls and results of tools do not match, and what was meant is not certain; `param` has
            the index of the message.
    """
    if not found & ~CALLS:
        return Repaired(messages, (), range(len(messages)))
    if not _refuses(model, settings):
        found &= ~TEXT_BESIDE_CALLS
    notes: list[Note] = []
    if not found & ~_IN_PLACE:
        return Repaired(_in_place(messages, settings, found, notes), notes, range(len(messages)))
    history = [At(i, m) for i, m in enumerate(messages)]
    if found & SHAPE and settings.on("request-shapes"):
        history = with_checked_shapes(history, settings, notes)
    if found & NULLS and settings.on("nulls"):
        nulls = partial(without_nulls, nested=bool(found & NESTED_NULLS))
        history = _having(history, nulls, "nulls", notes)
    if found & LEGACY and settings.on("legacy-functions"):
        history = with_tools_for_functions(history, notes)
        found |= ARGUMENTS | DISORDER | NO_NAME  # which could not be seen before
    if found & DEVELOPER and settings.on("developer-role"):
        history = _having(history, system_for_developer, "developer-role", notes)
    if found & EMPTY and settings.on("empty-parts"):
        history = without_empty_parts(history, notes)
        found |= SYSTEM_ONLY
    if found & ARGUMENTS and settings.on("call-arguments"):
        history = with_object_arguments(history, notes)
    if found & NO_ID and not found & OPAQUE and settings.on("history-call-ids"):
        history = with_call_ids(history, notes)
        found |= DISORDER
    if found & DISORDER and not found & OPAQUE and settings.on("tool-result-order"):
        history = with_results_after_calls(history, notes)
    if found & NO_NAME and settings.on("tool-result-names"):
        history = _having(history, with_result_names, "tool-result-names", notes)
    if found & TEXT_BESIDE_CALLS and settings.on("text-beside-calls"):
        history = without_text_beside_calls(history, notes)
    if found & SYSTEM_ONLY and settings.on("system-only"):
        history = with_somebody_speaking(history, notes)
    if found & SYSTEMS and settings.on("system-messages"):
        history = with_one_system_message(history, notes)
    if not notes:
        return Repaired(messages, notes, range(len(messages)))
    return Repaired([at.message for at in history], notes, [at.place for at in history])


# What ordinary histories need: these neither move a message nor leave one out.
_IN_PLACE = CALLS | NULLS | NESTED_NULLS | DEVELOPER | NO_NAME
_SAID: Mapping[RepairName, str] = {
    "developer-role": "developer became system",
    "nulls": "null keys left out",
    "tool-result-names": "tool results named after their calls",
}


def _in_place(
    messages: Sequence[Any], settings: Settings, found: int, notes: list[Note]
) -> Sequence[Any]:
    """`messages` after the repairs of `_IN_PLACE`, or the same object."""
    out = messages
    if found & NULLS and settings.on("nulls"):
        nulls = partial(without_nulls, nested=bool(found & NESTED_NULLS))
        out = _after(out, nulls, "nulls", notes)
    if found & DEVELOPER and settings.on("developer-role"):
        out = _after(out, system_for_developer, "developer-role", notes)
    if found & NO_NAME and settings.on("tool-result-names"):
        out = _after(out, with_result_names, "tool-result-names", notes)
    return out


def _after(
    messages: Sequence[Any],
    repair: Callable[[Sequence[Any]], list[Any]],
    name: RepairName,
    notes: list[Note],
) -> Sequence[Any]:
    """`messages` after a repair that leaves each in its place; the same object if none changed."""
    out = repair(messages)
    changed = list(compress(count(), map(operator.is_not, out, messages)))
    if not changed:
        return messages
    notes.append(Note(name, f"{_SAID[name]}: {listed(changed)}"))
    return out


def _having(
    history: list[At],
    repair: Callable[[Sequence[Any]], list[Any]],
    name: RepairName,
    notes: list[Note],
) -> list[At]:
    """`_after`, of a history whose messages know their places."""
    after = repair([at.message for at in history])
    out = [at.having(message) for at, message in zip(history, after, strict=True)]
    note_changes(name, _SAID[name], history, out, notes)
    return out


def _refuses(model: str, settings: Settings) -> bool:
    """Whether the model refuses text beside tool calls where it is asked."""
    return settings.backend == "vertex" and "text_beside_calls" in facts_of(model).refuses
