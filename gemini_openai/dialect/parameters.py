"""Leave out the parameters that OpenAI takes and Gemini does not: the table, and the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from .._primitives.json_types import is_object
from .notes import Note, UnsupportedParameterError
from .paths import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .settings import Backend, Settings
    from .table import RepairName

Endpoint: TypeAlias = Literal["chat", "embeddings", "images"]


class Parameter(NamedTuple):
    """What one backend does with one parameter of one endpoint.

    `loss` ends a sentence. `refused`: the whole request is, with 400; else the server ignores the
    parameter, and it is sent on. `takes` are values it does know. `empty_asks`: an empty object is
    how one asks for it, where otherwise it asks for nothing.
    """

    name: str
    loss: str
    changes_answer: bool
    refused: bool = True
    takes: frozenset[str] = frozenset()
    empty_asks: bool = False


def _ignorable(*names: str, loss: str, refused: bool = True) -> tuple[Parameter, ...]:
    return tuple(Parameter(name, loss, changes_answer=False, refused=refused) for name in names)


def _missed(*names: str, loss: str, refused: bool = True) -> tuple[Parameter, ...]:
    return tuple(Parameter(name, loss, changes_answer=True, refused=refused) for name in names)


# Refusals on record: page-assist#418, ChatterUI#227, openhanako#394, agents#45, SkyrimNet#77,
# picoclaw#790, deer-flow#2106. The others are in none of Google's lists.
_CHAT_DEVELOPER = (
    *_ignorable("store", "metadata", loss="nothing is stored at Google's end"),
    *_ignorable(
        *("prompt_cache_key", "promptCacheKey", "prompt_cache_options", "prompt_cache_retention"),
        loss="Gemini caches prompts by itself; see cached_content for caches of your own",
    ),
    *_ignorable("safety_identifier", loss="Gemini has no such label"),
    *_ignorable("prediction", loss="the answer is the same and comes no faster"),
    *_ignorable("stream_options.include_obfuscation", loss="Gemini pads no chunks"),
    *_missed("seed", loss="answers cannot be repeated (Vertex AI takes a seed)"),
    *_missed("frequency_penalty", loss="repetition is not penalised (Vertex AI takes it)"),
    *_missed("logit_bias", loss="no token is favoured or banned"),
    *_missed("logprobs", "top_logprobs", loss="the answer has no log probabilities"),
    *_missed(
        "functions", "function_call", loss="no function is offered; use tools and tool_choice"
    ),
    *_missed("verbosity", loss="say in the prompt how long the answer should be"),
    Parameter(
        "web_search_options",
        "nothing is searched for (Vertex AI takes it)",
        changes_answer=True,
        empty_asks=True,
    ),
    *_missed("moderation", loss="no moderation scores are given"),
    *_missed("top_k", loss="top_p is what there is"),
    *_missed(
        *("reasoning", "thinking", "separate_reasoning"),
        loss="use reasoning_effort, or thinking_budget, thinking_level and include_thoughts",
    ),
    Parameter(
        "service_tier",
        "Gemini has the tiers default (or standard), flex and priority",
        changes_answer=False,
        takes=frozenset({"default", "standard", "flex", "priority"}),
    ),
)
# "If you pass any unsupported parameter, it is ignored": Google's page on the Vertex endpoint.
_CHAT_VERTEX = (
    *_ignorable(
        *("store", "metadata", "user", "safety_identifier", "prediction", "service_tier"),
        *("prompt_cache_key", "prompt_cache_options", "prompt_cache_retention"),
        loss="Vertex AI ignores it",
        refused=False,
    ),
    *_missed(
        *("logit_bias", "logprobs", "top_logprobs", "parallel_tool_calls", "verbosity"),
        *("moderation", "top_k", "reasoning", "thinking"),
        loss="Vertex AI ignores it",
        refused=False,
    ),
)
_EMBEDDINGS = _ignorable("user", loss="Gemini has no such label")
# "Parameters not listed are ignored": Google's page, of image generation.
_IMAGES = (
    *_ignorable("user", "moderation", "safety_identifier", loss="Gemini ignores it", refused=False),
    *_missed(
        *("background", "complexity", "frame_count", "frame_duration_ms", "output_compression"),
        *("output_format", "partial_images", "quality", "stream", "style", "svg"),
        loss="Gemini ignores it",
        refused=False,
    ),
)


def _by_name(rows: Iterable[Parameter]) -> dict[str, Parameter]:
    return {row.name: row for row in rows}


PARAMETERS: Mapping[tuple[Backend, Endpoint], Mapping[str, Parameter]] = {
    ("developer", "chat"): _by_name(_CHAT_DEVELOPER),
    ("vertex", "chat"): _by_name(_CHAT_VERTEX),
    ("developer", "embeddings"): _by_name(_EMBEDDINGS),
    ("developer", "images"): _by_name(_IMAGES),
}
_NONE: Mapping[str, Parameter] = {}


def adapt_parameters(
    body: dict[str, Any], endpoint: Endpoint, settings: Settings
) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` without what this backend refuses, and a note for each parameter that has no effect.

    A value that asks for nothing (None, False, 0, an empty list) is left out without a word.

    Raises:
        UnsupportedParameterError: the policy is `"error"`, and a parameter is refused, or ignored
            though the answer depends on it.
    """
    table = PARAMETERS.get((settings.backend, endpoint), _NONE)
    if not settings.on("parameters") or (table.keys().isdisjoint(body) and not _obfuscates(body)):
        return body, ()
    return without_refused(body, table.values(), backend_name(settings), settings)


