"""Tool calls as Gemini writes them, whole or in fragments, to calls as OpenAI would send them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_object
from .ids import call_id
from .messages import function_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def whole_calls(calls: Sequence[Any], seed: str, choice: int) -> Sequence[Any]:
    """The calls of a whole message, each with an id of its own, a type, and arguments as text."""
    seen: set[object] = set()
    out: list[Any] = []
    for number, call in enumerate(calls):
        if not is_object(call):
            out.append(call)
            continue
        changed = dict(call)
        if not call.get("id") or call["id"] in seen:
            changed["id"] = call_id(seed, choice, number)
        seen.add(changed["id"])
        changed.setdefault("type", "function")
        function = function_of(call)
        if function and not isinstance(function.get("arguments"), str):
            changed["function"] = {**function, "arguments": _text(function.get("arguments"))}
        out.append(call if changed == call else changed)
    return calls if out == calls else out


class _OpenCall:
    """A call of the stream, with what has come of it."""

    def __init__(self, index: int, raw_index: object, raw_id: object, name: str) -> None:
        self.index = index
        self.raw_index = raw_index
        self.raw_id = raw_id
        self.name = name
        self.id = ""
        self.arguments = ""
        self.extra: dict[str, Any] = {}

    @property
    def is_complete(self) -> bool:
        return _is_json_object(self.arguments)

    def whole(self) -> dict[str, Any]:
        """The call as a whole message would have it."""
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.id, "type": "function", "function": function, **self.extra}


class CallMerger:
    """The tool calls of one choice of a stream, in order.

    A delta continues the call that has its id; without one, the last call, unless it names another
    function, or that call's arguments are complete. Google's `index` may be missing, null, always 0
    or that of another call, so that it counts last.
    """

    def __init__(self, seed: str, choice: int, *, mint: bool = True) -> None:
        self._seed = seed
        self._choice = choice
        self._mints = mint
        self._calls: list[_OpenCall] = []

    def feed(self, item: dict[str, Any]) -> dict[str, Any]:
        """One item of a delta as OpenAI has it: an opening with id and name, or a continuation."""
        function = function_of(item)
        name = function.get("name") or ""
        arguments = _text(function.get("arguments"), nothing="")
        call = self._continued(item, name, arguments)
        opens = call is None
        if call is None:
            call = self._opened(item, name)
        extra = {k: v for k, v in item.items() if k not in {"index", "id", "type", "function"}}
        call.arguments += arguments
        call.extra.update(extra)
        out: dict[str, Any] = {"index": call.index}
        if opens:
            out.update(id=call.id, type="function")
            out["function"] = {**function, "name": name, "arguments": arguments}
        else:
            out["function"] = {"arguments": arguments}
        out.update(extra)
        return item if out == item else out

    def whole(self) -> list[dict[str, Any]]:
        """All calls, as a whole message would have them."""
        return [call.whole() for call in self._calls]

    def _opened(self, item: dict[str, Any], name: str) -> _OpenCall:
        number = len(self._calls)
        raw = item.get("id") or None
        call = _OpenCall(number, item.get("index"), raw, name)
        taken = any(other.id == raw for other in self._calls)
        call.id = raw if isinstance(raw, str) else ""
        if self._mints and (taken or not call.id):
            call.id = call_id(self._seed, self._choice, number)
        self._calls.append(call)
        return call

    def _continued(self, item: dict[str, Any], name: str, arguments: str) -> _OpenCall | None:
        """The call that an item is more of, or None if it opens one."""
        raw = item.get("id")
        if raw:
            known = [call for call in self._calls if raw in (call.raw_id, call.id)]
            return known[-1] if known and not _is_another(known[-1], name, arguments) else None
        last = self._last_with(item.get("index"))
        if last is None:
            return None
        if not name:
            return last
        return None if name != last.name or last.is_complete else last

    def _last_with(self, raw_index: object) -> _OpenCall | None:
        """The last call with this index, if calls have different ones; else the last of all."""
        if isinstance(raw_index, int):
            with_index = [call for call in self._calls if call.raw_index == raw_index]
            if with_index:
                return with_index[-1]
            if self._calls and isinstance(self._calls[-1].raw_index, int):
                return None
        return self._calls[-1] if self._calls else None


def _is_another(call: _OpenCall, name: str, arguments: str) -> bool:
    """Whether an item with the id of `call` is nevertheless another call."""
    if name and name != call.name:
        return True
    return bool(name) and call.is_complete and _is_json_object(arguments)


def _is_json_object(text: str) -> bool:
    if not text.rstrip().endswith("}"):
        return False
    try:
        return is_object(json.loads(text))
    except ValueError:
        return False


def _text(arguments: object, nothing: str = "{}") -> str:
    if isinstance(arguments, str):
        return arguments
    return nothing if arguments is None else json.dumps(arguments, ensure_ascii=False)
