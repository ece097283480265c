"""Read the status of a video."""

from __future__ import annotations


def openai_video_status(status: str) -> str:
    """`in_progress` for Gemini's `processing`, any other word as it is.

    Loops written for OpenAI wait while it is that or `queued`, and take another word for an end.
    """
    return "in_progress" if status == "processing" else status
