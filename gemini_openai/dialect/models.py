"""Name models as the backend wants them, and read its lists of models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._primitives.json_types import is_array
from .._primitives.numbers import whole_number
from .._primitives.urls import path_id
from .model_table import (
    ALIASES,
    MODEL_TABLE,
    bare_model,
    facts_of,
    latest_successor,
    without_prefix,
)
from .notes import AdaptedRequest, Note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model_table import ModelFacts
    from .settings import Settings

_GENERATION = re.compile(r"gemini-(\d{1,4})")
_NEVER_SIGN = ("gemma", "learnlm", "codegemma", "medgemma", "shieldgemma", "gemini-exp")
_MISSING_MODEL = re.compile(r"models/([\w.:@-]+)")
# `publishers/meta/models/x`, alone or behind a project and a location, is `meta/x`.
_PUBLISHER_PATH = re.compile(r"^(?:projects/[^/]+/locations/[^/]+/)?publishers/([^/]+)/models/")
_OPENAIS = re.compile(r"(?:gpt-|chatgpt-|o[1-9](?:-|$)|text-embedding-[3a]|dall-e|claude-|sora-)")
_IN_PLACE_OF_OPENAIS = {
    "text-embedding": "gemini-embedding-001",
    "dall-e": "gemini-3.1-flash-image",
    "gpt-image": "gemini-3.1-flash-image",
    "sora": "veo-3.1-generate-preview",
}
"""How a name of OpenAI's begins, and the model that does the same; else a chat model does."""


def wire_model(model: str, settings: Settings) -> str:
    """The name to send for `model`: mapped, and with the prefix the backend wants.

    The Developer API takes bare names (`models/x` and, as on Vertex, `google/x` are made bare);
    Vertex takes `publisher/model` only, so a bare name becomes Google's. An endpoint with one
    self-deployed model has no publishers: there the name is what that model's server calls it.
    """
    if "/" not in model and settings.backend == "developer" and not settings.model_map:
        return model
    model = _PUBLISHER_PATH.sub(r"\1/", model)
    bare = without_prefix(model)
    if settings.model_map:
        mapped = settings.model_map.get(model) or settings.model_map.get(bare)
        if mapped is not None:
            model, bare = mapped, without_prefix(mapped)
    if settings.self_deployed:
        return model
    if settings.backend == "developer":
        return bare
    if "/" not in bare:
        return f"google/{bare}"
    return model.removeprefix("models/")


def with_wire_model(body: dict[str, Any], settings: Settings) -> AdaptedRequest:
    """`body`, of a request to any endpoint, with its model named as the backend wants it."""
    model = body.get("model")
    if not isinstance(model, str) or not settings.on("model-names"):
        return AdaptedRequest(body)
    wire = wire_model(model, settings)
    if wire == model:
        return AdaptedRequest(body)
    note = Note("model-names", f"model {model!r} was sent as {wire!r}")
    return AdaptedRequest({**body, "model": wire}, [note])


def is_gemini(model: str) -> bool:
    """Whether this may be one of Google's models: those of other publishers on Vertex are not."""
    return "/" not in model or "/" not in without_prefix(model) or model.startswith("tunedModels/")


def generation(model: str) -> int | None:
    """The major version in a Gemini name, or None where it has none, as in `gemini-pro-latest`."""
    found = _GENERATION.match(bare_model(model))
    return int(found[1]) if found else None


def requires_signatures(model: str) -> bool:
    """Whether the model refuses tool calls that come back without their thought signature.

    Gemini 3 and later do. An alias whose version is not in its name counts as one of them: today's
    `-latest` names are, and the others take a signature they do not need.
    """
    version = generation(model)
    if version is not None:
        return version >= 3
    return is_gemini(model) and not bare_model(model).startswith(_NEVER_SIGN)


