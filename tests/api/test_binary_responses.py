"""Responses that are files: read, written, streamed to disk, and as the classes that verbs give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import APIResponse, AsyncAPIResponse, BaseModel, HttpxBinaryResponseContent
from gemini_openai._legacy_response import LegacyAPIResponse
from gemini_openai._response import (
    AsyncBinaryAPIResponse,
    AsyncStreamedBinaryAPIResponse,
    BinaryAPIResponse,
    StreamedBinaryAPIResponse,
)
from gemini_openai.emulator import Reply, Sse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator

RAW = {"X-Stainless-Raw-Response": "true"}
STREAM = {"X-Stainless-Raw-Response": "stream"}


class Short(BaseModel):
    id: str


async def download(world: World, cast_to: Any, headers: dict[str, str]) -> Any:
    client = world.client()
    return await world.result(client.get("/file", cast_to=cast_to, options={"headers": headers}))


async def test_a_file_is_read_and_written(world: World, emulator: Emulator, tmp_path: Path) -> None:
    emulator.script(Reply(body=b'["\xc3\xa9"]\n1', headers={"content-type": "text/plain"}))
    file = await download(world, HttpxBinaryResponseContent, {})
    assert type(file) is HttpxBinaryResponseContent
    assert isinstance(file.response, world.family.Response)
    assert file.content == file.read() == b"".join(file.iter_bytes()) == b'["\xc3\xa9"]\n1'
    assert file.text == "".join(file.iter_text()) == '["é"]\n1'
    assert list(file.iter_lines()) == ['["é"]', "1"]
    assert list(file.iter_bytes(4)) == [b'["\xc3\xa9', b'"]\n1']
    assert file.encoding == "utf-8"
    assert file.charset_encoding is None
    file.write_to_file(tmp_path / "a")
    file.stream_to_file(str(tmp_path / "b"), chunk_size=2)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == file.content
    if not world.is_async:
        file.close()


async def test_a_file_has_its_methods_for_event_loops(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Reply(body=b'["\xc3\xa9"]\n1'))
    file = await download(world, HttpxBinaryResponseContent, {})

    async def joined(pieces: AsyncIterator[Any]) -> list[Any]:
        return [piece async for piece in pieces]

    assert await file.aread() == file.content
    assert b"".join(await joined(await file.aiter_bytes())) == file.content
    assert "".join(await joined(await file.aiter_text())) == file.text
    assert await joined(await file.aiter_lines()) == ['["é"]', "1"]
    await file.astream_to_file(tmp_path / "c", chunk_size=2)
    assert (tmp_path / "c").read_bytes() == file.content
    if world.is_async:
        await file.aclose()


async def test_a_file_in_json_is_parsed(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(json={"a": 1.5}))
    file = await download(world, HttpxBinaryResponseContent, {})
    assert file.json() == {"a": 1.5}
    assert file.json(parse_float=str) == {"a": "1.5"}


async def test_a_file_is_written_as_it_comes(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Sse([b"one", b"two"], done=False), Reply(body=b"all"))
    response = await download(world, HttpxBinaryResponseContent, STREAM)
    kind = AsyncStreamedBinaryAPIResponse if world.is_async else StreamedBinaryAPIResponse
    assert type(response) is kind
    assert not response.is_closed
    await world.result(response.stream_to_file(tmp_path / "a", chunk_size=4))
    assert (tmp_path / "a").read_bytes() == b"onetwo"
    response = await download(world, HttpxBinaryResponseContent, STREAM)
    assert await world.result(response.parse()) == b"all"


async def test_a_file_of_a_resource_is_written_as_it_comes(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Sse([b"one", b"two"], done=False))
    manager = world.client().files.with_streaming_response.content("files/abc")
    response = await manager.__aenter__() if world.is_async else manager.__enter__()
    assert not response.is_closed
    await world.result(response.stream_to_file(tmp_path / "a"))
    await world.result(
        (manager.__aexit__ if world.is_async else manager.__exit__)(None, None, None)
    )
    assert (tmp_path / "a").read_bytes() == b"onetwo"


async def test_a_raw_file_is_parsed_to_the_file(world: World, emulator: Emulator) -> None:
    emulator.script(Reply(body=b"all"))
    response = await download(world, HttpxBinaryResponseContent, RAW)
    assert type(response) is LegacyAPIResponse
    assert response.parse().content == b"all"


async def test_a_class_of_responses_can_be_what_a_verb_gives(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    kind: Any = AsyncBinaryAPIResponse if world.is_async else BinaryAPIResponse
    emulator.script(Reply(body=b"all"))
    response = await download(world, kind, {})
    assert type(response) is kind
    assert await world.result(response.parse()) == b"all"
    await world.result(response.write_to_file(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"all"

    kind = AsyncAPIResponse if world.is_async else APIResponse
    emulator.script(Reply(json={"id": "one"}))
    response = await download(world, kind[Short], {})
    assert await world.result(response.parse()) == Short(id="one")


async def test_a_class_of_responses_must_say_of_what_and_be_of_its_world(
    world: World, emulator: Emulator
) -> None:
    right, wrong = APIResponse, AsyncAPIResponse
    if world.is_async:
        right, wrong = wrong, right  # type: ignore[assignment]
    emulator.script(Reply(), Reply())
    with pytest.raises(TypeError, match=r"write APIResponse\[YourModel\]"):
        await download(world, right, {})
    with pytest.raises(TypeError, match=rf"must be {right.__name__} for this client"):
        await download(world, wrong[Short], {})  # type: ignore[index]


async def test_the_open_response_of_the_http_library_can_be_had(
    world: World, emulator: Emulator
) -> None:
    emulator.script(Sse([b"one"], done=False))
    response = await download(world, world.family.Response, STREAM)
    assert type(response) is world.family.Response
    assert not response.is_closed
    await world.result(response.aclose() if world.is_async else response.close())
