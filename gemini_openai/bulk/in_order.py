"""Results as they come to the order in which they are handed out."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")


class Waiting(Generic[ResultT]):
    """Results that nobody has taken yet: by their numbers from 0 up, or as they came."""

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._next = 0
        self._early: dict[int, ResultT] = {}
        self._ready: deque[ResultT] = deque()

    def put(self, number: int, result: ResultT) -> None:
        """Result `number` has come."""
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
        """The next result; only if there is one."""
        return self._ready.popleft()


class Raised:
    """What work that should not raise did raise, on its way to the one who iterates."""

    def __init__(self, trouble: BaseException) -> None:
        self.trouble = trouble


def checked_bounds(concurrency: int, look_ahead: int | None) -> tuple[int, int]:
    """How many calls at once, and how many items at most are taken in before their results go out.

    The second is four times the first if not given: room for the calls behind a slow one.
    Raises `ValueError` if one is below 1.
    """
    for name, value in (("concurrency", concurrency), ("look_ahead", look_ahead)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be 1 or more, not {value!r}.")
    return concurrency, 4 * concurrency if look_ahead is None else look_ahead
