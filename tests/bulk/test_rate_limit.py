"""The limiter by itself, with a clock that the test turns."""

from __future__ import annotations

import heapq
import pickle
from collections import deque
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from gemini_openai.bulk import RateLimiter
from gemini_openai.bulk.rate_limit import Grant


class Clock:
    """Asks a limiter until it gives leave, moving on to the times it names."""

    def __init__(self, limiter: RateLimiter) -> None:
        self.limiter = limiter
        self.now = 0.0

    def next_grant(self, tokens: float = 0) -> Grant:
        for _ in range(10_000):
            answer = self.limiter.ask(self.now, tokens)
            if isinstance(answer, Grant):
                return answer
            assert answer > self.now, "a time to come back that has come already"
            self.now = answer
        raise AssertionError("it never gives leave")


@given(
    rpm=st.integers(1, 30),
    idle=st.lists(st.floats(0, 90), min_size=1, max_size=120),
)
def test_no_window_of_60_seconds_has_more_requests_than_rpm(rpm: int, idle: list[float]) -> None:
    clock = Clock(RateLimiter(rpm=rpm))
    times = []
    for seconds in idle:
        clock.now += seconds
        times.append(clock.next_grant().at)
    assert all(earlier <= later for earlier, later in pairwise(times))
    for start in times:
        assert sum(start <= time < start + 60 for time in times) <= rpm


@given(
    tpm=st.integers(1, 1000),
    requests=st.lists(st.tuples(st.floats(0, 40), st.integers(0, 1500)), min_size=1, max_size=80),
)
def test_no_window_of_60_seconds_has_more_tokens_than_tpm(
    tpm: int, requests: list[tuple[float, int]]
) -> None:
    clock = Clock(RateLimiter(tpm=tpm))
    sent = []
    for seconds, tokens in requests:
        clock.now += seconds
        sent.append((clock.next_grant(tokens).at, tokens))
    for start, _ in sent:
        window = [tokens for time, tokens in sent if start <= time < start + 60 and tokens]
        assert sum(window) <= tpm or len(window) == 1  # one too large goes alone


@given(
    rpm=st.integers(1, 20),
    acts=st.lists(st.tuples(st.floats(0, 30), st.sampled_from(["ok", "429"])), max_size=80),
)
def test_refusals_only_ever_make_it_slower_than_rpm(
    rpm: int, acts: list[tuple[float, str]]
) -> None:
    clock = Clock(RateLimiter(rpm=rpm))
    times = []
    for seconds, outcome in acts:
        clock.now += seconds
        grant = clock.next_grant(5)
        times.append(grant.at)
        if outcome == "ok":
            clock.limiter.succeeded(grant, 7)
        else:
            clock.limiter.refused(grant, clock.now, 3.0)
            assert clock.limiter.ask(clock.now + 2.9) == pytest.approx(clock.now + 3.0)
        assert clock.limiter.limit is not None
        assert clock.limiter.limit <= rpm
    for start in times:
        assert sum(start <= time < start + 60 for time in times) <= rpm


def test_without_limits_nobody_waits() -> None:
    limiter = RateLimiter()
    assert all(isinstance(limiter.ask(0.0, 10**9), Grant) for _ in range(1000))


def test_the_quota_is_used_to_the_full() -> None:
    clock = Clock(RateLimiter(rpm=100))
    times = [clock.next_grant().at for _ in range(250)]
    assert times == [0.0] * 100 + [60.0] * 100 + [120.0] * 50


def test_an_estimate_that_was_too_high_gives_the_rest_back() -> None:
    limiter = RateLimiter(tpm=100)
    grant = limiter.ask(0.0, 90)
    assert isinstance(grant, Grant)
    assert limiter.ask(1.0, 50) == 60.0
    limiter.succeeded(grant, 40)
    assert isinstance(limiter.ask(1.0, 50), Grant)


def test_an_estimate_that_was_too_low_holds_the_next_back() -> None:
    limiter = RateLimiter(tpm=100)
    grant = limiter.ask(0.0, 10)
    assert isinstance(grant, Grant)
    limiter.succeeded(grant, 95)
    assert limiter.ask(1.0, 10) == 60.0


def test_usage_that_comes_after_its_minute_is_no_longer_counted() -> None:
    limiter = RateLimiter(tpm=100)
    late = limiter.ask(0.0, 10)
    assert isinstance(late, Grant)
    assert isinstance(limiter.ask(61.0, 60), Grant)
    limiter.succeeded(late, 95)
    assert isinstance(limiter.ask(61.0, 40), Grant)


