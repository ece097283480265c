"""Refusals that do not say what to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.errors import hint
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

GENERIC = "Request contains an invalid argument."
UNKNOWN = (
    "Invalid JSON payload received. Unknown name \"google_search\" at 'tools[1]': "
    "Cannot find field."
)
FUNCTION: Any = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    ("message", "tool", "name"),
    [
        (UNKNOWN, {"google_search": {}}, "google_search"),
        (GENERIC, {"type": "web_search_preview"}, "web_search_preview"),
        (GENERIC, {"type": "url_context", "url_context": {}}, "url_context"),
    ],
)
def test_a_tool_of_googles_own_is_named_with_the_way_to_have_it(
    message: str, tool: Any, name: str
) -> None:
    text = str(hint(message, {"tools": [FUNCTION, tool]}, DEFAULT_SETTINGS))
    assert text.startswith(f"tools[1] is {name!r}, but this endpoint takes functions only.")
    assert "google-genai" in text
    assert text.endswith("on Vertex AI web_search_options searches")
    there = str(hint(message, {"tools": [FUNCTION, tool]}, make_settings(backend="vertex")))
    assert there.endswith("web_search_options searches here")


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("imagen-4.0-generate-001", "images.generate"),
        ("veo-3.0-generate-001", "videos.create"),
        ("gemini-embedding-001", "embeddings.create"),
    ],
)
def test_a_model_that_does_not_chat_is_named_with_its_method(model: str, method: str) -> None:
    message = f"models/{model} is not found for API version v1main, or is not supported for "
    text = hint(f"{message}generateContent.", {"model": model}, DEFAULT_SETTINGS)
    assert text == f"{model} is not a chat model; use it with {method}"


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (GENERIC, {"tools": [FUNCTION]}),
        (GENERIC, {"tools": None}),
        (GENERIC, {"tools": ["?"]}),
        ("API key not valid.", {"tools": [{"google_search": {}}]}),
        ("models/x is not found, or is not supported for generateContent", {"model": "x"}),
    ],
)
def test_where_the_reason_is_not_known_nothing_is_said(message: str, body: Any) -> None:
    assert hint(message, body, DEFAULT_SETTINGS) is None
