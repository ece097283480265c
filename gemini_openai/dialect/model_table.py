"""List Google's models: what each takes, its limits, and what follows it.

State of 28 November 2026. The figures are Google's own where a page is named. Rows that rest on
reports say so in `source`. Dates are those that Google announced as the earliest, for the Developer
API; Vertex AI often serves a model for longer.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from .._primitives.patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

ModelKind: TypeAlias = Literal[
    "chat", "image", "embedding", "video", "speech", "transcription", "music", "live", "other"
]
ModelFeature: TypeAlias = Literal[
    "thinking_budget",
    "thinking_level",
    "presence_penalty",
    "frequency_penalty",
    "n",
    "cached_content",
    "assistant_prefill",
    "function_role",
    "json_beside_tools",
    "text_beside_calls",
    "tools",
]
"""What a model may refuse with a 400. `text_beside_calls` is refused on Vertex AI only."""

_MODELS = "https://ai.google.dev/gemini-api/docs/models"
_DEPRECATIONS = "https://ai.google.dev/gemini-api/docs/deprecations"
_CHANGELOG = "https://ai.google.dev/gemini-api/docs/changelog"
_CLOUD = "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/"
_FLASH_38 = f"{_CLOUD}guides/gemini-3-8-flash"
_START_4 = f"{_CLOUD}start/get-started-with-gemini-4"

_TEXT_AND_MEDIA = ("text", "image", "audio", "video", "pdf")
_BOTH = ("developer", "vertex")
_ALL_LEVELS = ("minimal", "low", "medium", "high")
_FROM_LOW = ("low", "medium", "high")
_MILLION = 1_048_576


class ModelFacts(NamedTuple):
    """What is known of a model.

    Attributes:
        name: its name, without a prefix.
        kind: what it is for.
        source: where the facts are from, a URL.
        levels: the thinking levels it takes, which are its reasoning efforts too, lowest first;
            empty for a model that does not think.
        default_level: the one it uses unasked, if that is documented.
        can_stop_thinking: whether `reasoning_effort="none"` is taken.
        thinking_budget: the smallest and the largest budget, in tokens, where that is documented.
        refuses: what it answers with a 400.
        ignores: parameters that it takes and that have no effect.
        input_tokens: how many tokens a request may have; None where that is not documented.
        output_tokens: how many an answer may have, thinking included.
        output_tokens_at_once: the same without streaming, where that is less.
        shared_limit: whether input and output together may have `input_tokens` at most.
        dimensions: the smallest and the largest number of floats of a vector.
        inputs: what a request may hold.
        outputs: what an answer may hold.
        served_by: `developer`, `vertex`, or both.
        vertex_locations: where Vertex AI serves it, if that is not in most locations.
        shutdown: the day from which the Developer API may not serve it any more.
        successor: the model that Google recommends in its place.
    """

    name: str
    kind: ModelKind
    source: str
    levels: tuple[str, ...] = ()
    default_level: str | None = None
    can_stop_thinking: bool = False
    thinking_budget: tuple[int, int] | None = None
    refuses: frozenset[ModelFeature] = frozenset()
    ignores: frozenset[str] = frozenset()
    input_tokens: int | None = None
    output_tokens: int | None = None
    output_tokens_at_once: int | None = None
    shared_limit: bool = False
    dimensions: tuple[int, int] | None = None
    inputs: tuple[str, ...] = ("text",)
    outputs: tuple[str, ...] = ("text",)
    served_by: tuple[str, ...] = _BOTH
    vertex_locations: tuple[str, ...] = ()
    shutdown: date | None = None
    successor: str | None = None


def _refuses(*features: ModelFeature) -> frozenset[ModelFeature]:
    return frozenset(features)


_SAMPLING = frozenset({"temperature", "top_p", "top_k"})

_CHAT = ModelFacts(
    "", "chat", "", input_tokens=_MILLION, output_tokens=65_536, inputs=_TEXT_AND_MEDIA
)
_CHAT_2_0 = _CHAT._replace(
    output_tokens=8_192,
    refuses=_refuses("thinking_budget", "thinking_level", "json_beside_tools"),
    inputs=("text", "image", "audio", "video"),
    shutdown=date(2026, 6, 1),
    source=_DEPRECATIONS,
)
_CHAT_2_5 = _CHAT._replace(
    levels=_ALL_LEVELS,
    can_stop_thinking=True,
    thinking_budget=(0, 24_576),
    refuses=_refuses("thinking_level", "json_beside_tools"),
    shutdown=date(2026, 10, 16),
    source=_DEPRECATIONS,
)
_CHAT_3 = _CHAT._replace(levels=_ALL_LEVELS, default_level="high", source=_MODELS)
# "temperature, top_p and top_k are deprecated": Google's changelog of 21 July 2026.
_CHAT_3_6 = _CHAT_3._replace(
    default_level="medium", refuses=_refuses("function_role"), ignores=_SAMPLING, source=_CHANGELOG
)
_CHAT_3_7 = _CHAT_3_6._replace(levels=_FROM_LOW)
_CHAT_4 = _CHAT._replace(
    levels=_FROM_LOW,
    refuses=_refuses(
        *("thinking_budget", "presence_penalty", "frequency_penalty", "n"),
        *("cached_content", "assistant_prefill", "function_role"),
    ),
    ignores=_SAMPLING,
    output_tokens_at_once=32_768,
    shared_limit=True,
    vertex_locations=("global", "us", "eu"),
    source=_START_4,
)
_IMAGE = ModelFacts(
    "",
    "image",
    _MODELS,
    refuses=_refuses("tools", "thinking_budget", "thinking_level"),
    inputs=("text", "image"),
    outputs=("text", "image"),
)
_IMAGEN = ModelFacts("", "image", _DEPRECATIONS, outputs=("image",))
_EMBEDDING = ModelFacts(
    "", "embedding", _MODELS, input_tokens=2_048, dimensions=(128, 3072), outputs=("vector",)
)
_VIDEO = ModelFacts("", "video", _DEPRECATIONS, inputs=("text", "image"), outputs=("video",))
_SPEECH = ModelFacts(
    "", "speech", _MODELS, refuses=_refuses("tools"), input_tokens=8_000, outputs=("audio",)
)
_LIVE = ModelFacts(
    "", "live", _MODELS, inputs=("text", "audio", "video"), outputs=("text", "audio")
)
_REPORTED = "https://github.com/NousResearch/hermes-agent/issues/69231 (reports)"

MODEL_TABLE: tuple[ModelFacts, ...] = (
    # --- chat, newest first within a family ---
    _CHAT_4._replace(
        name="gemini-4-argon",
        default_level="medium",
        source=f"{_CLOUD}guides/gemini-4-argon",
    ),
    # The refusals of all of Gemini 4 are documented for Neon, and reported of it.
    _CHAT_4._replace(
        name="gemini-4-neon", default_level="high", source="https://dev.to/aihubmix (reports)"
    ),
    _CHAT_4._replace(name="gemini-4-carbon"),
    _CHAT_4._replace(name="gemini-4-hydrogen"),
    _CHAT_3_7._replace(name="gemini-3.8-flash", source=_FLASH_38),
    _CHAT_3_7._replace(name="gemini-3.7-flash", successor="gemini-3.8-flash"),
    _CHAT_3_6._replace(
        name="gemini-3.6-flash",
        refuses=_refuses("function_role", "text_beside_calls"),
        source=_REPORTED,
    ),
    _CHAT_3._replace(name="gemini-3.5-flash", can_stop_thinking=True, successor="gemini-3.6-flash"),
    _CHAT_3._replace(name="gemini-3-flash-preview", successor="gemini-3.5-flash"),
    _CHAT_3_6._replace(
        name="gemini-3.5-flash-lite",
        default_level="minimal",
        refuses=_refuses("text_beside_calls"),
        source=_REPORTED,
    ),
    _CHAT_3._replace(
        name="gemini-3.1-flash-lite",
        can_stop_thinking=True,
        shutdown=date(2027, 5, 7),
        successor="gemini-3.5-flash-lite",
        source=_DEPRECATIONS,
    ),
    _CHAT_3._replace(
        name="gemini-3.1-flash-lite-preview",
        shutdown=date(2026, 5, 25),
        successor="gemini-3.1-flash-lite",
        source=_DEPRECATIONS,
    ),
    _CHAT_3._replace(name="gemini-3.1-pro-preview", levels=_FROM_LOW, source=_FLASH_38),
    _CHAT_3._replace(
        name="gemini-3-pro-preview",
        levels=("low", "high"),
        shutdown=date(2026, 3, 9),
        successor="gemini-3.1-pro-preview",
        source=_DEPRECATIONS,
    ),
    _CHAT_2_5._replace(
        name="gemini-2.5-pro",
        can_stop_thinking=False,
        thinking_budget=(128, 32_768),
        successor="gemini-3.1-pro-preview",
    ),
    _CHAT_2_5._replace(name="gemini-2.5-flash", successor="gemini-3.5-flash"),
    _CHAT_2_5._replace(
        name="gemini-2.5-flash-lite",
        thinking_budget=(512, 24_576),
        successor="gemini-3.1-flash-lite",
    ),
    _CHAT_2_5._replace(
        name="gemini-robotics-er-1.5-preview",
        shutdown=None,
        source=f"{_MODELS} (efforts, budgets and refusals unchecked: those of Gemini 2.5)",
    ),
    _CHAT_2_0._replace(name="gemini-2.0-flash", successor="gemini-2.5-flash"),
    _CHAT_2_0._replace(name="gemini-2.0-flash-lite", successor="gemini-2.5-flash-lite"),
    _CHAT_2_0._replace(
        name="gemini-1.5-flash", shutdown=date(2025, 9, 24), successor="gemini-2.5-flash"
    ),
    _CHAT_2_0._replace(
        name="gemini-1.5-pro", shutdown=date(2025, 9, 24), successor="gemini-2.5-pro"
    ),
    ModelFacts(
        "gemma-4",
        "chat",
        _MODELS,
        refuses=_refuses("thinking_budget", "thinking_level", "cached_content"),
        inputs=("text", "image"),
    ),
    # --- images ---
    _IMAGE._replace(name="gemini-nano-banana-2.1", source="https://pypi.org/project/google-genai"),
    _IMAGE._replace(name="gemini-3.1-flash-image", inputs=("text", "image", "video")),
    _IMAGE._replace(name="gemini-3.1-flash-lite-image", source=_CHANGELOG),
    _IMAGE._replace(name="gemini-3-pro-image", refuses=frozenset()),
    _IMAGE._replace(
        name="gemini-3.1-flash-image-preview",
        shutdown=date(2026, 6, 25),
        successor="gemini-3.1-flash-image",
        source=_DEPRECATIONS,
    ),
    _IMAGE._replace(
        name="gemini-3-pro-image-preview",
        shutdown=date(2026, 6, 25),
        successor="gemini-3-pro-image",
        source=_DEPRECATIONS,
    ),
    _IMAGE._replace(
        name="gemini-2.5-flash-image",
        input_tokens=32_768,
        output_tokens=32_768,
        shutdown=date(2026, 10, 2),
        successor="gemini-3.1-flash-image",
        source=_DEPRECATIONS,
    ),
    _IMAGE._replace(
        name="gemini-2.0-flash-preview-image-generation",
        input_tokens=32_000,
        output_tokens=8_192,
        shutdown=date(2025, 11, 14),
        successor="gemini-2.5-flash-image",
        source=_DEPRECATIONS,
    ),
    _IMAGEN._replace(
        name="imagen-4.0-generate-001",
        shutdown=date(2026, 8, 17),
        successor="gemini-3.1-flash-image",
        source=_CHANGELOG,
    ),
    _IMAGEN._replace(
        name="imagen-3.0-generate-002",
        shutdown=date(2025, 11, 10),
        successor="gemini-3.1-flash-image",
    ),
    # --- vectors ---
    _EMBEDDING._replace(
        name="gemini-embedding-2", input_tokens=8_192, inputs=("text", "image", "audio", "video")
    ),
    _EMBEDDING._replace(
        name="gemini-embedding-001",
        shutdown=date(2026, 7, 14),
        successor="gemini-embedding-2",
        source=_DEPRECATIONS,
    ),
    _EMBEDDING._replace(
        name="text-embedding-004",
        dimensions=(768, 768),
        shutdown=date(2026, 1, 14),
        successor="gemini-embedding-001",
        source=_CHANGELOG,
    ),
    # --- videos ---
    _VIDEO._replace(name="veo-3.1-generate-preview"),
    _VIDEO._replace(name="veo-3.1-fast-generate-preview"),
    _VIDEO._replace(
        name="veo-3.0-generate-001",
        shutdown=date(2026, 6, 30),
        successor="veo-3.1-generate-preview",
    ),
    _VIDEO._replace(
        name="veo-3.0-fast-generate-001",
        shutdown=date(2026, 6, 30),
        successor="veo-3.1-fast-generate-preview",
    ),
    _VIDEO._replace(
        name="veo-2.0-generate-001",
        shutdown=date(2026, 6, 30),
        successor="veo-3.1-generate-preview",
    ),
    _VIDEO._replace(
        name="gemini-omni-1.2-flash",
        inputs=("text", "image", "video"),
        source="https://pypi.org/project/google-genai",
    ),
    # --- sound, and conversations by WebSocket ---
    _SPEECH._replace(name="gemini-3.8-flash-tts", source=_DEPRECATIONS),
    _SPEECH._replace(name="gemini-3.8-flash-lite-tts", source=_DEPRECATIONS),
    _SPEECH._replace(
        name="gemini-2.5-flash-preview-tts", output_tokens=16_000, successor="gemini-3.8-flash-tts"
    ),
    _SPEECH._replace(
        name="gemini-2.5-pro-preview-tts", output_tokens=16_000, successor="gemini-3.8-flash-tts"
    ),
    ModelFacts(
        "gemini-3.5-transcribe",
        "transcription",
        "https://pypi.org/project/google-genai",
        inputs=("text", "audio"),
    ),
    ModelFacts("lyria-3.5", "music", "https://pypi.org/project/google-genai", outputs=("audio",)),
    _LIVE._replace(name="gemini-3.8-live", source=_DEPRECATIONS),
    _LIVE._replace(
        name="gemini-2.5-flash-native-audio-preview-12-2025",
        input_tokens=128_000,
        output_tokens=8_000,
        successor="gemini-3.8-live",
    ),
)

ALIASES: Mapping[str, str] = {
    # That `gemini-flash-latest` has no level `minimal` is reported; the others are Google's rule
    # that an alias follows the newest of its family.
    "gemini-flash-latest": "gemini-3.8-flash",
    "gemini-flash-lite-latest": "gemini-3.5-flash-lite",
    "gemini-pro-latest": "gemini-3.1-pro-preview",
    "nano-banana-pro-preview": "gemini-3-pro-image",
    "gemini-exp-1206": "gemini-2.0-flash",
}
"""Names that stand for another, which changes in time."""

_BY_NAME = {row.name: row for row in MODEL_TABLE}
_PREFIXES = ("models/", "publishers/google/models/", "google/")
_OF_OTHER_CLIENTS = ("gemini", "vertex_ai")  # how litellm says which API a model is asked by
_VERSION = late_pattern(r"[a-z-]+-0*(\d{1,2})(?:\.(\d{1,4}))?(?!\d)")
_STARTS = ("gemini-", "imagen-", "veo-", "lyria-", "gemma-", "text-embedding-", "embedding-")
_FAMILIES = (
    # What in a name tells the family; the first that is there.
    *("imagen", "veo", "lyria", "gemma", "text-embedding", "embedding", "omni", "transcribe"),
    *("tts", "nano-banana", "native-audio", "live", "image", "robotics"),
    *("flash-lite", "flash", "pro"),
)


def without_prefix(name: str) -> str:
    """`name` without what may stand before it to say that it is Google's, such as `models/`."""
    if "/" not in name:
        return name
    if name.startswith("projects/") and "/publishers/google/models/" in name:
        name = name[name.find("publishers/google/models/") :]
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    start, slash, rest = name.partition("/")
    return rest if slash and start in _OF_OTHER_CLIENTS and rest.startswith(_STARTS) else name


