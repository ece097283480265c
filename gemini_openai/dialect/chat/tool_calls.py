"""Read tool calls, whole or in the fragments of a stream, and give each an id of its own."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def calls_of(message: Any) -> list[Any]:
    """The tool calls of an assistant message."""
    calls = message.get("tool_calls") if is_object(message) else None
    return calls if is_array(calls) else []


def function_of(call: Any) -> dict[str, Any]:
    """The `function` of a tool call, empty where there is none."""
    function = call.get("function") if is_object(call) else None
    return function if is_object(function) else {}


def made_id(prefix: str, length: int, *seed: object) -> str:
    """An id of `length` letters or digits after `prefix`; the same seed gives the same id."""
    digest = sha256("\x1f".join(map(str, seed)).encode("utf-8", "surrogatepass")).digest()
    return prefix + "".join(_ALPHABET[byte % 62] for byte in digest[:length])


def call_id(*seed: object) -> str:
    """The id of a tool call, in OpenAI's form."""
    return made_id("call_", 24, *seed)


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


class StreamedCall:
    """A call of a stream, and what has come of it so far."""

    def __init__(self, index: int, raw_index: object, raw_id: str, name: str) -> None:
        self.index = index
        self.raw_index = raw_index
        self.raw_id = raw_id
        self.name = name
        self.id = raw_id
        self.extra: dict[str, Any] = {}
        self._arguments: list[str] = []

    def add(self, arguments: str) -> None:
        """Let the arguments grow, at a cost that does not grow with them."""
        if arguments:
            self._arguments.append(arguments)

    @property
    def arguments(self) -> str:
        """The JSON text so far."""
        self._arguments = ["".join(self._arguments)]
        return self._arguments[0]

    @property
    def is_complete(self) -> bool:
        """Whether nothing more can come of the arguments."""
        last = self._arguments[-1].rstrip() if self._arguments else ""
        return last[-1:] in ("", "}") and _is_json_object(self.arguments)

    def whole(self) -> dict[str, Any]:
        """The call as a whole message would have it."""
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.id, "type": "function", "function": function, **self.extra}


class CallMerger:
    """The tool calls of one choice of a stream, in the order in which they began.

    A delta continues the call that has its id; without one, the last call, unless it names another
    function, or that call's arguments are complete. Google's `index` may be missing, null, always 0
    or that of another call, so it counts last.
    """

    def __init__(self) -> None:
        self.calls: list[StreamedCall] = []

    def add(self, index: object, id: str | None, name: str, arguments: str) -> StreamedCall:
        """The call that these parts of a delta are of; it is new if they begin one."""
        call = self._continued(index, id, name, arguments)
        if call is None:
            call = StreamedCall(len(self.calls), index, id or "", name)
            self.calls.append(call)
        call.raw_id = call.raw_id or id or ""
        call.name = call.name or name
        call.add(arguments)
        return call

    def _continued(
        self, index: object, id: str | None, name: str, arguments: str
    ) -> StreamedCall | None:
        if id:
            known = [call for call in self.calls if id in (call.raw_id, call.id)]
            if known:
                return None if _is_another(known[-1], name, arguments) else known[-1]
        last = self._last_with(index)
        if last is None or not name:
            return last  # an id alone begins nothing: some servers make one for every delta
        begins = bool(id and last.raw_id) or _is_named_otherwise(last, name) or last.is_complete
        return None if begins else last

    def _last_with(self, index: object) -> StreamedCall | None:
        """The last call with this index, if calls have different ones; else the last of all."""
        if isinstance(index, int):
            with_index = [call for call in self.calls if call.raw_index == index]
            if with_index:
                return with_index[-1]
            if self.calls and isinstance(self.calls[-1].raw_index, int):
                return None
        return self.calls[-1] if self.calls else None


class CallAdapter:
    """Rewrites the tool call deltas of one choice: an opening with id and name, then arguments.

    `seed` and `choice` give an id to calls that have none of their own, if there is a seed.
    """

    def __init__(self, seed: str | None, choice: int) -> None:
        self._seed = seed
        self._choice = choice
        self._merger = CallMerger()
        self._named: set[int] = set()  # calls whose name was sent on

    def adapt(self, item: dict[str, Any]) -> dict[str, Any]:
        """One item of a delta as OpenAI would have sent it."""
        function = function_of(item)
        arguments = _text(function.get("arguments"), nothing="")
        began = len(self._merger.calls)
        id, name = item.get("id"), function.get("name") or ""
        call = self._merger.add(
            item.get("index"), id if isinstance(id, str) else None, name, arguments
        )
        extra = {k: v for k, v in item.items() if k not in {"index", "id", "type", "function"}}
        call.extra.update(extra)
        out: dict[str, Any] = {"index": call.index}
        if call.index == began:
            self._identify(call)
            out.update(id=call.id, type="function")
            out["function"] = {**function, "name": name, "arguments": arguments}
        else:
            out["function"] = {"arguments": arguments}
            if call.name and call.index not in self._named:
                out["function"]["name"] = call.name
        if call.name:
            self._named.add(call.index)
        out.update(extra)
        return item if out == item else out

    def whole(self) -> list[dict[str, Any]]:
        """All calls, as a whole message would have them."""
        return [call.whole() for call in self._merger.calls]

    def _identify(self, call: StreamedCall) -> None:
        taken = any(other.id == call.id for other in self._merger.calls[: call.index])
        if self._seed is not None and (taken or not call.id):
            call.id = call_id(self._seed, self._choice, call.index)


def _is_another(call: StreamedCall, name: str, arguments: str) -> bool:
    """Whether an item with the id of `call` is nevertheless another call."""
    complete = bool(name) and call.is_complete and _is_json_object(arguments)
    return complete or _is_named_otherwise(call, name)


def _is_named_otherwise(call: StreamedCall, name: str) -> bool:
    return bool(name and call.name) and name != call.name


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