def without_refused(
    body: dict[str, Any],
    rows: Iterable[Parameter],
    who: str,
    settings: Settings,
    repair: RepairName = "parameters",
) -> tuple[dict[str, Any], Sequence[Note]]:
    """`body` without the parameters in `rows` that `who` refuses; see `adapt_parameters`."""
    dropped: list[str] = []
    missed: list[Parameter] = []
    for row in rows:
        present, value = _look_up(body, row.name)
        if not present or (isinstance(value, str) and value in row.takes):
            continue
        if row.refused:
            dropped.append(row.name)
        # `service_tier="auto"` is what Gemini does unasked.
        asks = bool(value) or (row.empty_asks and value == {})
        if asks and value != "auto" and (row.refused or row.changes_answer):
            missed.append(row)
    if missed and settings.unsupported == "error":
        raise UnsupportedParameterError(
            f"{who} does not take "
            + "; nor ".join(f"{row.name} ({row.loss})" for row in missed)
            + '. Leave it out, or set unsupported="warn" or "drop" to have it left out.',
            param=", ".join(row.name for row in missed),
            repair=repair,
        )
    for name in dropped:
        body = without(body, tuple(name.split(".")))
    return body, [_note(row, who, settings, repair) for row in missed]


def _obfuscates(body: Mapping[str, Any]) -> bool:
    """Whether the one name inside another that the tables have is there."""
    options = body.get("stream_options")
    return is_object(options) and "include_obfuscation" in options


def _note(row: Parameter, who: str, settings: Settings, repair: RepairName) -> Note:
    done = "it was left out" if row.refused else "it has no effect"
    effect = " The answer may differ from what you asked for." if row.changes_answer else ""
    return Note(
        repair,
        f"{who} does not take {row.name}; {done}: {row.loss}.{effect}",
        changes_answer=row.changes_answer,
        warn=settings.unsupported == "warn",
    )


def backend_name(settings: Settings) -> str:
    """What a client talks to, by its name."""
    return "Vertex AI" if settings.backend == "vertex" else "The Gemini Developer API"


def _look_up(body: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    """Whether a dotted name is there, and its value."""
    first, _, rest = name.partition(".")
    if first not in body:
        return False, None
    value = body[first]
    if not rest:
        return True, value
    return _look_up(value, rest) if is_object(value) else (False, None)
