"""Requests as they are written, and answers as they are parsed, without a socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gemini_openai._http.http1 import MAX_BARE_BYTES, Answers, blocks, framed, written_head

OK = b"HTTP/1.1 200 OK\r\n"


def post(content: Any = b"body", **headers: str) -> httpx.Request:
    return httpx.Request("POST", "http://a.example/path?q=1", content=content, headers=headers)


def sent(request: httpx.Request) -> bytes:
    return b"".join(blocks(written_head(request), framed(request), request.stream))


def parsed(*pieces: bytes, method: str = "POST") -> Answers:
    answers = Answers()
    answers.begin(method)
    for piece in pieces:
        answers.feed(piece)
    return answers


def test_a_request_is_its_line_its_headers_and_its_body() -> None:
    assert sent(post()) == (
        b"POST /path?q=1 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody"
    )


def test_a_small_request_is_sent_at_once_and_a_large_body_is_not_copied() -> None:
    small, large = post(), post(b"x" * 1_000_000)
    assert len(list(blocks(written_head(small), framed(small), small.stream))) == 1
    pieces = list(blocks(written_head(large), framed(large), large.stream))
    assert pieces[1] == large.content
    assert len(pieces) == 2


def test_a_body_of_unknown_length_is_sent_in_chunks() -> None:
    request = post(iter([b"one", b"", b"three"]))
    assert sent(request).endswith(b"\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")


@pytest.mark.parametrize("parts", [[b"12345"], [b"123"], []])
def test_a_body_of_another_length_than_is_declared_is_refused(parts: list[bytes]) -> None:
    request = post(iter(parts), **{"Content-Length": "4"})
    request.headers.pop("Transfer-Encoding", None)
    with pytest.raises(httpx.LocalProtocolError, match="declared Content-Length"):
        sent(request)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "one\r\nX-B: two"},
        {"X-A": "one\nX-B: two"},
        {"X-A": "one\r\n\r\nGET / HTTP/1.1"},
        {"X-A": "one\0"},
        {"X-A": " one"},
        {"X-A": "one\r"},
        {"X A": "one"},
        {"X-A:": "one"},
        {"": "one"},
        {"X-A\r\nX-B": "one"},
        {"Content-Length": "-1"},
    ],
)
def test_a_header_that_could_be_taken_for_something_else_is_not_sent(
    headers: dict[str, str],
) -> None:
    with pytest.raises(httpx.LocalProtocolError, match="Illegal"):
        sent(post(**headers))


@pytest.mark.parametrize("method", ["GE T", "GET\r\n", ""])
def test_a_method_that_is_none_is_not_sent(method: str) -> None:
    with pytest.raises(httpx.LocalProtocolError, match="Illegal"):
        written_head(httpx.Request(method, "http://a.example/"))


def test_a_header_may_be_empty_or_have_blanks_and_other_letters() -> None:
    request = httpx.Request(
        "GET", "http://a.example/", headers=[(b"X-A", b""), (b"X-B", b"a \t b"), (b"X-C", b"\xfc")]
    )
    assert b"X-A: \r\nX-B: a \t b\r\nX-C: \xfc\r\n" in written_head(request)


def test_an_answer_is_the_same_however_its_bytes_are_split() -> None:
    whole = (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Fine by me\r\nX-Long: some text\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n2;ext=1\r\n!!\r\n0\r\nX-Trailer: 1\r\n\r\n"
    )
    for cut in range(1, len(whole)):
        answers = parsed(whole[:cut], whole[cut:])
        assert answers.is_whole
        assert answers.can_go_on
        response = answers.response(None, None)
        assert (response.status_code, response.reason_phrase) == (200, "Fine by me")
        assert response.headers == {"X-Long": "some text", "Transfer-Encoding": "chunked"}
        assert answers.take() == b"body!!"


@pytest.mark.parametrize(
    ("answer", "method"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "POST"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET"),
        (OK + b"Content-Length: 0\r\n\r\n", "GET"),
        (OK + b"Content-Length: 5\r\n\r\n", "HEAD"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nbytes", "GET"),
    ],
)
def test_an_answer_without_a_body_ends_with_its_head(answer: bytes, method: str) -> None:
    answers = parsed(answer, method=method)
    assert answers.has_head
    assert answers.is_whole
    assert answers.take() == b""


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    answers = parsed(OK + b"\r\none", b"two")
    assert not answers.is_whole
    answers.feed(b"")
    assert answers.is_whole
    assert answers.take() == b"onetwo"
    assert not answers.can_go_on


@pytest.mark.parametrize("framing", [b"Content-Length: 5", b"Transfer-Encoding: chunked"])
def test_a_body_that_breaks_off_is_an_error(framing: bytes) -> None:
    answers = parsed(OK + framing + b"\r\n\r\n")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        answers.feed(b"")


def test_no_answer_at_all_is_an_error() -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        parsed(b"")


@pytest.mark.parametrize(
    "answer",
    [
        b"\x16\x03\x01 this is TLS",
        b"SSH-2.0-OpenSSH\r\n",
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        OK + b"Content-Length: five\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nnot a number\r\n",
        OK + b"X\x00Y: 1\r\n\r\n",
    ],
)
def test_what_is_no_answer_or_can_be_read_in_two_ways_is_an_error(answer: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        parsed(answer)


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (OK, b"X-Header: value\r\n"),
        (OK + b"X-Header: ", b"value"),
        (b"HTTP/1.1 100 Go on\r\n\r\n", b"HTTP/1.1 100 Go on\r\n\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;ext=", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: value\r\n"),
    ],
)
def test_a_server_cannot_send_headers_for_ever(begin: bytes, more: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match=r"more than .* bytes of headers"):
        parsed(begin, *[more * 100] * (MAX_BARE_BYTES // len(more) // 100 + 1))


def test_a_body_may_be_larger_than_headers_may_be() -> None:
    answers = parsed(OK + b"Content-Length: 1000000\r\n\r\n", *[b"x" * 1000] * 1000)
    assert answers.is_whole


@pytest.mark.parametrize(
    "ends", [OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n", OK.replace(b"1.1", b"1.0")]
)
def test_where_the_server_says_so_the_connection_is_not_used_again(ends: bytes) -> None:
    answers = parsed(ends if ends.endswith(b"\n\r\n") else ends + b"Content-Length: 0\r\n\r\n")
    assert answers.is_whole
    assert not answers.can_go_on


@pytest.mark.parametrize("at_once", [True, False])
def test_what_answers_no_request_is_not_taken_for_an_answer_to_the_next(at_once: bool) -> None:
    first = OK + b"Content-Length: 3\r\n\r\none"
    second = b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\ntwo"
    answers = parsed(first + second) if at_once else parsed(first, second)
    assert answers.response(None, None).status_code == 200
    assert answers.take() == b"one"
    assert answers.is_whole
    assert not answers.can_go_on


def test_one_parser_reads_the_answers_of_a_connection_one_after_another() -> None:
    answers = Answers()
    for number in range(3):
        answers.begin("GET")
        answers.feed(OK + b"X-Number: %d\r\nContent-Length: 1\r\n\r\n%d" % (number, number))
        response = answers.response(None, None)
        assert response.headers == {"X-Number": str(number), "Content-Length": "1"}
        assert answers.take() == b"%d" % number
        assert answers.can_go_on
