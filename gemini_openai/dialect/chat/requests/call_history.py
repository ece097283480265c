"""Repair the tool calls of a history and their results: arguments, ids, order, names."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_object
from ...notes import InvalidRequestError
from ..tool_calls import call_id, calls_of, function_of
from .history import ASSISTANT_ROLES, At, note_changes, role_of
from .message_shapes import kind_of
from .survey import may_be_no_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...notes import Note


def with_tools_for_functions(history: list[At], notes: list[Note]) -> list[At]:
    """Calls and results of OpenAI's older form, `function_call` and the role `function`, as tools.

    The ids are made as `with_call_ids` makes them.
    """
    made: dict[tuple[str, str], int] = {}
    waiting: list[tuple[object, object]] = []  # id and function of the calls just made
    out: list[At] = []
    for at in history:
        message = at.message
        called = message.get("function_call") if role_of(message) in ASSISTANT_ROLES else None
        if called and is_object(called):
            message = {key: item for key, item in message.items() if key != "function_call"}
            if not calls_of(message):
                key = (str(called.get("name")), str(called.get("arguments")))
                made[key] = made.get(key, -1) + 1
                id = call_id("function_call", *key, made[key])
                function = {name: item for name, item in called.items() if item is not None}
                message["tool_calls"] = [{"id": id, "type": "function", "function": function}]
        if calls := calls_of(message):
            waiting = [(c.get("id"), function_of(c).get("name")) for c in calls if is_object(c)]
        elif role_of(message) == "function":
            name = message.get("name")
            fitting = [place for place, (_, wanted) in enumerate(waiting) if wanted == name]
            found = waiting.pop(fitting[0])[0] if fitting else ""
            message = {**message, "role": "tool", "tool_call_id": found}
        out.append(at.having(message))
    what = "function calls and their results became those of tools"
    note_changes("legacy-functions", what, history, out, notes)
    return out


def with_object_arguments(history: list[At], notes: list[Note]) -> list[At]:
    """The arguments of each call as the text of a JSON object; nothing and null become `{}`.

    Raises:
        InvalidRequestError: they are something else; `param` names the call.
    """
    out: list[At] = []
    for at in history:
        calls = list(calls_of(at.message))
        for number, call in enumerate(calls):
            function = function_of(call)
            if not function or not may_be_no_object(arguments := function.get("arguments")):
                continue
            text, trouble = _object_text(arguments)
            if trouble:
                where = f"messages[{at.place}].tool_calls[{number}]"
                raise InvalidRequestError(
                    f"{where} calls {function.get('name')!r} with arguments that are {trouble}, "
                    "and the model takes only the JSON text of an object there: "
                    '\'{"city": "Oslo"}\'.',
                    param=where,
                    repair="call-arguments",
                )
            if text is not arguments:
                calls[number] = {**call, "function": {**function, "arguments": text}}
        changed = any(new is not old for new, old in zip(calls, calls_of(at.message), strict=True))
        out.append(at.having({**at.message, "tool_calls": calls}) if changed else at)
    what = "arguments of tool calls became JSON objects"
    note_changes("call-arguments", what, history, out, notes)
    return out


def _object_text(arguments: object) -> tuple[str, str]:
    """Arguments as the text of an object; else what is wrong with them."""
    value = arguments
    if isinstance(arguments, str):
        try:
            value = json.loads(arguments) if arguments.strip() else None
        except ValueError as error:
            return "", f"no JSON ({error})"
        if is_object(value):
            return arguments, ""
    if value is None:
        return "{}", ""
    if is_object(value):
        return json.dumps(value, ensure_ascii=False), ""
    return "", kind_of(value)


class _Call:
    """A tool call of the history, waiting for its result."""

    def __init__(self, step: int, call: dict[str, Any]) -> None:
        self.step = step  # the place in the history of the message that makes it
        self.id = call.get("id")
        self.name = function_of(call).get("name")
        self.result: At | None = None


def with_call_ids(history: list[At], notes: list[Note]) -> list[At]:
    """Ids for calls that have none, and for the results that follow them.

    An id comes from the function, its arguments and how often that was called before: it stays the
    same while the conversation grows.
    """
    made: dict[tuple[str, str], int] = {}
    waiting: list[tuple[str, object]] = []
    out: list[At] = []
    for at in history:
        message = at.message
        calls = calls_of(message)
        if calls:
            filled: list[dict[str, Any]] = []
            waiting = []
            for call in calls:
                function = function_of(call)
                key = (str(function.get("name")), str(function.get("arguments")))
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
        out.append(at.having(message))
    note_changes("history-call-ids", "ids made for tool calls without one", history, out, notes)
    return out


def with_results_after_calls(history: list[At], notes: list[Note]) -> list[At]:
    """Each result right after the message with its call, in the order of the calls.

    A result whose id no call has is taken for that of the calls before it when as many of those
    are open: Gemini itself only counts them.
    """
    steps = {place: calls for place, at in enumerate(history) if (calls := calls_of(at.message))}
    results = [at for at in history if role_of(at.message) == "tool"]
    if not steps and not results:
        return history
    open_calls = {place: [_Call(place, call) for call in calls] for place, calls in steps.items()}
    left = _match_by_id(history, open_calls)
    _match_by_count(left, open_calls)
    _refuse_missing_results(history, open_calls)
    out: list[At] = []
    for place, at in enumerate(history):
        if role_of(at.message) != "tool":
            out.append(at)
            out += [call.result for call in open_calls.get(place, ()) if call.result]
    note_changes("tool-result-order", "tool results put after their calls", history, out, notes)
    return out


def _match_by_id(
    history: list[At], open_calls: dict[int, list[_Call]]
) -> list[tuple[At, int | None]]:
    """Give each call its result. What is left: results, and the place of the calls before each."""
    left: list[tuple[At, int | None]] = []
    before: list[int] = []
    for place, at in enumerate(history):
        if place in open_calls:
            before.append(place)
        if role_of(at.message) != "tool":
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


def _match_by_count(left: list[tuple[At, int | None]], open_calls: dict[int, list[_Call]]) -> None:
    ids = [call.id for calls in open_calls.values() for call in calls]  # not hashable, if odd
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
            wanted = at.message.get("tool_call_id") or at.message.get("name")
            what = (
                f"is a second result for the tool call {wanted!r}"
                if known
                else f"is a result for the tool call {wanted!r}, which no message before it makes"
            )
            raise _unmatched(at.place, what)
        for call, at in zip(waiting, results, strict=True):
            call.result = at._replace(message={**at.message, "tool_call_id": call.id})


def _refuse_missing_results(history: list[At], open_calls: dict[int, list[_Call]]) -> None:
    for place, calls in open_calls.items():
        missing = [call for call in calls if call.result is None]
        if missing and (len(missing) < len(calls) or place < len(history) - 1):
            names = ", ".join(f"{call.name} ({call.id!r})" for call in missing)
            what = f"calls {names}, and no message has the result"
            raise _unmatched(history[place].place, what)


def with_result_names(messages: Sequence[Any]) -> list[Any]:
    """`messages` with each result of a tool named after its call."""
    names: dict[str, object] = {}  # by the text of an id, which may be anything
    out = list(messages)
    for place, message in enumerate(messages):
        if message.__class__ is not dict:
            continue
        calls = message.get("tool_calls")
        for call in calls if calls.__class__ is list else ():
            if call.__class__ is dict:
                function = call.get("function")
                named = function.get("name") if function.__class__ is dict else None
                names[str(call.get("id"))] = named
        if message.get("role") == "tool" and not message.get("name"):
            name = names.get(str(message.get("tool_call_id")))
            if name:
                out[place] = {**message, "name": name}
    return out


def _unmatched(place: int, what: str) -> InvalidRequestError:
    where = f"messages[{place}]"
    advice = "with its id, before the conversation goes on."
    message = f"{where} {what}. Each tool call needs one message of role tool {advice}"
    return InvalidRequestError(message, param=where, repair="tool-result-order")