def bare_model(name: str) -> str:
    """`name` as in the table: without a prefix, and without an `@version`."""
    return without_prefix(name).partition("@")[0]


@lru_cache(maxsize=512)
def facts_of(model: str) -> ModelFacts:
    """What is known of a model by any of its names.

    A name that is not in the table is taken for the version that it names of its family, and a
    newer version for the newest: `gemini-2.5-flash-preview-09-2025` has the facts of
    `gemini-2.5-flash`, `gemini-3.9-flash` those of `gemini-3.8-flash`. The `name` of what is
    returned is that of the row. A model of no family of Google's has the kind `other`.
    """
    name = bare_model(model)
    name = ALIASES.get(name, name)
    if row := _BY_NAME.get(name):
        return row
    family = _family(name)
    relatives = [row for row in MODEL_TABLE if family and _family(row.name) == family]
    if not relatives:
        return ModelFacts(name, "other", "")
    known = [row for row in relatives if _version(row.name) <= _version(name)]
    return max(known, key=_version_of) if known else min(relatives, key=_version_of)


def latest_successor(model: str) -> str | None:
    """The model to use in place of one that Google has replaced; None if it has not."""
    found, row = None, facts_of(model)
    while row.successor is not None:
        found = row.successor
        row = facts_of(found)
    return found


def _family(name: str) -> str:
    """What models of one family have in common; empty for a name that is in none."""
    if not name.startswith(_STARTS):
        return ""
    found = next((word for word in _FAMILIES if word in name), "")
    if found or not name.startswith("gemini-"):
        return found
    # Since Gemini 4 the models of a generation have names of their own.
    return "gemini" if _version(name) >= (4, 0) else "flash"


def _version_of(row: ModelFacts) -> tuple[int, int]:
    return _version(row.name)


@lru_cache(maxsize=512)
def _version(name: str) -> tuple[int, int]:
    """The version in a name; one without counts as newer than all."""
    found = _VERSION.match(name)
    return (int(found[1]), int(found[2] or 0)) if found else (99, 0)
