"""One API key in several places, of which Google takes one."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.routes.headers import one_credential
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

URL = "https://generativelanguage.googleapis.com/v1beta/openai/models"
BEARER = {"accept": "application/json", "authorization": "Bearer k 1"}


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (URL, {"x-goog-api-key": "k 1"}),
        (f"{URL}?key=k+1", {}),
        (f"{URL}?key=k%201", {"x-goog-api-key": None}),
        (f"{URL}?key=old", {"x-goog-api-key": "k 1"}),
        (f"{URL}?key=old", {"authorization": "Bearer k 1"}),
    ],
)
def test_a_key_given_twice_is_sent_once(url: str, headers: dict[str, str | None]) -> None:
    given = {"accept": "application/json", **headers}
    assert one_credential(url, given, DEFAULT_SETTINGS) == (URL, BEARER)


def test_the_rest_of_the_query_stays_as_it_is() -> None:
    url, _ = one_credential(f"{URL}?a=1%2F2&key=k&monkey=x&b", {}, DEFAULT_SETTINGS)
    assert url == f"{URL}?a=1%2F2&monkey=x&b"


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (URL, {}),
        (f"{URL}?monkey=x", {}),
        (f"{URL}?key=", {}),
        (URL, {"x-goog-api-key": "k", "authorization": None}),
        ("https://gateway.example/v1/models?key=k", {"x-goog-api-key": "k"}),
        ("https://generativelanguage.googleapis.com/v1beta/files", {"x-goog-api-key": "k"}),
    ],
)
def test_nothing_else_is_touched(url: str, headers: dict[str, str | None]) -> None:
    assert one_credential(url, headers, DEFAULT_SETTINGS) == (url, headers)


@pytest.mark.parametrize(
    "settings", [make_settings(backend="vertex"), make_settings(repairs={"one-credential": False})]
)
def test_vertex_and_who_wants_it_so_keep_both(settings: object) -> None:
    assert one_credential(URL, {"x-goog-api-key": "k"}, settings) == (URL, {"x-goog-api-key": "k"})
