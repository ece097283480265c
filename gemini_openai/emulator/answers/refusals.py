"""Refuse a chat request for what is in its body, with Google's errors."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, bad_request, generic, unknown_names
from ..http.json_values import compact, mapping, number, sequence, string
from .answer import snake_case, text_of, thinking_config
from .catalogue import Catalogue, bare, generation
from .schema_refusals import refused_schema_keyword

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .quirks import Quirks

CHAT_FIELDS = frozenset(
    {
        *("model", "messages", "stream", "stream_options", "n", "stop", "user"),
        *("max_tokens", "max_completion_tokens", "temperature", "top_p", "presence_penalty"),
        *("response_format", "tools", "tool_choice", "parallel_tool_calls"),
        *("modalities", "audio", "reasoning_effort", "service_tier", "extra_body"),
    }
)
"""The top-level names of a chat request; all others are a 400."""

_CHAT_NESTED = {
    ("stream_options",): {"include_usage"},
    ("extra_body",): {"google"},
    ("extra_body", "google"): {"cached_content", "thinking_config"},
    ("extra_body", "google", "thinking_config"): {
        "include_thoughts",
        "thinking_budget",
        "thinking_level",
    },
}
_TOOL_FIELDS = {"type", "function"}
_CHAT_SCALARS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "stream": ("TYPE_BOOL", bool),
    "max_tokens": ("TYPE_INT32", int),
    "max_completion_tokens": ("TYPE_INT32", int),
    "n": ("TYPE_INT32", int),
    "temperature": ("TYPE_FLOAT", (int, float)),
    "top_p": ("TYPE_FLOAT", (int, float)),
    "presence_penalty": ("TYPE_FLOAT", (int, float)),
    "parallel_tool_calls": ("TYPE_BOOL", bool),
}
_EFFORTS = ("high", "low", "medium", "minimal", "none")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
_NAME_RULE = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphameric "
    "(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum "
    "length of 64."
)
_DUMMY_SIGNATURES = {
    "skip_thought_signature_validator",
    "context_engineering_is_the_way_to_go",
}
_BUDGETS = (
    # A part of the name, the smallest and the largest budget; 0 and -1 besides, save for Pro.
    ("gemini-2.5-pro", 128, 32768),
    ("gemini-2.5-flash-lite", 512, 24576),
    ("gemini-2.5-flash", 0, 24576),
)


def chat(body: Mapping[str, Any], quirks: Quirks, models: Catalogue) -> GoogleError | None:
    """The first error of a chat request whose top-level names are in snake case."""
    return (
        (_names(body) if quirks.unknown_names_refused else None)
        or _types(body)
        or _model(body, models)
        or _thinking(body)
        or _messages(body, quirks)
        or (_signatures(body) if quirks.signatures_checked else None)
        or _tools(body, quirks)
        or _values(body)
    )


def not_found(model: str, method: str) -> GoogleError:
    """The 404 for a model that does not exist, or not for this method."""
    return GoogleError(
        404,
        f"models/{bare(model)} is not found for API version v1main, or is not supported for "
        f"{method}. Call ListModels to see the list of available models and their supported "
        "methods.",
        "NOT_FOUND",
    )


def wrong_model_name(model: object) -> GoogleError | None:
    """The 400 for a name with a slash that is not `models/…` [reported of the native route]."""
    name = string(model)
    if name and ("/" not in bare(name) or name.startswith("tunedModels/")):
        return None
    return GoogleError(400, "* GenerateContentRequest.model: unexpected model name format\n")


def _names(body: Mapping[str, Any]) -> GoogleError | None:
    found: list[tuple[str | None, str]] = [(None, name) for name in body if name not in CHAT_FIELDS]
    for path, known in _CHAT_NESTED.items():
        inner: Any = body
        for step in path:
            inner = mapping(inner).get(step)
        found += [
            (".".join(path), name) for name in mapping(inner) if snake_case(name) not in known
        ]
    for at, tool in enumerate(sequence(body.get("tools"))):
        # Google's own tools have no field here [recorded: nvda-OpenAI#123, June 2026].
        found += [(f"tools[{at}]", name) for name in mapping(tool) if name not in _TOOL_FIELDS]
    return unknown_names(found) if found else None


def _types(body: Mapping[str, Any]) -> GoogleError | None:
    found: list[tuple[str | None, str]] = []
    for name, (label, kind) in _CHAT_SCALARS.items():
        value = body.get(name)
        if value is None or (kind is not bool and _is_numeric_text(value)):
            continue
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            found.append((name, f"Invalid value at '{name}' ({label}), {compact(value)}"))
    return bad_request(found) if found else None


def _is_numeric_text(value: object) -> bool:
    """Proto's JSON parser takes `"5"` for 5."""
    return isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value))


