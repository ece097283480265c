"""Decide whether to try again, and when; the clock and the random numbers are passed in."""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from .._constants import INITIAL_RETRY_DELAY, MAX_RETRY_DELAY, RETRY_JITTER
from .._primitives.numbers import LONGEST_WAIT, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..dialect import ErrorReport

RETRIED_STATUS = frozenset({408, 409, 429})


class Policy(NamedTuple):
    """How one call is retried; `now` gives seconds since the epoch, `random` a number in [0, 1)."""

    max_retries: int
    budget: float
    now: Callable[[], float]
    random: Callable[[], float]


class Decision(NamedTuple):
    """Seconds to wait before the next attempt; None for no other, with a reason worth telling."""

    wait: float | None
    reason: str | None = None


def after_refusal(
    status: int,
    headers: Mapping[str, str],
    report: ErrorReport,
    *,
    attempt: int,
    waited: float,
    policy: Policy,
) -> Decision:
    """Decide on a refused request; `attempt` counts from 0, `waited` is the seconds spent so far.

    `x-should-retry` decides alone. Else 408, 409, 429 and 5xx are tried again, after the time the
    server asks for if the budget allows it (asking again earlier would be refused again), and
    after an exponential backoff if it asks for none.
    """
    told = headers.get("x-should-retry")
    if told == "false" or (told != "true" and status not in RETRIED_STATUS and status < 500):
        return Decision(None)
    if report.hopeless and told != "true":
        return Decision(None, f"not retried: {report.hopeless}")
    if attempt >= policy.max_retries:
        return Decision(None)
    asked = _asked_wait(headers, policy.now)
    if asked is None:
        asked = report.retry_after
    if asked is None or asked <= 0:
        return Decision(min(backoff(attempt, policy.random), max(policy.budget - waited, 0.0)))
    if waited + asked > policy.budget:
        return Decision(
            None,
            f"not retried: the server asks to wait {asked:.0f} s, and this call may wait "
            f"{max(policy.budget - waited, 0):.0f} s more (retry_budget={policy.budget:g})",
        )
    return Decision(asked)


def advice_to(
    status: int, headers: Mapping[str, str], report: ErrorReport, *, budget: float, now: float
) -> tuple[dict[str, str], str | None]:
    """The headers that tell another client what `after_refusal` would do, and a reason to tell.

    No time is named where waiting for it would not help: clients would wait, and be refused.
    """
    policy = Policy(1, budget, now=lambda: now, random=lambda: 0.0)
    decision = after_refusal(status, headers, report, attempt=0, waited=0.0, policy=policy)
    if decision.wait is None:
        return {"x-should-retry": "false"}, decision.reason
    told = {"x-should-retry": "true"} if headers.get("x-should-retry") == "true" else {}
    asked = _asked_wait(headers, policy.now) or report.retry_after
    if asked is None or asked <= 0:
        return told, None
    wait = {"retry-after": str(ceil(asked)), "retry-after-ms": str(ceil(asked * 1000))}
    return told | wait, None


def after_failure(*, attempt: int, waited: float, policy: Policy) -> Decision:
    """Decide on a request that got no answer at all."""
    if attempt >= policy.max_retries:
        return Decision(None)
    return Decision(min(backoff(attempt, policy.random), max(policy.budget - waited, 0.0)))


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """0.5, 1, 2, 4, 8, 8, … seconds, less up to a quarter by chance."""
    return float(min(INITIAL_RETRY_DELAY * 2.0 ** min(attempt, 10), MAX_RETRY_DELAY)) * (
        1 - RETRY_JITTER * random()
    )


def _asked_wait(headers: Mapping[str, str], now: Callable[[], float]) -> float | None:
    """Seconds asked for by `retry-after-ms`, or by `retry-after` as a number or a date.

    None for what is neither.
    """
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if (asked := seconds(headers.get(name, ""))) is not None:
            return asked * scale
    try:
        moment = parsedate_to_datetime(headers["retry-after"])
        if moment.tzinfo is None:  # it says -0000, which is UTC
            moment = moment.replace(tzinfo=timezone.utc)
        asked = moment.timestamp() - now()
    except (KeyError, ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return asked if asked <= LONGEST_WAIT else None
