"""Hand out results in the order of their items, or as they come."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")


class ResultQueue(Generic[ResultT]):
    """Results that nobody has taken yet: by their numbers from 0 up, or as they came."""

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._next = 0
        self._early: dict[int, ResultT] = {}
        self._ready: deque[ResultT] = deque()

    def put(self, number: int, result: ResultT) -> None:
        """Add the result of item `number`."""
        if not self._ordered:
            self._ready.append(result)
            return
        self._early[number] = result
        while self._next in self._early:
            self._ready.append(self._early.pop(self._next))
            self._next += 1

    def __bool__(self) -> bool:
        return bool(self._ready)

    def pop(self) -> ResultT:
        """Take out the next result; only if there is one."""
        return self._ready.popleft()
