"""Describe calls in bulk, for threads and for tasks alike: how one is made, limited and retried."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import random
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .._call.retry import Policy
from .rate_limit import RateLimiter
from .token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .._base_client import BaseClient

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")
OutT = TypeVar("OutT")

BEGUN_BEFORE_FORK = (
    "These calls were begun before this process was forked, and are made in its parent. "
    "Begin those whose results are wanted here in this process."
)


@dataclass(frozen=True)
class MapResult(Generic[RequestT, ResultT]):
    """What became of one request: a result, or the error that a call of its own would raise.

    Attributes:
        index: the place of the request among all, from 0 up.
        request: the request as it was given.
        result: the answer; None if there is an error.
        error: what went wrong, after all retries; None if nothing did.
    """

    index: int
    request: RequestT
    result: ResultT | None = None
    error: Exception | None = None

    def unwrap(self) -> ResultT:
        """Give the result. Raises the error if there is one."""
        if self.error is not None:
            raise self.error
        return cast("ResultT", self.result)


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


class Calls(Generic[OutT]):
    """How items become calls, and calls become what is handed out.

    Args:
        client: whose retries the calls get, which `make` has to leave out.
        make: makes the call for an item, once; in an event loop it gives an awaitable.
        give: what is handed out for an item; may raise.
        concurrency: how many calls at once.
        tokens: estimates the tokens of an item's prompt.
        look_ahead: how many items at most are taken in before their results are taken out; four
            times `concurrency` if not given: room for the calls behind a slow one.
        ordered: whether results are handed out in the order of the items.

    Raises:
        ValueError: a number is out of range, or there are both a limiter and limits.
    """

    clock = staticmethod(time.monotonic)

    def __init__(
        self,
        client: BaseClient[Any, Any, Any],
        make: Callable[[Any], Any],
        give: Callable[[MapResult[Any, Any]], Iterable[OutT]],
        *,
        concurrency: int = 16,
        tokens: Callable[[Any], float] = estimate_tokens,
        look_ahead: int | None = None,
        rpm: float | None = None,
        tpm: float | None = None,
        limiter: RateLimiter | None = None,
        ordered: bool = True,
    ) -> None:
        for name, value in (("concurrency", concurrency), ("look_ahead", look_ahead)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be 1 or more, not {value!r}.")
        if limiter is None:
            limiter = RateLimiter(rpm=rpm, tpm=tpm)
        elif rpm is not None or tpm is not None:
            raise ValueError(
                "Give limiter=, which has limits of its own, or rpm= and tpm=, not both."
            )
        self.make, self.give, self.tokens = make, give, tokens
        self.concurrency, self.ordered, self.limiter = concurrency, ordered, limiter
        self.look_ahead = 4 * concurrency if look_ahead is None else look_ahead
        self.policy = Policy(client.max_retries, client.retry_budget, now=time.time, random=random)