def describe_model(model: object, settings: Settings) -> dict[str, Any]:
    """The facts of `types.ModelInfo` about a model, by any name that calls take.

    Raises `ValueError` for a name of no family of Google's, `TypeError` for what is no name.
    """
    if not isinstance(model, str):
        raise TypeError(f"model is the name of a model, not {type(model).__name__}.")
    name = wire_model(model, settings)
    facts = facts_of(name)
    if facts.kind == "other":
        advice = on_openais_name(name) or "client.models.list() asks the server for all there are"
        raise ValueError(f"Nothing is known of the model {name!r}: {advice}.")
    return {
        "id": bare_model(name),
        "facts_of": facts.name,
        "kind": facts.kind,
        "input_token_limit": facts.input_tokens,
        "output_token_limit": facts.output_tokens,
        "output_token_limit_without_streaming": facts.output_tokens_at_once,
        "limit_is_shared": facts.shared_limit,
        "reasoning_efforts": list(efforts_of(facts, settings)),
        "default_reasoning_effort": facts.default_level,
        "thinking_budget_range": facts.thinking_budget,
        "embedding_dimensions": facts.dimensions,
        "inputs": list(facts.inputs),
        "outputs": list(facts.outputs),
        "unsupported": sorted(facts.refuses),
        "ignored": sorted(facts.ignores),
        "served_by": list(facts.served_by),
        "vertex_locations": list(facts.vertex_locations),
        "shutdown_date": facts.shutdown,
        "successor": latest_successor(name),
        "source": facts.source,
    }


def efforts_of(facts: ModelFacts, settings: Settings) -> tuple[str, ...]:
    """The reasoning efforts that a model takes, lowest first; none if it does not think."""
    efforts = (*(("none",) if facts.can_stop_thinking else ()), *facts.levels)
    if settings.backend == "vertex":
        # Google's page on that endpoint lists low, medium, high and none.
        return tuple(effort for effort in efforts if effort != "minimal")
    return efforts


def adapt_model(value: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A listed model as OpenAI lists one: its id as chat takes it, and `created`, 0 if not said."""
    return _as_listed(value.copy()) if settings.on("model-list") else value


def adapt_model_list(value: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A list of models, each through `adapt_model`."""
    data = value.get("data")
    if not settings.on("model-list") or not is_array(data):
        return value
    return {**value, "data": [_as_listed(m.copy()) if m.__class__ is dict else m for m in data]}


def _as_listed(model: dict[str, Any]) -> dict[str, Any]:
    """`model`, changed in place."""
    name, created = model.get("id"), model.get("created")
    if isinstance(name, str):
        model["id"] = name.removeprefix("models/")
    if not isinstance(created, int):
        model["created"] = 0 if created is None else whole_number(created) or 0
    return model


def suggest_models(message: str, known: Iterable[str], settings: Settings) -> str | None:
    """A sentence with the model to use instead, for an error about one that is not there.

    `message` is Google's; `known` are ids that some earlier list had. None if nothing comes close.
    """
    if not settings.on("model-suggestions"):
        return None
    found = _MISSING_MODEL.search(message)
    if not found:
        return None
    wrong = found[1]
    if advice := on_openais_name(wrong) or _on_replaced(wrong):
        return advice
    if wrong in {row.name for row in MODEL_TABLE}:
        return None  # there is such a model, only not here
    from difflib import get_close_matches

    ids = {bare_model(name): None for name in (*known, *_served())}
    near = [name for name in get_close_matches(wrong, list(ids), n=3) if name != wrong]
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else None


def on_openais_name(model: str) -> str | None:
    """What to do about a name of another company's, without a full stop; None if it is none."""
    if not _OPENAIS.match(model):
        return None
    begins = next((word for word in _IN_PLACE_OF_OPENAIS if model.startswith(word)), None)
    ours = _IN_PLACE_OF_OPENAIS[begins] if begins else "gemini-flash-latest"
    return (
        f"{model} is not a model of Google's. Use {ours!r}, or keep the name in your code and give "
        f"the client model_map={{{model!r}: {ours!r}}}; client.models.list() has all"
    )


def _on_replaced(model: str) -> str | None:
    facts = facts_of(model)
    if facts.name not in (model, ALIASES.get(model)) and not model.startswith(facts.name):
        return None
    if (successor := latest_successor(model)) is None:
        return None
    when = f" was to be shut down on {facts.shutdown}" if facts.shutdown else " was replaced"
    return f"{model}{when}; Google recommends {successor!r} now"


def _served() -> Iterable[str]:
    """The names in the table of models that have no successor."""
    return (row.name for row in MODEL_TABLE if row.successor is None)


def path_model(name: str, value: str) -> str:
    """The name of a model for a path, without the `models/` that Gemini's list puts in front.

    Only the bare form is documented: https://ai.google.dev/gemini-api/docs/openai#retrieve-a-model.
    """
    return path_id(name, str(value).removeprefix("models/") if value else value)
