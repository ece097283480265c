"""Media as the parts that Gemini takes them in."""

from __future__ import annotations

import pytest

from gemini_openai.dialect.routes.media import (
    INLINE_LIMIT,
    PDF_LIMIT,
    address_part,
    data_part,
    is_upload,
    size_trouble,
    upload_part,
)

UPLOAD = "https://generativelanguage.googleapis.com/v1beta/files/abc-123"


@pytest.mark.parametrize("media_type", ["audio/wav", "audio/x-wav", "audio/vnd.wave"])
def test_wav_is_input_audio(media_type: str) -> None:
    audio = {"data": "AAAA", "format": "wav"}
    assert data_part(media_type, "AAAA") == {"type": "input_audio", "input_audio": audio}


@pytest.mark.parametrize("media_type", ["image/png", "application/pdf", "video/mp4", "audio/flac"])
def test_all_else_is_a_data_url(media_type: str) -> None:
    assert data_part(media_type, "AAAA") == {
        "type": "image_url",
        "image_url": {"url": f"data:{media_type};base64,AAAA"},
    }


def test_the_detail_of_an_image_is_said_beside_its_url() -> None:
    for part in (data_part("image/png", "AAAA", "low"), address_part("gs://b/c", None, "low")):
        assert part["image_url"]["detail"] == "low"


def test_an_address_of_an_image_is_an_image_url_and_any_other_names_its_type() -> None:
    image = {"type": "image_url", "image_url": {"url": "gs://b/c"}}
    assert address_part("gs://b/c", None) == address_part("gs://b/c", "image/png") == image
    assert address_part("gs://b/c", "video/mp4") == {
        "type": "input_audio",
        "input_audio": {"data": "gs://b/c", "format": "video/mp4"},
    }


@pytest.mark.parametrize("name", [UPLOAD, "files/abc-123"])
def test_an_upload_is_referred_to_by_its_address(name: str) -> None:
    assert is_upload(name)
    assert upload_part(name) == {"type": "file", "file": {"file_id": UPLOAD}}


@pytest.mark.parametrize(
    "name",
    [
        "files/cat.png",
        "files/",
        "my/files/abc",
        "https://g.example/v1beta/files/abc",
        "",
        UPLOAD + "/x",
    ],
)
def test_what_only_looks_like_an_upload_is_none(name: str) -> None:
    assert not is_upload(name)


def test_what_is_too_large_for_a_request_is_known_by_its_size_as_base64() -> None:
    largest = INLINE_LIMIT // 4 * 3
    assert size_trouble("image/png", largest) is None
    assert "100 MB" in (size_trouble("image/png", largest + 1) or "")
    assert "75 MB" in (size_trouble(None, largest + 1) or "")
    assert size_trouble("application/pdf", PDF_LIMIT) is None
    assert "50 MB" in (size_trouble("application/pdf", PDF_LIMIT + 1) or "")
