"""Refuse a chat request for what its model does not take, by the table of models.

The words for Gemini 4 are those of older models for the same fault: no such body was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...dialect.model_table import facts_of
from ..http.errors import GoogleError, bad_request, generic
from ..http.json_values import compact, mapping, number, sequence, string
from .answer import google_options, snake_case, text_of, thinking_config
from .catalogue import generation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...dialect.model_table import ModelFacts

_EFFORTS = ("high", "low", "medium", "minimal", "none")
_ROLES = (
    "Role 'function' is not supported. Please use a valid role: SYSTEM, SYSTEM_1, USER, "
    "ASSISTANT, DEVELOPER, CONTEXT, USER_CONTEXT, MODEL, USER."
)
_REFUSED = {
    "thinking_budget": "Thinking budget is not supported for this model.",
    "thinking_level": "Thinking level is not supported for this model.",
    "presence_penalty": "Penalty is not enabled for this model",
    "frequency_penalty": "Penalty is not enabled for this model",
    "n": "Multiple candidates is not enabled for this model",
    "function_role": _ROLES,
    "json_beside_tools": "Function calling with a response mime type: 'application/json' is "
    "unsupported",
    "tools": "Function calling is not enabled for this model",
}
"""Google's words for a feature that a model refuses; the other features have none."""


def model_limits(body: Mapping[str, Any], *, vertex: bool = False) -> GoogleError | None:
    """The first error for what the model does not take."""
    facts = facts_of(string(body.get("model")))
    return _refused_features(body, facts, vertex=vertex) or (
        _thinking_amount(body, facts) if facts.levels else None
    )


def thinking_names(body: Mapping[str, Any]) -> GoogleError | None:
    """The error for a way to think that no model has."""
    config, effort = thinking_config(body), body.get("reasoning_effort")
    if effort is not None and config:
        return GoogleError(
            400,
            "Expected one of either `reasoning_effort` or custom `thinking_config`; found both.",
        )
    if effort is not None and effort not in _EFFORTS:
        return _invalid_effort(effort, _EFFORTS)
    budget = config.get("thinking_budget")
    if budget is not None and number(budget) is None and not string(budget).isdigit():
        place = "extra_body.google.thinking_config.thinking_budget"
        text = f"Invalid value at '{place}' (TYPE_INT32), {compact(budget)}"
        return bad_request([(place, text)])
    return None


def _refused_features(
    body: Mapping[str, Any], facts: ModelFacts, *, vertex: bool
) -> GoogleError | None:
    for feature in _features(body, vertex=vertex):
        if feature in facts.refuses:
            return GoogleError(400, _REFUSED[feature]) if feature in _REFUSED else generic()
    return None


def _features(body: Mapping[str, Any], *, vertex: bool) -> Iterator[str]:
    """What of `ModelFacts.refuses` the request makes use of."""
    config = thinking_config(body)
    for name in ("thinking_budget", "thinking_level"):
        if config.get(name) is not None:
            yield name
    for name in ("presence_penalty", "frequency_penalty"):
        if body.get(name) is not None:
            yield name
    if (number(body.get("n")) or 1) > 1:
        yield "n"
    if any(snake_case(name) == "cached_content" for name in google_options(body)):
        yield "cached_content"
    messages = [mapping(message) for message in sequence(body.get("messages"))]
    last = messages[-1] if messages else {}
    if string(last.get("role")) in {"assistant", "model"}:
        yield "assistant_prefill"
    if any(message.get("role") == "function" for message in messages):
        yield "function_role"
    if vertex and any(text_of(m) and m.get("tool_calls") for m in messages):
        yield "text_beside_calls"
    if body.get("tools"):
        yield "tools"
        format_ = string(mapping(body.get("response_format")).get("type"))
        if format_ in {"json_object", "json_schema"}:
            yield "json_beside_tools"


def _thinking_amount(body: Mapping[str, Any], facts: ModelFacts) -> GoogleError | None:
    config, effort = thinking_config(body), body.get("reasoning_effort")
    budget = config.get("thinking_budget")
    # A budget stands for each effort of Gemini 2.5, and its refusal names that.
    budgeted = generation(facts.name) == 2
    if not facts.can_stop_thinking and (budget == 0 or (effort == "none" and budgeted)):
        return GoogleError(400, "Budget 0 is invalid. This model only works in thinking mode.")
    # Google's page maps `medium` for each model; that 3 Pro refuses it was reported once.
    efforts = {*facts.levels, "medium", *(["none"] if facts.can_stop_thinking else [])}
    if effort is not None and effort not in efforts:
        return _invalid_effort(effort, efforts)
    level = string(config.get("thinking_level")).lower()
    if level and level not in facts.levels:
        # [reported: req_llm#971]
        return GoogleError(400, f"Thinking level {level.upper()} is not supported for this model.")
    if facts.thinking_budget is None or not isinstance(budget, int):
        return None
    low, high = facts.thinking_budget
    if budget in {0, -1} or low <= budget <= high:
        return None
    return GoogleError(
        400,
        f"The thinking budget {budget} is invalid. Please choose a value between {low} and {high}.",
    )


def _invalid_effort(effort: object, valid: Iterable[str]) -> GoogleError:
    # [reported: Google's forum 118724, 117875, 112648]
    known = ", ".join(sorted(valid))
    return GoogleError(400, f"Invalid reasoning_effort: {effort}. Valid values are: {known}")
