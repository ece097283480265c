"""Uploads by Google's resumable protocol: chunks, failures on demand, and going on after them."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulator.file_transfer import begin, query, send, upload
from emulator.wire_reading import shape

from gemini_openai.emulator import Drop, Emulator, Reply, Stall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Recorded = Callable[[str], str]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """One whose chunks are multiples of 8 bytes."""
    with Emulator(
        clock=lambda: 1769093697.5, upload_granularity=8, max_file_bytes=10_000
    ) as running:
        yield running


# --- upload ---


def test_the_start_of_an_upload_has_the_recorded_headers(
    web: httpx.Client, recorded: Recorded
) -> None:
    theirs = json.loads(recorded("native_files_upload_start.request_and_headers.json"))
    names = {name.lower() for name in theirs["response"]["headers"]}
    theirs_about_the_upload = {
        name
        for name in names
        if name.startswith(("x-goog-upload-", "x-guploader"))
        and not name.startswith("x-goog-upload-header-")  # of the server behind
    }
    with Emulator() as emulator:
        started = begin(web, emulator, 3, display_name="notes")
        assert theirs_about_the_upload <= {*started.headers}
        assert started.headers["X-Goog-Upload-Chunk-Granularity"] == "8388608"
        assert started.headers["X-Goog-Upload-Status"] == "active"
        assert started.headers["content-type"] == "text/plain; charset=utf-8"
        assert started.content == b""
        url = started.headers["X-Goog-Upload-URL"]
        assert url.startswith(f"{emulator.origin}/upload/v1beta/files?upload_id=")
        assert url.endswith("&upload_protocol=resumable")
        assert emulator.files == {}


def test_a_file_of_one_chunk_has_the_recorded_form(
    web: httpx.Client, emulator: Emulator, recorded: Recorded
) -> None:
    url = begin(web, emulator, 5, display_name="notes").headers["X-Goog-Upload-URL"]
    final = send(web, url, b"hello", 0, "upload, finalize")
    assert final.headers["X-Goog-Upload-Status"] == "final"
    assert shape(final.json()) == shape(json.loads(recorded("native_files_upload_finalize.json")))
    file = final.json()["file"]
    digits = hashlib.sha256(b"hello").hexdigest()
    assert base64.b64decode(file["sha256Hash"]).decode() == digits
    assert (file["sizeBytes"], file["state"]) == ("5", "ACTIVE")
    assert file["createTime"] == "2026-01-22T14:54:57.500000Z"
    assert file["expirationTime"] == "2026-01-24T14:54:57.500000Z"
    assert file["uri"] == f"{emulator.origin}/v1beta/{file['name']}"
    assert emulator.files[file["name"]].blob.read() == b"hello"


def test_chunks_make_one_file(web: httpx.Client, emulator: Emulator) -> None:
    data = bytes(range(20))
    url = begin(web, emulator, 20).headers["X-Goog-Upload-URL"]
    first = send(web, url, data[:8], 0)
    assert (first.status_code, first.content) == (200, b"")
    assert first.headers["X-Goog-Upload-Status"] == "active"
    assert query(web, url).headers["X-Goog-Upload-Size-Received"] == "8"
    send(web, url, data[8:16], 8)
    final = send(web, url, data[16:], 16, "upload, finalize").json()["file"]
    assert emulator.files[final["name"]].sha256 == hashlib.sha256(data).hexdigest()


def test_a_stream_without_a_length_is_a_chunk_too(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, None).headers["X-Goog-Upload-URL"]
    final = send(web, url, iter([b"one", b"two"]), 0, "upload, finalize").json()["file"]
    assert emulator.files[final["name"]].blob.read() == b"onetwo"


def test_the_bytes_of_a_chunk_are_counted_and_not_kept(
    web: httpx.Client, emulator: Emulator
) -> None:
    upload(web, emulator, b"hello")
    start, chunk = emulator.requests
    assert start.json == {"file": {}}
    assert (chunk.body, chunk.size) == (b"", 5)
    assert chunk.answered


@pytest.mark.parametrize(
    ("data", "offset", "command", "status", "text"),
    [
        (b"12345678", 8, "upload", 409, "Invalid offset: expected 0, got 8"),
        (b"123", 0, "upload", 400, "must be a multiple of 8 bytes"),
        (b"x" * 24, 0, "upload", 400, "declared with 20 bytes"),
        (b"x" * 19, 0, "upload, finalize", 400, "19 bytes arrived; 20 were declared"),
        (b"x" * 20, 0, "send", 400, "Unknown X-Goog-Upload-Command"),
    ],
)
def test_a_chunk_that_does_not_fit_is_refused(
    web: httpx.Client,
    emulator: Emulator,
    data: bytes,
    offset: int,
    command: str,
    status: int,
    text: str,
) -> None:
    url = begin(web, emulator, 20).headers["X-Goog-Upload-URL"]
    refused = send(web, url, data, offset, command)
    assert refused.status_code == status
    assert text in refused.text
    assert refused.headers["X-Goog-Upload-Status"] == "active"
    assert emulator.files == {}


def test_an_upload_ends_once(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 3).headers["X-Goog-Upload-URL"]
    send(web, url, b"one", 0, "upload, finalize")
    again = send(web, url, b"one", 0, "upload, finalize")
    assert (again.status_code, again.headers["X-Goog-Upload-Status"]) == (400, "final")
    assert len(emulator.files) == 1
    assert send(web, url.replace("upload_id=", "upload_id=x"), b"one", 0).status_code == 404


def test_a_cancelled_upload_is_gone(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 3).headers["X-Goog-Upload-URL"]
    headers = {"X-Goog-Upload-Command": "cancel"}
    assert web.post(url, headers=headers).headers["X-Goog-Upload-Status"] == "cancelled"
    assert query(web, url).status_code == 410


@pytest.mark.parametrize(
    ("size", "about", "status", "text"),
    [
        (10_001, {}, 413, "Media is too large. Limit: 10000"),
        (1, {"name": "files/" + "a" * 41}, 400, "cannot be more than 40 characters"),
        (1, {"name": "files/-a"}, 400, "cannot begin or end with a dash"),
        (1, {"name": "files/taken"}, 409, "already exists"),
        (1, {"display_name": "x" * 513}, 400, "invalid argument"),
    ],
)
def test_an_upload_that_cannot_begin(
    web: httpx.Client,
    emulator: Emulator,
    size: int,
    about: dict[str, Any],
    status: int,
    text: str,
) -> None:
    upload(web, emulator, b"here", name="files/taken")
    refused = begin(web, emulator, size, **about)
    assert refused.status_code == status
    assert text in refused.json()["error"]["message"]


def test_more_than_was_announced_to_nobody_is_too_much(
    web: httpx.Client, emulator: Emulator
) -> None:
    url = begin(web, emulator, None).headers["X-Goog-Upload-URL"]
    assert send(web, url, b"x" * 10_001, 0, "upload, finalize").status_code == 413
    assert emulator.files == {}


# --- failures ---


def test_a_refused_chunk_leaves_the_upload_as_it_was(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 16).headers["X-Goog-Upload-URL"]
    emulator.script(Reply(503, text="busy"), path="/upload/v1beta/files")
    refused = send(web, url, b"x" * 8, 0)
    assert refused.status_code == 503
    assert "X-Goog-Upload-Status" not in refused.headers
    assert query(web, url).headers["X-Goog-Upload-Size-Received"] == "0"
    assert send(web, url, b"x" * 8, 0).status_code == 200


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_breaks_in_the_middle_of_a_chunk(
    web: httpx.Client, emulator: Emulator, reset: bool
) -> None:
    data = bytes(range(200)) * 20
    url = begin(web, emulator, len(data)).headers["X-Goog-Upload-URL"]
    emulator.script(Drop(after=1001, reset=reset))
    with pytest.raises(httpx.TransportError):
        send(web, url, data, 0, "upload, finalize")
    received = query(web, url).headers
    assert received["X-Goog-Upload-Status"] == "active"
    assert received["X-Goog-Upload-Size-Received"] == "1001"
    final = send(web, url, data[1001:], 1001, "upload, finalize").json()["file"]
    assert emulator.files[final["name"]].sha256 == hashlib.sha256(data).hexdigest()


def test_an_upload_whose_last_answer_is_lost_is_whole(
    web: httpx.Client, emulator: Emulator
) -> None:
    url = begin(web, emulator, 5).headers["X-Goog-Upload-URL"]
    emulator.script(Drop(after=1_000_000))
    with pytest.raises(httpx.TransportError):
        send(web, url, b"hello", 0, "upload, finalize")
    (name,) = emulator.files
    asked = query(web, url)
    assert asked.headers["X-Goog-Upload-Status"] == "final"
    assert asked.json()["file"]["name"] == name


def test_a_chunk_that_was_given_up_writes_no_more(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 16).headers["X-Goog-Upload-URL"]

    def slow() -> Iterator[bytes]:
        yield b"slow"
        emulator.wait_for(lambda: emulator.requests[-1].size == 4)
        assert query(web, url).headers["X-Goog-Upload-Size-Received"] == "4"
        yield b"late"

    with httpx.Client(verify=False, timeout=5) as another:
        headers = {"X-Goog-Upload-Command": "upload", "X-Goog-Upload-Offset": "0"}
        another.post(url, headers=headers, content=slow())
    assert query(web, url).headers["X-Goog-Upload-Size-Received"] == "4"


def test_a_client_that_leaves_during_a_chunk_is_seen(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 16).headers["X-Goog-Upload-URL"]

    def broken() -> Iterator[bytes]:
        yield b"four"
        emulator.wait_for(lambda: emulator.requests[-1].size == 4)
        raise ValueError("the disk is gone")

    with pytest.raises(ValueError, match="the disk"):
        web.post(url, headers={"X-Goog-Upload-Command": "upload"}, content=broken())
    emulator.wait_for(lambda: emulator.requests[1].disconnected)
    assert query(web, url).headers["X-Goog-Upload-Size-Received"] == "4"


def test_a_stalled_chunk_times_out(web: httpx.Client, emulator: Emulator) -> None:
    url = begin(web, emulator, 16).headers["X-Goog-Upload-URL"]
    emulator.script(Stall())
    headers = {"X-Goog-Upload-Command": "upload"}
    with pytest.raises(httpx.ReadTimeout):
        web.post(url, headers=headers, content=b"x" * 8, timeout=0.05)
    emulator.wait_for(lambda: emulator.requests[1].disconnected)