def _model(body: Mapping[str, Any], models: Catalogue) -> GoogleError | None:
    name = string(body.get("model"))
    if models.answers_chat(name):
        return None
    return wrong_model_name(name) or not_found(name, "generateContent")


def _thinking(body: Mapping[str, Any]) -> GoogleError | None:
    config = thinking_config(body)
    effort = body.get("reasoning_effort")
    if effort is not None and config:
        return GoogleError(
            400,
            "Expected one of either `reasoning_effort` or custom `thinking_config`; found both.",
        )
    if effort is not None and effort not in _EFFORTS:
        valid = ", ".join(_EFFORTS)
        return GoogleError(400, f"Invalid reasoning_effort: {effort}. Valid values are: {valid}")
    model = bare(string(body.get("model")))
    pro = "-pro" in model and generation(model) >= 2
    budget = config.get("thinking_budget")
    if pro and (effort == "none" or budget == 0):
        return GoogleError(400, "Budget 0 is invalid. This model only works in thinking mode.")
    level = string(effort or config.get("thinking_level")).lower()
    if pro and level == "minimal" and generation(model) >= 3:
        # [reported: req_llm#971]
        return GoogleError(400, "Thinking level MINIMAL is not supported for this model.")
    if config.get("thinking_level") is not None and generation(model) == 2:
        return GoogleError(400, "Thinking level is not supported for this model.")
    _, low, high = next((row for row in _BUDGETS if row[0] in model), ("", 0, 32768))
    if isinstance(budget, int) and budget not in {0, -1} and not low <= budget <= high:
        return GoogleError(
            400,
            f"The thinking budget {budget} is invalid. "
            f"Please choose a value between {low} and {high}.",
        )
    return None


# --- messages ---

_USER_ROLES = {"user", "assistant", "model", "tool", "function"}
_RESULT_ROLES = {"tool", "function"}


def contents(messages: Sequence[object]) -> list[list[dict[str, Any]]]:
    """Group messages as Gemini counts them: without system ones, all results of a turn together."""
    out: list[list[dict[str, Any]]] = []
    for message in map(mapping, messages):
        role = message.get("role")
        if role in {"system", "developer"}:
            continue
        if role in _RESULT_ROLES and out and out[-1][0].get("role") in _RESULT_ROLES:
            out[-1].append(message)
        else:
            out.append([message])
    return out


def _messages(body: Mapping[str, Any], quirks: Quirks) -> GoogleError | None:
    turns = contents(sequence(body.get("messages")))
    if not turns:
        return GoogleError(400, "* GenerateContentRequest.contents: contents is not specified\n")
    if any(turn[0].get("role") not in _USER_ROLES for turn in turns):
        return GoogleError(400, "Please use a valid role: user, model.")
    return _result_names(turns, quirks) or _pairs(turns) or _parts(turns)


def _result_names(turns: Sequence[list[dict[str, Any]]], quirks: Quirks) -> GoogleError | None:
    """A tool result names its function, or has the id of an earlier call."""
    known: set[str] = set()
    for at, turn in enumerate(turns):
        for call in map(mapping, sequence(turn[0].get("tool_calls"))):
            known.add(string(call.get("id")))
        if turn[0].get("role") not in _RESULT_ROLES:
            continue
        for part, message in enumerate(turn):
            by_id = string(message.get("tool_call_id")) in known
            if message.get("name") or (by_id and not quirks.tool_names_required):
                continue
            return GoogleError(
                400,
                f"* GenerateContentRequest.contents[{at}].parts[{part}]"
                ".function_response.name: Name cannot be empty.\n",
            )
    return None


