"""Files by Google's own protocol: found, listed, gone after 48 hours, downloaded; and whose."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from emulator.file_transfer import KEY, upload

from gemini_openai.emulator import Drop, Emulator, Job
from gemini_openai.emulator.http.blob import IN_MEMORY, Blob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Recorded = Callable[[str], str]


@pytest.fixture
def native(emulator: Emulator) -> Iterator[httpx.Client]:
    """A client of Google's own routes."""
    base = f"{emulator.origin}/v1beta"
    with httpx.Client(base_url=base, headers=KEY, verify=False, timeout=5) as client:
        yield client


def message(response: httpx.Response) -> str:
    text: str = response.json()["error"]["message"]
    return text


# --- get, list, delete, expiry ---


def test_a_file_is_found_under_its_name_and_deleted(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    file = upload(web, emulator, b"hello", name="files/mine-1", display_name="notes")
    assert file["name"] == "files/mine-1"
    assert native.get("files/mine-1").json() == file
    deleted = native.delete("files/mine-1")
    assert (deleted.status_code, deleted.json()) == (200, {})
    gone = native.get("files/mine-1")
    assert (gone.status_code, gone.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert message(gone).startswith("You do not have permission to access the File mine-1")
    assert native.delete("files/mine-1").status_code == 403


def test_a_long_id_is_refused_with_googles_words(native: httpx.Client) -> None:
    refused = native.get("files/batch-" + "a" * 36)
    assert refused.status_code == 400
    assert message(refused) == (
        "GetFileRequest.name: File ID (name excluding 'files/') cannot be more than 40 characters."
    )


def test_files_are_listed_in_pages_newest_first(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    assert native.get("files").json() == {}
    names = [upload(web, emulator, b"x", display_name=str(n))["name"] for n in range(12)]
    first = native.get("files").json()
    assert [file["name"] for file in first["files"]] == names[:1:-1]
    second = native.get("files", params={"pageToken": first["nextPageToken"]}).json()
    assert [file["name"] for file in second["files"]] == [names[1], names[0]]
    assert "nextPageToken" not in second
    assert len(native.get("files", params={"pageSize": 5}).json()["files"]) == 5
    assert native.get("files", params={"pageToken": "nonsense"}).status_code == 400


def test_a_file_is_gone_after_48_hours(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    name = upload(web, emulator, b"x")["name"]
    emulator.advance(48 * 3600 - 1)
    assert native.get(name).status_code == 200
    emulator.advance(1)
    assert native.get("files").json() == {}
    assert native.get(name).status_code == 403
    assert emulator.files == {}


def test_a_video_is_processed_before_it_can_be_used(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    file = upload(web, emulator, b"x", "video/mp4")
    assert file["state"] == "PROCESSING"
    assert native.get("files").json()["files"][0]["state"] == "PROCESSING"
    assert native.get(file["name"]).json()["state"] == "ACTIVE"


def test_processing_takes_as_long_as_a_test_says(web: httpx.Client) -> None:
    slow = Job(polls=None, seconds=60)
    with Emulator(processing=slow) as emulator:
        name = upload(web, emulator, b"x")["name"]
        url = f"{emulator.origin}/v1beta/{name}"
        assert web.get(url, headers=KEY).json()["state"] == "PROCESSING"
        emulator.advance(60)
        assert web.get(url, headers=KEY).json()["state"] == "ACTIVE"
        emulator.script(Job(polls=1, end="failed", message="No frames."), path="/files")
        name = upload(web, emulator, b"x")["name"]
        failed = web.get(f"{emulator.origin}/v1beta/{name}", headers=KEY).json()
        assert (failed["state"], failed["error"]["message"]) == ("FAILED", "No frames.")


def test_reset_forgets_files(web: httpx.Client, emulator: Emulator) -> None:
    one = upload(web, emulator, b"x")["name"]
    emulator.reset()
    assert emulator.files == {}
    assert upload(web, emulator, b"x")["name"] != one


# --- download ---


def test_a_generated_file_is_downloaded_by_a_redirect_that_repeats_the_key(
    native: httpx.Client, emulator: Emulator, recorded: Recorded
) -> None:
    file = emulator.add_file(b"123456789", mime_type="video/mp4")
    first = native.get(f"{file.name}:download", params={"alt": "media"})
    assert first.status_code == 302
    assert first.json() == json.loads(recorded("native_files_download_302.json"))
    theirs = json.loads(recorded("native_files_download_302.request_and_headers.json"))
    assert {name.lower() for name in theirs["response"]["headers"]} <= {*first.headers}
    assert first.headers["x-goog-api-key"] == "any-key"
    assert first.headers["location"] == (
        f"{emulator.origin}/download/v1beta/{file.name}:download?alt=media"
    )
    second = native.get(first.headers["location"])
    theirs = json.loads(recorded("native_files_download_200.headers.json"))
    names = {name.lower() for name in theirs["response"]["headers"]}
    assert names - {*second.headers} == {"expires", "x-guploader-uploadid"}
    assert second.content == b"123456789"
    assert second.headers["content-type"] == "video/mp4"
    assert second.headers["content-disposition"] == "attachment"
    assert second.headers["content-length"] == "9"
    # The check value of CRC-32C is that of the nine digits: e3069283.
    assert second.headers["x-goog-hash"] == "crc32c=4waSgw=="


def test_uploaded_and_missing_files_cannot_be_downloaded(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    uploaded = upload(web, emulator, b"x")["name"]
    for root in ("", f"{emulator.origin}/download/v1beta/"):
        refused = native.get(f"{root}{uploaded}:download?alt=media")
        assert refused.status_code == 400
        assert "Only generated files can be downloaded" in message(refused)
        assert native.get(f"{root}files/none:download?alt=media").status_code == 403
    generated = emulator.add_file(b"x").name
    assert native.get(f"{generated}:download").status_code == 400


def test_a_download_breaks_off_where_a_test_says(native: httpx.Client, emulator: Emulator) -> None:
    file = emulator.add_file(b"x" * 1_000_000)
    url = f"{emulator.origin}/download/v1beta/{file.name}:download?alt=media"
    emulator.script(Drop(after=300_000))
    got: list[bytes] = []
    with pytest.raises(httpx.RemoteProtocolError), native.stream("GET", url) as response:
        got.extend(response.iter_raw())
    assert sum(map(len, got)) == 300_000
    assert len(native.get(url).content) == 1_000_000


def test_any_answer_breaks_off_where_a_test_says(
    ask: Callable[..., httpx.Response], emulator: Emulator
) -> None:
    emulator.script(Drop(after=0), Drop(after=30))
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    with pytest.raises(httpx.RemoteProtocolError):
        ask(stream=True)
    assert [request.outcome.status for request in emulator.requests] == [None, 200]


def test_a_client_that_leaves_a_download_is_seen(native: httpx.Client, emulator: Emulator) -> None:
    file = emulator.add_file(b"x" * 50_000_000)
    with native.stream(
        "GET", f"{emulator.origin}/download/v1beta/{file.name}:download?alt=media"
    ) as response:
        next(response.iter_raw())
    emulator.wait_for(lambda: emulator.requests[0].disconnected)


def test_urls_name_googles_host_where_a_quirk_says_so(
    web: httpx.Client, emulator: Emulator, native: httpx.Client
) -> None:
    host = "https://generativelanguage.googleapis.com/"
    quirk = {"x-emulator-quirks": "urls_name_google"}
    headers = {**KEY, **quirk, "X-Goog-Upload-Protocol": "resumable"}
    headers["X-Goog-Upload-Command"] = "start"
    started = web.post(f"{emulator.origin}/upload/v1beta/files", headers=headers)
    assert started.headers["X-Goog-Upload-URL"].startswith(f"{host}upload/v1beta/files?")
    name = emulator.add_file(b"x").name
    found = native.get(f"{name}:download?alt=media", headers=quirk)
    assert found.headers["location"].startswith(f"{host}download/v1beta/{name}")


# --- credentials ---


@pytest.mark.parametrize(
    ("headers", "status", "text"),
    [
        ({}, 403, "unregistered callers"),
        ({"Authorization": "Bearer any-key"}, 401, "Expected OAuth 2 access token"),
        ({**KEY, "Authorization": "Bearer any-key"}, 400, "Multiple authentication credentials"),
        ({"x-goog-api-key": "bad-key"}, 400, "API key not valid"),
    ],
)
def test_google_wants_the_key_in_its_own_header(
    web: httpx.Client, emulator: Emulator, headers: dict[str, str], status: int, text: str
) -> None:
    for method, path in [
        ("GET", "/v1beta/files"),
        ("GET", "/v1beta/files/x"),
        ("DELETE", "/v1beta/files/x"),
        ("GET", "/v1beta/files/x:download?alt=media"),
        ("GET", "/download/v1beta/files/x:download?alt=media"),
        ("GET", "/v1beta/batches"),
    ]:
        refused = web.request(method, emulator.origin + path, headers=headers)
        assert refused.status_code == status
        assert text in message(refused)
    started = {"X-Goog-Upload-Protocol": "resumable", "X-Goog-Upload-Command": "start"}
    refused = web.post(f"{emulator.origin}/upload/v1beta/files", headers={**headers, **started})
    assert refused.status_code == status


def test_a_key_in_the_query_or_a_token_is_taken_too(web: httpx.Client, emulator: Emulator) -> None:
    url = f"{emulator.origin}/v1beta/files"
    assert web.get(url, params={"key": "k"}).status_code == 200
    assert web.get(url, params={"key": "k"}, headers=KEY).status_code == 400
    token = {"Authorization": f"Bearer {emulator.google.issue()}"}
    assert web.get(url, headers=token).status_code == 200


def test_the_refusal_of_a_key_is_the_recorded_one(
    web: httpx.Client, emulator: Emulator, recorded: Recorded
) -> None:
    refused = web.get(f"{emulator.origin}/v1beta/files", headers={"x-goog-api-key": "bad"})
    assert refused.json() == json.loads(recorded("native_error_400_api_key_invalid.json"))


# --- the file itself ---


def test_a_large_blob_is_on_disk_and_reads_the_same() -> None:
    blob = Blob()
    line = b"x" * 99 + b"\n"
    for _ in range(2 * IN_MEMORY // 100):
        blob.append(line)
    assert blob.size > IN_MEMORY
    assert sum(1 for _ in blob.lines()) == 2 * IN_MEMORY // 100
    assert hashlib.sha256(b"".join(blob.pieces())).hexdigest() == blob.sha256
    assert blob.read(100, 100) == line
    assert blob.crc32c is None


def test_lines_are_cut_at_their_ends_alone() -> None:
    assert [*Blob("a\u2028b\r\n\n \nc".encode()).lines()] == ["a\u2028b".encode(), b"c"]
