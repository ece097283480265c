"""OpenAI's own `/files` routes, which are there when asked for only; and forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, strategies

from gemini_openai.emulator import Emulator, Job
from gemini_openai.emulator.http.multipart import Form, boundary_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def openai_like() -> Iterator[httpx.Client]:
    with (
        Emulator(
            quirks={"openai_files": True, "batch_fields_missing": False}, batches=Job(polls=1)
        ) as emulator,
        httpx.Client(
            base_url=emulator.base_url,
            headers={"Authorization": "Bearer k"},
            verify=False,
            timeout=5,
        ) as http,
    ):
        yield http


def post(http: httpx.Client, content: Any = b"hello", **fields: str) -> httpx.Response:
    fields = {"purpose": "batch", **fields}
    return http.post("files", data=fields, files={"file": ("in.jsonl", content)})


def test_they_are_a_404_unless_asked_for(http: httpx.Client) -> None:
    assert post(http).status_code == 404
    assert http.get("files").status_code == 404
    asked = http.get("files", headers={"x-emulator-quirks": "openai_files"})
    assert asked.json() == {"object": "list", "data": [], "has_more": False}


def test_a_posted_file_is_found_read_and_deleted(openai_like: httpx.Client) -> None:
    file = post(openai_like).json()
    assert file["id"].startswith("file-")
    assert {name: file[name] for name in ("object", "bytes", "filename", "purpose", "status")} == {
        "object": "file",
        "bytes": 5,
        "filename": "in.jsonl",
        "purpose": "batch",
        "status": "processed",
    }
    assert openai_like.get(f"files/{file['id']}").json() == file
    assert openai_like.get(f"files/{file['id']}/content").content == b"hello"
    assert openai_like.delete(f"files/{file['id']}").json()["deleted"] is True
    assert openai_like.get(f"files/{file['id']}").status_code == 404


def test_posted_files_are_listed(openai_like: httpx.Client) -> None:
    ids = [post(openai_like, purpose=purpose).json()["id"] for purpose in ("batch", "user_data")]
    page = openai_like.get("files", params={"limit": 1}).json()
    assert (page["data"][0]["id"], page["has_more"]) == (ids[1], True)
    oldest = openai_like.get("files", params={"order": "asc"}).json()
    assert [file["id"] for file in oldest["data"]] == ids
    batch = openai_like.get("files", params={"purpose": "batch"}).json()
    assert [file["id"] for file in batch["data"]] == [ids[0]]


def test_a_batch_as_openais_users_write_it(openai_like: httpx.Client) -> None:
    body = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    file = post(openai_like, json.dumps(line).encode()).json()
    begun = {"input_file_id": file["id"], "endpoint": line["url"], "completion_window": "24h"}
    id = openai_like.post("batches", json=begun).json()["id"]
    done = openai_like.get(f"batches/{id.replace('/', '%2F')}").json()
    assert done["request_counts"] == {"total": 1, "completed": 1, "failed": 0}
    output = done["output_file_id"].replace("/", "%2F")
    assert openai_like.get(f"files/{output}").json()["purpose"] == "batch_output"
    answered = openai_like.get(f"files/{output}/content").json()
    assert answered["custom_id"] == "a"


def test_what_is_no_form_with_a_file_is_refused(openai_like: httpx.Client) -> None:
    assert openai_like.post("files", json={}).status_code == 400
    assert openai_like.post("files", data={"purpose": "batch"}).status_code == 400
    assert openai_like.post("files", files={"file": ("x", b"x")}).status_code == 400
    no_key = openai_like.post("files", files={"file": ("x", b"x")}, headers={"Authorization": ""})
    assert "Authorization header" in no_key.json()[0]["error"]["message"]


def test_a_large_file_goes_to_disk_and_is_not_kept_with_the_request() -> None:
    with Emulator(quirks={"openai_files": True}) as emulator:
        headers = {"Authorization": "Bearer k"}
        with httpx.Client(
            base_url=emulator.base_url, headers=headers, verify=False, timeout=5
        ) as http:
            content = bytes(range(256)) * 20_000
            id = post(http, content).json()["id"]
            assert http.get(f"files/{id}/content").content == content
        assert emulator.requests[0].body == b""
        assert emulator.requests[0].size > len(content)


@given(
    content=strategies.binary(max_size=200).filter(lambda data: b"\r\n--b" not in data),
    size=strategies.integers(1, 300),
)
def test_a_form_reads_the_same_in_pieces_of_any_size(content: bytes, size: int) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n--b--\r\n"
    )
    form = Form(b"b")
    for start in range(0, len(body), size):
        form.take(body[start : start + size])
    assert form.complete
    assert form.field("purpose") == "batch"
    file = form.file("file")
    assert file is not None
    assert (file.file_name, file.content_type) == ("a.bin", "text/plain")
    assert file.content.read() == content


def test_the_boundary_of_a_form() -> None:
    assert boundary_of('multipart/form-data; boundary="a b"; charset=x') == b"a b"
    assert boundary_of("application/json; boundary=b") is None
