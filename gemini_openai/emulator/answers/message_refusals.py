"""Refuse a chat request for its messages, with Google's errors."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic
from ..http.json_values import is_mapping, mapping, sequence, string
from .answer import text_of
from .catalogue import generation
from .wire import is_signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .quirks import Quirks

_DUMMY_SIGNATURE = "skip_thought_signature_validator"
_DEVELOPERS_DUMMY = "context_engineering_is_the_way_to_go"  # not of Vertex: pydantic-ai#3881
_USER_ROLES = {"user", "assistant", "model", "tool", "function"}
_RESULT_ROLES = {"tool", "function"}
_SYSTEM_ROLES = {"system", "developer"}
_IMAGE_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=_-]+")
NULL = "Value is not a string: null"


def messages(
    body: Mapping[str, Any], quirks: Quirks, *, vertex: bool = False
) -> GoogleError | None:
    """The first error of the messages."""
    given = [mapping(message) for message in sequence(body.get("messages"))]
    turns = contents(given)
    dummies = {_DUMMY_SIGNATURE} if vertex else {_DUMMY_SIGNATURE, _DEVELOPERS_DUMMY}
    if not turns:
        return GoogleError(400, "* GenerateContentRequest.contents: contents is not specified\n")
    if any(_role(turn) not in _USER_ROLES for turn in turns):
        return GoogleError(400, "Please use a valid role: user, model.")
    if quirks.null_message_fields_refused and any(None in m.values() for m in given):
        return GoogleError(400, NULL)
    return (
        _arguments(given)
        or _result_names(turns, quirks)
        or _pairs(turns)
        or _parts(turns)
        or _images(given, quirks)
        or (_signatures(body, turns, quirks, dummies) if quirks.signatures_checked else None)
    )


def contents(messages: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Group messages as Gemini counts them: without system ones, all results of a turn together."""
    out: list[list[Mapping[str, Any]]] = []
    for message in messages:
        role = string(message.get("role"))
        if role in _SYSTEM_ROLES:
            continue
        if role in _RESULT_ROLES and out and _role(out[-1]) in _RESULT_ROLES:
            out[-1].append(message)
        else:
            out.append([message])
    return out


def _role(turn: Sequence[Mapping[str, Any]]) -> str:
    return string(turn[0].get("role"))


def _arguments(messages: Sequence[Mapping[str, Any]]) -> GoogleError | None:
    """The arguments of each call are a JSON object in text (langroid#988, for `null`)."""
    for message in messages:
        for call in map(mapping, sequence(message.get("tool_calls"))):
            if not _is_object(mapping(call.get("function")).get("arguments", "{}")):
                return GoogleError(400, "Expected a valid JSON object in the request")
    return None


def _is_object(arguments: object) -> bool:
    try:
        return is_mapping(json.loads(string(arguments)))
    except ValueError:
        return False


def _result_names(turns: Sequence[list[Mapping[str, Any]]], quirks: Quirks) -> GoogleError | None:
    """A tool result names its function, or has the id of an earlier call."""
    known: set[str] = set()
    for at, turn in enumerate(turns):
        for call in map(mapping, sequence(turn[0].get("tool_calls"))):
            known.add(string(call.get("id")))
        if _role(turn) not in _RESULT_ROLES:
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


def _pairs(turns: Sequence[list[Mapping[str, Any]]]) -> GoogleError | None:
    """Each turn with calls is followed by as many results, and results follow calls only."""
    waiting = 0
    for turn in [*turns, []]:
        results = len(turn) if turn and _role(turn) in _RESULT_ROLES else 0
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


def _parts(turns: Sequence[list[Mapping[str, Any]]]) -> GoogleError | None:
    """No message is without a text, and no text part is empty."""
    empty: list[str] = []
    for at, turn in enumerate(turns):
        message = turn[0]
        if _role(turn) in _RESULT_ROLES:
            continue
        parts = [mapping(part) for part in sequence(message.get("content"))]
        others = [part for part in parts if "text" not in part]
        if not (text_of(message) or others or message.get("tool_calls")):
            return generic()
        empty += [
            f"* GenerateContentRequest.contents[{at}].parts[{number}].data: required oneof field "
            "'data' must have one initialized field\n"
            for number, part in enumerate(parts)
            if part.get("type") == "text" and not part.get("text")
        ]
    return GoogleError(400, "".join(empty)) if empty else None


def _images(messages: Sequence[Mapping[str, Any]], quirks: Quirks) -> GoogleError | None:
    """The address of an image is its data, or one from which Google can fetch it."""
    fetched = () if quirks.remote_images_refused else ("https://", "http://", "gs://")
    googles = "https://generativelanguage.googleapis.com/"
    for message in messages:
        for part in map(mapping, sequence(message.get("content"))):
            if part.get("type") != "image_url":
                continue
            image = part.get("image_url")
            url = string(mapping(image).get("url"))
            if not (_IMAGE_DATA.match(url) or url.startswith((googles, *fetched))):
                shown = url or string(image)
                return GoogleError(400, f"Invalid or unsupported file uri: {shown}")
    return None


def _signatures(
    body: Mapping[str, Any],
    turns: Sequence[list[Mapping[str, Any]]],
    quirks: Quirks,
    dummies: set[str],
) -> GoogleError | None:
    """From Gemini 3 on, the first call of each step of the last turn needs its signature."""
    if generation(string(body.get("model"))) < 3:
        return None
    start = max((at for at, turn in enumerate(turns) if _role(turn) == "user"), default=0)
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
        known = is_signature if quirks.foreign_signatures_refused else _is_base64
        if signature not in dummies and (signature == _DEVELOPERS_DUMMY or not known(signature)):
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
