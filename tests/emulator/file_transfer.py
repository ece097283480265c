"""Google's resumable protocol as a client speaks it, a call for each of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from gemini_openai.emulator import Emulator

KEY = {"x-goog-api-key": "any-key"}


def begin(
    web: httpx.Client, emulator: Emulator, size: int | None, mime: str = "text/plain", **about: Any
) -> httpx.Response:
    headers = {
        **KEY,
        "X-Goog-Upload-Protocol": "resumable",
        "X-Goog-Upload-Command": "start",
        "X-Goog-Upload-Header-Content-Type": mime,
    }
    if size is not None:
        headers["X-Goog-Upload-Header-Content-Length"] = str(size)
    url = f"{emulator.origin}/upload/v1beta/files"
    return web.post(url, headers=headers, json={"file": about})


def send(
    web: httpx.Client, url: str, data: Any, offset: int, command: str = "upload"
) -> httpx.Response:
    headers = {"X-Goog-Upload-Command": command, "X-Goog-Upload-Offset": str(offset)}
    return web.post(url, headers=headers, content=data)


def query(web: httpx.Client, url: str) -> httpx.Response:
    return web.post(url, headers={"X-Goog-Upload-Command": "query"})


def upload(
    web: httpx.Client, emulator: Emulator, data: bytes, mime: str = "text/plain", **about: Any
) -> dict[str, Any]:
    """A whole file, in one chunk."""
    url = begin(web, emulator, len(data), mime, **about).headers["X-Goog-Upload-URL"]
    file: dict[str, Any] = send(web, url, data, 0, "upload, finalize").json()["file"]
    return file
