"""`images`, against the emulator over a real socket."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import InvalidRequestError, NotSupportedError, omit
from gemini_openai.emulator import Sse
from gemini_openai.types import ImagesResponse

if TYPE_CHECKING:
    from pathlib import Path

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


async def test_a_picture_is_saved_from_the_answer(world: World, tmp_path: Path) -> None:
    answer = await world.ask(lambda c: c.images.generate(**CAT))
    path = answer.data[0].save(tmp_path / "cat.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert answer.data[0].to_pil().size == (8, 8)


async def test_geminis_image_options_are_keywords(world: World, emulator: Emulator) -> None:
    client = world.client()
    options: dict[str, Any] = {
        "aspect_ratio": "16:9",
        "generation_config": {"responseModalities": ["IMAGE"]},
        "tools": iter([{"google_search": {}}]),
        "safety_settings": omit,
    }
    await world.result(client.images.generate(**CAT, size=omit, **options))
    assert emulator.requests[-1].json == {
        **CAT,
        "extra_body": {
            "google": {
                "aspect_ratio": "16:9",
                "generation_config": {"responseModalities": ["IMAGE"]},
                "tools": [{"google_search": {}}],
            }
        },
    }


@pytest.mark.parametrize("option", ["negative_prompt", "person_generation", "image_size"])
async def test_an_option_the_endpoint_does_not_have_is_no_keyword(
    world: World, emulator: Emulator, option: str
) -> None:
    """Google's page lists these for videos, or not at all; the server would ignore them."""
    with pytest.raises(TypeError, match=option):
        await world.ask(lambda c: c.images.generate(**CAT, **{option: "x"}))
    assert not emulator.requests


async def test_an_image_option_given_twice_is_told_of_before_anything_is_sent(
    world: World, emulator: Emulator
) -> None:
    extra = {"google": {"aspect_ratio": "1:1"}}
    with pytest.raises(InvalidRequestError, match="aspect_ratio is given twice"):
        await world.ask(lambda c: c.images.generate(**CAT, aspect_ratio="16:9", extra_body=extra))
    assert not emulator.requests


@pytest.mark.parametrize("method", ["edit", "create_variation"])
async def test_pictures_are_not_changed_and_the_error_says_how_they_are(
    world: World, emulator: Emulator, method: str
) -> None:
    with pytest.raises(NotSupportedError, match="generate_content") as caught:
        await world.ask(lambda c: getattr(c.images, method)(image=b"picture", prompt="A cat"))
    assert caught.value.feature == f"images.{method}"
    assert not emulator.requests
    assert json.dumps(str(caught.value))  # one line of plain words
