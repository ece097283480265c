"""A history on its way through the repairs: each message knows its place in the caller's list."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NamedTuple

from ...._primitives.json_types import is_object
from ...notes import Note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...table import RepairName

SYSTEM_ROLES = ("system", "developer")
ASSISTANT_ROLES = ("assistant", "model")
"""`model` is Google's own name for the assistant, which its samples use in this protocol too."""


class At(NamedTuple):
    """A message, and its place in the history the caller gave."""

    place: int
    message: Any

    def having(self, message: Any) -> At:
        """The same place with another message; the same object if it is no other."""
        return self if message is self.message else At(self.place, message)


def role_of(message: Any) -> object:
    """The role of a message, None if it has none."""
    return message.get("role") if is_object(message) else None


def note_changes(
    repair: RepairName, what: str, before: Iterable[At], after: Iterable[At], notes: list[Note]
) -> None:
    """Add a note with the places of the messages that changed, moved or went, if any did."""
    before, after = list(before), list(after)
    if len(before) == len(after) and all(map(operator.is_, before, after)):
        return
    old = {at.place: (place, at.message) for place, at in enumerate(before)}
    new = {at.place: (place, at.message) for place, at in enumerate(after)}
    if old.keys() == new.keys():
        changed = [i for i in old if old[i][0] != new[i][0] or old[i][1] is not new[i][1]]
    else:
        changed = [i for i in old if i not in new or old[i][1] is not new[i][1]]
    if changed:
        notes.append(Note(repair, f"{what}: {listed(changed)}"))


def listed(places: Iterable[int]) -> str:
    """Places as the caller writes them."""
    return ", ".join(f"messages[{i}]" for i in sorted(places))


def is_text_part(part: dict[str, Any]) -> bool:
    """Whether a part of a message is text, which it may be without saying so."""
    kind = part.get("type")
    return kind == "text" or (kind is None and "text" in part)