def _pairs(turns: Sequence[list[dict[str, Any]]]) -> GoogleError | None:
    """Each turn with calls is followed by as many results, and results follow calls only."""
    waiting = 0
    for turn in [*turns, []]:
        results = len(turn) if turn and turn[0].get("role") in _RESULT_ROLES else 0
        if results and not waiting:
            return GoogleError(
                400,
                "Please ensure that function response turn comes immediately after a function "
                "call turn.",
            )
        if results != waiting:
            return GoogleError(
                400,
                "Please ensure that the number of function response parts is equal to the number "
                "of function call parts of the function call turn.",
            )
        waiting = len(sequence(turn[0].get("tool_calls"))) if turn else 0
    return None


def _parts(turns: Sequence[list[dict[str, Any]]]) -> GoogleError | None:
    for turn in turns:
        message = turn[0]
        if message.get("role") in _RESULT_ROLES or message.get("tool_calls"):
            continue
        others = [p for p in map(mapping, sequence(message.get("content"))) if "text" not in p]
        if not text_of(message) and not others:
            return generic()
    return None


def _signatures(body: Mapping[str, Any]) -> GoogleError | None:
    """From Gemini 3 on, the first call of each step of the last turn needs its signature."""
    if generation(string(body.get("model"))) < 3:
        return None
    turns = contents(sequence(body.get("messages")))
    start = max((at for at, turn in enumerate(turns) if turn[0].get("role") == "user"), default=0)
    for position, turn in enumerate(turns, start=1):
        calls = sequence(turn[0].get("tool_calls"))
        if position <= start or not calls:
            continue
        signature = _signature_of(mapping(calls[0]))
        name = string(mapping(mapping(calls[0]).get("function")).get("name"))
        if not signature:
            return GoogleError(
                400,
                "Function call is missing a thought_signature in functionCall parts. This is "
                "required for tools to work correctly, and missing thought_signature may lead to "
                "degraded model performance. Additional data, function call "
                f"`default_api:{name}` , position {position}. Please refer to "
                "https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
            )
        if signature not in _DUMMY_SIGNATURES and not _is_base64(signature):
            return GoogleError(400, "Corrupted thought signature.")
    return None


def _signature_of(call: Mapping[str, Any]) -> str:
    google = mapping(mapping(call.get("extra_content")).get("google"))
    return string(google.get("thought_signature")) or string(call.get("thought_signature"))


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, altchars=b"-_" if {*"-_"} & {*text} else None))
    except (binascii.Error, ValueError):
        return False


# --- tools and values ---


def _tools(body: Mapping[str, Any], quirks: Quirks) -> GoogleError | None:
    seen: set[str] = set()
    for at, tool in enumerate(map(mapping, sequence(body.get("tools")))):
        function = mapping(tool.get("function"))
        name = string(function.get("name"))
        if tool.get("type") != "function" or not function:
            return generic()
        if not _NAME.fullmatch(name):
            place = f"GenerateContentRequest.tools[0].function_declarations[{at}].name"
            return GoogleError(400, f"{place}: {_NAME_RULE}")
        if name in seen:
            return GoogleError(400, f"Duplicate function declaration found: {name}")
        seen.add(name)
        if quirks.schemas_refused and refused_schema_keyword(function.get("parameters")):
            return generic()
    choice = body.get("tool_choice")
    forced = string(mapping(mapping(choice).get("function")).get("name"))
    if isinstance(choice, str) and choice not in {"none", "auto", "required"}:
        return generic()
    return generic() if forced and forced not in seen else None


def _values(body: Mapping[str, Any]) -> GoogleError | None:
    for name in ("n", "max_tokens", "max_completion_tokens"):
        value = number(body.get(name))
        if value is not None and value < 1:
            return generic()
    format_ = mapping(body.get("response_format"))
    if format_ and format_.get("type") not in {"text", "json_object", "json_schema"}:
        return generic()
    return None


def response_schema(body: Mapping[str, Any]) -> GoogleError | None:
    """The error for the schema of `response_format`, if Gemini refuses it."""
    format_ = mapping(body.get("response_format"))
    schema = mapping(format_.get("json_schema")).get("schema")
    if schema is None:
        return None
    return generic() if refused_schema_keyword(schema) else None
