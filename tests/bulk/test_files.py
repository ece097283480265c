"""`files` by Google's own protocol: uploads in chunks, lists, downloads, and who sees the key."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import (
    APIConnectionError,
    BadRequestError,
    GeminiWarning,
    InternalServerError,
    InvalidRequestError,
    OpenAIError,
)
from gemini_openai.emulator import Drop, Emulator, Job, Reply
from gemini_openai.types import FileDeleted, FileObject

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

MIB = 1 << 20
CHUNK = 8 * MIB
CREDENTIALS = {"authorization", "x-goog-api-key"}
BROKEN_OFF = pytest.mark.filterwarnings(
    # Under trio httpx leaves the body of a request to the garbage when its connection breaks.
    "ignore::pytest.PytestUnraisableExceptionWarning"
)


def big(size: int = 2 * CHUNK + 12_345) -> bytes:
    """Bytes of which no two chunks are the same."""
    return hashlib.shake_256(b"seed").digest(size)


def is_chunk(request: Any) -> bool:
    return "upload_id" in request.query and "upload" in request.headers["x-goog-upload-command"]


def stand_still(world: World, client: Any, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are written down, and not waited."""
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)

    async def wait_async(seconds: float) -> None:
        wait(seconds)

    monkeypatch.setattr(client.files, "_sleep", wait_async if world.is_async else wait)
    return waits


