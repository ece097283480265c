"""Ask for thoughts in a way the server takes, and for an effort the model can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...._primitives.json_types import is_object
from ...._primitives.numbers import whole_number
from ...model_table import facts_of
from ...notes import Amendment, InvalidRequestError, Note, UnsupportedParameterError
from ...options import google_options, with_google_options, with_options_in_place
from .efforts import (
    BUDGETS,
    efforts_in,
    level_of_budget,
    must_think,
    possible_budget,
    possible_effort,
    possible_level,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...refusals.errors import ErrorReport
    from ...settings import Settings
    from .efforts import EffortMemory

THOUGHT_TAG = "thought"
"""The tag around thoughts: the Developer API's own, and the one we ask Vertex for."""


class Thinking(NamedTuple):
    """What a request in the server's form says of thoughts."""

    include_thoughts: bool
    tag: str


def adapt_gemini_options(
    body: dict[str, Any], model: str, settings: Settings, memory: EffortMemory | None = None
) -> tuple[dict[str, Any], list[Note]]:
    """`body` with Gemini's options where the server looks for them, and an effort it can do.

    `memory` has what models said that they take.

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
    body = _with_possible_thinking(body, model, settings, memory, notes)
    if body.get("reasoning_effort") is not None and settings.on("thinking-conflict"):
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


def learn_effort(
    body: dict[str, Any], report: ErrorReport, settings: Settings, memory: EffortMemory
) -> Amendment | None:
    """`body` with what a model takes by its own refusal, kept for the requests that follow."""
    model = body.get("model")
    if not isinstance(model, str) or not settings.on("reasoning-effort"):
        return None
    efforts = efforts_in(report.message or "", model, settings, memory.of(model))
    if not efforts:
        return None
    memory.keep(model, efforts)  # which another request may have done meanwhile
    notes: list[Note] = []
    new = _with_possible_thinking(body, model, settings, memory, notes)
    return None if new is body else Amendment(f"efforts: {', '.join(efforts)}", new, notes)


def _with_possible_thinking(
    body: dict[str, Any],
    model: str,
    settings: Settings,
    memory: EffortMemory | None,
    notes: list[Note],
) -> dict[str, Any]:
    """The effort, the level and the budget by one rule: what the model takes."""
    if not settings.on("reasoning-effort"):
        return body
    learnt = memory.of(model) if memory is not None else ()
    effort = body.get("reasoning_effort")
    if isinstance(effort, str):
        possible = possible_effort(effort, model, settings, learnt)
        if possible != effort:
            notes.append(_note(model, "reasoning_effort", effort, repr(possible)))
            body = {**body, "reasoning_effort": possible}
    google = google_options(body)
    config = google.get("thinking_config")
    if not is_object(config):
        return body
    for name in ("thinking_level", "thinking_budget"):
        if name not in config:
            continue
        word = config[name]
        new = _possible(name, word, model, settings, learnt)
        if new == {name: word}:
            continue
        sent = " and ".join(f"{key}={value!r}" for key, value in new.items()) or "nothing"
        notes.append(_note(model, name, word, sent, same=_means_the_same(word, new)))
        rest = {key: value for key, value in google.items() if key != "thinking_config"}
        if new_config := {**{key: config[key] for key in config if key != name}, **new}:
            rest["thinking_config"] = new_config
        return with_google_options(body, rest)
    return body


def _possible(
    name: str, value: Any, model: str, settings: Settings, learnt: Sequence[str]
) -> dict[str, Any]:
    """A level or a budget, as the model takes it. A word given as a budget is a level."""
    refuses = facts_of(model).refuses
    if isinstance(value, str) and whole_number(value.removeprefix("-")) is not None:
        value = int(value)
    if {"thinking_level", "thinking_budget"} <= refuses:
        return {}  # it does not think
    if isinstance(value, str):
        if "thinking_level" in refuses and value in BUDGETS:
            return {"thinking_budget": possible_budget(BUDGETS[value], model)}
        return {"thinking_level": possible_level(value, model, settings, learnt)}
    if name == "thinking_level" or not isinstance(value, int):
        return {name: value}
    if value < 0 and "thinking_budget" in refuses:
        return {}  # the model decides, as it does unasked
    if "thinking_budget" in refuses or must_think(value, model, learnt):
        return {"thinking_level": possible_level(level_of_budget(value), model, settings, learnt)}
    return {name: possible_budget(value, model)}


def _means_the_same(word: object, sent: Mapping[str, Any]) -> bool:
    """Whether what is sent is what was asked for, by Google's own table or because it is usual."""
    if not sent:
        return word in (0, -1, "none")
    budget = BUDGETS.get(word) if isinstance(word, str) else None
    return sent in ({"thinking_level": word}, {"thinking_budget": budget})


def _note(model: str, name: str, value: object, sent: str, *, same: bool = False) -> Note:
    """`same`: what is sent means the same, so that nobody need hear of it."""
    return Note(
        "reasoning-effort",
        f"{model} does not take {name}={value!r}; {sent} was sent.",
        changes_answer=not same,
        warn=not same,
    )


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
    if config.keys() - {"include_thoughts"} or not isinstance(effort, str) or effort not in BUDGETS:
        return body
    refuses = facts_of(model).refuses
    thinks = not {"thinking_level", "thinking_budget"} <= refuses
    if not config.get("include_thoughts") or effort == "none" or not thinks:
        del google["thinking_config"]
        notes.append(Note("thinking-conflict", "include_thoughts left out: there are no thoughts"))
        return with_google_options(body, google)
    if "thinking_level" in refuses:
        how: dict[str, Any] = {"thinking_budget": BUDGETS[effort]}
    else:
        how = {"thinking_level": effort}
    google["thinking_config"] = {**config, **how}
    out = with_google_options(body, google)
    del out["reasoning_effort"]
    notes.append(Note("thinking-conflict", f"reasoning_effort={effort!r} was sent as {how}"))
    return out
