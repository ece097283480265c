"""The deadline of a call, with a clock that is set by hand: no socket, no sleeping."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from gemini_openai import (
    APIConnectionError,
    APITimeoutError,
    AsyncOpenAI,
    InternalServerError,
    OpenAI,
)
from gemini_openai._call.deadline import Deadline, start_deadline, watch, watch_new
from gemini_openai._call.effects import Wait
from gemini_openai._call.exchange import Answer, Authorise, Read, Send, exchange
from gemini_openai._call.request import FinalRequestOptions, Outgoing
from gemini_openai._call.retry import Policy
from gemini_openai._google.upload import Ask, Read as ReadFile, upload

KEY = {"authorization": "Bearer k"}
REQUEST = httpx.Request("POST", "http://x/y")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begin(clock: Clock, *, seconds: float = 10.0, timeout: Any = 9) -> tuple[Any, Deadline]:
    deadline = Deadline(seconds, clock)
    limits = httpx.Timeout(timeout)
    outgoing = Outgoing("POST", "http://x/y", {}, b"{}", None, limits, False, None)
    policy = Policy(2, 120.0, now=lambda: 0.0, random=lambda: 0.0)
    steps = exchange(outgoing._replace(deadline=deadline), policy=policy, family=httpx)
    return steps, deadline


def response(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers=headers, request=REQUEST)


def test_a_deadline_counts_down_and_ends_at_nothing(clock: Clock) -> None:
    deadline = Deadline(10, clock)
    assert (deadline.left(), deadline.passed()) == (10, False)
    clock.now += 9
    assert (deadline.took(), deadline.left(), deadline.bounded(None)) == (9, 1, 1)
    assert (deadline.bounded(0.25), deadline.bounded(600)) == (0.25, 1)
    clock.now += 5
    assert (deadline.left(), deadline.passed()) == (0, True)
    assert 0 < deadline.bounded(None) < 0.01  # no wait at all would be another error
    assert "0.000 s left" in repr(deadline)


def test_each_phase_has_what_is_left_when_it_begins(clock: Clock) -> None:
    deadline = Deadline(10, clock)
    limits = deadline.limits({"connect": 5.0, "read": 600.0, "write": None, "pool": 600.0})
    assert limits["pool"] == 10
    assert deadline.doing == "waiting for a free connection"
    assert limits.get("connect") == 5
    assert deadline.doing == "connecting"
    clock.now += 7
    assert limits.get("write") == 3
    assert deadline.doing == "sending the request"
    clock.now += 1
    reading: Any = limits.get("read", 77)
    assert (reading, deadline.doing) == (2, "waiting for the answer")
    assert (limits.get("read"), deadline.doing) == (2, "reading the answer")
    clock.now += 1
    assert (float(reading), reading.now()) == (2, 1)


class Stream:
    """A connection of an HTTP family; keeps the limits it was given."""

    def __init__(self) -> None:
        self.limits: list[tuple[str, int, float | None]] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.limits.append(("read", max_bytes, timeout))
        return b"x"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.limits.append(("write", len(buffer), timeout))


def test_a_watched_connection_gives_each_read_and_write_what_is_left_by_then(clock: Clock) -> None:
    stream: Any = Stream()
    watch_new("connection.connect_tcp.started", {})
    watch_new("connection.connect_tcp.complete", {"return_value": stream})
    kind = type(stream)
    watch(stream)
    assert type(stream) is kind is not Stream  # once is enough
    limits = Deadline(10, clock).limits({"read": 600.0, "write": 600.0})
    writing, reading = limits["write"], limits["read"]
    stream.write(b"x" * 100_000, writing)
    clock.now += 4
    assert stream.read(5, reading) == b"x"
    clock.now += 4
    stream.read(5, timeout=reading)
    stream.read(5, 3.0)
    stream.write(b"x" * 100_000, None)
    assert stream.limits == [
        ("write", 65536, 10),
        ("write", 34464, 10),
        ("read", 5, 6),
        ("read", 5, 2),
        ("read", 5, 3.0),
        ("write", 100_000, None),
    ]


@pytest.mark.parametrize("nothing", [None, 5, object()])
def test_what_is_no_connection_is_left_alone(nothing: Any) -> None:
    kind: Any = type(nothing)
    watch(nothing)
    assert type(nothing) is kind


def test_credentials_get_no_more_than_is_left(clock: Clock) -> None:
    steps, _ = begin(clock, seconds=4)
    assert next(steps) == Authorise(None, 4, 4)
    steps, _ = begin(clock, seconds=40)
    assert next(steps) == Authorise(None, 9, 40)


def test_a_deadline_that_passes_while_credentials_are_waited_for_says_so(clock: Clock) -> None:
    steps, _ = begin(clock)
    next(steps)
    clock.now += 10
    with pytest.raises(APITimeoutError, match="waiting for credentials") as told:
        steps.throw(APITimeoutError(REQUEST))
    assert told.value.deadline == 10


def test_nothing_is_sent_after_the_deadline(clock: Clock) -> None:
    steps, deadline = begin(clock)
    next(steps)
    clock.now += 12
    with pytest.raises(APITimeoutError) as told:
        steps.send(KEY)
    assert str(told.value) == (
        "Request timed out. (the deadline of 10 s for the whole call, after 12 s, attempt 1, "
        "waiting for credentials)"
    )
    assert told.value.message == str(told.value)
    assert deadline.passed()


def test_a_limit_of_the_network_that_ends_at_the_deadline_is_the_deadline(clock: Clock) -> None:
    steps, deadline = begin(clock)
    next(steps)
    assert isinstance(steps.send(KEY), Send)
    deadline.doing = "connecting"
    clock.now += 10
    with pytest.raises(APITimeoutError, match="connecting") as told:
        steps.throw(httpx.ConnectTimeout("slow"))
    assert isinstance(told.value.__cause__, httpx.ConnectTimeout)


def test_a_limit_of_the_network_before_the_deadline_is_tried_again(clock: Clock) -> None:
    steps, _ = begin(clock)
    next(steps)
    steps.send(KEY)
    clock.now += 3
    assert steps.throw(httpx.ReadTimeout("slow")) == Wait(0.5)
    clock.now += 0.5
    assert steps.send(None) == Authorise(None, 6.5, 6.5)
    steps.send(KEY)
    with pytest.raises(StopIteration) as done:
        steps.send(response(200))
    assert isinstance(done.value.value, Answer)


def test_a_wait_that_would_outlast_the_deadline_is_not_begun(clock: Clock) -> None:
    steps, _ = begin(clock)
    next(steps)
    refusal = response(503, **{"retry-after": "9"})
    assert steps.send(KEY)
    clock.now += 2
    assert steps.send(refusal) == Read(refusal)
    with pytest.raises(
        APITimeoutError, match="waiting to retry, 9 s, after: Error code: 503"
    ) as told:
        steps.send(refusal)
    assert isinstance(told.value.__cause__, InternalServerError)


def test_a_deadline_while_a_refused_token_is_renewed_is_no_refusal(clock: Clock) -> None:
    steps, _ = begin(clock)
    next(steps)
    steps.send(KEY)
    refusal = response(401)
    steps.send(refusal)
    assert steps.send(refusal) == Authorise(KEY, 9, 10)
    clock.now += 10
    with pytest.raises(APITimeoutError):
        steps.throw(APITimeoutError(REQUEST))


def test_an_upload_has_one_deadline_and_stops_at_it(clock: Clock) -> None:
    deadline = Deadline(10, clock)
    options = FinalRequestOptions("post", "http://x/upload", deadline=deadline)
    steps: Any = upload(options, 3, max_retries=5)
    assert next(steps) == Ask(options)
    headers = {"x-goog-upload-url": "http://x/u"}
    assert steps.send(response(200, **headers)) == ReadFile(0, 8 << 20)
    assert steps.send(b"abc").options.deadline is deadline
    clock.now += 9.75
    assert steps.throw(APIConnectionError(request=REQUEST)) == Wait(0.25)
    assert deadline.doing == "waiting to ask again"
    passed = APITimeoutError(REQUEST)
    passed.deadline = 10
    assert steps.send(None).options.deadline is deadline
    with pytest.raises(APITimeoutError):
        steps.throw(passed)


@pytest.mark.parametrize("value", [0, -1, -0.5, float("nan"), float("inf"), -float("inf")])
def test_a_deadline_of_no_time_is_an_error_wherever_it_is_given(value: float) -> None:
    says = re.escape(f"deadline is {value}. Give seconds above 0, or None for no deadline.")
    client = OpenAI(api_key="k")
    for act in (
        lambda: OpenAI(api_key="k", deadline=value),
        lambda: AsyncOpenAI(api_key="k", deadline=value),
        lambda: client.with_options(deadline=value),
        lambda: setattr(client, "deadline", value),
        lambda: client.models.list(deadline=value),
        lambda: client.files.create(file=b"", purpose="batch", deadline=value),
        lambda: client.embeddings.create(model="m", input=["a"] * 150, deadline=value),
        lambda: client.get("/x", cast_to=object, options={"deadline": value}),
        lambda: start_deadline(value, None),
    ):
        with pytest.raises(ValueError, match=says):
            act()


@pytest.mark.parametrize("value", [True, "5", b"5", httpx.Timeout(5), [5]])
def test_a_deadline_that_is_no_number_is_an_error(value: Any) -> None:
    says = f"deadline must be a number of seconds, or None for none, not {type(value).__name__}"
    with pytest.raises(TypeError, match=says):
        OpenAI(api_key="k", deadline=value)
    with pytest.raises(TypeError, match=says):
        OpenAI(api_key="k").models.list(deadline=value)


def test_a_call_has_its_own_deadline_else_that_of_its_client(clock: Clock) -> None:
    begun = Deadline(3, clock)
    assert start_deadline(begun, 5) is begun
    for given, default, seconds in ((2, 5, 2), (2, None, 2)):
        made = start_deadline(given, default)
        assert made is not None
        assert made.seconds == seconds
    assert start_deadline(None, 5) is None
