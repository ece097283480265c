"""Add up the pieces of an answer, at a cost per piece that does not grow with the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic

from ...._primitives.json_types import is_array, is_object
from ....dialect import CallMerger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from ....types.chat.chat_completion import ChatCompletionTokenLogprob
    from ....types.chat.chat_completion_chunk import Choice, ChoiceDeltaToolCall

    Pieces: TypeAlias = Mapping[str, Any] | pydantic.BaseModel

# Strings that come whole, some with every delta; all others are pieces of a text.
_WHOLE = frozenset({"id", "name", "object", "role", "thought_signature", "type"})


class Text:
    """A string that grows by pieces, and is joined when it is read."""

    __slots__ = ("_pieces", "length")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0

    def add(self, piece: str) -> None:
        """Let the text grow."""
        self._pieces.append(piece)
        self.length += len(piece)

    def __str__(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def upto(self, length: int) -> str:
        """The text as it was when it had `length` characters."""
        text = str(self)
        return text if length == len(text) else text[:length]


class ChoiceSoFar:
    """A choice as the deltas so far make it.

    `message` and each of `tool_calls` are JSON objects as in a whole answer, with `Text` where text
    grows. `logprobs` has a list of tokens under `content` and under `refusal`, where any came.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self.finish_reason: str | None = None
        self.message: dict[str, Any] = {}
        self.logprobs: dict[str, list[ChatCompletionTokenLogprob]] = {}
        self.extra: dict[str, Any] = {}
        self._calls: dict[int, dict[str, Any]] = {}
        self._merger = CallMerger()
        self._places: list[int] = []  # in `_calls`, of each of the merger's

    @property
    def tool_calls(self) -> list[dict[str, Any]]:
        """The calls in the order of their indexes."""
        return [self._calls[index] for index in sorted(self._calls)]

    def add(self, choice: Choice) -> list[dict[str, Any]]:
        """Take in a choice of a chunk; gives the calls that its tool call deltas are of."""
        if choice.finish_reason:
            self.finish_reason = choice.finish_reason
        if choice.model_extra:
            self.extra.update(choice.model_extra)
        if choice.logprobs:
            for part in ("content", "refusal"):
                if tokens := getattr(choice.logprobs, part):
                    self.logprobs.setdefault(part, []).extend(tokens)
        merge(self.message, choice.delta, without="tool_calls")
        self._merger.next_delta()
        return [self._add_call(call) for call in choice.delta.tool_calls or ()]

    def text(self, field: str) -> Text | None:
        """A text of the message, or None if nothing of it came."""
        text = self.message.get(field)
        return text if isinstance(text, Text) else None

    def is_complete(self, call: dict[str, Any]) -> bool:
        """Whether nothing more can come of the arguments of a call."""
        return self._merger.calls[self._places.index(call["index"])].is_complete

    def _add_call(self, delta: ChoiceDeltaToolCall) -> dict[str, Any]:
        # The type's own 0 is no word of the server's: Gemini sends no index.
        index = delta.index if "index" in delta.model_fields_set else None
        name = delta.function.name if delta.function else None
        arguments = delta.function.arguments if delta.function else None
        merged, _, repeats = self._merger.add(index, delta.id, name or "", arguments or "")
        if merged.index == len(self._places):  # it begins here
            if index is None or index in self._calls:
                index = max(self._calls, default=-1) + 1
            self._places.append(index)
            function = {"name": "", "arguments": Text()}
            self._calls[index] = {
                "index": index,
                "id": "",
                "type": "function",
                "function": function,
            }
        call = self._calls[self._places[merged.index]]
        merge(
            call, delta.model_copy(update={"function": None}) if repeats else delta, without="index"
        )
        return call


def merge(into: dict[str, Any], pieces: Pieces, *, without: str = "") -> None:
    """Add to `into` what `pieces` say: texts and lists grow, objects go deeper, the rest replaces.

    What stands under `extra_content` comes whole; there the last word holds.
    """
    for name, value in _items(pieces):
        if value is None or name == without:
            continue
        known = into.get(name)
        if isinstance(value, str) and name not in _WHOLE:
            if not isinstance(known, Text):
                known = into[name] = Text()
            known.add(value)
        elif name == "extra_content" and is_object(value):
            into[name] = _laid_over(known, value)
        elif is_object(value) or isinstance(value, pydantic.BaseModel):
            if not is_object(known):
                known = into[name] = {}
            merge(known, value)
        elif is_array(value):
            if not is_array(known):
                known = into[name] = []
            _extend(known, value)
        elif value != "" or name not in into:
            into[name] = value


def _items(pieces: Pieces) -> Iterator[tuple[str, Any]]:
    return iter(pieces) if isinstance(pieces, pydantic.BaseModel) else iter(pieces.items())


def _laid_over(known: object, value: dict[str, Any]) -> dict[str, Any]:
    merged = dict(known) if is_object(known) else {}
    for name, item in value.items():
        merged[name] = _laid_over(merged.get(name), item) if is_object(item) else item
    return merged


def _extend(known: list[Any], items: list[Any]) -> None:
    """Add items; those with an `index` that is there already are more of that item."""
    for item in items:
        if not (is_object(item) and isinstance(item.get("index"), int)):
            known.append(item)
            continue
        same = (old for old in reversed(known) if is_object(old) and old["index"] == item["index"])
        target = next(same, None)
        if target is None:
            known.append(target := {"index": item["index"]})
        merge(target, item, without="index")


def plain(value: Any) -> Any:
    """`value` as JSON: every `Text` in it joined."""
    if isinstance(value, Text):
        return str(value)
    if is_object(value):
        return {name: plain(item) for name, item in value.items()}
    if is_array(value):
        return [plain(item) for item in value]
    return value
