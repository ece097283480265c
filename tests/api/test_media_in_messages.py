"""Media made with `parts`, on the wire to the emulator over a real socket."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import PIL.Image

from gemini_openai import parts
from gemini_openai.types import FileObject

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator

PDF = b"%PDF-1.7\n%%EOF"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


async def test_media_arrive_beside_the_text(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    book = tmp_path / "book.pdf"
    book.write_bytes(PDF)
    content = [
        {"type": "text", "text": "What is all this?"},
        parts.image(PIL.Image.new("RGB", (2, 2), "red"), detail="low"),
        parts.audio(WAV),
        parts.pdf(book),
    ]
    message: Any = {"role": "user", "content": content}
    completion = await world.ask(
        lambda c: c.chat.completions.create(model="gemini-2.5-flash", messages=[message])
    )
    assert "What is all this?" in completion.choices[0].message.content
    text, picture, sound, document = emulator.requests[-1].json["messages"][0]["content"]
    assert text == content[0]
    assert picture["image_url"]["detail"] == "low"
    assert base64.b64decode(picture["image_url"]["url"].partition(",")[2])[1:4] == b"PNG"
    assert base64.b64decode(sound["input_audio"]["data"]) == WAV
    assert base64.b64decode(document["image_url"]["url"].partition(",")[2]) == PDF


async def test_a_generated_picture_can_be_asked_about(world: World, emulator: Emulator) -> None:
    client = world.client()
    made = await world.result(
        client.images.generate(model="gemini-2.5-flash-image", prompt="A cat")
    )
    picture = made.data[0].to_bytes()
    message: Any = {"role": "user", "content": [parts.image(picture)]}
    await world.result(client.chat.completions.create(model="gemini-2.5-flash", messages=[message]))
    (sent,) = emulator.requests[-1].json["messages"][0]["content"]
    assert base64.b64decode(sent["image_url"]["url"].partition(",")[2]) == picture


async def test_an_upload_is_referred_to_by_the_address_google_gave_it(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    uploaded = await world.result(
        client.files.create(file=("book.pdf", PDF, "application/pdf"), purpose="user_data")
    )
    assert type(uploaded) is FileObject
    message: Any = {"role": "user", "content": [parts.file(uploaded)]}
    await world.result(client.chat.completions.create(model="gemini-2.5-flash", messages=[message]))
    (sent,) = emulator.requests[-1].json["messages"][0]["content"]
    assert sent == {"type": "file", "file": {"file_id": uploaded.uri}}
    assert sent["file"]["file_id"].endswith(f"/v1beta/{uploaded.id}")
