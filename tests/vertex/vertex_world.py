"""A clock that google-auth goes by, an emulator with token servers, and a client in miniature."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import httpx

from gemini_openai.dialect.vertex import complete_vertex_url

if TYPE_CHECKING:
    from pathlib import Path

    from gemini_openai._google_auth import GoogleCredentials
    from gemini_openai.emulator import Emulator
    from gemini_openai.emulator.google_auth import GoogleAuth


class Clock:
    """The time for google-auth (naive UTC) and for the emulator (seconds since 1970)."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, 0)  # google-auth's are naive

    def utcnow(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.replace(tzinfo=timezone.utc).timestamp()

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Vertex:
    """The emulator, its tokens, and ways to ask it as a client would."""

    def __init__(self, emulator: Emulator, google: GoogleAuth, files: Path) -> None:
        self.emulator = emulator
        self.google = google
        self.files = files
        self.url = f"{complete_vertex_url(emulator.origin, 'p', 'global')}chat/completions"

    def key_file(self, name: str = "robot") -> str:
        """A new service account's key file."""
        return self.write(self.google.service_account(self.emulator.origin, name))

    def write(self, contents: dict[str, Any], name: str = "credentials.json") -> str:
        path = self.files / name
        path.write_text(json.dumps(contents))
        return str(path)

    def ask(self, credentials: GoogleCredentials, http: httpx.Client | None = None) -> int:
        """One call as the client makes it: sent again, once, after a 401 and a refresh."""
        own = http or httpx.Client(trust_env=False)
        headers = credentials.headers()
        status = own.post(self.url, headers=headers, json=QUESTION).status_code
        if status == 401 and (fresh := credentials.headers(headers)) != headers:
            status = own.post(self.url, headers=fresh, json=QUESTION).status_code
        if http is None:
            own.close()
        return status

    async def ask_async(self, credentials: GoogleCredentials, http: httpx.AsyncClient) -> int:
        headers = await credentials.headers_async()
        status = (await http.post(self.url, headers=headers, json=QUESTION)).status_code
        if status == 401 and (fresh := await credentials.headers_async(headers)) != headers:
            status = (await http.post(self.url, headers=fresh, json=QUESTION)).status_code
        return status

    def to_google(self) -> httpx.Client:
        """An HTTP client that finds all of Google's hosts in the emulator."""
        return httpx.Client(transport=_ToEmulator(self.emulator.port))


QUESTION = {"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": "hi"}]}


class _ToEmulator(httpx.HTTPTransport):
    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host.endswith((".googleapis.com", "127.0.0.1"))
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)
