"""The tier and Google's own tools, where Vertex AI takes them."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.chat.requests.vertex_options import (
    google_tool,
    tier_headers,
    with_tools_in_place,
)
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

VERTEX = make_settings(backend="vertex")
FUNCTION = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize("tier", ["flex", "priority"])
def test_a_tier_goes_into_the_header_that_vertex_reads(tier: str) -> None:
    headers = {"x-vertex-ai-llm-shared-request-type": tier}
    assert tier_headers({"service_tier": tier}, VERTEX) == headers
    assert tier_headers({"service_tier": tier}, DEFAULT_SETTINGS) == {}


@pytest.mark.parametrize("tier", ["default", "auto", "scale", None])
def test_the_usual_tier_needs_no_header(tier: str | None) -> None:
    assert tier_headers({"service_tier": tier}, VERTEX) == {}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"google_search": {}}, {"google_search": {}}),
        ({"googleSearch": {}}, {"googleSearch": {}}),
        ({"type": "google_search"}, {"google_search": {}}),
        ({"type": "code_execution", "code_execution": {}}, {"code_execution": {}}),
        ({"type": "url_context"}, {"url_context": {}}),
    ],
)
def test_googles_own_tools_go_where_vertex_takes_them(given: Any, sent: Any) -> None:
    body = {"tools": [FUNCTION, given], "extra_body": {"google": {"tools": [{"a": 1}], "b": 2}}}
    out, notes = with_tools_in_place(body, VERTEX)
    assert out == {
        "tools": [FUNCTION],
        "extra_body": {"google": {"tools": [{"a": 1}, sent], "b": 2}},
    }
    assert [note.repair for note in notes] == ["google-tools"]
    alone, _ = with_tools_in_place({"tools": [given], "tool_choice": "auto"}, VERTEX)
    assert alone == {"extra_body": {"google": {"tools": [sent]}}}


@pytest.mark.parametrize("tools", [[FUNCTION], [], "?", [{"type": "custom", "name": "x"}]])
def test_other_tools_stay_where_they_are(tools: Any) -> None:
    body = {"tools": tools}
    assert with_tools_in_place(body, VERTEX).body is body


def test_on_the_developer_api_they_stay_too_for_the_error_to_name_them() -> None:
    body = {"tools": [{"google_search": {}}]}
    assert with_tools_in_place(body, DEFAULT_SETTINGS).body is body
    assert google_tool(body["tools"][0]) == "google_search"
