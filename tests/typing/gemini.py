"""What Gemini has beside OpenAI, as a type checker sees it: options, thoughts, media, images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import assert_type

import gemini_openai
from gemini_openai import AsyncOpenAI, OpenAI, parts
from gemini_openai.types import ModelInfo

if TYPE_CHECKING:
    from gemini_openai.types import Image
    from gemini_openai.types.chat import ChatCompletionMessageParam


def options(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="gemini-flash-latest",
        messages=[{"role": "user", "content": "Hello"}],
        thinking_level="low",
        include_thoughts=True,
        cached_content=None,
        media_resolution="MEDIA_RESOLUTION_LOW",
        safety_settings=[{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
    )
    assert_type(completion.choices[0].message.reasoning_content, str | None)
    for chunk in client.chat.completions.create(
        model="gemini-2.5-flash", messages=[], thinking_budget=1024, stream=True
    ):
        assert_type(chunk.choices[0].delta.reasoning_content, str | None)
    parsed = client.chat.completions.parse(
        model="gemini-2.5-flash", messages=[], include_thoughts=True, response_format=dict[str, int]
    )
    assert_type(parsed.choices[0].message.reasoning_content, str | None)
    with client.chat.completions.stream(model="m", messages=[], thinking_budget=0) as stream:
        assert_type(stream.get_final_completion().choices[0].message.reasoning_content, str | None)


def models(client: OpenAI, other: AsyncOpenAI) -> None:
    info = client.models.info("gemini-2.5-flash")
    assert_type(info, ModelInfo)
    assert_type(other.models.info("gemini-2.5-flash").input_token_limit, int | None)
    assert_type(info.reasoning_efforts, list[str])


async def images(client: AsyncOpenAI) -> Image:
    answer = await client.images.generate(
        prompt="A cat",
        aspect_ratio="16:9",
        generation_config={"responseModalities": ["IMAGE"]},
        tools=[{"google_search": {}}],
    )
    assert answer.data
    image = answer.data[0]
    assert_type(image.save("cat.png"), Path)
    assert_type(image.to_bytes(), bytes)
    assert_type(image.to_pil().size, tuple[int, int])
    return image


def media(client: OpenAI, image: Image) -> ChatCompletionMessageParam:
    uploaded = client.files.create(file=Path("book.pdf"), purpose="user_data")
    with Path("talk.mp3").open("rb") as talk:
        return {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is all this?"},
                parts.image("cat.png", detail="low"),
                parts.image(image.to_bytes()),
                parts.image(image.to_pil()),
                parts.audio(talk),
                parts.pdf(Path("book.pdf")),
                parts.video("gs://bucket/film", mime_type="video/mp4"),
                parts.file(uploaded),
                gemini_openai.parts.media(uploaded),
            ],
        }
