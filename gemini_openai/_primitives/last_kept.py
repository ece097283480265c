"""Remember a bounded number of things, for several threads at once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from .fork import start_over_in_child

K = TypeVar("K")
V = TypeVar("V")


class LastKept(Generic[K, V]):
    """The last `limit` values that were kept or asked for, by their keys.

    Safe to use from several threads, and in forked children. Has no pickle: what is remembered
    belongs to one process.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: OrderedDict[K, V] = OrderedDict()
        self._start_over()
        start_over_in_child(self)

    def _start_over(self) -> None:
        """No lock is held: so it is at first, and in a forked child."""
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def keep(self, key: K, value: V) -> None:
        """Remember `value`, and forget what was longest not kept or asked for."""
        with self._lock:
            self._known[key] = value
            self._known.move_to_end(key)
            while len(self._known) > self._limit:
                self._known.popitem(last=False)

    def get(self, key: K) -> V | None:
        """What was kept under a key; None where that is nothing, or was forgotten."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found
