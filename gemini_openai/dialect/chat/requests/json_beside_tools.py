"""Ask for JSON in words where a model takes no format beside tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...model_table import facts_of
from ...notes import Note, UnsupportedParameterError
from ...options import google_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...settings import Settings

_JSON = ("json_object", "json_schema")


def with_format_in_words(
    body: dict[str, Any], model: str, settings: Settings
) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` without a JSON format that the model refuses beside tools, asked for in words instead.

    The words are in the system message. They are for an answer in text: where the model has to call
    a function there is none, and where it may not call any it takes the format.

    Raises:
        UnsupportedParameterError: the policy is `"error"`.
    """
    wanted = body.get("response_format")
    if (
        not settings.on("json-beside-tools")
        or not is_object(wanted)
        or wanted.get("type") not in _JSON
        or not _has_tools(body)
        or "json_beside_tools" not in facts_of(model).refuses
    ):
        return body, ()
    message = f"{model} takes no response_format beside tools (Gemini 3 and later do)"
    if settings.unsupported == "error":
        raise UnsupportedParameterError(
            f"{message}. Leave out one of the two, ask another model, or set "
            'unsupported="warn" or "drop" to have the format asked for in words.',
            param="response_format",
            repair="json-beside-tools",
        )
    out = {key: value for key, value in body.items() if key != "response_format"}
    if not _may_answer_in_text(body):
        return out, (Note("json-beside-tools", f"{message}; left out, as a tool has to be called"),)
    if is_array(messages := body.get("messages")):
        out["messages"] = _with_words(
            messages, _words(wanted, beside_functions=bool(body.get("tools")))
        )
    note = Note(
        "json-beside-tools",
        f"{message}; it was left out, and the system message asks for the JSON in words. "
        "An answer in text may not fit the schema.",
        changes_answer=True,
        warn=settings.unsupported == "warn",
    )
    return out, (note,)


def _has_tools(body: dict[str, Any]) -> bool:
    """Whether the model may use tools: functions, or Google's own where Vertex AI takes them."""
    if body.get("tools") and body.get("tool_choice") != "none":
        return True
    searches = is_object(body.get("web_search_options"))
    return searches or bool(google_options(body).get("tools"))


def _may_answer_in_text(body: dict[str, Any]) -> bool:
    choice = body.get("tool_choice")
    allowed = choice.get("allowed_tools") if is_object(choice) else None
    return (allowed.get("mode") if is_object(allowed) else choice) in (None, "auto", "none")


def _words(wanted: dict[str, Any], *, beside_functions: bool) -> str:
    """What asks for JSON; with `beside_functions`, for answers that call no function."""
    described = wanted.get("json_schema")
    schema = described.get("schema") if is_object(described) else None
    answer = "When you answer without calling a function, answer" if beside_functions else "Answer"
    text = f"{answer} with JSON and nothing else"
    if not is_object(schema):
        return f"{text}: one JSON object, without a Markdown fence."
    shown = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return f"{text}, without a Markdown fence. The JSON must fit this JSON Schema:\n{shown}"


def _with_words(messages: Sequence[Any], words: str) -> list[Any]:
    """`messages` with something added to the last system message, or before all others."""
    out = list(messages)
    for place in reversed(range(len(out))):
        message = out[place]
        if is_object(message) and message.get("role") in ("system", "developer"):
            content = message.get("content")
            if is_array(content):
                content = [*content, {"type": "text", "text": words}]
            else:
                content = f"{content}\n\n{words}" if content else words
            out[place] = {**message, "content": content}
            return out
    return [{"role": "system", "content": words}, *out]
