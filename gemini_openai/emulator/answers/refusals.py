"""Refuse a chat request for what is in its body, with Google's errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, bad_request, generic, unknown_names
from ..http.json_values import compact, is_mapping, mapping, number, sequence, string
from . import message_refusals, model_refusals
from .answer import snake_case
from .catalogue import Catalogue, bare
from .schema_refusals import refused_schema_keyword

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    ("response_format",): {"type", "json_schema"},
    ("response_format", "json_schema"): {"name", "description", "schema", "strict"},
}
_TOOL_FIELDS = {"type", "function"}
_FUNCTION_FIELDS = {"name", "description", "parameters", "strict"}
_OBJECTS = ("stream_options", "response_format", "extra_body")  # fields that are objects
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
_REQUEST_TYPE = "google.ai.generativelanguage.v1main.ChatCompletionsRequest"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
_NAME_RULE = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphameric "
    "(a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum "
    "length of 64."
)


def chat(
    body: Mapping[str, Any], quirks: Quirks, models: Catalogue, *, vertex: bool = False
) -> GoogleError | None:
    """The first error of a chat request as the parser read it."""
    return (
        (_names(body) if quirks.unknown_names_refused else None)
        or _types(body)
        or _nulls(body, quirks)
        or refused_model(string(body.get("model")), "generateContent", models)
        or model_refusals.thinking_names(body)
        or (model_refusals.model_limits(body, vertex=vertex) if quirks.model_limits else None)
        or message_refusals.messages(body, quirks, vertex=vertex)
        or _tools(body, quirks)
        or (_parameters(body) if vertex else None)
        or _values(body)
    )


def refused_model(name: str, method: str, models: Catalogue) -> GoogleError | None:
    """The error for a model that is retired, does not exist, or is not for this method."""
    if models.is_retired(name):
        # [reported of the compatible route: ApplyPilot#6, February 2026]
        return GoogleError(
            404,
            f"This model models/{bare(name)} is no longer available to new users. Please update "
            "your code to use a newer model for the latest features and improvements.",
            "NOT_FOUND",
        )
    return (
        None if models.serves(name, method) else _wrong_model_name(name) or _not_found(name, method)
    )


def _not_found(model: str, method: str) -> GoogleError:
    """The 404 for a model that does not exist, or not for this method."""
    return GoogleError(
        404,
        f"models/{bare(model)} is not found for API version v1main, or is not supported for "
        f"{method}. Call ListModels to see the list of available models and their supported "
        "methods.",
        "NOT_FOUND",
    )


def _wrong_model_name(name: str) -> GoogleError | None:
    """The 400 for a name with a slash that is not `models/…` [reported of the native route]."""
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
        found += [
            (f"tools[{at}].function", name)
            for name in mapping(mapping(tool).get("function"))
            if name not in _FUNCTION_FIELDS
        ]
    return unknown_names(found) if found else None


def _types(body: Mapping[str, Any]) -> GoogleError | None:
    found: list[tuple[str | None, str]] = []
    for name, (label, kind) in _CHAT_SCALARS.items():
        value = body.get(name)
        if value is None or (kind is not bool and _is_numeric_text(value)):
            continue
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            found.append((name, f"Invalid value at '{name}' ({label}), {compact(value)}"))
    objects = [(name, body.get(name)) for name in _OBJECTS]
    objects += [(f"tools[{at}]", tool) for at, tool in enumerate(sequence(body.get("tools")))]
    if not isinstance(body.get("tools"), list):
        objects.append(("tools", body.get("tools")))
    found += [
        (name, f"Invalid value at '{name}' (type.googleapis.com/{_REQUEST_TYPE}), {compact(value)}")
        for name, value in objects
        if not (value is None or is_mapping(value))
    ]
    return bad_request(found) if found else None


def _nulls(body: Mapping[str, Any], quirks: Quirks) -> GoogleError | None:
    """`stop` is a value of any kind to the parser, which keeps its null; other nulls are absent."""
    wrong = body if quirks.null_parameters_refused else ("stop",)
    refused = any(body.get(name, "") is None for name in wrong)
    return GoogleError(400, message_refusals.NULL) if refused else None


def _is_numeric_text(value: object) -> bool:
    """Proto's JSON parser takes `"5"` for 5."""
    return isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value))


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


def _parameters(body: Mapping[str, Any]) -> GoogleError | None:
    """Vertex takes an object only as the parameters of a function. [reported: OmniRoute#3357]."""
    for function in (mapping(mapping(t).get("function")) for t in sequence(body.get("tools"))):
        parameters = function.get("parameters")
        kind = string(mapping(parameters).get("type"))
        if parameters is not None and kind not in {"object", "OBJECT"}:
            return GoogleError(
                400,
                f"Unable to submit request because `{string(function.get('name'))}` "
                "functionDeclaration `parameters` schema should be of type OBJECT.",
            )
    return None


def _values(body: Mapping[str, Any]) -> GoogleError | None:
    for name in ("n", "max_tokens", "max_completion_tokens"):
        value = number(body.get(name))
        if value is not None and value < 1:
            return generic()
    temperature = number(body.get("temperature"))
    if temperature is not None and not 0 <= temperature <= 2:
        return GoogleError(
            400,
            "* GenerateContentRequest.generation_config.temperature: temperature must be in the "
            "range [0.0, 2.0].\n",
        )
    format_ = mapping(body.get("response_format"))
    if format_ and string(format_.get("type")) not in {"text", "json_object", "json_schema"}:
        return generic()
    return None


def response_schema(body: Mapping[str, Any]) -> GoogleError | None:
    """The error for the schema of `response_format`, if Gemini refuses it."""
    format_ = mapping(body.get("response_format"))
    schema = mapping(format_.get("json_schema")).get("schema")
    if schema is None:
        return None
    return generic() if refused_schema_keyword(schema) else None
