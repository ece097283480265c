"""What is secret by its name or place, what is masked, and what no header can carry."""

from __future__ import annotations

import logging

import httpx
import pytest

from gemini_openai._call.mended_json import mended_json
from gemini_openai._primitives.log import mask_http_logs, redacted_headers, redacted_url
from gemini_openai._primitives.secrets import (
    is_secret_header,
    is_secret_parameter,
    unfit_for_header,
    words_of,
)
from gemini_openai._primitives.urls import leaves_https, same_origin
from gemini_openai.dialect import redirect_target


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "cookie", "Set-Cookie", "X-API-Key", "api-key", "x-goog-api-key"),
        *("Proxy-Authorization", "x-goog-iam-authorization-token", "Helicone-Auth", "X-Auth-Token"),
        *("Ocp-Apim-Subscription-Key", "cf-access-client-secret", "X-Amz-Security-Token"),
    ],
)
def test_headers_with_secrets_are_known_by_their_names(name: str) -> None:
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name",
    [
        *("content-type", "idempotency-key", "x-goog-api-client", "x-goog-user-project", "etag"),
        *("x-ratelimit-remaining-tokens", "x-request-id", "x-team", "www-authenticate", "monkey"),
    ],
)
def test_other_headers_are_shown(name: str) -> None:
    assert not is_secret_header(name)


def test_parameters_of_a_query_are_told_apart_too() -> None:
    for name in ("key", "api_key", "access_token", "X-Goog-Signature", "sig", "upload_id"):
        assert is_secret_parameter(name), name
    for name in ("pageToken", "page_token", "next_page_token", "alt", "monkey", "keys", "after"):
        assert not is_secret_parameter(name), name


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://u:p@x.example/a", "http://[secret]@x.example/a"),
        ("http://token@x.example", "http://[secret]@x.example"),
        ("http://u:p@ss@x.example/a", "http://[secret]@x.example/a"),
        ("http://u:p/q@x.example/a", "http://[secret]@x.example/a"),
        ("http://x.example:80/models/llama@001", "http://x.example:80/models/llama@001"),
        ("http://[::1]:80/models/llama@001", "http://[::1]:80/models/llama@001"),
        ("http://x.example/a?b=c@d:e", "http://x.example/a?b=c@d:e"),
        ("http://x/?alt=sse&key=k&q=1#f", "http://x/?alt=sse&key=[secret]&q=1#f"),
        ("http://x/?upload_id=u&X-Goog-Signature=s", None),
        ("http://x/?pageToken=t", "http://x/?pageToken=t"),
    ],
)
def test_logins_and_secret_parameters_of_a_url_are_masked(url: str, shown: str | None) -> None:
    expected = shown or "http://x/?upload_id=[secret]&X-Goog-Signature=[secret]"
    assert redacted_url(url) == expected


def test_the_address_of_an_upload_is_masked_within_a_header() -> None:
    headers = {"X-Goog-Upload-URL": "https://x/u?upload_id=s&alt=y", "Cookie": "s", "A": "b"}
    assert redacted_headers(headers) == {
        "X-Goog-Upload-URL": "https://x/u?upload_id=[secret]&alt=y",
        "Cookie": "[secret]",
        "A": "b",
    }


@pytest.mark.parametrize("name", ["httpcore.http11", "httpcore2.http2"])
def test_response_headers_in_the_logs_of_the_http_libraries_are_masked(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    mask_http_logs()
    caplog.set_level(1, logger=name)
    pairs = [(b"Set-Cookie", b"it's"), (b"Set-Cookie", b'"'), (b"Location", b"http://u:p@x/?key=k")]
    logging.getLogger(name).debug(f"complete return_value={pairs!r}")  # noqa: G004  # as they do
    logging.getLogger(name).debug("%s of %s", "http://u:p@x/", 5)
    assert caplog.messages == [
        (
            "complete return_value=[(b'Set-Cookie', [secret]), (b'Set-Cookie', [secret]), "
            "(b'Location', b'http://[secret]@x/?key=[secret]')]"
        ),
        "http://[secret]@x/ of 5",
    ]


def test_the_first_character_that_does_not_fit_is_told() -> None:
    assert unfit_for_header("a b\tc~") is None
    assert unfit_for_header("ab\n“") == (3, "U+000A")
    assert unfit_for_header("\x7f") == (1, "U+007F")


def test_what_may_be_a_header_or_a_url_is_not_repeated() -> None:
    assert words_of(httpx.LocalProtocolError("Illegal header value b'k'")) is None
    assert words_of(httpx.RemoteProtocolError("illegal header line: b'k'")) is None
    assert words_of(httpx.InvalidURL("Invalid port: 'k'")) is None
    assert words_of(UnicodeEncodeError("ascii", "k", 0, 1, "ordinal not in range")) is None
    assert words_of(httpx.DecodingError("incorrect header check")) == "incorrect header check"
    assert words_of(httpx.ConnectError("http://u:p@x refused")) == "http://[secret]@x refused"
    assert words_of(httpx.ReadError("")) == "ReadError"


def test_an_origin_is_a_scheme_a_host_and_a_port() -> None:
    assert same_origin("https://u:p@X.example/a", "https://x.example:443/b")
    for other in ("http://x.example", "https://y.example", "https://x.example:444", "https://[x"):
        assert not same_origin("https://x.example/", other), other
    assert leaves_https("https://x/", "http://x/")
    assert not leaves_https("http://x/", "http://x/")


def test_a_redirect_within_the_origin_keeps_the_login() -> None:
    base = "https://u:p@x.example/upload/v1beta/files"
    assert redirect_target(base, "https://x.example/u?a=b") == "https://u:p@x.example/u?a=b"
    assert redirect_target(base, "/u") == "https://u:p@x.example/u"
    assert redirect_target(base, "https://y.example/u") == "https://y.example/u"
    for no_url in ("http://[::1", "http://y.example:port/", "file:///etc/passwd"):
        assert redirect_target(base, no_url) is None, no_url


@pytest.mark.parametrize(
    ("data", "mended"),
    [
        (b'{"a":"\\ud800"}', '{"a":"\ufffd"}'),
        (b'{"a":"\\ud83d\\ude00"}', '{"a":"\U0001f600"}'),
        (b'{"a":"\xff"}', '{"a":"\ufffd"}'),
        (b'{"a":%s}' % (b"9" * 5000), '{"a":"%s"}' % ("9" * 5000)),
        (b'{"a":12,"b":1.5}', '{"a":12,"b":1.5}'),
        (b"{oops", None),
        (b"[" * 100_000, None),
        (b"", None),
    ],
)
def test_json_that_is_broken_in_one_place_is_mended_there(data: bytes, mended: str | None) -> None:
    assert mended_json(data) == (None if mended is None else mended.encode())
