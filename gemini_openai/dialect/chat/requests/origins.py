"""Say which of the caller's messages one that was sent comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PLACE = "\0place"
"""A key that no message has; repairs keep the keys they do not know."""


def message_origins(
    asked: Mapping[str, Any],
    sent: Mapping[str, Any],
    adapt: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> Sequence[int | None]:
    """For each message of `sent`, its place in `asked`; None, or nothing, where it is not known.

    Repairs leave messages out, join them and put them in another order. What they did is found by
    doing it again to messages that carry their places: only after a refusal is that worth its time.
    """
    messages, after = asked.get("messages"), sent.get("messages")
    if not is_array(messages) or not is_array(after):
        return ()
    if after is messages:
        return range(len(messages))
    marked = [{**m, _PLACE: place} if is_object(m) else m for place, m in enumerate(messages)]
    try:
        again = adapt({**asked, "messages": marked}).get("messages")
    except ValueError:
        return ()
    if not is_array(again) or len(again) != len(after):
        return ()
    return [m.get(_PLACE) if is_object(m) else None for m in again]
