"""The models that exist, and what each may be used for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ...dialect.model_table import MODEL_TABLE, facts_of

if TYPE_CHECKING:
    from datetime import date

LISTED: tuple[tuple[str, str], ...] = (
    # Google's own list of 22 January 2026, ids without `models/`, in its order.
    ("embedding-gecko-001", "Embedding Gecko"),
    ("gemini-2.5-flash", "Gemini 2.5 Flash"),
    ("gemini-2.5-pro", "Gemini 2.5 Pro"),
    ("gemini-2.0-flash-exp", "Gemini 2.0 Flash Experimental"),
    ("gemini-2.0-flash", "Gemini 2.0 Flash"),
    ("gemini-2.0-flash-001", "Gemini 2.0 Flash 001"),
    ("gemini-2.0-flash-lite-001", "Gemini 2.0 Flash-Lite 001"),
    ("gemini-2.0-flash-lite", "Gemini 2.0 Flash-Lite"),
    ("gemini-2.0-flash-lite-preview-02-05", "Gemini 2.0 Flash-Lite Preview 02-05"),
    ("gemini-2.0-flash-lite-preview", "Gemini 2.0 Flash-Lite Preview"),
    ("gemini-exp-1206", "Gemini Experimental 1206"),
    ("gemini-2.5-flash-preview-tts", "Gemini 2.5 Flash Preview TTS"),
    ("gemini-2.5-pro-preview-tts", "Gemini 2.5 Pro Preview TTS"),
    ("gemma-3-1b-it", "Gemma 3 1B"),
    ("gemma-3-4b-it", "Gemma 3 4B"),
    ("gemma-3-12b-it", "Gemma 3 12B"),
    ("gemma-3-27b-it", "Gemma 3 27B"),
    ("gemma-3n-e4b-it", "Gemma 3n E4B"),
    ("gemma-3n-e2b-it", "Gemma 3n E2B"),
    ("gemini-flash-latest", "Gemini Flash Latest"),
    ("gemini-flash-lite-latest", "Gemini Flash-Lite Latest"),
    ("gemini-pro-latest", "Gemini Pro Latest"),
    ("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite"),
    ("gemini-2.5-flash-image", "Nano Banana"),
    ("gemini-2.5-flash-preview-09-2025", "Gemini 2.5 Flash Preview Sep 2025"),
    ("gemini-2.5-flash-lite-preview-09-2025", "Gemini 2.5 Flash-Lite Preview Sep 2025"),
    ("gemini-3-pro-preview", "Gemini 3 Pro Preview"),
    ("gemini-3-flash-preview", "Gemini 3 Flash Preview"),
    ("gemini-3-pro-image-preview", "Nano Banana Pro"),
    ("nano-banana-pro-preview", "Nano Banana Pro"),
    ("gemini-robotics-er-1.5-preview", "Gemini Robotics-ER 1.5 Preview"),
    ("gemini-2.5-computer-use-preview-10-2025", "Gemini 2.5 Computer Use Preview 10-2025"),
    ("deep-research-pro-preview-12-2025", "Deep Research Pro Preview (Dec-12-2025)"),
    ("embedding-001", "Embedding 001"),
    ("text-embedding-004", "Text Embedding 004"),
    ("gemini-embedding-exp-03-07", "Gemini Embedding Experimental 03-07"),
    ("gemini-embedding-exp", "Gemini Embedding Experimental"),
    ("gemini-embedding-001", "Gemini Embedding 001"),
    ("aqa", "Model that performs Attributed Question Answering."),
    ("imagen-4.0-generate-preview-06-06", "Imagen 4 (Preview)"),
    ("imagen-4.0-ultra-generate-preview-06-06", "Imagen 4 Ultra (Preview)"),
    ("imagen-4.0-generate-001", "Imagen 4"),
    ("imagen-4.0-ultra-generate-001", "Imagen 4 Ultra"),
    ("imagen-4.0-fast-generate-001", "Imagen 4 Fast"),
    ("veo-2.0-generate-001", "Veo 2"),
    ("veo-3.0-generate-001", "Veo 3"),
    ("veo-3.0-fast-generate-001", "Veo 3 fast"),
    ("veo-3.1-generate-preview", "Veo 3.1"),
    ("veo-3.1-fast-generate-preview", "Veo 3.1 fast"),
    ("gemini-2.5-flash-native-audio-latest", "Gemini 2.5 Flash Native Audio Latest"),
    (
        "gemini-2.5-flash-native-audio-preview-09-2025",
        "Gemini 2.5 Flash Native Audio Preview 09-2025",
    ),
    (
        "gemini-2.5-flash-native-audio-preview-12-2025",
        "Gemini 2.5 Flash Native Audio Preview 12-2025",
    ),
    ("lyria-realtime-exp", "Lyria Realtime Experimental"),
)

_ROWS = {row.name: row for row in MODEL_TABLE}
_NEWER = tuple(
    (row.name, row.name.replace("-", " ").title())
    for row in MODEL_TABLE
    if row.shutdown is None and row.name not in dict(LISTED)
)
"""What Google has added since, by the table of models."""

_GEMINI = re.compile(r"gemini-(\d+)(?:\.\d+)?((?:-[a-z0-9.]+)*)")
_NEWEST = max(int(found[1]) for name in _ROWS if (found := _GEMINI.match(name)))
_FAMILIES = {"ultra", "thinking"} | {
    word
    for name in (*dict(LISTED), *_ROWS)
    if name.startswith("gemini-")
    for word in name.split("-")[1:]
    if word.isalpha()
}
"""The words that names of Gemini models are made of, of which one tells the family."""

_NO_CHAT = {"embedding", "video", "music", "live"}
_METHODS = {
    "embedContent": "embedding",
    "predict": "image",
    "predictLongRunning": "video",
}
"""Which kind of model each method is for; `generateContent` is for most others."""


@dataclass(frozen=True)
class Catalogue:
    """The listed models, those of the table, those that a user added, and names like them.

    Attributes:
        added: The models of a user, which are served by every method.
        today: The day on which a model must be served; `None`: every model is, retired or not.
    """

    added: tuple[str, ...] = ()
    today: date | None = None

    def listed(self) -> list[tuple[str, str]]:
        """`(id without prefix, display name)` of every model, added ones last."""
        return [*LISTED, *_NEWER, *((bare(name), bare(name)) for name in self.added)]

    def knows(self, name: str) -> bool:
        """Whether there is such a model; names that Google may have made count."""
        id = bare(name)
        return id in _ROWS or _may_be(id) or any(id == known for known, _ in self.listed())

    def serves(self, name: str, method: str) -> bool:
        """Whether there is such a model, for this method of Google's own API."""
        if self._is_added(name):
            return True
        if not self.knows(name):
            return False
        id, kind = bare(name), facts_of(bare(name)).kind
        if method == "generateContent":
            return kind not in _NO_CHAT and not id.startswith(("imagen", "aqa"))
        return kind == _METHODS[method] and (kind != "video" or id.startswith("veo"))

    def is_retired(self, name: str) -> bool:
        """Whether Google does not serve the model any more, on that day."""
        shutdown = facts_of(bare(name)).shutdown
        if self.today is None or shutdown is None or self._is_added(name):
            return False
        return shutdown <= self.today and self.knows(name)

    def _is_added(self, name: str) -> bool:
        return bare(name) in {bare(added) for added in self.added}


def bare(name: str) -> str:
    """The name without `models/`, as answers of the chat route have it."""
    return name.removeprefix("models/")


def _may_be(id: str) -> bool:
    """Whether Google may have a model of that name: of a known family, or of a later generation."""
    found = _GEMINI.fullmatch(id)
    if found is None:
        return False
    words = [word for word in found[2].split("-") if word.isalpha()]
    return bool(words) and (int(found[1]) > _NEWEST or _FAMILIES.issuperset(words))


@lru_cache(maxsize=256)
def generation(name: str) -> int:
    """The major version of a Gemini model, that of the newest for a later one; 0 for others."""
    found = _GEMINI.match(facts_of(name).name)
    return int(found[1]) if found else 0


@lru_cache(maxsize=256)
def is_thinking_model(name: str) -> bool:
    """Whether the model spends thinking tokens unless told otherwise."""
    return bool(facts_of(name).levels) and not (
        generation(name) == 2 and "flash-lite" in bare(name)
    )
