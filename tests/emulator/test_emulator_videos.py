"""Videos: made while somebody polls, and fetched by way of Google's own routes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from emulator.file_transfer import KEY

from gemini_openai.emulator import Emulator, Job

if TYPE_CHECKING:
    import httpx

VEO = "veo-3.1-generate-preview"


def film(http: httpx.Client, **fields: Any) -> httpx.Response:
    """A form, as the `openai` package sends it."""
    form = {"model": VEO, "prompt": "A red ball", **fields}
    return http.post("videos", files={name: (None, value) for name, value in form.items()})


def test_a_video_is_processing_and_then_completed(
    http: httpx.Client, web: httpx.Client, emulator: Emulator
) -> None:
    begun = film(http, seconds="8").json()
    assert begun == {
        "id": begun["id"],
        "object": "video",
        "model": VEO,
        "status": "processing",
    }
    seen = [http.get(f"videos/{begun['id']}").json() for _ in range(3)]
    assert [video["status"] for video in seen] == ["processing", "completed", "completed"]
    assert "url" not in seen[0]
    assert seen[1] == seen[2]
    assert len(emulator.files) == 1
    fetched = web.get(seen[1]["url"], headers=KEY, follow_redirects=True)
    assert fetched.headers["content-type"] == "video/mp4"
    assert boxes(fetched.content) == [b"ftyp", b"mdat"]
    assert b"[emulator] A red ball" in fetched.content


def boxes(data: bytes) -> list[bytes]:
    """The kinds of the boxes an MP4 file is made of."""
    kinds: list[bytes] = []
    while data:
        size, kind = struct.unpack(">I4s", data[:8])
        assert 8 <= size <= len(data)
        kinds.append(kind)
        data = data[size:]
    return kinds


def test_the_clock_ends_a_video_too(http: httpx.Client, emulator: Emulator) -> None:
    emulator.script(Job(polls=None, seconds=30))
    id = http.post("videos", json={"model": VEO, "prompt": "x"}).json()["id"]
    assert http.get(f"videos/{id}").json()["status"] == "processing"
    emulator.advance(30)
    assert http.get(f"videos/{id}").json()["status"] == "completed"


def test_a_video_fails_where_a_test_says(http: httpx.Client, emulator: Emulator) -> None:
    emulator.script(Job(polls=1, end="failed", message="Not this."))
    id = film(http).json()["id"]
    failed = http.get(f"videos/{id}").json()
    assert (failed["status"], failed["error"]["message"]) == ("failed", "Not this.")
    assert "url" not in failed


@pytest.mark.parametrize(
    ("fields", "status"), [({"model": "gemini-2.5-flash"}, 404), ({"prompt": ""}, 400)]
)
def test_videos_that_cannot_be_made(
    http: httpx.Client, fields: dict[str, str], status: int
) -> None:
    assert film(http, **fields).status_code == status


def test_a_form_that_is_cut_short_is_refused(http: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert http.post("videos", content=b"--b\r\nConte", headers=headers).status_code == 400


def test_a_video_there_is_not(http: httpx.Client, web: httpx.Client, emulator: Emulator) -> None:
    assert http.get("videos/none").status_code == 404
    assert web.get(f"{emulator.base_url}videos/none").status_code == 400  # no key
