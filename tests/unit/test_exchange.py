"""The life of a call, driven by hand: no socket, no clock, no sleeping."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gemini_openai import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    ClientClosedError,
    InternalServerError,
    RateLimitError,
)
from gemini_openai._call.effects import Wait
from gemini_openai._call.exchange import Answer, Authorise, Read, Send, exchange
from gemini_openai._call.request import Outgoing
from gemini_openai._call.retry import Policy

KEY = {"authorization": "Bearer k"}


def outgoing() -> Outgoing:
    return Outgoing("POST", "http://x/y", {}, b"{}", None, httpx.Timeout(9), False, None)


def begin(max_retries: int = 2, budget: float = 120.0) -> Any:
    policy = Policy(max_retries, budget, now=lambda: 1000.0, random=lambda: 0.0)
    return exchange(outgoing(), policy=policy, family=httpx)


def response(status: int, json: Any = None, **headers: str) -> httpx.Response:
    return httpx.Response(
        status, json=json, headers=headers, request=httpx.Request("POST", "http://x/y")
    )


def finish(steps: Any, value: Any) -> Answer:
    with pytest.raises(StopIteration) as done:
        steps.send(value)
    answer: Answer = done.value.value
    return answer


def refuse(steps: Any, refusal: httpx.Response) -> Any:
    """Play a refused attempt up to what the exchange wants next."""
    assert steps.send(refusal) == Read(refusal)
    return steps.send(refusal)


def test_an_answer_at_once_is_authorise_and_send() -> None:
    steps = begin()
    assert next(steps) == Authorise(None, httpx.Timeout(9))
    assert steps.send(KEY) == Send(outgoing(), KEY)
    ok = response(200)
    assert finish(steps, ok) == Answer(ok, 0)


def test_credentials_are_asked_for_again_at_every_attempt() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    assert refuse(steps, response(503)) == Wait(0.5)
    assert steps.send(None) == Authorise(None, httpx.Timeout(9))
    assert steps.send({"authorization": "Bearer new"}).credentials["authorization"] == "Bearer new"
    assert finish(steps, response(200)).retries_taken == 1


def test_the_backoff_doubles_and_the_last_refusal_is_raised() -> None:
    steps = begin(max_retries=3)
    next(steps)
    waits = []
    for _ in range(3):
        steps.send(KEY)
        sleep = refuse(steps, response(500, [{"error": {"message": "No."}}]))
        waits.append(sleep.seconds)
        steps.send(None)
    steps.send(KEY)
    last = response(500, [{"error": {"message": "Still no."}}])
    steps.send(last)
    with pytest.raises(InternalServerError, match="Still no"):
        steps.send(last)
    assert waits == [0.5, 1.0, 2.0]


def test_a_lost_connection_is_tried_again_and_then_raised_with_its_cause() -> None:
    steps = begin(max_retries=1)
    next(steps)
    steps.send(KEY)
    assert steps.throw(httpx.ConnectError("refused")) == Wait(0.5)
    steps.send(None)
    steps.send(KEY)
    with pytest.raises(APIConnectionError, match="refused") as caught:
        steps.throw(httpx.ConnectError("refused"))
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


def test_a_timeout_says_which_and_how_long() -> None:
    steps = begin(max_retries=0)
    next(steps)
    steps.send(KEY)
    with pytest.raises(APITimeoutError, match=r"read, 9 s allowed, attempt 1"):
        steps.throw(httpx.ReadTimeout("slow"))


def test_a_full_pool_says_what_to_change() -> None:
    steps = begin(max_retries=0)
    next(steps)
    steps.send(KEY)
    with pytest.raises(APITimeoutError, match="raise the limits of http_client"):
        steps.throw(httpx.PoolTimeout("full"))


def test_a_refusal_that_breaks_off_while_it_is_read_is_a_lost_connection() -> None:
    steps = begin(max_retries=0)
    next(steps)
    steps.send(KEY)
    refusal = response(503)
    assert steps.send(refusal) == Read(refusal)
    with pytest.raises(APIConnectionError, match="broke"):
        steps.throw(httpx.ReadError("broke"))


def test_a_fault_of_ours_is_not_dressed_up_as_the_networks() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    with pytest.raises(KeyError):
        steps.throw(KeyError("bug"))


def test_a_closed_client_is_said_at_once() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    with pytest.raises(ClientClosedError):
        steps.throw(RuntimeError("Cannot send a request, as the client has been closed."))


def test_an_address_that_is_none_is_an_error_at_once_with_a_request_all_the_same() -> None:
    nowhere = outgoing()._replace(url="http://[x/y")
    steps = exchange(nowhere, policy=Policy(2, 9, lambda: 0.0, lambda: 0.0), family=httpx)
    next(steps)
    steps.send(KEY)
    with pytest.raises(APIConnectionError, match="Invalid") as caught:
        steps.throw(httpx.InvalidURL("Invalid IPv6 URL"))
    assert caught.value.request.method == "POST"


@pytest.mark.parametrize(
    ("content", "shown"),
    [(b"{}", "body={}"), (None, "body=None"), (b"x" * (4 << 20) + b"x", "body=<4194305 bytes>")],
    ids=["JSON", "none", "a file"],
)
def test_the_log_shows_a_body_unless_it_is_large(
    content: bytes | None, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="gemini_openai")
    policy = Policy(0, 0, lambda: 0.0, lambda: 0.0)
    steps = exchange(outgoing()._replace(content=content), policy=policy, family=httpx)
    next(steps)
    steps.send({"authorization": "Bearer 12345"})
    (line,) = caplog.messages
    assert line.endswith(shown)
    assert "12345" not in line


def test_fresh_credentials_after_a_401_are_tried_outside_the_budget() -> None:
    steps = begin(max_retries=0)
    next(steps)
    steps.send(KEY)
    assert refuse(steps, response(401)) == Authorise(KEY, httpx.Timeout(9))
    fresh = {"authorization": "Bearer fresh"}
    assert steps.send(fresh) == Send(outgoing(), fresh)
    assert finish(steps, response(200)).retries_taken == 0


def test_the_same_credentials_after_a_401_are_not_sent_again() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    assert refuse(steps, response(401)) == Authorise(KEY, httpx.Timeout(9))
    with pytest.raises(AuthenticationError):
        steps.send(KEY)


def test_a_second_401_is_raised() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    refuse(steps, response(401))
    steps.send({"authorization": "Bearer fresh"})
    again = response(401)
    steps.send(again)
    with pytest.raises(AuthenticationError):
        steps.send(again)


def test_waits_add_up_against_the_budget() -> None:
    steps = begin(budget=50)
    quota = [{"error": {"details": [{"@type": "x.RetryInfo", "retryDelay": "41s"}]}}]
    next(steps)
    steps.send(KEY)
    assert refuse(steps, response(429, quota)) == Wait(41.0)
    steps.send(None)
    steps.send(KEY)
    second = response(429, quota)
    steps.send(second)
    with pytest.raises(RateLimitError, match="asks to wait 41 s, and this call may wait 9 s more"):
        steps.send(second)


def test_closing_the_generator_ends_it_without_another_effect() -> None:
    steps = begin()
    next(steps)
    steps.send(KEY)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_a_request_to_another_server_asks_for_no_credentials_also_not_when_it_refuses() -> None:
    policy = Policy(2, 120.0, now=lambda: 1000.0, random=lambda: 0.0)
    steps = exchange(outgoing()._replace(foreign=True), policy=policy, family=httpx)
    assert isinstance(next(steps), Send)
    with pytest.raises(AuthenticationError):
        refuse(steps, response(401))


def test_a_timeout_on_the_way_to_a_proxy_names_the_proxy() -> None:
    steps = begin(max_retries=0)
    next(steps)
    steps.send(KEY)
    with pytest.raises(APITimeoutError, match=r"attempt 1; by way of the proxy HTTP_PROXY=p\)"):
        steps.throw(httpx.ConnectTimeout("timed out; by way of the proxy HTTP_PROXY=p"))