def test_a_refusal_stops_everyone_for_as_long_as_the_server_says() -> None:
    limiter = RateLimiter()
    grant = limiter.ask(0.0)
    assert isinstance(grant, Grant)
    limiter.refused(grant, 1.0, 41.0)
    assert limiter.ask(1.0) == 42.0
    assert limiter.ask(41.9) == 42.0


def test_of_a_burst_it_learns_how_much_the_server_takes() -> None:
    limiter = RateLimiter()
    burst = [limiter.ask(0.0) for _ in range(50)]
    for grant in burst[10:]:
        assert isinstance(grant, Grant)
        limiter.refused(grant, 0.5, 41.0)
    assert limiter.limit == 10
    clock = Clock(limiter)
    clock.now = 41.5
    assert [clock.next_grant().at for _ in range(11)] == [60.0] * 10 + [120.0]


def test_a_burst_refused_as_a_whole_halves_the_rate() -> None:
    limiter = RateLimiter(rpm=1000)
    for grant in [limiter.ask(0.0) for _ in range(50)]:
        assert isinstance(grant, Grant)
        limiter.refused(grant, 0.5, 41.0)
    assert limiter.limit == 25


def test_successes_bring_the_rate_back_to_what_was_asked_for_and_no_further() -> None:
    limiter = RateLimiter(rpm=4)
    clock = Clock(limiter)
    grants = [clock.next_grant() for _ in range(4)]
    for grant in grants[1:]:
        limiter.refused(grant, clock.now, 1.0)
    assert limiter.limit == 1
    seen = []
    for _ in range(20):
        limiter.succeeded(clock.next_grant())
        seen.append(limiter.limit)
    assert seen[:4] == [1.25, 1.5, 1.75, 2.0]
    assert seen[-1] == 4


def test_a_part_of_a_quota_may_be_less_than_one_request_a_minute() -> None:
    clock = Clock(RateLimiter(rpm=10 / 16))
    assert [clock.next_grant().at for _ in range(3)] == [0.0, 96.0, 192.0]


@pytest.mark.parametrize("limits", [{"rpm": 0}, {"tpm": -1}, {"per": 0}])
def test_a_limit_that_lets_nothing_through_is_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(limits))} must be above zero"):
        RateLimiter(**limits)


def worked_off(limiter: RateLimiter, *, quota: int, calls: int) -> tuple[float, int]:
    """Seconds and refusals until so many calls are answered, 50 at once, by a server with a quota.

    It answers within a second, and says when the minute of the oldest call it counts is over.
    """
    now, answered, refusals, waiting = 0.0, 0, 0, calls
    counted: deque[float] = deque()
    flying: list[tuple[float, int, Grant, float | None]] = []
    number = 0
    while answered < calls:
        come_back = None
        while waiting and len(flying) < 50 and come_back is None:
            leave = limiter.ask(now)
            if not isinstance(leave, Grant):
                come_back = leave
                continue
            while counted and counted[0] + 60 <= now:
                counted.popleft()
            told = counted[0] + 60 - now if len(counted) >= quota else None
            if told is None:
                counted.append(now)
            waiting, number = waiting - 1, number + 1
            heapq.heappush(flying, (now + 1, number, leave, told))
        times = [flying[0][0]] if flying else []
        now = min(times + ([come_back] if come_back is not None else []))
        while flying and flying[0][0] <= now:
            _, _, grant, told = heapq.heappop(flying)
            if told is None:
                limiter.succeeded(grant)
                answered += 1
            else:
                limiter.refused(grant, now, told)
                refusals, waiting = refusals + 1, waiting + 1
    return now, refusals


@pytest.mark.parametrize("quota", [5, 60, 300])
def test_a_quota_nobody_told_it_is_found_and_used(quota: int) -> None:
    calls = quota * 20
    seconds, refusals = worked_off(RateLimiter(), quota=quota, calls=calls)
    assert calls / (seconds / 60) >= quota
    assert refusals <= max(calls * 0.3, 100)


@pytest.mark.parametrize("quota", [5, 60, 300])
def test_a_quota_it_was_told_is_used_without_a_refusal(quota: int) -> None:
    calls = quota * 20
    seconds, refusals = worked_off(RateLimiter(rpm=quota), quota=quota, calls=calls)
    assert refusals == 0
    assert calls / (seconds / 60) >= quota


def test_a_limiter_does_not_go_to_another_process_unnoticed() -> None:
    with pytest.raises(TypeError, match="in each, with its part"):
        pickle.dumps(RateLimiter(rpm=10))
