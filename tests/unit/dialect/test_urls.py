"""Whatever people write as the base URL, the routes hang on the right one."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.routes.urls import compatible_root, normalise_base_url

GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"
HOST = "https://generativelanguage.googleapis.com"


@pytest.mark.parametrize(
    "written",
    [
        HOST,
        f"{HOST}/",
        f"{HOST}/v1beta",
        f"{HOST}/v1beta/",
        f"{HOST}/v1beta/openai",
        f"{HOST}/v1beta/openai/",
        f"{HOST}/v1beta/openai/chat/completions",
        f"{HOST}/v1beta/openai/?key=AIza",
        "https://GenerativeLanguage.googleapis.com/v1beta/openai",
    ],
)
def test_on_googles_host_all_forms_mean_the_same(written: str) -> None:
    assert normalise_base_url(written).lower() == GEMINI


def test_another_api_version_is_kept() -> None:
    assert normalise_base_url(f"{HOST}/v1alpha") == f"{HOST}/v1alpha/openai/"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("http://127.0.0.1:8000/v1beta", "http://127.0.0.1:8000/v1beta/"),
        ("https://gateway.example/a/b?x=1", "https://gateway.example/a/b/?x=1"),
        ("https://generativelanguage.googleapis.com.evil.example/", None),
    ],
)
def test_any_other_url_is_taken_as_it_is(written: str, meant: str | None) -> None:
    assert normalise_base_url(written) == (meant or written)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("https://proxy.example", "https://proxy.example/v1beta/openai/"),
        ("https://proxy.example/v1beta/", "https://proxy.example/v1beta/openai/"),
        ("https://proxy.example/gemini", "https://proxy.example/gemini/"),
        (HOST, GEMINI),
    ],
)
def test_the_variable_names_a_root_as_for_googles_sdk(variable: str, meant: str) -> None:
    assert compatible_root(variable) == meant
