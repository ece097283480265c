"""Numbers from the wire, however absurd, are finite and bounded or none, and nothing raises."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import example, given, strategies as st

from gemini_openai import OpenAIError
from gemini_openai._call.request import FinalRequestOptions
from gemini_openai._call.retry import Policy, after_refusal
from gemini_openai._call.sse import read_event
from gemini_openai._google.upload import CHUNK_BYTES, MOST_CHUNK_BYTES, chunk_size, upload
from gemini_openai._primitives.numbers import LARGEST, LONGEST_WAIT, seconds, whole_number
from gemini_openai.dialect.chat.answers.usage import openai_usage
from gemini_openai.dialect.models import adapt_model
from gemini_openai.dialect.paths import parse_path
from gemini_openai.dialect.refusals.errors import ErrorReport, read_error
from gemini_openai.dialect.routes.batches import openai_batch
from gemini_openai.dialect.routes.files import openai_file
from gemini_openai.dialect.routes.images import adapt_images
from gemini_openai.dialect.settings import DEFAULT_SETTINGS

ODD = [
    *(
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1e308",
        "1e-400",
        "1_0",
        "²",
        "\uff11\uff12",
        "٣",
        "-5",
        "+5",
        " 7 ",
    ),
    *("9" * 19, "9" * 20, "9" * 5000, "." + "9" * 5000, "0.5", ".", "1.2.3", "5s", "", "0x10"),
]
TEXTS = st.sampled_from(ODD) | st.text(max_size=30) | st.from_regex(r"[0-9]{1,40}\.?[0-9]{0,40}")
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**4000, -(10**4000), 2**63, True, None])
ANYTHING = TEXTS | NUMBERS | st.lists(NUMBERS, max_size=2) | st.dictionaries(TEXTS, NUMBERS)
POLICY = Policy(2, 120.0, now=lambda: 1.77e9, random=lambda: 0.0)
DATES = st.builds(
    "Thu, {:02} Jan {:04} {:02}:54:57 {}".format,
    st.integers(0, 40),
    st.integers(0, 9999),
    st.integers(0, 30),
    st.sampled_from(["GMT", "-0000", "+9999", "", "+2359", "XYZ"]),
)


@given(ANYTHING)
def test_a_whole_number_is_within_its_bounds_or_none(value: Any) -> None:
    number = whole_number(value)
    assert number is None or (type(number) is int and 0 <= number <= LARGEST)
    if isinstance(value, str) and number is not None:
        assert value.isascii()
        assert int(value) == number


@pytest.mark.parametrize(
    "text", ["²", "\uff11\uff12", "1_0", " 7 ", "+5", "-5", "9" * 20, "", "1.0"]
)
def test_text_that_is_no_plain_number_is_none(text: str) -> None:
    assert whole_number(text) is None


@given(TEXTS)
def test_seconds_are_finite_and_bounded_or_none(text: str) -> None:
    number = seconds(text)
    assert number is None or 0 <= number <= LONGEST_WAIT


@given(TEXTS | DATES, TEXTS | DATES, TEXTS, st.integers(0, 3))
@example("nan", "nan", "", 0)
@example("1e308", "", "", 0)
@example("", "Thu, 01 Jan 0001 00:00:00 -0000", "", 0)
@example("", "Fri, 31 Dec 9999 23:59:59 -2359", "", 0)
def test_a_refusal_is_decided_on_whatever_wait_it_asks_for(
    milliseconds: str, after: str, should: str, attempt: int
) -> None:
    headers = {"retry-after-ms": milliseconds, "retry-after": after, "x-should-retry": should}
    decision = after_refusal(
        429, headers, ErrorReport(), attempt=attempt, waited=0.0, policy=POLICY
    )
    assert decision.wait is None or 0 <= decision.wait <= POLICY.budget
    assert len(decision.reason or "") < 200


def test_a_date_without_a_zone_is_in_utc() -> None:
    headers = {"retry-after": "Mon, 02 Feb 2026 02:40:05 -0000"}
    decision = after_refusal(503, headers, ErrorReport(), attempt=0, waited=0.0, policy=POLICY)
    assert decision.wait == 5.0


@given(ANYTHING, TEXTS)
@example("9" * 100_000, "9" * 5000)
@example("1h1h" * 100, "1e5")
def test_the_wait_in_an_error_is_finite_and_bounded_or_none(delay: Any, text: str) -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
    body = {"error": {"code": 429, "message": f"Please retry in {text}s.", "details": [info]}}
    for form in (
        body,
        {"error": {**body["error"], "details": [{**info, "retryDelay": f"{delay}s"}]}},
    ):
        wait = read_error(form).retry_after
        assert wait is None or 0 <= wait <= LONGEST_WAIT


@given(ANYTHING)
@example(2 << 30)
def test_a_granularity_gives_chunks_of_a_sane_size(named: Any) -> None:
    size = chunk_size({"x-goog-upload-chunk-granularity": str(named)})
    assert CHUNK_BYTES // 2 <= size <= MOST_CHUNK_BYTES


def reply(body: bytes = b"", **headers: str) -> httpx.Response:
    named = {f"x-goog-upload-{name.replace('_', '-')}": value for name, value in headers.items()}
    encoded = {name: value.encode("utf-8", "replace") for name, value in named.items()}
    raw = [(name.encode(), value) for name, value in encoded.items()]
    return httpx.Response(
        200, headers=raw, content=body, request=httpx.Request("POST", "http://x/")
    )


@given(st.from_regex(r"(https?|ftp)://[\[\]:@/?#a-z0-9%]{0,20}", fullmatch=True))
@example("http://[::1")
def test_an_upload_goes_to_a_url_or_does_not_begin(place: str) -> None:
    steps: Any = upload(FinalRequestOptions("post", "http://x/upload"), 5, max_retries=0)
    next(steps)
    with suppress(OpenAIError):
        steps.send(reply(status="active", url=place))
        assert "://" in steps.send(b"12345").options.url


@given(TEXTS.filter(lambda text: text.isprintable()))
@example("²")
@example("9" * 20)
def test_an_upload_goes_on_or_says_that_it_cannot(received: str) -> None:
    steps: Any = upload(FinalRequestOptions("post", "http://x/upload"), 5, max_retries=0)
    next(steps)
    steps.send(reply(status="active", url="http://x/u"))
    steps.send(b"12345")
    steps.send(reply(status="unknown"))
    try:
        report = steps.send(reply(status="active", size_received=received))
    except OpenAIError:
        return
    assert 0 <= report.sent <= LARGEST


@given(
    st.binary(max_size=20) | ANYTHING.map(lambda size: json.dumps({"file": {"sizeBytes": size}}))
)
def test_the_end_of_an_upload_is_read_or_an_error_of_ours(end: Any) -> None:
    body = end if isinstance(end, bytes) else end.encode()
    steps: Any = upload(FinalRequestOptions("post", "http://x/upload"), 3, max_retries=0)
    next(steps)
    steps.send(reply(status="active", url="http://x/u"))
    steps.send(b"123")
    steps.send(reply(body, status="final"))
    with pytest.raises((StopIteration, OpenAIError)):
        steps.send(None)


@given(ANYTHING, ANYTHING)
def test_what_describes_files_models_batches_and_images_has_numbers(one: Any, two: Any) -> None:
    file = openai_file({"name": "files/a", "sizeBytes": one, "createTime": two})
    assert 0 <= file["bytes"] <= LARGEST
    assert isinstance(file["created_at"], int)
    model = adapt_model({"id": "m", "created": one}, DEFAULT_SETTINGS)
    assert isinstance(model["created"], int)
    stats = {"requestCount": one, "failedRequestCount": two}
    about = {"@type": "Batch", "state": "BATCH_STATE_RUNNING", "batchStats": stats}
    counts = openai_batch({"name": "batches/a", "metadata": about})["request_counts"]
    assert all(0 <= count <= LARGEST for count in counts.values())
    counted = {"id": "batches/a", "request_counts": {"total": one}, "created_at": two}
    assert 0 <= openai_batch(counted)["request_counts"]["total"] <= LARGEST
    assert isinstance(adapt_images({"data": [], "created": one}, 7)["created"], int)


@given(*[ANYTHING] * 5)
def test_counts_of_tokens_are_numbers_that_add_up(
    prompt: Any, completion: Any, total: Any, thinking: Any, cached: Any
) -> None:
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": total,
        "completion_tokens_details": {"reasoning_tokens": thinking},
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    counted = openai_usage(usage)
    if counted is not None:
        names = ("prompt_tokens", "completion_tokens", "total_tokens")
        assert all(0 <= counted[name] <= 8 * LARGEST for name in names)
        assert counted["total_tokens"] == counted["prompt_tokens"] + counted["completion_tokens"]


@given(TEXTS)
def test_a_place_in_an_error_is_a_path_or_none(text: str) -> None:
    path = parse_path(f"tools[{text}]")
    assert path is None or all(isinstance(step, str) or step < 1e9 for step in path)


@given(TEXTS)
def test_the_retry_of_an_event_is_a_number_or_none(text: str) -> None:
    event = read_event(
        b"retry: " + text.replace("\n", "").encode("utf-8", "replace") + b"\ndata: 1"
    )
    assert event is not None
    assert event.retry is None or 0 <= event.retry <= LARGEST
    assert math.isfinite(event.retry or 0)
