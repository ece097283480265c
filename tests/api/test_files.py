"""`files` where the server has OpenAI's own routes: forms, paths and results, by scripted answers.

For Google's own protocol see tests/bulk/test_files.py.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import file_from_path
from gemini_openai.emulator import Reply
from gemini_openai.types import FileDeleted, FileObject

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator

FILE = {
    "id": "files/abc",
    "bytes": 3,
    "created_at": 1,
    "filename": "a.jsonl",
    "object": "file",
    "purpose": "batch",
    "status": "processed",
}
OPENAI_ROUTES = {"files": False}


class Server:
    """Keeps what is sent to it, and refuses the first `refusals` requests in passing."""

    def __init__(self, world: World, refusals: int = 0) -> None:
        self.requests: list[tuple[Any, bytes]] = []
        self._refusals = refusals
        self._world = world
        self.client = world.transport(
            self._async if world.is_async else self._answer, repairs=OPENAI_ROUTES
        )

    async def _async(self, request: Any) -> Any:
        await request.aread()
        return self._answer(request)

    def _answer(self, request: Any) -> Any:
        self.requests.append((request, request.read()))
        if len(self.requests) <= self._refusals:
            return self._world.family.Response(503, headers={"retry-after-ms": "1"})
        return self._world.family.Response(200, json=FILE)


def form(sent: tuple[Any, bytes]) -> dict[str, tuple[str, bytes]]:
    """The parts of a form by their names: headers, and content."""
    request, body = sent
    kind = request.headers["content-type"]
    assert kind.startswith("multipart/form-data; boundary=")
    boundary = b"--" + kind.partition("boundary=")[2].encode()
    found = {}
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        found[name] = (head.decode(), content.removesuffix(b"\r\n"))
    return found


async def test_a_file_travels_in_a_form(world: World) -> None:
    server = Server(world)
    file = await world.result(
        server.client.files.create(
            file=("a.jsonl", b"{}\n", "application/jsonl"),
            purpose="batch",
            expires_after={"anchor": "created_at", "seconds": 3600},
        )
    )
    assert type(file) is FileObject
    assert file.id == "files/abc"
    request, _ = server.requests[-1]
    assert (request.method, request.url.path) == ("POST", "/v1beta/openai/files")
    sent = form(server.requests[-1])
    assert list(sent) == ["purpose", "expires_after[anchor]", "expires_after[seconds]", "file"]
    assert sent["purpose"][1] == b"batch"
    assert sent["expires_after[seconds]"][1] == b"3600"
    head, content = sent["file"]
    assert 'filename="a.jsonl"' in head
    assert "application/jsonl" in head
    assert content == b"{}\n"


async def test_a_file_may_be_given_in_many_ways(world: World, tmp_path: Path) -> None:
    server = Server(world)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"rows")
    with path.open("rb") as opened:
        given = [
            (b"rows", "upload"),
            (bytearray(b"rows"), "upload"),
            (path, "rows.jsonl"),
            (opened, "rows.jsonl"),
            (io.BytesIO(b"rows"), "upload"),
            (("x.txt", path), "x.txt"),
            (("x.txt", io.BytesIO(b"rows"), "text/plain"), "x.txt"),
            (("x.txt", b"rows", "text/plain", {"X-A": "b"}), "x.txt"),
            (file_from_path(str(path)), "rows.jsonl"),
        ]
        for file, name in given:
            await world.result(server.client.files.create(file=file, purpose="batch"))
            head, content = form(server.requests[-1])["file"]
            assert f'filename="{name}"' in head
            assert content == b"rows"


@pytest.mark.parametrize("kind", [bytes, io.BytesIO], ids=["bytes", "open file"])
async def test_a_file_is_sent_again_from_its_start(world: World, kind: Any) -> None:
    server = Server(world, refusals=1)
    await world.result(server.client.files.create(file=kind(b"rows"), purpose="batch"))
    assert [form(sent)["file"][1] for sent in server.requests] == [b"rows", b"rows"]


async def test_an_open_file_as_the_body_is_sent_again_whole(world: World) -> None:
    server = Server(world, refusals=1)
    await world.result(server.client.post("/any", cast_to=object, content=io.BytesIO(b"rows")))
    assert [body for _, body in server.requests] == [b"rows", b"rows"]


async def test_files_are_described_and_deleted_by_their_ids(
    world: World, emulator: Emulator
) -> None:
    client = world.client(repairs=OPENAI_ROUTES)
    deleted = {"id": "files/abc", "deleted": True, "object": "file"}
    emulator.script(Reply(json=FILE), Reply(json=deleted))
    assert (await world.result(client.files.retrieve("files/abc"))).filename == "a.jsonl"
    gone = await world.result(client.files.delete("files/abc"))
    assert (type(gone), gone.deleted) == (FileDeleted, True)
    assert [(request.method, request.raw_path) for request in emulator.requests] == [
        ("GET", "/v1beta/openai/files/files/abc"),
        ("DELETE", "/v1beta/openai/files/files/abc"),
    ]


async def test_what_is_in_a_file_comes_as_bytes(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Reply(body=b'{"a": 1}\n{"a": 2}\n'), Reply(text="text"))
    client = world.client(repairs=OPENAI_ROUTES)
    content = await world.result(client.files.content("files/batch-abc"))
    assert content.content == b'{"a": 1}\n{"a": 2}\n'
    assert list(content.iter_lines()) == ['{"a": 1}', '{"a": 2}']
    content.write_to_file(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == content.read()
    assert emulator.requests[-1].raw_path == "/v1beta/openai/files/files/batch-abc/content"
    assert emulator.requests[-1].headers["accept"] == "application/binary"
    assert await world.result(client.files.retrieve_content("files/abc")) == "text"


async def test_files_of_all_pages_are_listed(world: World, emulator: Emulator) -> None:
    emulator.script(
        Reply(json={"data": [FILE, {**FILE, "id": "files/b"}], "has_more": True}),
        Reply(json={"data": []}),
    )
    files = await world.collect(
        world.client(repairs=OPENAI_ROUTES).files.list(purpose="batch", order="asc")
    )
    assert [file.id for file in files] == ["files/abc", "files/b"]
    assert emulator.requests[-1].query == {
        "purpose": ["batch"],
        "order": ["asc"],
        "after": ["files/b"],
    }


class Clock:
    """Time that passes by waiting only."""

    def __init__(self, world: World, resource: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waited: list[float] = []

        def wait(seconds: float) -> None:
            self.waited.append(seconds)

        async def wait_async(seconds: float) -> None:
            wait(seconds)

        monkeypatch.setattr(resource, "_sleep", wait_async if world.is_async else wait)
        monkeypatch.setattr("gemini_openai.resources._polling.monotonic", lambda: sum(self.waited))


async def test_one_can_wait_until_a_file_is_processed(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(repairs=OPENAI_ROUTES)
    clock = Clock(world, client.files, monkeypatch)
    for status in ("uploaded", "uploaded", "processed"):
        emulator.script(Reply(json={**FILE, "status": status}))
    file = await world.result(client.files.wait_for_processing("files/abc", poll_interval=3))
    assert file.status == "processed"
    assert clock.waited == [3, 3]


async def test_waiting_for_a_file_has_an_end(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(repairs=OPENAI_ROUTES)
    clock = Clock(world, client.files, monkeypatch)
    emulator.script(*[Reply(json={**FILE, "status": "uploaded"})] * 4)
    with pytest.raises(RuntimeError, match=r"files/abc was not done after 25 seconds"):
        await world.result(
            client.files.wait_for_processing("files/abc", poll_interval=10, max_wait_seconds=25)
        )
    assert clock.waited == [10, 10, 10]
