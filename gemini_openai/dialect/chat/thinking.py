"""Gemini's own options, in every form people write them, to the one form the server takes.

On the wire they are `{"extra_body": {"google": {...}}}`, with that literal key `extra_body`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_object
from ..notes import InvalidRequestError, Note, UnsupportedParameterError
from ..routes.models import generation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings

# Where each option belongs, by every name it goes by.
_THINKING = {
    "thinking_budget": "thinking_budget",
    "thinkingBudget": "thinking_budget",
    "thinking_level": "thinking_level",
    "thinkingLevel": "thinking_level",
    "include_thoughts": "include_thoughts",
    "includeThoughts": "include_thoughts",
}
_GOOGLE = {
    "cached_content": "cached_content",
    "cachedContent": "cached_content",
    "safety_settings": "safety_settings",
    "safetySettings": "safety_settings",
    "thought_tag_marker": "thought_tag_marker",
    "thoughtTagMarker": "thought_tag_marker",
    "stream_function_call_arguments": "stream_function_call_arguments",
    "streamFunctionCallArguments": "stream_function_call_arguments",
    "media_resolution": "media_resolution",
    "mediaResolution": "media_resolution",
}
_CONFIG = frozenset({"thinking_config", "thinkingConfig"})
_NESTS = frozenset({"extra_body", "extraBody", "google"})
_OPTIONS = frozenset({*_THINKING, *_GOOGLE, *_CONFIG, *_NESTS})
_TRIGGERS = _OPTIONS | {"reasoning_effort"}

THOUGHT_TAG = "thought"
"""The tag around thoughts: the Developer API's own, and the one we ask Vertex for."""

