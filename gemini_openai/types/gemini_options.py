"""Gemini's own options, as keywords beside those that `openai` has.

On the wire they are in `extra_body.google` of the JSON; the dialect puts them there.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe

ThinkingLevel: TypeAlias = Literal["minimal", "low", "medium", "high"]
"""How deep to think. Not every model has all: 3 Pro has no `minimal`."""

HarmCategory: TypeAlias = Literal[
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
]
HarmBlockThreshold: TypeAlias = Literal[
    "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"
]
AspectRatio: TypeAlias = Literal[
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"
]
"""Width to height, as Google's image models have it."""


class SafetySetting(TypedDict, total=False):
    """From what on a kind of harm is held back."""

    category: Required[str | HarmCategory]
    threshold: Required[str | HarmBlockThreshold]


class GeminiOptions(TypedDict, total=False):
    """What `chat.completions` takes beside all that `openai` has.

    `thinking_budget`, `thinking_level` and `reasoning_effort` say the same thing: two of them are
    an error before anything is sent.
    """

    thinking_budget: Maybe[int | None]
    """Tokens to think with at most, for Gemini 2.5: 0 for none, where the model can do without, and
    -1 for as many as it likes."""

    thinking_level: Maybe[ThinkingLevel | None]
    """How deep to think, for Gemini 3 and later."""

    include_thoughts: Maybe[bool | None]
    """Tell what was thought, in summary: as `reasoning_content` of messages and deltas."""

    cached_content: Maybe[str | None]
    """A cached beginning of the conversation, by its name: `cachedContents/...`, on Vertex
    `projects/.../locations/.../cachedContents/...`."""

    safety_settings: Maybe[Iterable[SafetySetting] | None]
    """What is held back as harmful. Vertex AI's: with an API key `UnsupportedParameterError`."""


class GeminiImageOptions(TypedDict, total=False):
    """What `images.generate` takes beside all that `openai` has."""

    aspect_ratio: Maybe[str | AspectRatio | None]
    generation_config: Maybe[Mapping[str, object] | None]
    """Google's `GenerationConfig`, with its own names: `{"responseModalities": ["IMAGE"]}`."""

    safety_settings: Maybe[Iterable[SafetySetting] | None]
    tools: Maybe[Iterable[Mapping[str, object]] | None]
    """`[{"google_search": {}}]`, which Gemini 3 Pro's image model takes."""
