"""When to try again, with a clock that stands still and random numbers that are known."""

from __future__ import annotations

import pytest

from gemini_openai._call.retry import Decision, Policy, after_failure, after_refusal, backoff
from gemini_openai.dialect.refusals.errors import ErrorReport

NOW = 1_769_093_697.0  # Thu, 22 Jan 2026 14:54:57 GMT


def decide(
    status: int,
    report: ErrorReport | None = None,
    *,
    attempt: int = 0,
    waited: float = 0.0,
    budget: float = 120.0,
    dice: float = 0.0,
    **headers: str,
) -> Decision:
    return after_refusal(
        status,
        {name.replace("_", "-"): value for name, value in headers.items()},
        report or ErrorReport(),
        attempt=attempt,
        waited=waited,
        policy=Policy(2, budget, now=lambda: NOW, random=lambda: dice),
    )


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_passing_troubles_are_tried_again(status: int) -> None:
    assert decide(status).wait == 0.5


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 413, 422])
def test_others_are_not(status: int) -> None:
    assert decide(status).wait is None


def test_the_server_overrules_the_status() -> None:
    assert decide(400, x_should_retry="true").wait == 0.5
    assert decide(503, x_should_retry="false").wait is None


def test_the_server_overrules_a_quota_that_is_used_up() -> None:
    report = ErrorReport(hopeless="the daily quota is used up")
    assert decide(429, report, x_should_retry="true") == Decision(0.5)


def test_there_is_an_end() -> None:
    assert decide(503, attempt=2).wait is None
    assert decide(400, attempt=2, x_should_retry="true").wait is None


def test_the_backoff_grows_to_eight_seconds_and_shrinks_by_up_to_a_quarter() -> None:
    assert [backoff(n, lambda: 0.0) for n in (0, 1, 2, 3, 4, 5, 2000)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert backoff(1, lambda: 1.0) == 0.75


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "3"}, 3.0),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
        ({"retry_after": "Thu, 22 Jan 2026 14:55:07 GMT"}, 10.0),
        ({"retry_after": "soon"}, 0.5),
        ({"retry_after": "-1"}, 0.5),
        ({"retry_after": "Thu, 22 Jan 2026 14:54:47 GMT"}, 0.5),
    ],
)
def test_the_wait_the_headers_ask_for_is_kept(headers: dict[str, str], wait: float) -> None:
    assert decide(503, **headers).wait == wait


def test_the_wait_in_googles_body_is_kept() -> None:
    assert decide(429, ErrorReport(retry_after=41.7)).wait == 41.7


def test_a_header_goes_before_the_body() -> None:
    assert decide(429, ErrorReport(retry_after=41.7), retry_after="2").wait == 2


def test_a_wait_beyond_the_budget_is_no_wait() -> None:
    decision = decide(429, ErrorReport(retry_after=41.7), waited=90)
    assert decision.wait is None
    assert decision.reason is not None
    assert "42 s" in decision.reason
    assert "30 s more" in decision.reason


def test_a_daily_quota_is_not_waited_for() -> None:
    decision = decide(429, ErrorReport(retry_after=1.0, hopeless="the daily quota is used up"))
    assert decision == Decision(None, "not retried: the daily quota is used up")


def test_the_backoff_keeps_within_the_budget() -> None:
    assert decide(503, budget=0).wait == 0
    policy = Policy(2, 0.3, now=lambda: NOW, random=lambda: 0.0)
    assert after_failure(attempt=0, waited=0.2, policy=policy).wait == pytest.approx(0.1)
    assert after_failure(attempt=2, waited=0.0, policy=policy).wait is None