_TOO_MUCH = {"xhigh": "high", "max": "high"}
EFFORTS: Mapping[str, Mapping[str, str]] = {
    # Google's table of reasoning_effort (ai.google.dev/gemini-api/docs/openai), and refusals:
    # "Budget 0 is invalid. This model only works in thinking mode." for 2.5 Pro, and
    # "Thinking level MINIMAL is not supported for this model." (req_llm#971).
    "gemini-2.5-pro*": {"none": "low"},
    "gemini-3*-pro*": {"none": "low", "minimal": "low"},
    "gemini-pro-latest": {"none": "low", "minimal": "low"},
    "gemini-3-flash*": {"none": "minimal"},
    "gemini-3.7-flash*": {"minimal": "low"},
}
"""What to send for an effort a model cannot do, by pattern of its name; the first that fits."""
_VERTEX_EFFORTS = {"minimal": "low"}  # Google's page on that endpoint lists low, medium, high, none
_BUDGETS = {"none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24576}


class Thinking(NamedTuple):
    """What a request in the server's form says of thoughts."""

    include_thoughts: bool
    tag: str


def adapt_gemini_options(
    body: dict[str, Any], model: str, settings: Settings
) -> tuple[dict[str, Any], list[Note]]:
    """`body` with Gemini's options where the server looks for them, and an effort it can do.

    Raises:
        InvalidRequestError: `reasoning_effort` beside a thinking budget or level, or an option
            given twice with different values.
        UnsupportedParameterError: `safety_settings` on the Developer API.
    """
    notes: list[Note] = []
    if _TRIGGERS.isdisjoint(body):
        return body, notes
    if "gemini-options" not in settings.off and not _OPTIONS.isdisjoint(body):
        body = _in_place(body, notes)
    google: Mapping[str, Any] = _google(body)
    if (
        "safety_settings" in google
        and settings.backend == "developer"
        and "safety-settings" not in settings.off
    ):
        raise UnsupportedParameterError(
            "safety_settings is an option of Vertex AI; the OpenAI-compatible endpoint of the "
            "Gemini Developer API refuses it. Leave it out, or use a client with vertexai=True.",
            param="safety_settings",
            repair="safety-settings",
        )
    if body.get("reasoning_effort") is not None:
        body = _with_possible_effort(body, model, settings, notes)
        if "thinking-conflict" not in settings.off:
            body = _with_one_way_to_think(body, model, notes)
    if (
        settings.backend == "vertex"
        and "thought-tag" not in settings.off
        and thinking_of(body).include_thoughts
        and "thought_tag_marker" not in google
    ):
        body = _with_google(body, {**google, "thought_tag_marker": THOUGHT_TAG})
        notes.append(Note("thought-tag", f"thoughts are asked for in <{THOUGHT_TAG}> tags"))
    return body, notes


def thinking_of(body: Mapping[str, Any]) -> Thinking:
    """Whether the answer to this request may hold thoughts, and in what tag."""
    google = _google(body)
    config = google.get("thinking_config")
    asked = is_object(config) and config.get("include_thoughts") is True
    tag = google.get("thought_tag_marker")
    return Thinking(asked, tag if isinstance(tag, str) and tag else THOUGHT_TAG)


def possible_effort(effort: str, model: str, settings: Settings) -> str:
    """`effort`, or what to send in its place to a model that cannot do it."""
    from fnmatch import fnmatchcase

    bare = model.rpartition("/")[2]
    for pattern, efforts in settings.efforts.items():
        if fnmatchcase(bare, pattern) and effort in efforts:
            return efforts[effort]
    out = _TOO_MUCH.get(effort, effort)
    if settings.backend == "vertex":
        out = _VERTEX_EFFORTS.get(out, out)
    for pattern, efforts in EFFORTS.items():
        if fnmatchcase(bare, pattern):
            return efforts.get(out, out)
    return out


# --- where options go ---


class _Collected:
    """The options found so far, and where, so that two that differ can be told."""

    def __init__(self) -> None:
        self.thinking: dict[str, Any] = {}
        self.google: dict[str, Any] = {}
        self.unknown: dict[str, Any] = {}  # inside extra_body: the server will say
        self.body: dict[str, Any] = {}
        self._found_at: dict[str, str] = {}

    def top_level(self, body: Mapping[str, Any]) -> None:
        for key, value in body.items():
            if key in _OPTIONS:
                self._take(key, value, key, self.body)
            else:
                self.body[key] = value

    def _take(self, key: str, value: Any, at: str, other: dict[str, Any]) -> None:
        if key in _THINKING:
            self._set(self.thinking, _THINKING[key], value, at)
        elif key in _GOOGLE:
            self._set(self.google, _GOOGLE[key], value, at)
        elif key in _CONFIG and is_object(value):
            self._inside(value, at, self.thinking)
        elif key in _NESTS and is_object(value):
            self._inside(value, at, self.google if key == "google" else self.unknown)
        elif value is not None or key not in _OPTIONS:
            other[key] = value

    def _inside(self, value: Mapping[str, Any], at: str, other: dict[str, Any]) -> None:
        for key, item in value.items():
            self._take(key, item, f"{at}.{key}", other)

    def _set(self, target: dict[str, Any], name: str, value: Any, at: str) -> None:
        if value is None:
            return
        if name == "thinking_level" and isinstance(value, str):
            value = value.lower()
        if name in target and target[name] != value:
            raise InvalidRequestError(
                f"{name} is given twice: {target[name]!r} as {self._found_at[name]} and "
                f"{value!r} as {at}. Keep one of them.",
                param=name,
                repair="gemini-options",
            )
        target[name] = value
        self._found_at[name] = at


def _in_place(body: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    found = _Collected()
    found.top_level(body)
    if "thinking_budget" in found.thinking and "thinking_level" in found.thinking:
        raise InvalidRequestError(
            "thinking_budget and thinking_level say the same thing in two ways, and Gemini takes "
            "one: a level for Gemini 3 and later, a budget for 2.5.",
            param="thinking_level",
            repair="gemini-options",
        )
    google = dict(found.google)
    if found.thinking:
        google["thinking_config"] = found.thinking
    extra = dict(found.unknown)
    if google:
        extra["google"] = google
    out = {**found.body, "extra_body": extra} if extra else found.body
    if out == body:
        return body
    moved = sorted(key for key in body if key in _OPTIONS)
    notes.append(
        Note("gemini-options", f"{', '.join(moved)} went into extra_body.google of the request")
    )
    return out


def _google(body: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = body.get("extra_body")
    google = extra.get("google") if is_object(extra) else None
    return google if is_object(google) else {}


def _with_google(body: dict[str, Any], google: Mapping[str, Any]) -> dict[str, Any]:
    extra: dict[str, Any] = dict(body["extra_body"])
    extra.pop("google", None)
    if google:
        extra["google"] = google
    out = {**body, "extra_body": extra}
    if not extra:
        del out["extra_body"]
    return out


# --- how much to think ---


def _with_possible_effort(
    body: dict[str, Any], model: str, settings: Settings, notes: list[Note]
) -> dict[str, Any]:
    effort = body["reasoning_effort"]
    if "reasoning-effort" in settings.off or not isinstance(effort, str):
        return body
    possible = possible_effort(effort, model, settings)
    if possible == effort:
        return body
    notes.append(
        Note(
            "reasoning-effort",
            f"{model} cannot do reasoning_effort={effort!r}; {possible!r} was sent.",
            changes_answer=True,
            warn=True,
        )
    )
    return {**body, "reasoning_effort": possible}


def _with_one_way_to_think(body: dict[str, Any], model: str, notes: list[Note]) -> dict[str, Any]:
    """The effort as a level or budget, where thoughts are asked for: the server takes no two."""
    google = dict(_google(body))
    config = google.get("thinking_config")
    if not is_object(config) or not config:
        return body
    effort = body["reasoning_effort"]
    for name in ("thinking_budget", "thinking_level"):
        if name in config:
            raise InvalidRequestError(
                f"reasoning_effort={effort!r} and {name}={config[name]!r} both say how much to "
                "think, and Gemini takes one of them. Leave one out.",
                param="reasoning_effort",
                repair="thinking-conflict",
            )
    if config.keys() - {"include_thoughts"} or effort not in _BUDGETS:
        return body
    if not config.get("include_thoughts") or effort == "none":
        del google["thinking_config"]
        notes.append(Note("thinking-conflict", "include_thoughts left out: there are no thoughts"))
        return _with_google(body, google)
    if generation(model) == 2:
        how: dict[str, Any] = {"thinking_budget": _BUDGETS[effort]}
    else:
        how = {"thinking_level": effort}
    google["thinking_config"] = {**config, **how}
    out = _with_google(body, google)
    del out["reasoning_effort"]
    notes.append(Note("thinking-conflict", f"reasoning_effort={effort!r} was sent as {how}"))
    return out
