"""An upload, driven by hand: no socket, no file, no sleeping."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gemini_openai import (
    APIConnectionError,
    APIResponseValidationError,
    InternalServerError,
    OpenAIError,
)
from gemini_openai._call.effects import Wait
from gemini_openai._call.request import FinalRequestOptions
from gemini_openai._google.upload import Ask, Read, Report, chunk_size, start_headers, upload

HOST = "https://generativelanguage.googleapis.com"
CHUNK = 8 << 20
PLACE = f"{HOST}/upload/v1beta/files?upload_id=u"


def response(json: Any = None, **headers: str) -> httpx.Response:
    named = {f"x-goog-upload-{name.replace('_', '-')}": value for name, value in headers.items()}
    return httpx.Response(200, json=json, headers=named, request=httpx.Request("POST", PLACE))


def failure() -> APIConnectionError:
    return APIConnectionError(request=httpx.Request("POST", PLACE))


def begin(size: int | None, max_retries: int = 2) -> Any:
    """An upload that has been given its URL, and what it wants first."""
    options = FinalRequestOptions("post", f"{HOST}/upload/v1beta/files", headers={"x-a": "b"})
    steps = upload(options, size, max_retries=max_retries)
    assert next(steps) == Ask(options)
    return steps, steps.send(response(status="active", url=PLACE))


def whole(size: int) -> httpx.Response:
    return response({"file": {"name": "files/a", "sizeBytes": str(size)}}, status="final")


def test_a_chunk_says_where_it_begins_and_keeps_the_callers_headers() -> None:
    steps, wanted = begin(CHUNK + 3)
    assert wanted == Read(0, CHUNK)
    ask = steps.send(b"x" * CHUNK)
    assert (ask.options.url, ask.options.max_retries) == (PLACE, 0)
    assert ask.options.headers == {
        "x-a": "b",
        "content-type": "application/octet-stream",
        "x-goog-upload-command": "upload",
        "x-goog-upload-offset": "0",
    }
    assert steps.send(response(status="active")) == Report(CHUNK, CHUNK + 3)
    assert steps.send(None) == Read(CHUNK, CHUNK)
    ask = steps.send(b"xyz")
    assert ask.options.headers["x-goog-upload-command"] == "upload, finalize"
    end = whole(CHUNK + 3)
    assert steps.send(end) == Report(CHUNK + 3, CHUNK + 3)
    with pytest.raises(StopIteration) as done:
        steps.send(None)
    assert done.value.value is end


def test_it_goes_on_where_the_server_is() -> None:
    steps, _ = begin(3 * CHUNK)
    steps.send(b"x" * CHUNK)
    assert steps.throw(failure()) == Wait(1.0)
    ask = steps.send(None)
    assert ask.options.headers["x-goog-upload-command"] == "query"
    assert steps.send(response(status="active", size_received="1000")) == Report(1000, 3 * CHUNK)
    assert steps.send(None) == Read(1000, CHUNK)


def test_bytes_that_arrive_set_the_count_of_retries_back() -> None:
    steps, wanted = begin(100 * CHUNK, max_retries=1)
    for received in range(1, 20):
        assert isinstance(wanted, Read)
        steps.send(b"x" * CHUNK)
        assert steps.throw(failure()) == Wait(1.0)
        steps.send(None)
        steps.send(response(status="active", size_received=str(received)))
        wanted = steps.send(None)
    steps.send(b"x" * CHUNK)
    assert steps.throw(failure()) == Wait(1.0)
    steps.send(None)
    steps.send(response(status="active", size_received="19"))
    steps.send(None)
    steps.send(b"x" * CHUNK)
    with pytest.raises(APIConnectionError):
        steps.throw(failure())


def test_a_server_that_cannot_be_asked_is_asked_again_and_nothing_is_guessed() -> None:
    steps, _ = begin(3)
    steps.send(b"abc")
    assert steps.throw(failure()) == Wait(1.0)
    assert isinstance(steps.send(None), Ask)
    assert steps.throw(failure()) == Read(0, CHUNK)
    steps.send(b"abc")
    assert steps.throw(failure()) == Wait(2.0)


def test_a_file_that_ended_early_is_not_taken_for_whole() -> None:
    steps, _ = begin(5)
    steps.send(b"abc")
    steps.send(whole(3))
    with pytest.raises(OpenAIError, match=r"3 bytes, and the file has 5"):
        steps.send(None)


def test_an_error_that_will_not_pass_is_raised_at_once() -> None:
    steps, _ = begin(3)
    steps.send(b"abc")
    with pytest.raises(ZeroDivisionError):
        steps.throw(ZeroDivisionError())


def test_a_server_that_never_ends_the_upload_is_given_up() -> None:
    steps, _ = begin(3, max_retries=1)
    steps.send(b"abc")
    for _ in range(2):
        assert isinstance(steps.send(response(status="active")), Ask)  # it has all, and says active
        steps.send(response(status="active", size_received="3"))
        steps.send(None)
        steps.send(b"")
    steps.send(response(status="active"))
    steps.send(response(status="active", size_received="3"))
    with pytest.raises(OpenAIError, match=r"stays at byte 3"):
        steps.send(None)


def test_refusals_of_the_server_are_resumed_from() -> None:
    steps, _ = begin(3)
    steps.send(b"abc")
    refused = httpx.Response(503, request=httpx.Request("POST", PLACE))
    assert steps.throw(InternalServerError("No.", response=refused, body=None)) == Wait(1.0)


def test_an_end_that_is_no_json_is_an_error_of_ours() -> None:
    steps, _ = begin(3)
    steps.send(b"abc")
    page = httpx.Response(
        200,
        text="<title>Sign in</title>",
        headers={"x-goog-upload-status": "final"},
        request=httpx.Request("POST", PLACE),
    )
    steps.send(page)
    with pytest.raises(APIResponseValidationError, match="not the JSON it should be") as caught:
        steps.send(None)
    assert "upload_id=[secret]" in str(caught.value)


@pytest.mark.parametrize(
    ("place", "words"),
    [("http://[::1", "at what is no URL"), ("http://x.example/u", "would go on by http")],
)
def test_a_place_that_cannot_be_uploaded_to_is_refused(place: str, words: str) -> None:
    options = FinalRequestOptions("post", f"{HOST}/upload/v1beta/files")
    steps = upload(options, 3, max_retries=2)
    next(steps)
    with pytest.raises(OpenAIError, match=words):
        steps.send(response(status="active", url=place))


def test_chunks_are_multiples_of_the_named_granularity() -> None:
    assert chunk_size({}) == 8 << 20
    assert chunk_size({"x-goog-upload-chunk-granularity": str(256 << 10)}) == 8 << 20
    assert chunk_size({"x-goog-upload-chunk-granularity": "3000000"}) == 6_000_000
    assert chunk_size({"x-goog-upload-chunk-granularity": str(16 << 20)}) == 16 << 20


def test_a_name_that_no_header_can_have_is_left_out_of_them() -> None:
    assert start_headers(3, "a/b", "a.txt")["x-goog-upload-file-name"] == "a.txt"
    assert "x-goog-upload-file-name" not in start_headers(None, "a/b", "Übung.txt")
    assert "x-goog-upload-header-content-length" not in start_headers(None, "a/b", "a")
