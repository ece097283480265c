"""A refusal that does not say what to do instead, to a sentence that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._primitives.json_types import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .settings import Settings

_FOR_OTHER_ENDPOINTS = {
    "imagen": "images.generate",
    "veo": "videos.create",
    "embedding": "embeddings.create",
}
"""A part of a model's name: the method that such models are for."""


def hint(message: str, body: Mapping[str, Any], settings: Settings) -> str | None:
    """What helps with the refusal of the chat request `body`; `message` is Google's.

    None where nothing in the request is known to be its reason.
    """
    if "hints" in settings.off:
        return None
    if "not supported for generateContent" in message:
        return _about_model(str(body.get("model")))
    if "invalid argument" in message or "at 'tools[" in message:
        return _about_tools(body.get("tools"), settings)
    return None


def _about_model(model: str) -> str | None:
    for word, method in _FOR_OTHER_ENDPOINTS.items():
        if word in model:
            return f"{model} does not chat; it is a model for {method}"
    return None


def _about_tools(tools: object, settings: Settings) -> str | None:
    for place, tool in enumerate(tools if is_array(tools) else []):
        if is_object(tool) and "function" not in tool:
            kind = tool.get("type") or next(iter(tool), None)
            search = (
                "web_search_options searches here"
                if settings.backend == "vertex"
                else "on Vertex AI web_search_options searches"
            )
            return (
                f"tools[{place}] is {kind!r}, and this endpoint takes functions only. Google "
                "Search, URL context and code execution are tools of the google-genai package; "
                + search
            )
    return None
