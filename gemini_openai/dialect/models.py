"""Name models as the backend wants them, and read its lists of models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._primitives.json_types import is_array, is_object
from .._primitives.urls import path_id
from .notes import AdaptedRequest, Note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .settings import Settings

_GENERATION = re.compile(r"gemini-(\d+)")
_NEVER_SIGN = ("gemma", "learnlm", "codegemma", "medgemma", "shieldgemma", "gemini-exp")
_MISSING_MODEL = re.compile(r"models/([\w.:@-]+)")


def wire_model(model: str, settings: Settings) -> str:
    """The name to send for `model`: mapped, and with the prefix the backend wants.

    The Developer API takes bare names (`models/x` and, as on Vertex, `google/x` are made bare);
    Vertex takes `publisher/model` only, so a bare name becomes Google's. An endpoint with one
    self-deployed model has no publishers: there the name is what that model's server calls it.
    """
    bare = _bare(model)
    if settings.model_map:
        mapped = settings.model_map.get(model) or settings.model_map.get(bare)
        if mapped is not None:
            model, bare = mapped, _bare(mapped)
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
    return "/" not in model or "/" not in _bare(model) or model.startswith("tunedModels/")


def generation(model: str) -> int | None:
    """The major version in a Gemini name, or None where it has none, as in `gemini-pro-latest`."""
    found = _GENERATION.match(_bare(model))
    return int(found[1]) if found else None


def requires_signatures(model: str) -> bool:
    """Whether the model refuses tool calls that come back without their thought signature.

    Gemini 3 and later do. An alias whose version is not in its name counts as one of them: today's
    `-latest` names are, and the others take a signature they do not need.
    """
    version = generation(model)
    if version is not None:
        return version >= 3
    return is_gemini(model) and not _bare(model).startswith(_NEVER_SIGN)


def adapt_model(value: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A listed model as OpenAI lists one: its id as chat takes it, and `created`, 0 if not said."""
    if not settings.on("model-list"):
        return value
    out = value
    name = value.get("id")
    if isinstance(name, str) and name.startswith("models/"):
        out = {**out, "id": name.removeprefix("models/")}
    created = value.get("created")
    if not isinstance(created, int):
        text = created if isinstance(created, str) and created.isdigit() else "0"
        out = {**out, "created": int(text)}
    return out


def adapt_model_list(value: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A list of models, each through `adapt_model`."""
    data = value.get("data")
    if not settings.on("model-list") or not is_array(data):
        return value
    return {
        **value,
        "data": [adapt_model(item, settings) if is_object(item) else item for item in data],
    }


def suggest_models(message: str, known: Iterable[str], settings: Settings) -> str | None:
    """A sentence with the models that were probably meant, for an error about an unknown one.

    `message` is Google's; `known` are ids that some earlier list had. None if nothing comes close.
    """
    if not settings.on("model-suggestions"):
        return None
    found = _MISSING_MODEL.search(message)
    if not found:
        return None
    from difflib import get_close_matches

    wrong = found[1]
    ids = {_bare(name): None for name in known}
    near = [name for name in get_close_matches(wrong, list(ids), n=3) if name != wrong]
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else None


def path_model(name: str, value: str) -> str:
    """The name of a model for a path, without the `models/` that Gemini's list puts in front.

    Only the bare form is documented: https://ai.google.dev/gemini-api/docs/openai#retrieve-a-model.
    """
    return path_id(name, str(value).removeprefix("models/") if value else value)


def _bare(model: str) -> str:
    """`model` without the prefixes that mean Google's own models."""
    if "/" not in model:
        return model
    for prefix in ("models/", "publishers/google/models/", "google/"):
        model = model.removeprefix(prefix)
    return model
