"""Read the status of a video, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._primitives.json_types import is_array, is_object
from ..settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..settings import Settings

_RESPONSES = ("generateVideoResponse", "generate_video_response")
_REASONS = ("raiMediaFilteredReasons", "rai_media_filtered_reasons")
_COUNTS = ("raiMediaFilteredCount", "rai_media_filtered_count")


def openai_video(value: dict[str, Any], settings: Settings = DEFAULT_SETTINGS) -> dict[str, Any]:
    """A video with OpenAI's word for its status, and with an `error` where it was filtered.

    `processing` is `in_progress`: loops written for OpenAI wait while it is that or `queued`. Of a
    filtered video Google says that it is done, and gives reasons in place of a `url`: it is
    `failed`, as at OpenAI. The same object, if it needs nothing.
    """
    if not settings.on("videos"):
        return value
    if value.get("status") == "processing":
        return {**value, "status": "in_progress"}
    if is_object(error := value.get("error")) and isinstance(error.get("code"), int):
        return {**value, "error": {**error, "code": str(error["code"])}}
    if value.get("url") or error or not (reasons := _why_filtered(value)):
        return value
    error = {"code": "moderation_blocked", "message": f"Google filtered the video: {reasons}"}
    return {**value, "status": "failed", "error": error}


def _why_filtered(value: dict[str, Any]) -> str | None:
    """Google's reasons, in any of the places that they may be in; None where there are none."""
    for place in _places(value):
        reasons = next((place[name] for name in _REASONS if place.get(name)), None)
        texts = [str(reason).strip() for reason in reasons] if is_array(reasons) else []
        if texts:
            return " ".join(texts)
        if any(place.get(name) for name in _COUNTS):
            return "it does not say why. Change the prompt, or call again."
    return None


def _places(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield value
    for name in ("response", *_RESPONSES):
        if is_object(inner := value.get(name)):
            yield from _places(inner)
