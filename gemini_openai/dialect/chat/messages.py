"""Repair a history that OpenAI takes and Gemini refuses: roles, parts, and tool results."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_array, is_object
from ..notes import InvalidRequestError, Note
from .tool_calls import call_id, calls_of, function_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..settings import Settings
    from ..table import RepairName


# What `survey` finds, as bits of one number: the ordinary history has none of them.
CALLS = 1
_OPAQUE = 2  # a message or call that is not a plain JSON object
_DEVELOPER = 4
_EMPTY = 8
_NO_ID = 16
_DISORDER = 32
_NO_NAME = 64
_SYSTEM_ONLY = 128


class _At(NamedTuple):
    """A message, and its place in the history the caller gave."""

    place: int
    message: dict[str, Any]


def survey(messages: Sequence[Any]) -> int:
    """What there is in a history that might need a repair; 0 where there is nothing.

    One cheap look spares a history that needs no repair the cost of one.
    """
    found, spoken = 0, False
    waiting: list[object] = []  # ids of the calls just made, in their order
    made = 0
    for message in messages:
        if message.__class__ is not dict:
            found |= _OPAQUE
            spoken = True
            continue
        role = message.get("role")
        if role == "tool":
            spoken = True
            wanted = message.get("tool_call_id")
            if waiting and waiting[0] == wanted:
                del waiting[0]
            else:
                found |= _DISORDER
            if not wanted:
                found |= _NO_ID
            if not message.get("name"):
                found |= _NO_NAME
            continue
        if waiting:
            found |= _DISORDER
            waiting = []
        if role == "developer":
            found |= _DEVELOPER
        elif role != "system":
            spoken = True
        content = message.get("content")
        calls = message.get("tool_calls")
        if not content:
            found |= 0 if calls and content is None else _EMPTY
        elif content.__class__ is not str and _has_empty_part(content):
            found |= _EMPTY
        if calls:
            found |= CALLS
            waiting, plain = _call_ids(message)
            made = len(waiting)
            if not all(waiting):
                found |= _NO_ID
            if not plain:
                found |= _OPAQUE
    if waiting and len(waiting) < made:
        found |= _DISORDER
    return found if spoken else found | _SYSTEM_ONLY


def repair_messages(
    messages: Sequence[Any], settings: Settings, found: int
) -> tuple[Sequence[Any], Sequence[Note]]:
    """The history repaired, or the same object where it needs nothing; `found` is its `survey`.

    Messages are plain JSON objects. Where one is not, the order of tool results is not looked at:
    the call they belong to may be in it.

    Raises:
        InvalidRequestError: a message is empty, or calls and results of tools do not match, and
            what was meant is not certain; `param` has the index of the message.
    """
    notes: list[Note] = []
    history = [_At(i, m) for i, m in enumerate(messages)]
    if found & _DEVELOPER and settings.on("developer-role"):
        history = _system_for_developer(history, notes)
    if found & _EMPTY and settings.on("empty-parts"):
        history = _without_empty_parts(history, notes)
        found |= _SYSTEM_ONLY
    if found & _NO_ID and not found & _OPAQUE and settings.on("history-call-ids"):
        history = _with_call_ids(history, notes)
        found |= _DISORDER  # which could not be seen before
    if found & _DISORDER and not found & _OPAQUE and settings.on("tool-result-order"):
        history = _with_results_after_calls(history, notes)
    if found & _NO_NAME and settings.on("tool-result-names"):
        history = _with_result_names(history, notes)
    if found & _SYSTEM_ONLY and settings.on("system-only"):
        history = _with_somebody_speaking(history, notes)
    return ([message for _, message in history], notes) if notes else (messages, notes)


def _call_ids(message: dict[str, Any]) -> tuple[list[object], bool]:
    """The ids of the calls in a message, and whether these are all plain objects."""
    calls = calls_of(message)
    plain = all(map(is_object, calls))
    return [call.get("id") for call in calls] if plain else [], plain


def _has_empty_part(content: object) -> bool:
    return is_array(content) and any(map(_is_empty_text, content))


def _role(message: Any) -> object:
    return message.get("role") if is_object(message) else None


# --- roles and parts ---


def _system_for_developer(history: list[_At], notes: list[Note]) -> list[_At]:
    out = [
        at._replace(message={**at.message, "role": "system"})
        if _role(at.message) == "developer"
        else at
        for at in history
    ]
    _note_changes("developer-role", "developer became system", history, out, notes)
    return out


def _with_somebody_speaking(history: list[_At], notes: list[Note]) -> list[_At]:
    if not history or any(_role(at.message) not in {"system", "developer"} for at in history):
        return history
    last = history[-1]
    out = [*history[:-1], last._replace(message={**last.message, "role": "user"})]
    _note_changes(
        "system-only", "only the system spoke; the last was sent as the user's", history, out, notes
    )
    return out


def _without_empty_parts(history: list[_At], notes: list[Note]) -> list[_At]:
    out: list[_At] = []
    for place, at in enumerate(history):
        message = _without_empty_texts(at.message) if is_object(at.message) else at.message
        if not _says_nothing(message):
            out.append(at if message is at.message else at._replace(message=message))
        elif _role(message) == "user" and place == len(history) - 1 and _answered(out):
            raise _invalid(at.place, "is empty, so there is nothing to answer", "empty-parts")
    if history and not out:
        raise _invalid(history[-1].place, "is empty, as are all the others", "empty-parts")
    _note_changes("empty-parts", "empty parts or messages left out", history, out, notes)
    return out


def _answered(history: list[_At]) -> bool:
    return bool(history) and _role(history[-1].message) == "assistant"


def _without_empty_texts(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if is_array(content):
        parts = [part for part in content if not _is_empty_text(part)]
        if len(parts) < len(content):
            message = {**message, "content": parts}
    if message.get("role") == "assistant" and not message.get("content"):
        if isinstance(refusal := message.get("refusal"), str) and refusal:
            return {**message, "content": refusal}
        if calls_of(message) and message.get("content") is not None:
            return {key: value for key, value in message.items() if key != "content"}
    return message


def _is_empty_text(part: object) -> bool:
    return part == "" or (
        is_object(part)
        and part.get("type", "text") == "text"
        and part.get("text", "") in ("", None)
    )


def _says_nothing(message: Any) -> bool:
    if not is_object(message) or message.get("content"):
        return False
    role = message.get("role")
    if role == "assistant":
        return not any(message.get(key) for key in ("tool_calls", "function_call", "audio"))
    return role in ("user", "system", "developer")


# --- tool calls and their results ---


class _Call:
    """A tool call of the history, waiting for its result."""

    def __init__(self, step: int, call: dict[str, Any]) -> None:
        self.step = step  # the place in the history of the message that makes it
        self.id = call.get("id")
        self.name = function_of(call).get("name")
        self.result: _At | None = None


def _with_call_ids(history: list[_At], notes: list[Note]) -> list[_At]:
    """Ids for calls that have none, and for the results that follow them.

    An id comes from the function, its arguments and how often that was called before: it stays the
    same while the conversation grows.
    """
    made: dict[tuple[object, object], int] = {}
    waiting: list[tuple[str, object]] = []
    out: list[_At] = []
    for at in history:
        message = at.message
        calls = calls_of(message)
        if calls:
            filled: list[dict[str, Any]] = []
            waiting = []
            for call in calls:
                function = function_of(call)
                key = (function.get("name"), function.get("arguments"))
                made[key] = made.get(key, -1) + 1
                with_id = call if call.get("id") else {**call, "id": call_id(*key, made[key])}
                waiting += [] if with_id is call else [(with_id["id"], function.get("name"))]
                filled.append(with_id)
            if waiting:
                message = {**message, "tool_calls": filled}
        elif message.get("role") == "tool" and not message.get("tool_call_id") and waiting:
            name = message.get("name")
            named = [place for place, (_, called) in enumerate(waiting) if called == name]
            found, _ = waiting.pop(named[0] if named else 0)
            message = {**message, "tool_call_id": found}
        out.append(at if message is at.message else at._replace(message=message))
    _note_changes("history-call-ids", "ids made for tool calls without one", history, out, notes)
    return out


def _with_results_after_calls(history: list[_At], notes: list[Note]) -> list[_At]:
    """Each result right after the message with its call, in the order of the calls.

    A result whose id no call has is taken for that of the calls before it when as many of those
    are open: Gemini itself only counts them.
    """
    steps = {place: calls for place, at in enumerate(history) if (calls := calls_of(at.message))}
    results = [at for at in history if _role(at.message) == "tool"]
    if not steps and not results:
        return history
    open_calls = {place: [_Call(place, call) for call in calls] for place, calls in steps.items()}
    left = _match_by_id(history, open_calls)
    _match_by_count(left, open_calls)
    _refuse_missing_results(history, open_calls)
    out: list[_At] = []
    for place, at in enumerate(history):
        if _role(at.message) != "tool":
            out.append(at)
            out += [call.result for call in open_calls.get(place, ()) if call.result]
    _note_changes("tool-result-order", "tool results put after their calls", history, out, notes)
    return out


def _match_by_id(
    history: list[_At], open_calls: dict[int, list[_Call]]
) -> list[tuple[_At, int | None]]:
    """Give each call its result. What is left: results, and the place of the calls before each."""
    left: list[tuple[_At, int | None]] = []
    before: list[int] = []
    for place, at in enumerate(history):
        if place in open_calls:
            before.append(place)
        if _role(at.message) != "tool":
            continue
        wanted = at.message.get("tool_call_id")
        # Ids may be used again in a later turn, so the nearest call before comes first.
        for step in chain(reversed(before), (step for step in open_calls if step > place)):
            call = next((c for c in open_calls[step] if c.id == wanted and c.result is None), None)
            if call:
                call.result = at
                break
        else:
            left.append((at, before[-1] if before else None))
    return left


def _match_by_count(left: list[tuple[_At, int | None]], open_calls: dict[int, list[_Call]]) -> None:
    ids = {call.id for calls in open_calls.values() for call in calls}
    for step in {step for _, step in left}:
        results = [at for at, before in left if before == step]
        waiting = [call for call in open_calls.get(step or 0, ()) if call.result is None]
        names = [at.message.get("name") for at in results]
        fits = len(waiting) == len(results) and all(
            name in (None, "", call.name) for name, call in zip(names, waiting, strict=True)
        )
        known = [at for at in results if at.message.get("tool_call_id") in ids]
        if step is None or not fits or known:
            at = (known or results)[0]
            wanted = at.message.get("tool_call_id")
            what = (
                f"is a second result for the tool call {wanted!r}"
                if known
                else f"is a result for the tool call {wanted!r}, which no message before it makes"
            )
            raise _invalid(at.place, what, "tool-result-order")
        for call, at in zip(waiting, results, strict=True):
            call.result = at._replace(message={**at.message, "tool_call_id": call.id})


def _refuse_missing_results(history: list[_At], open_calls: dict[int, list[_Call]]) -> None:
    for place, calls in open_calls.items():
        missing = [call for call in calls if call.result is None]
        if missing and (len(missing) < len(calls) or place < len(history) - 1):
            names = ", ".join(f"{call.name} ({call.id!r})" for call in missing)
            what = f"calls {names}, and no message has the result"
            raise _invalid(history[place].place, what, "tool-result-order")


def _with_result_names(history: list[_At], notes: list[Note]) -> list[_At]:
    names: dict[object, object] = {}
    out: list[_At] = []
    for at in history:
        message = at.message
        for call in calls_of(message):
            if is_object(call):
                names[call.get("id")] = function_of(call).get("name")
        if _role(message) == "tool" and not message.get("name"):
            name = names.get(message.get("tool_call_id"))
            if name:
                out.append(at._replace(message={**message, "name": name}))
                continue
        out.append(at)
    _note_changes("tool-result-names", "tool results named after their calls", history, out, notes)
    return out


def _invalid(index: int, what: str, repair: RepairName) -> InvalidRequestError:
    advice = {
        "empty-parts": "Give it content, or leave it out.",
        "tool-result-order": "Each tool call needs one message of role tool with its id, "
        "before the conversation goes on.",
    }[repair]
    where = f"messages[{index}]"
    return InvalidRequestError(f"{where} {what}. {advice}", param=where, repair=repair)


def _note_changes(
    repair: RepairName, what: str, before: Iterable[_At], after: Iterable[_At], notes: list[Note]
) -> None:
    old = {at.place: (place, at.message) for place, at in enumerate(before)}
    new = {at.place: (place, at.message) for place, at in enumerate(after)}
    if old.keys() == new.keys():
        changed = [i for i in old if old[i][0] != new[i][0] or old[i][1] is not new[i][1]]
    else:
        changed = [i for i in old if i not in new or old[i][1] is not new[i][1]]
    if changed:
        places = ", ".join(f"messages[{i}]" for i in sorted(changed))
        notes.append(Note(repair, f"{what}: {places}"))
