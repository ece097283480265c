"""Gemini's own options, as keywords in addition to those of `openai`.

The dialect moves them to `extra_body.google` of the JSON.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from typing_extensions import Required, TypedDict

from .._types import Maybe

ThinkingLevel: TypeAlias = Literal["minimal", "low", "medium", "high", "xhigh"]
"""How much to think. Where a model lacks a level, the nearest it has is sent; no model is known to
have `xhigh`. `client.models.info(model).reasoning_efforts` lists those of a model."""

MediaResolution: TypeAlias = Literal[
    "MEDIA_RESOLUTION_LOW",
    "MEDIA_RESOLUTION_MEDIUM",
    "MEDIA_RESOLUTION_HIGH",
    "MEDIA_RESOLUTION_ULTRA_HIGH",
]
"""How many tokens an image or a frame of a video takes."""

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
"""Width to height, in the values that Google's image models accept."""


class SafetySetting(TypedDict, total=False):
    """The threshold above which content of a category of harm is blocked."""

    category: Required[str | HarmCategory]
    threshold: Required[str | HarmBlockThreshold]


class GeminiOptions(TypedDict, total=False):
    """Parameters of `chat.completions` in addition to those of `openai`.

    `thinking_budget`, `thinking_level` and `reasoning_effort` set the same thing. Passing two of
    them raises an error before anything is sent.
    """

    thinking_budget: Maybe[int | None]
    """The maximum of thinking tokens, for Gemini 2.5: 0 for none, if the model allows it, and -1 to
    let the model decide. Gemini 4 takes none: the nearest level is sent."""

    thinking_level: Maybe[ThinkingLevel | None]
    """How much to think, for Gemini 3 and later; for 2.5 a budget is sent in its place."""

    include_thoughts: Maybe[bool | None]
    """Return a summary of the thoughts, as `reasoning_content` of messages and deltas."""

    cached_content: Maybe[str | None]
    """The name of a cached beginning of the conversation: `cachedContents/...`, on Vertex
    `projects/.../locations/.../cachedContents/...`."""

    safety_settings: Maybe[Iterable[SafetySetting] | None]
    """What is blocked as harmful. Vertex AI only; with an API key, `UnsupportedParameterError`."""

    media_resolution: Maybe[str | MediaResolution | None]
    """How closely images and videos of the request are looked at. Vertex AI only; the Developer API
    does not know it, so that it is left out there with a warning."""


class GeminiImageOptions(TypedDict, total=False):
    """Parameters of `images.generate` in addition to those of `openai`."""

    aspect_ratio: Maybe[str | AspectRatio | None]
    generation_config: Maybe[Mapping[str, object] | None]
    """Google's `GenerationConfig`, with its own names: `{"responseModalities": ["IMAGE"]}`."""

    safety_settings: Maybe[Iterable[SafetySetting] | None]
    tools: Maybe[Iterable[Mapping[str, object]] | None]
    """`[{"google_search": {}}]`, which the image model of Gemini 3 Pro accepts."""
