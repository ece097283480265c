"""Rows for batches, and what a test asks of a run of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

MODEL = "gemini-2.5-flash"
CHAT = "/v1/chat/completions"


def chat(text: object, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": str(text)}], **more}


def row(custom_id: str, text: str = "hi", url: str = CHAT, **body: Any) -> dict[str, Any]:
    body = {"model": MODEL, **chat(text), **body}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": body}


async def results(world: World, requests: Any = None, **options: Any) -> list[Any]:
    """Everything that a run gives; nothing is waited for."""
    options = {"model": MODEL, "poll_interval": 0, **options}
    if options.get("resume"):
        del options["model"]
    client = options.pop("client", None) or world.client()
    return await world.collect(client.batches.run(requests, **options))


def is_creation(request: Any) -> bool:
    return bool(request.method == "POST" and request.path.endswith("/batches"))


def is_list(request: Any) -> bool:
    return bool(request.method == "GET" and request.path.endswith("/batches"))


def jobs_begun(emulator: Emulator) -> int:
    return sum(map(is_creation, emulator.requests))


def uploads(emulator: Emulator) -> int:
    return sum(
        request.headers.get("x-goog-upload-command") == "start" for request in emulator.requests
    )
