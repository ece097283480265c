"""Read tool calls, whole or in the fragments of a stream, and give each an id of its own."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..settings import Settings
    from ..table import RepairName

NO_ARGUMENTS = "{}"
"""What a call without parameters has for arguments."""

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


def whole_calls(
    calls: Sequence[Any], seed: str, choice: int, settings: Settings, applied: set[RepairName]
) -> Sequence[Any]:
    """The calls of a whole message, each once, with an id of its own and arguments as JSON text.

    `CallAdapter` does the same with those of a stream. The same object, if it needs nothing.
    """
    on = settings.on
    out: list[Any] = []
    as_sent: list[tuple[object, object, object]] = []
    for call in calls:
        new = call
        if is_object(call) and not call.get("type") and on("missing-fields"):
            applied.add("missing-fields")
            new = {**call, "type": "function"}
        function = function_of(call)
        if function and on("tool-call-arguments"):
            text = _text(function.get("arguments"))
            text = _arguments(text)
            if text != function.get("arguments"):
                applied.add("tool-call-arguments")
                function = {**function, "arguments": text}
                new = {**new, "function": function}
        id = call.get("id") if is_object(call) else None
        same = (id, function.get("name"), function.get("arguments"))
        if id and function and same in as_sent and on("repeated-calls"):
            applied.add("repeated-calls")
            first = as_sent.index(same)
            out[first] = {**new, **out[first]}
            continue
        taken = not id or id in [known for known, *_ in as_sent]
        if taken and is_object(call) and on("tool-call-ids"):
            applied.add("tool-call-ids")
            new = {**new, "id": call_id(seed, choice, len(out))}
        out.append(new)
        as_sent.append(same)
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

    def add(self, arguments: str) -> str:
        """Let the arguments grow, at a cost that does not grow with them; gives what was added."""
        if not self._arguments and _is_nothing(arguments):
            return ""
        if arguments:
            self._arguments.append(arguments)
        return arguments

    @property
    def arguments(self) -> str:
        """The JSON text so far."""
        if len(self._arguments) > 1:
            self._arguments = ["".join(self._arguments)]
        return self._arguments[0] if self._arguments else ""

    @property
    def has_arguments(self) -> bool:
        """Whether any came."""
        return bool(self._arguments)

    @property
    def is_complete(self) -> bool:
        """Whether nothing more can come of the arguments."""
        last = self._arguments[-1].rstrip() if self._arguments else ""
        return last[-1:] in ("", "}") and _is_json_object(self.arguments)

    def whole(self) -> dict[str, Any]:
        """The call as a whole message would have it."""
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.id, "type": "function", "function": function, **self.extra}


class Merged(NamedTuple):
    """The call that a delta is of, and what the delta added to its arguments.

    `repeats`: nothing, for it is the whole call once more.
    """

    call: StreamedCall
    added: str
    repeats: bool = False


class CallMerger:
    """The tool calls of one choice of a stream, in the order in which they began.

    A delta continues the call that has its id; without one, the last call, unless it names another
    function, comes in the same delta, or that call's arguments are complete. A name that comes once
    more without arguments begins a call, too: one of the same function without arguments.
    Arguments that follow such a name are its own, unless they are whole and nothing, no index and
    no id, tells calls apart. Google's `index` may be missing, null, always 0 or that of another
    call, so it counts last. A whole call that comes again, with its id, is the same call, unless
    `once` is False.
    """

    def __init__(self, *, once: bool = True) -> None:
        self.calls: list[StreamedCall] = []
        self._once = once
        self._in_delta: list[StreamedCall] = []
        # A look at all calls for each would cost more and more.
        self._by_id: dict[str, list[StreamedCall]] = {}
        self._by_index: dict[object, StreamedCall] = {}

    def next_delta(self) -> None:
        """What is added from here on is of another delta."""
        self._in_delta.clear()

    def add(self, index: object, id: str | None, name: str, arguments: str) -> Merged:
        """The call that these parts of a delta are of; it is new if they begin one."""
        known = self._by_id.get(id, []) if id else []
        for call in known if self._once and arguments else ():
            if call.is_complete and _is_repeated(call, name, arguments):
                return Merged(call, "", repeats=True)
        found = self._continued(index, id, name, arguments, known)
        if found is None:
            found = StreamedCall(len(self.calls), index, id or "", name)
            self.calls.append(found)
            if isinstance(index, int):
                self._by_index[index] = found
        if id and not found.raw_id:
            found.raw_id = id
        self.identify(found, found.raw_id)
        found.name = found.name or name
        self._in_delta.append(found)
        return Merged(found, found.add(arguments))

    def identify(self, call: StreamedCall, id: str) -> None:
        """Find `call` by this id, too, if it is one."""
        calls = self._by_id.setdefault(id, []) if id else [call]
        if call not in calls:
            calls.append(call)
            if len(calls) > 1:
                calls.sort(key=lambda one: one.index)

    def _continued(
        self,
        index: object,
        id: str | None,
        name: str,
        arguments: str,
        known: Sequence[StreamedCall],
    ) -> StreamedCall | None:
        if known:
            again = self._is_named_again(known[-1], name) and not (
                self._once and _arguments(arguments) == _arguments(known[-1].arguments)
            )
            return None if again or _is_another(known[-1], name, arguments) else known[-1]
        last = self._last_with(index)
        if last is None:
            return None
        if not name:
            # An id alone begins nothing: some servers make one for every delta. But nothing can be
            # added to arguments that are complete.
            return None if id and arguments.strip() and last.is_complete else last
        begins = (
            bool(id and (last.raw_id or last.name))
            or _is_named_otherwise(last, name)
            or last.is_complete
            or self._is_named_again(last, name)
            or (bool(last.name) and _has_no_part_in(last, index, arguments))
        )
        return None if begins else last

    def _is_named_again(self, call: StreamedCall, name: str) -> bool:
        """Whether a call is named a second time in one delta, where each call is named once."""
        return bool(name and call.name) and call in self._in_delta

    def _last_with(self, index: object) -> StreamedCall | None:
        """The last call with this index, if calls have different ones; else the last of all."""
        if isinstance(index, int):
            if index in self._by_index:
                return self._by_index[index]
            if self.calls and isinstance(self.calls[-1].raw_index, int):
                return None
        return self.calls[-1] if self.calls else None


class CallAdapter:
    """Rewrites the tool call deltas of one choice: an opening with id and name, then arguments.

    `seed` and `choice` give an id to calls that have none of their own.
    """

    def __init__(
        self, seed: str, choice: int, settings: Settings, applied: set[RepairName]
    ) -> None:
        self._seed = seed
        self._choice = choice
        self._on = settings.on
        self._applied = applied
        self._merger = CallMerger(once=settings.on("repeated-calls"))
        self._named: set[int] = set()  # calls whose name was sent on
        self._ids: set[str] = set()

    def next_delta(self) -> None:
        """The items that follow are of another delta."""
        self._merger.next_delta()

    def adapt(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """One item of a delta as OpenAI would have sent it; None where all of it is known."""
        function = function_of(item)
        text = _text(function.get("arguments"))
        began = len(self._merger.calls)
        id, name = item.get("id"), function.get("name") or ""
        call, arguments, repeats = self._merger.add(
            item.get("index"), id if isinstance(id, str) else None, name, text
        )
        extra = {k: v for k, v in item.items() if k not in {"index", "id", "type", "function"}}
        if repeats:
            self._applied.add("repeated-calls")
            extra = {key: value for key, value in extra.items() if key not in call.extra}
            if not extra:
                return None
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

    def end(self, items: list[Any]) -> list[Any]:
        """The last `items` of the stream, with arguments for the calls that never got any."""
        if not self._on("tool-call-arguments"):
            return items
        out = list(items)
        for call in self._merger.calls:
            if call.arguments:
                continue
            self._applied.add("tool-call-arguments")
            call.add(NO_ARGUMENTS)
            for place, item in enumerate(out):
                if is_object(item) and item.get("index") == call.index:
                    function = {**function_of(item), "arguments": NO_ARGUMENTS}
                    out[place] = {**item, "function": function}
                    break
            else:
                out.append({"index": call.index, "function": {"arguments": NO_ARGUMENTS}})
        return out

    def whole(self) -> list[dict[str, Any]]:
        """All calls, as a whole message would have them."""
        return [call.whole() for call in self._merger.calls]

    def _identify(self, call: StreamedCall) -> None:
        if self._on("tool-call-ids") and (call.id in self._ids or not call.id):
            call.id = call_id(self._seed, self._choice, call.index)
            self._merger.identify(call, call.id)
        self._ids.add(call.id)


def _text(arguments: object) -> str:
    """Arguments, or a part of them, as JSON text."""
    if isinstance(arguments, str):
        return arguments
    return "" if arguments is None else json.dumps(arguments, ensure_ascii=False)


def _is_nothing(arguments: str) -> bool:
    """Whether these are all the arguments of a call that has none."""
    return not arguments.strip() or arguments.strip() == "null"


def _arguments(text: str) -> str:
    return NO_ARGUMENTS if _is_nothing(text) else text


def _has_no_part_in(call: StreamedCall, index: object, arguments: str) -> bool:
    """Whether arguments that come with the name of `call` once more cannot be a part of its own."""
    if call.has_arguments:
        return False
    told_apart = isinstance(index, int) or bool(call.raw_id)
    return _is_nothing(arguments) or (not told_apart and _is_json_object(arguments))


def _is_repeated(call: StreamedCall, name: str, arguments: str) -> bool:
    return arguments == call.arguments and not _is_named_otherwise(call, name)


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
