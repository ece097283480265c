"""Hand out results in the order of their items, or as they come."""

from __future__ import annotations

from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")


class ResultQueue(Generic[ResultT]):
    """Results that nobody has taken yet: by their numbers from 0 up, or as they came."""

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._came = 0
        self._next = 0
        self._results: dict[int, ResultT] = {}

    def put(self, number: int, result: ResultT) -> None:
        """Add the result of item `number`."""
        self._results[number if self._ordered else self._came] = result
        self._came += 1

    def __bool__(self) -> bool:
        return self._next in self._results

    def pop(self) -> ResultT:
        """Take out the next result; only if there is one."""
        result = self._results.pop(self._next)
        self._next += 1
        return result
