"""OpenAI's `/files` to Google's own protocol, and its answers back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.notes import InvalidRequestError
from gemini_openai.dialect.routes.files import (
    native_query,
    native_url,
    openai_answer,
    remark_on,
    unix_time,
)
from gemini_openai.dialect.routes.headers import credentials_for
from gemini_openai.dialect.routes.urls import (
    GEMINI_BASE_URL,
    is_native,
    native_roots,
    redirect_target,
)

RECORDED = Path(__file__).parents[2] / "recorded/developer_api"
HOST = "https://generativelanguage.googleapis.com"
PROXY = "http://proxy.example:8080/gemini/v1beta/openai/"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/files", f"{HOST}/v1beta/files"),
        ("/files/files/abc", f"{HOST}/v1beta/files/abc"),
        ("/files/abc", f"{HOST}/v1beta/files/abc"),
        (
            "/files/files/batch-abc/content",
            f"{HOST}/v1beta/files/batch-abc:download?alt=media",
        ),
    ],
)
def test_openais_paths_lead_to_googles_routes(path: str, url: str) -> None:
    assert native_url(path, GEMINI_BASE_URL) == url


@pytest.mark.parametrize(
    "base_url",
    [
        "https://server.example/v1/",
        "https://server.example/openai/v1/",
        "https://server.example/v1/openai/",
        "https://x-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi/",
    ],
)
def test_a_server_of_another_shape_is_asked_in_openais_way(base_url: str) -> None:
    assert native_roots(base_url) is None
    assert native_url("/files", base_url) is None


def test_googles_routes_are_beside_those_of_a_proxy() -> None:
    assert native_roots(PROXY) == (
        "http://proxy.example:8080/gemini/v1beta/",
        "http://proxy.example:8080/gemini/upload/v1beta/",
        "http://proxy.example:8080/gemini/download/v1beta/",
    )


@pytest.mark.parametrize(
    ("url", "native"),
    [
        (f"{HOST}/v1beta/files", True),
        (f"{HOST}/upload/v1beta/files?upload_id=x", True),
        (f"{HOST}/download/v1beta/files/x:download", True),
        (f"{HOST}/v1beta/openai/files", False),
        ("https://else.example/v1beta/files", False),
    ],
)
def test_native_routes_are_told_from_the_compatible_ones(url: str, native: bool) -> None:
    assert is_native(url, GEMINI_BASE_URL) is native


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        (f"{HOST}/v1beta/files/a:download", "/download/v1beta/a", f"{HOST}/download/v1beta/a"),
        (f"{HOST}/v1beta/files/a:download", "https://e.example/x", "https://e.example/x"),
        (
            "http://proxy.example/gemini/upload/v1beta/files",
            f"{HOST}/upload/v1beta/files?upload_id=1",
            "http://proxy.example/gemini/upload/v1beta/files?upload_id=1",
        ),
    ],
)
def test_googles_own_host_is_reached_by_the_proxys(url: str, location: str, target: str) -> None:
    assert redirect_target(url, location) == target


def test_a_gateway_that_sends_a_call_to_googles_host_is_not_asked_again() -> None:
    url, location = "https://gateway.example/v1/chat/completions", f"{HOST}/v1beta/openai/chat"
    assert redirect_target(url, location, native=False) == location
    assert redirect_target(url, "/v2", native=False) == "https://gateway.example/v2"


KEY = {"authorization": "Bearer AIza-key"}


def test_a_key_travels_in_the_header_that_its_route_wants() -> None:
    assert credentials_for(KEY, {}, native=False) == KEY
    assert credentials_for(KEY, {}, native=True) == {"x-goog-api-key": "AIza-key"}


def test_an_access_token_is_a_bearer_everywhere() -> None:
    token = {"authorization": "Bearer ya29.token", "x-goog-user-project": "p"}
    assert credentials_for(token, {}, native=True) == token


@pytest.mark.parametrize("name", ["authorization", "x-goog-api-key"])
def test_a_credential_of_the_caller_stands_in_for_ours(name: str) -> None:
    assert credentials_for(KEY, {name: "theirs"}, native=True) == {}
    assert credentials_for(KEY, {name: None}, native=False) == KEY


def test_a_recorded_upload_is_read_as_openais_file() -> None:
    body = json.loads((RECORDED / "native_files_upload_finalize.json").read_text("utf-8"))
    file = openai_answer(body, "/files", None)
    google = body["file"]
    assert file["id"] == google["name"]
    assert file["bytes"] == int(google["sizeBytes"])
    assert file["status"] == "processed"
    assert file["expires_at"] - file["created_at"] == pytest.approx(48 * 3600, abs=1)
    assert file["filename"] == google.get("displayName", google["name"].removeprefix("files/"))
    assert file["sha256Hash"] == google["sha256Hash"]


@pytest.mark.parametrize(
    ("state", "status"), [("PROCESSING", "uploaded"), ("ACTIVE", "processed"), ("FAILED", "error")]
)
def test_a_state_is_a_status(state: str, status: str) -> None:
    error = {"code": 13, "message": "No."}
    file = openai_answer({"name": "files/a", "state": state, "error": error}, "/files/a", None)
    assert (file["status"], file["status_details"]) == (status, "No.")


def test_a_page_has_its_token_as_the_cursor() -> None:
    page = openai_answer({"files": [{"name": "files/a"}], "nextPageToken": "t"}, "/files", None)
    assert [file["id"] for file in page["data"]] == ["files/a"]
    assert (page["has_more"], page["next_page_token"]) == (True, "t")
    assert openai_answer({}, "/files", None)["data"] == []


def test_files_are_sorted_out_by_what_they_must_be_for() -> None:
    files: dict[str, Any] = {
        "files": [
            {"name": "files/a", "mimeType": "application/jsonl"},
            {"name": "files/b", "mimeType": "image/png"},
            {"name": "files/batch-c", "mimeType": "application/jsonl"},
        ]
    }

    def ids(purpose: str | None) -> list[str]:
        return [file["id"][6:] for file in openai_answer(files, "/files", purpose)["data"]]

    assert ids(None) == ["a", "b", "batch-c"]
    assert (ids("batch"), ids("batch_output"), ids("vision")) == (["a"], ["batch-c"], ["b"])


def test_a_deleted_file_is_named() -> None:
    assert openai_answer({}, "/files/files/abc", None) == {
        "id": "files/abc",
        "object": "file",
        "deleted": True,
    }


def test_a_list_is_asked_for_in_googles_words() -> None:
    asked = native_query({"limit": 500, "after": "token", "order": "asc", "purpose": "batch"})
    assert asked == {"pageSize": 100, "pageToken": "token"}
    assert native_query({"limit": 7}) == {"pageSize": 7}
    with pytest.raises(InvalidRequestError, match=r"next_page_token"):
        native_query({"after": "files/abc"})


def test_times_are_in_utc() -> None:
    assert unix_time("2026-11-21T01:20:43.316176Z") == 1795224043
    assert unix_time("2026-11-21T01:20:43Z") == 1795224043
    assert unix_time("soon") is None


def test_what_cannot_be_had_is_explained() -> None:
    assert "generated" in (remark_on("/files/files/abc/content") or "")
    assert "content" in (remark_on("/files/files/batch-abc") or "")
    assert remark_on("/files/files/abc") is None
