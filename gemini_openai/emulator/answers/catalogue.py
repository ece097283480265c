"""The models that exist, and what each may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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

_NO_CHAT = ("embedding", "imagen", "veo", "aqa", "lyria")
_IMAGE = ("imagen", "image", "nano-banana")
_NO_THOUGHTS = ("gemini-1", "gemini-2.0", "gemma", "gemini-exp", "learnlm")


@dataclass(frozen=True)
class Catalogue:
    """The listed models, those that a user added, and every other `gemini-…` name."""

    added: tuple[str, ...] = ()

    def listed(self) -> list[tuple[str, str]]:
        """`(id without prefix, display name)` of every model, added ones last."""
        return [*LISTED, *((bare(name), bare(name)) for name in self.added)]

    def knows(self, name: str) -> bool:
        """Whether there is such a model; every `gemini-…` name counts."""
        bare_name = bare(name)
        return bare_name.startswith("gemini-") or any(bare_name == id for id, _ in self.listed())

    def answers_chat(self, name: str) -> bool:
        """Whether the model answers chat requests."""
        return self._is_added(name) or (self.knows(name) and not _has(name, _NO_CHAT))

    def makes_embeddings(self, name: str) -> bool:
        """Whether the model makes embeddings."""
        return self._is_added(name) or (self.knows(name) and "embedding" in name)

    def makes_images(self, name: str) -> bool:
        """Whether the model makes images."""
        return self._is_added(name) or (self.knows(name) and _has(name, _IMAGE))

    def makes_videos(self, name: str) -> bool:
        """Whether the model makes videos."""
        return self._is_added(name) or (self.knows(name) and bare(name).startswith("veo"))

    def _is_added(self, name: str) -> bool:
        return bare(name) in {bare(added) for added in self.added}


def bare(name: str) -> str:
    """The name without `models/`, as answers of the chat route have it."""
    return name.removeprefix("models/")


@lru_cache(maxsize=256)
def generation(name: str) -> int:
    """The major version in a Gemini name; the `-latest` aliases count as 3, others as 0."""
    parts = bare(name).split("-")
    if parts[0] != "gemini" or len(parts) == 1:
        return 0
    if parts[-1] == "latest" and not parts[1][:1].isdigit():
        return 3
    digits = parts[1].split(".")[0]
    return int(digits) if digits.isdigit() else 0


@lru_cache(maxsize=256)
def is_thinking_model(name: str) -> bool:
    """Whether the model spends thinking tokens unless told otherwise."""
    bare_name = bare(name)
    if bare_name.startswith(_NO_THOUGHTS):
        return False
    return not (generation(name) == 2 and "flash-lite" in bare_name)


def _has(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name for word in words)
