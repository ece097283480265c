"""`videos`: made while one waits, by scripted answers and a clock that does not tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import NotSupportedError, OpenAIError
from gemini_openai.emulator import Reply
from gemini_openai.types import Video

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

PROCESSING = Reply(json={"id": "abc", "status": "processing"})
FAILED = Reply(json={"id": "abc", "status": "failed", "error": {"code": "x", "message": "no cats"}})
BEGIN: Any = {"prompt": "A cat", "model": "veo-3.1-generate-preview"}


def completed(emulator: Emulator) -> Reply:
    url = f"{emulator.origin}/v1beta/files/abc:download?alt=media"
    return Reply(json={"id": "abc", "status": "completed", "url": url})


@pytest.fixture
def waited(world: World, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits there would have been, in seconds."""
    waits: list[float] = []

    def wait(self: Any, seconds: float) -> None:
        waits.append(seconds)

    async def wait_async(self: Any, seconds: float) -> None:
        waits.append(seconds)

    resource = "gemini_openai.resources._resource"
    kind = "AsyncAPIResource" if world.is_async else "SyncAPIResource"
    monkeypatch.setattr(f"{resource}.{kind}._sleep", wait_async if world.is_async else wait)
    return waits


async def test_a_video_begins_with_a_form(world: World, emulator: Emulator) -> None:
    emulator.script(PROCESSING)
    video = await world.ask(lambda c: c.videos.create(**BEGIN, extra_body={"seed": 7}))
    assert type(video) is Video
    assert video.id == "abc"
    request = emulator.requests[-1]
    assert (request.method, request.path) == ("POST", "/v1beta/openai/videos")
    assert request.headers["content-type"].startswith("multipart/form-data")
    for name, value in {**BEGIN, "seed": 7}.items():
        assert f'form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() in request.body


async def test_a_picture_to_begin_with_is_a_file_of_the_form(
    world: World, emulator: Emulator
) -> None:
    emulator.script(PROCESSING, PROCESSING)
    client = world.client()
    picture = ("cat.png", b"pixels", "image/png")
    await world.result(client.videos.create(**BEGIN, input_reference=picture))
    assert b'name="input_reference"; filename="cat.png"' in emulator.requests[-1].body
    address = {"image_url": "https://cats.example/1.png"}
    await world.result(client.videos.create(**BEGIN, input_reference=address))
    assert b'name="input_reference[image_url]"\r\n\r\nhttps://' in emulator.requests[-1].body


async def test_a_loop_written_for_openai_waits_while_gemini_is_processing(
    world: World, emulator: Emulator
) -> None:
    emulator.script(PROCESSING, PROCESSING, completed(emulator))
    client = world.client()
    video = await world.result(client.videos.create(**BEGIN))
    asked = 0
    while video.status in ("queued", "in_progress"):
        asked += 1
        video = await world.result(client.videos.retrieve(video.id))
    assert (asked, video.status) == (2, "completed")


async def test_the_servers_own_word_is_in_the_raw_response(
    world: World, emulator: Emulator
) -> None:
    emulator.script(PROCESSING)
    response = await world.ask(lambda c: c.videos.with_raw_response.retrieve("abc"))
    assert response.http_response.json()["status"] == "processing"
    assert response.parse().status == "in_progress"


async def test_polling_asks_until_the_video_is_done(
    world: World, emulator: Emulator, waited: list[float]
) -> None:
    client = world.client()
    emulator.script(PROCESSING, PROCESSING, PROCESSING, completed(emulator))
    video = await world.result(
        client.videos.create_and_poll(**BEGIN, extra_headers={"X-Gateway": "me"})
    )
    assert video.status == "completed"
    assert waited == [10.0, 10.0]
    assert [request.headers.get("x-gateway") for request in emulator.requests] == ["me"] * 4

    emulator.script(PROCESSING, FAILED)
    video = await world.result(client.videos.poll("abc", poll_interval_ms=250))
    assert (video.status, video.error.message) == ("failed", "no cats")
    assert waited == [10.0, 10.0, 0.25]


@pytest.mark.parametrize("method", ["download_content", "download"])
async def test_a_video_is_got_from_where_gemini_says_it_is(
    world: World, emulator: Emulator, method: str
) -> None:
    emulator.script(completed(emulator), Reply(body=b"film"))
    content = await world.ask(lambda c: getattr(c.videos, method)("abc"))
    assert content.read() == b"film"
    asked, got = emulator.requests
    assert asked.path == "/v1beta/openai/videos/abc"
    assert (got.path, got.query) == ("/v1beta/files/abc:download", {"alt": ["media"]})
    assert got.headers["accept"] == "application/binary"


async def test_without_a_url_a_video_is_where_openai_has_it(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(json={"id": "abc", "status": "completed"}), Reply(body=b"film"))
    content = await world.ask(lambda c: c.videos.download_content("abc", variant="thumbnail"))
    assert content.read() == b"film"
    assert emulator.requests[-1].path == "/v1beta/openai/videos/abc/content"
    assert emulator.requests[-1].query == {"variant": ["thumbnail"]}


async def test_a_video_that_is_not_there_is_not_asked_for(world: World, emulator: Emulator) -> None:
    client = world.client()
    for answer, words in ((PROCESSING, "not done yet"), (FAILED, "no cats")):
        emulator.script(answer)
        with pytest.raises(OpenAIError, match=words):
            await world.result(client.videos.download_content("abc"))
    emulator.script(completed(emulator))
    with pytest.raises(NotSupportedError, match="variant"):
        await world.result(client.videos.download_content("abc", variant="spritesheet"))
    assert len(emulator.requests) == 3


async def test_a_video_that_was_filtered_says_why(world: World, emulator: Emulator) -> None:
    filtered = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["It names a person."]}
    answer = {"id": "abc", "status": "completed", "generateVideoResponse": filtered}
    emulator.script(Reply(json=answer), Reply(json=answer))
    client = world.client()
    video = await world.result(client.videos.retrieve("abc"))
    assert (video.status, video.error.code) == ("failed", "moderation_blocked")
    with pytest.raises(OpenAIError, match="could not be made: Google filtered.*names a person"):
        await world.result(client.videos.download_content("abc"))
    assert len(emulator.requests) == 2


async def test_a_url_elsewhere_gets_no_key(world: World) -> None:
    sent = []

    def answer(request: Any) -> Any:
        sent.append(request)
        if request.url.host == "storage.example":
            return world.family.Response(200, content=b"film")
        url = "https://storage.example/film?signature=1"
        return world.family.Response(200, json={"id": "abc", "status": "completed", "url": url})

    client = world.transport(answer)
    content = await world.result(client.videos.download_content("abc"))
    assert content.read() == b"film"
    assert "authorization" in sent[0].headers
    assert "authorization" not in sent[1].headers
