"""Put a tier and Google's own tools where Vertex AI takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...notes import AdaptedRequest, Note
from ...options import google_options, with_google_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...settings import Settings

_TIER_HEADER = "x-vertex-ai-llm-shared-request-type"
_TIERS = ("flex", "priority")
GOOGLE_TOOLS = frozenset(
    {
        *("google_search", "googleSearch", "google_search_retrieval", "googleSearchRetrieval"),
        *("code_execution", "codeExecution", "url_context", "urlContext"),
        *("google_maps", "googleMaps", "enterprise_web_search", "enterpriseWebSearch"),
        *("retrieval", "vertex_ai_search", "vertexAiSearch", "computer_use", "computerUse"),
        *("file_search", "fileSearch"),
    }
)
"""The keys by which Google's own tools are named, in both spellings."""


def google_tool(tool: object) -> str | None:
    """The name of Google's own tool that an item of `tools` stands for, or None."""
    if not is_object(tool) or "function" in tool:
        return None
    kind = tool.get("type")
    named = [key for key in tool if key in GOOGLE_TOOLS]
    return named[0] if named else kind if isinstance(kind, str) and kind in GOOGLE_TOOLS else None


def with_tools_in_place(body: dict[str, Any], settings: Settings) -> AdaptedRequest:
    """`body` with Google's own tools where Vertex AI takes them: `extra_body.google.tools`."""
    tools = body.get("tools")
    if not is_array(tools) or settings.backend != "vertex" or not settings.on("google-tools"):
        return AdaptedRequest(body)
    own = {place: name for place, tool in enumerate(tools) if (name := google_tool(tool))}
    if not own:
        return AdaptedRequest(body)
    left = [tool for place, tool in enumerate(tools) if place not in own]
    moved = [_as_google_has_it(tools[place], name) for place, name in own.items()]
    out = {key: value for key, value in body.items() if key != "tools"}
    if left:
        out["tools"] = left
    else:
        out.pop("tool_choice", None)  # it is a choice among functions, of which there are none
    google = google_options(body)
    given = google.get("tools")
    before = given if is_array(given) else []
    extra = body.get("extra_body")
    out["extra_body"] = dict(extra) if is_object(extra) else {}
    out = with_google_options(out, {**google, "tools": [*before, *moved]})
    note = Note("google-tools", f"{', '.join(own.values())} went into extra_body.google.tools")
    return AdaptedRequest(out, [note])


def tier_headers(body: Mapping[str, Any], settings: Settings) -> Mapping[str, str]:
    """The header that asks Vertex AI for the `service_tier` of a request; empty for the usual one.

    https://github.com/BerriAI/litellm/issues/25379 has it of the native route; on the compatible
    one it is not documented.
    """
    tier = body.get("service_tier")
    if settings.backend == "vertex" and tier in _TIERS and settings.on("service-tier"):
        return {_TIER_HEADER: str(tier)}
    return {}


def _as_google_has_it(tool: dict[str, Any], name: str) -> dict[str, Any]:
    """`{"type": "google_search"}`, as OpenAI writes its own tools, as `{"google_search": {}}`."""
    if tool.get("type") != name:
        return tool
    options = {key: value for key, value in tool.items() if key != "type"}
    return {name: options.get(name, options)}