async def test_a_file_travels_in_chunks(world: World, emulator: Emulator) -> None:
    data, told = big(), []
    file = await world.ask(
        lambda c: c.files.create(
            file=("rows.jsonl", data),
            purpose="batch",
            on_progress=lambda *progress: told.append(progress),
        )
    )
    assert type(file) is FileObject
    assert emulator.files[file.id].sha256 == hashlib.sha256(data).hexdigest()
    assert (file.bytes, file.filename, file.purpose) == (len(data), "rows.jsonl", "batch")
    assert (file.status, file.object) == ("processed", "file")
    assert file.expires_at == pytest.approx(file.created_at + 48 * 3600, abs=1)
    assert (file.mimeType, file.uri) == ("application/jsonl", f"{emulator.origin}/v1beta/{file.id}")
    begin, *chunks = emulator.requests
    assert begin.path == "/upload/v1beta/files"
    assert begin.headers["x-goog-upload-header-content-length"] == str(len(data))
    assert begin.json == {"file": {"displayName": "rows.jsonl"}}
    assert [(c.size, c.headers["x-goog-upload-command"]) for c in chunks] == [
        (CHUNK, "upload"),
        (CHUNK, "upload"),
        (12_345, "upload, finalize"),
    ]
    size = len(data)
    assert told == [(CHUNK, size), (2 * CHUNK, size), (size, size)]


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK])
async def test_the_last_chunk_ends_the_upload(world: World, emulator: Emulator, size: int) -> None:
    data = big(size)
    file = await world.ask(lambda c: c.files.create(file=data, purpose="user_data"))
    assert emulator.files[file.id].sha256 == hashlib.sha256(data).hexdigest()
    commands = [request.headers["x-goog-upload-command"] for request in emulator.requests]
    assert commands[-1] == "upload, finalize"
    assert len(commands) == 1 + max(1, size // CHUNK)


@BROKEN_OFF
async def test_an_upload_that_is_interrupted_three_times_is_whole_at_the_end(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, client = big(), world.client()
    waits = stand_still(world, client, monkeypatch)
    emulator.script(Drop(after=3 * MIB), Reply(503), Drop(after=1000, reset=True), when=is_chunk)
    file = await world.result(client.files.create(file=data, purpose="user_data"))
    assert emulator.files[file.id].sha256 == hashlib.sha256(data).hexdigest()
    assert len(waits) == 3
    asked = [r for r in emulator.requests if r.headers["x-goog-upload-command"] == "query"]
    assert len(asked) == 3
    offsets = [int(r.headers["x-goog-upload-offset"]) for r in emulator.requests if is_chunk(r)]
    assert offsets == sorted(offsets)
    assert offsets[1] >= 1  # it went on, and not from the start


async def test_an_answer_that_is_lost_is_asked_for_again(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes arrived, and the connection broke before the server said so."""
    client = world.client()
    stand_still(world, client, monkeypatch)
    emulator.script(Drop(after=3), when=is_chunk)
    file = await world.result(client.files.create(file=b"abc", purpose="user_data"))
    assert emulator.files[file.id].size == 3
    assert len(emulator.files) == 1


async def test_an_upload_that_gets_no_further_is_given_up(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(max_retries=2)
    waits = stand_still(world, client, monkeypatch)
    emulator.script(*[Reply(503)] * 3, when=is_chunk)
    with pytest.raises(InternalServerError):
        await world.result(client.files.create(file=b"abc", purpose="user_data"))
    assert waits == [1.0, 2.0]
    assert not emulator.files


async def test_an_upload_the_server_forgot_is_an_error(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(headers={"X-Goog-Upload-Status": "cancelled"}), when=is_chunk)
    emulator.script(
        Reply(headers={"X-Goog-Upload-Status": "cancelled"}),
        when=lambda request: request.headers.get("x-goog-upload-command") == "query",
    )
    with pytest.raises(OpenAIError, match=r"cancelled at byte 0"):
        await world.ask(lambda c: c.files.create(file=b"abc", purpose="user_data"))


async def test_a_server_without_uploads_is_told_from_one_with(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(json={}))
    with pytest.raises(OpenAIError, match=r"repairs=\{\"files\": False\}"):
        await world.ask(lambda c: c.files.create(file=b"abc", purpose="user_data"))


class Pipe(io.RawIOBase):
    """A stream that can be read once, in odd pieces, and cannot say how long it is."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._data.read(min(len(buffer), 1_000_003))
        buffer[: len(piece)] = piece
        return len(piece)


@BROKEN_OFF
async def test_a_stream_of_unknown_length_is_uploaded_and_taken_up_within_a_chunk(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, client = big(CHUNK + 5), world.client()
    stand_still(world, client, monkeypatch)
    emulator.script(Drop(after=MIB), when=is_chunk)
    file = await world.result(client.files.create(file=Pipe(data), purpose="user_data"))
    assert emulator.files[file.id].sha256 == hashlib.sha256(data).hexdigest()
    assert "x-goog-upload-header-content-length" not in emulator.requests[0].headers


async def test_a_file_may_be_given_in_many_ways(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    client = world.client()
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"rows")
    with path.open("rb") as opened:
        started = io.BytesIO(b"not these rows")
        started.seek(10)
        given: list[tuple[Any, str, str]] = [
            (b"rows", "upload", "application/octet-stream"),
            (bytearray(b"rows"), "upload", "application/octet-stream"),
            (path, "rows.jsonl", "application/jsonl"),
            (opened, "rows.jsonl", "application/jsonl"),
            (started, "upload", "application/octet-stream"),
            (("x.txt", path), "x.txt", "text/plain"),
            (("x", io.BytesIO(b"rows"), "a/b"), "x", "a/b"),
            (("x", b"rows", "a/b", {"X-A": "b"}), "x", "a/b"),
        ]
        for file, name, mime in given:
            made = await world.result(client.files.create(file=file, purpose="user_data"))
            assert (made.filename, made.mimeType) == (name, mime)
            assert emulator.files[made.id].blob.read() == b"rows"
        assert not opened.closed


async def test_what_is_no_file_is_an_error_before_anything_is_sent(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    client = world.client()
    with pytest.raises(FileNotFoundError, match=r"missing\.jsonl"):
        await world.result(client.files.create(file=tmp_path / "missing.jsonl", purpose="batch"))
    with pytest.raises(RuntimeError, match=r"`file` must be a file, not a str"):
        await world.result(client.files.create(file="rows.jsonl", purpose="batch"))
    with (tmp_path / "large").open("wb") as large:
        large.truncate((2 << 30) + 1)
    with pytest.raises(InvalidRequestError, match=r"2147483649 bytes") as refused:
        await world.result(client.files.create(file=tmp_path / "large", purpose="batch"))
    assert refused.value.param == "file"
    assert not emulator.requests


async def test_a_file_open_as_text_is_an_error(world: World) -> None:
    with pytest.raises(TypeError, match=r"mode 'rb'"):
        await world.ask(lambda c: c.files.create(file=io.StringIO("rows"), purpose="batch"))


def test_a_large_file_is_never_in_memory(emulator: Emulator, tmp_path: Path) -> None:
    from gemini_openai import OpenAI

    with (tmp_path / "large").open("wb") as large:
        large.truncate(96 * MIB)
    with OpenAI(api_key="any", base_url=emulator.base_url) as client:
        client.files.list()
        tracemalloc.start()
        try:
            file = client.files.create(file=tmp_path / "large", purpose="user_data")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert file.bytes == 96 * MIB
    assert peak < 40 * MIB


async def test_what_google_cannot_do_is_said(world: World) -> None:
    client = world.client()
    with pytest.warns(GeminiWarning, match=r"48 hours"):
        await world.result(
            client.files.create(
                file=b"a",
                purpose="user_data",
                expires_after={"anchor": "created_at", "seconds": 3600},
            )
        )
    with pytest.warns(GeminiWarning, match=r"order"):
        await world.collect(client.files.list(order="asc"))


# --- the other routes ---


async def test_a_file_is_described_and_deleted(world: World, emulator: Emulator) -> None:
    client = world.client()
    file = await world.result(client.files.create(file=b"rows", purpose="batch"))
    assert (await world.result(client.files.retrieve(file.id))).id == file.id
    assert (await world.result(client.files.retrieve(file.id.removeprefix("files/")))).bytes == 4
    gone = await world.result(client.files.delete(file.id))
    assert type(gone) is FileDeleted
    assert (gone.id, gone.deleted) == (file.id, True)
    assert not emulator.files
    assert {r.path for r in emulator.requests[2:]} == {f"/v1beta/{file.id}"}


async def test_files_of_all_pages_are_listed(world: World, emulator: Emulator) -> None:
    client = world.client()
    made = [emulator.add_file(b"x").name for _ in range(7)]
    files = await world.collect(client.files.list(limit=3))
    assert sorted(file.id for file in files) == sorted(made)
    assert [request.query["pageSize"] for request in emulator.requests] == [["3"]] * 3
    first = await world.result(client.files.list(limit=3))
    rest = await world.collect(client.files.list(limit=3, after=first.next_page_token))
    assert [file.id for file in [*first.data, *rest]] == [file.id for file in files]


async def test_a_page_that_was_sorted_out_does_not_end_the_list(
    world: World, emulator: Emulator
) -> None:
    emulator.add_file(b"{}", mime_type="application/jsonl")
    for _ in range(3):
        emulator.add_file(b"x")
    files = await world.collect(world.client().files.list(limit=1, purpose="batch"))
    assert len(files) == 1


async def test_a_generated_file_is_downloaded_by_way_of_its_redirect(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    client = world.client()
    file = emulator.add_file(b'{"a": 1}\n{"a": 2}\n')
    content = await world.result(client.files.content(file.name))
    assert list(content.iter_lines()) == ['{"a": 1}', '{"a": 2}']
    assert [request.path for request in emulator.requests] == [
        f"/v1beta/{file.name}:download",
        f"/download/v1beta/{file.name}:download",
    ]
    assert await world.result(client.files.retrieve_content(file.name)) == content.text
    target = tmp_path / "out"
    if world.is_async:
        async with client.files.with_streaming_response.content(file.name) as response:
            await response.stream_to_file(target)
    else:
        with client.files.with_streaming_response.content(file.name) as response:
            response.stream_to_file(target)
    assert target.read_bytes() == content.content


async def test_an_uploaded_file_cannot_be_downloaded_and_the_error_says_so(world: World) -> None:
    client = world.client()
    file = await world.result(client.files.create(file=b"rows", purpose="batch"))
    with pytest.raises(BadRequestError, match=r"not files that were uploaded"):
        await world.result(client.files.content(file.id))


async def test_one_can_wait_until_a_file_is_processed(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client()
    waits = stand_still(world, client, monkeypatch)
    emulator.script(Job(polls=3), path="/upload/v1beta/files")
    file = await world.result(client.files.create(file=b"x", purpose="user_data"))
    assert file.status == "uploaded"
    file = await world.result(client.files.wait_for_processing(file.id, poll_interval=4))
    assert file.status == "processed"
    assert waits == [4, 4]


async def test_an_upload_can_be_seen_as_its_response(world: World) -> None:
    client = world.client()
    raw = await world.result(client.files.with_raw_response.create(file=b"abc", purpose="batch"))
    assert raw.status_code == 200
    assert b'"file"' in raw.content
    assert (raw.parse().bytes, raw.parse().purpose) == (3, "batch")


# --- credentials ---


async def test_each_route_gets_the_one_credential_that_it_wants(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    file = await world.result(client.files.create(file=b"rows", purpose="batch"))
    await world.result(client.files.retrieve(file.id))
    await world.collect(client.files.list())
    await world.result(client.files.content(emulator.add_file(b"x").name))
    await world.result(client.files.delete(file.id))
    await world.collect(client.batches.list())
    sent = [(r.path, {*r.headers} & CREDENTIALS) for r in emulator.requests]
    assert len(sent) == 8
    for path, names in sent:
        compatible = path.startswith("/v1beta/openai/")
        assert names == {"authorization" if compatible else "x-goog-api-key"}, path


async def test_two_credentials_are_never_sent(world: World, emulator: Emulator) -> None:
    client = world.client(default_headers={"X-Goog-Api-Key": "mine"})
    await world.collect(client.files.list())
    await world.collect(client.batches.list())
    native, compatible = emulator.requests
    assert {*native.headers} & CREDENTIALS == {"x-goog-api-key"}
    assert native.headers["x-goog-api-key"] == "mine"
    assert {*compatible.headers} & CREDENTIALS == {"authorization"}
    assert compatible.headers["authorization"] == "Bearer mine"


@pytest.mark.parametrize("place", ["https://else.example/x", "http://127.0.0.1:9/x"])
async def test_a_redirect_to_another_server_leaves_the_credentials_here(
    world: World, place: str
) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        if len(seen) == 1:
            return world.family.Response(302, headers={"location": place})
        return world.family.Response(200, content=b"bytes")

    client = world.transport(answer)
    content = await world.result(client.files.content("files/abc"))
    assert content.content == b"bytes"
    assert str(seen[1].url) == place
    assert "x-goog-api-key" in seen[0].headers
    assert not {*seen[1].headers} & CREDENTIALS


async def test_redirects_in_a_circle_are_an_error(world: World) -> None:
    def answer(request: Any) -> Any:
        return world.family.Response(302, headers={"location": str(request.url)})

    with pytest.raises(OpenAIError, match=r"302"):
        await world.result(world.transport(answer, max_retries=0).files.content("files/abc"))


async def test_google_behind_a_proxy_is_reached_by_the_proxy(world: World) -> None:
    with Emulator(quirks={"urls_name_google": True}) as emulator:
        client = world.client(base_url=emulator.base_url)
        file = await world.result(client.files.create(file=b"rows", purpose="batch"))
        assert emulator.files[file.id].size == 4
        generated = emulator.add_file(b"x")
        assert (await world.result(client.files.content(generated.name))).content == b"x"


async def test_no_connection_is_the_error_that_it_is(world: World) -> None:
    client = world.client(base_url="http://127.0.0.1:9/v1beta/openai/", max_retries=0)
    with pytest.raises(APIConnectionError):
        await world.result(client.files.create(file=b"rows", purpose="batch"))
