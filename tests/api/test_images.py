"""`images`, against the emulator over a real socket."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import NotSupportedError
from gemini_openai.emulator import Sse
from gemini_openai.types import ImagesResponse

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

CAT: Any = {"model": "gemini-2.5-flash-image", "prompt": "A cat"}


async def test_a_description_becomes_pictures(world: World, emulator: Emulator) -> None:
    answer = await world.ask(lambda c: c.images.generate(**CAT, n=2, response_format="b64_json"))

    assert type(answer) is ImagesResponse
    assert len(answer.data) == 2
    assert base64.b64decode(answer.data[0].b64_json).startswith(b"\x89PNG")
    assert emulator.requests[-1].path.endswith("/images/generations")
    assert emulator.requests[-1].json == {**CAT, "n": 2, "response_format": "b64_json"}


async def test_events_are_read_from_a_server_that_streams(world: World, emulator: Emulator) -> None:
    event = {"type": "image_generation.completed", "b64_json": "AAAA", "created_at": 1}
    emulator.script(Sse([event]))
    client = world.client(repairs=False)  # Gemini streams none, and we would say so
    stream = await world.result(client.images.generate(**CAT, stream=True))
    (item,) = await world.collect(stream)
    assert (item.type, item.b64_json) == ("image_generation.completed", "AAAA")
    assert type(item).__name__ == "ImageGenCompletedEvent"
    assert emulator.requests[-1].json == {**CAT, "stream": True}


@pytest.mark.parametrize("method", ["edit", "create_variation"])
async def test_pictures_are_not_changed_and_the_error_says_how_they_are(
    world: World, emulator: Emulator, method: str
) -> None:
    with pytest.raises(NotSupportedError, match="generate_content") as caught:
        await world.ask(lambda c: getattr(c.images, method)(image=b"picture", prompt="A cat"))
    assert caught.value.feature == f"images.{method}"
    assert not emulator.requests
    assert json.dumps(str(caught.value))  # one line of plain words
