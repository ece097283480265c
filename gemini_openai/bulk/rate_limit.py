"""Tell when each call may go, by quotas per minute and by refusals. No I/O, no clock.

Times are passed in, in seconds from any start (`time.monotonic()`); who asks does the waiting.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from .._primitives.fork import start_over_in_child

__all__ = ["Grant", "RateLimiter"]

GROWTH = 0.25
"""What one call that succeeds adds to a lowered limit: a quarter of it in a minute of full use."""


@dataclass(eq=False)
class Grant:
    """Leave for one request: when it was given, the tokens put down for it, what came of it."""

    at: float
    tokens: float
    refused: bool = False
    counted: bool = True
    """Whether it still lies in the window."""


class RateLimiter:
    """Requests and tokens per minute, kept in every window of 60 seconds, and learnt from refusals.

    The moments of the last minute are written down, so the limits hold for any minute one may cut
    out, not only on average. A refusal (429) stops everyone until the server wants to hear again,
    and lowers the limit to what the server let through in the last minute; each success raises it
    by a quarter of a request, back to `rpm` if that was given.

    Any number of threads and event loops may share one. Several processes cannot: give each its
    part, `RateLimiter(rpm=600 / workers)`.

    Args:
        rpm: requests per minute; None for as many as the server takes. Below 1 it is one request
            in so many minutes; above it is rounded down.
        tpm: tokens per minute. Google counts those of the prompts.
        per: seconds in the minute.

    Raises:
        ValueError: a limit is not above zero.
    """

    def __init__(
        self, *, rpm: float | None = None, tpm: float | None = None, per: float = 60.0
    ) -> None:
        for name, value in (("rpm", rpm), ("tpm", tpm), ("per", per)):
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be above zero, not {value!r}; None means no limit.")
        self.rpm = rpm
        self.tpm = tpm
        self._window = per if rpm is None or rpm >= 1 else per / rpm
        self._sent: deque[Grant] = deque()
        self._learnt: float | None = None
        self._paused_until = float("-inf")
        self._start_over()
        start_over_in_child(self)

    def _start_over(self) -> None:
        """No lock is held: so it is at first, and in a forked child.

        The child remembers the requests before the fork. A thread may have been adding one.
        """
        self._lock = threading.Lock()
        self._tokens = sum((grant.tokens for grant in self._sent), 0.0)

    @property
    def limit(self) -> float | None:
        """The requests per minute it allows now: `rpm`, or less after refusals."""
        return self.rpm if self._learnt is None else self._learnt

    def ask(self, now: float, tokens: float = 0) -> Grant | float:
        """Leave for a request of so many tokens, or the time at which to ask again.

        A request of more tokens than `tpm` gets leave when no other is in the window: whether it
        is too large is the server's to say.
        """
        with self._lock:
            self._forget(now)
            if now < self._paused_until:
                return self._paused_until
            limit = self.limit
            if limit is not None and len(self._sent) >= (most := max(int(limit), 1)):
                return self._sent[len(self._sent) - most].at + self._window
            if self.tpm is not None and self._tokens + tokens > self.tpm and self._tokens > 0:
                return self._free_at(tokens, self.tpm)
            grant = Grant(now, tokens)
            self._sent.append(grant)
            self._tokens += tokens
            return grant

    def succeeded(self, grant: Grant, tokens: float | None = None) -> None:
        """The request was answered; `tokens` is what it really took, None if nobody knows."""
        with self._lock:
            if tokens is not None and grant.counted:
                self._tokens += tokens - grant.tokens
                grant.tokens = tokens
            if self._learnt is not None:
                self._learnt += GROWTH
                if self.rpm is not None and self._learnt >= self.rpm:
                    self._learnt = None

    def refused(self, grant: Grant, now: float, wait: float) -> None:
        """The request got a 429; `wait` is the seconds until the server wants to hear again."""
        with self._lock:
            self._forget(now)
            grant.refused = True
            self._paused_until = max(self._paused_until, now + wait)
            accepted = sum(not sent.refused for sent in self._sent)
            # None accepted says that the quota was used up before, not how large it is. What is
            # still on its way counts as accepted, so each refusal of a burst reckons anew.
            seen = max(1.0, accepted or len(self._sent) / 2)
            self._learnt = seen if self.rpm is None else min(self.rpm, seen)

    def __reduce__(self) -> str:
        raise TypeError(
            "A RateLimiter cannot be pickled: it knows only the calls of its own process. Make one "
            "in each, with its part of the quota: RateLimiter(rpm=... / workers)."
        )

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0].at + self._window <= now:
            grant = self._sent.popleft()
            grant.counted = False
            self._tokens -= grant.tokens
        if not self._sent:
            self._tokens = 0.0  # nothing is left of rounding either

    def _free_at(self, tokens: float, most: float) -> float:
        """When so many of the oldest requests have left the window that the tokens fit in."""
        left = self._tokens
        leaving = self._sent[0]
        for leaving in self._sent:
            left -= leaving.tokens
            if left + tokens <= most:
                break
        return leaving.at + self._window
