"""The status of a video as Gemini says it, to a word that OpenAI has for it."""

from __future__ import annotations

PENDING = frozenset({"queued", "in_progress"})
POLL_SECONDS = 10.0  # as often as Google's own samples ask


def openai_status(status: str) -> str:
    """`in_progress` for Gemini's `processing`, any other word as it is.

    Loops written for OpenAI wait while it is that or `queued`, and take another word for an end.
    """
    return "in_progress" if status == "processing" else status
