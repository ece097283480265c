"""Ask for thoughts in a way the server takes, and for an effort the model can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_object
from ..models import generation
from ..notes import InvalidRequestError, Note, UnsupportedParameterError
from ..options import google_options, with_google_options, with_options_in_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings

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
    body, moved = with_options_in_place(body, "chat", settings)
    notes = [*moved]
    if "reasoning_effort" not in body and "extra_body" not in body:
        return body, notes
    google = google_options(body)
    config = google.get("thinking_config")
    if (
        is_object(config)
        and {"thinking_budget", "thinking_level"} <= config.keys()
        and settings.on("gemini-options")
    ):
        raise InvalidRequestError(
            "thinking_budget and thinking_level say the same thing in two ways, and Gemini takes "
            "one: a level for Gemini 3 and later, a budget for 2.5.",
            param="thinking_level",
            repair="gemini-options",
        )
    if (
        "safety_settings" in google
        and settings.backend == "developer"
        and settings.on("safety-settings")
    ):
        raise UnsupportedParameterError(
            "safety_settings is an option of Vertex AI; the OpenAI-compatible endpoint of the "
            "Gemini Developer API refuses it. Leave it out, or use a client with vertexai=True.",
            param="safety_settings",
            repair="safety-settings",
        )
    if body.get("reasoning_effort") is not None:
        body = _with_possible_effort(body, model, settings, notes)
        if settings.on("thinking-conflict"):
            body = _with_one_way_to_think(body, model, notes)
    if (
        settings.backend == "vertex"
        and settings.on("thought-tag")
        and thinking_of(body).include_thoughts
        and "thought_tag_marker" not in google
    ):
        tagged = {**google_options(body), "thought_tag_marker": THOUGHT_TAG}
        body = with_google_options(body, tagged)
        notes.append(Note("thought-tag", f"thoughts are asked for in <{THOUGHT_TAG}> tags"))
    return body, notes


def thinking_of(body: Mapping[str, Any]) -> Thinking:
    """Whether the answer to this request may hold thoughts, and in what tag."""
    google = google_options(body)
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


def _with_possible_effort(
    body: dict[str, Any], model: str, settings: Settings, notes: list[Note]
) -> dict[str, Any]:
    effort = body["reasoning_effort"]
    if not settings.on("reasoning-effort") or not isinstance(effort, str):
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
    google = dict(google_options(body))
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
        return with_google_options(body, google)
    if generation(model) == 2:
        how: dict[str, Any] = {"thinking_budget": _BUDGETS[effort]}
    else:
        how = {"thinking_level": effort}
    google["thinking_config"] = {**config, **how}
    out = with_google_options(body, google)
    del out["reasoning_effort"]
    notes.append(Note("thinking-conflict", f"reasoning_effort={effort!r} was sent as {how}"))
    return out
