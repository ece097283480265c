"""The status of a video, and why there is none."""

from __future__ import annotations

from typing import Any

import pytest

from gemini_openai.dialect.routes.videos import openai_video
from gemini_openai.types import Video

DONE: dict[str, Any] = {"id": "v", "object": "video", "status": "completed"}
REASONS = ["The prompt names a person.", "Support code: 1."]


def test_a_video_that_is_processing_is_in_progress() -> None:
    assert openai_video({"id": "v", "status": "processing"})["status"] == "in_progress"


@pytest.mark.parametrize(
    "where",
    [
        {"generateVideoResponse": {"raiMediaFilteredReasons": REASONS}},
        {"response": {"generateVideoResponse": {"raiMediaFilteredReasons": REASONS}}},
        {"response": {"raiMediaFilteredReasons": REASONS, "raiMediaFilteredCount": 1}},
        {"rai_media_filtered_reasons": REASONS},
    ],
    ids=str,
)
def test_a_filtered_video_says_why(where: dict[str, Any]) -> None:
    out = openai_video({**DONE, **where})
    video = Video.model_validate(out)
    assert video.status == "failed"
    assert video.error is not None
    assert (video.error.code, video.error.message) == (
        "moderation_blocked",
        "Google filtered the video: The prompt names a person. Support code: 1.",
    )
    assert openai_video(out) is out


def test_a_video_that_was_filtered_without_a_reason_is_known_by_the_count() -> None:
    out = openai_video({**DONE, "generateVideoResponse": {"raiMediaFilteredCount": 2}})
    assert "does not say why" in out["error"]["message"]


@pytest.mark.parametrize(
    "value",
    [
        DONE,
        {**DONE, "url": "https://x/v", "raiMediaFilteredCount": 1},
        {**DONE, "raiMediaFilteredCount": 0, "raiMediaFilteredReasons": []},
        {**DONE, "status": "failed", "error": {"code": "x", "message": "m"}},
    ],
    ids=str,
)
def test_a_video_that_is_there_stays_as_it_is(value: dict[str, Any]) -> None:
    assert openai_video(value) is value


def test_the_number_of_an_error_is_text_as_at_openai() -> None:
    failed = {**DONE, "status": "failed", "error": {"code": 13, "message": "m"}}
    assert openai_video(failed)["error"] == {"code": "13", "message": "m"}
