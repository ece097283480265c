"""A clock that google-auth goes by, an emulator with token servers, and clients for it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import httpx
from conftest import World

from gemini_openai import APIStatusError, Client
from gemini_openai._google.vertex.urls import VertexOptions

if TYPE_CHECKING:
    from pathlib import Path

    from gemini_openai._google.vertex.refreshing import GoogleCredentials
    from gemini_openai.emulator import Emulator, GoogleAuth, Received

CHAT = "/v1/projects/p/locations/global/endpoints/openapi/chat/completions"
HOUR = 3600
STALE = HOUR - 225 + 1  # google-auth's threshold: from then on a token is renewed early
QUESTION: Any = {
    "model": "gemini-2.5-flash",
    "messages": [{"role": "user", "content": "hi"}],
}


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
    """The emulator, its tokens, and ways to ask it."""

    def __init__(self, emulator: Emulator, google: GoogleAuth, files: Path, clock: Clock) -> None:
        self.emulator = emulator
        self.google = google
        self.files = files
        self.clock = clock
        self.url = f"{VertexOptions('p', server=emulator.origin).base_url}chat/completions"

    def key_file(self, name: str = "robot") -> str:
        """A new service account's key file."""
        return self.write(self.google.service_account(self.emulator.origin, name))

    def write(self, contents: dict[str, Any], name: str = "credentials.json") -> str:
        path = self.files / name
        path.write_text(json.dumps(contents))
        return str(path)

    def client(self, **options: Any) -> Client:
        """A client of this Vertex, whose early refreshes go by our clock."""
        client = Client(
            **{
                "vertexai": True,
                "project": "p",
                "base_url": self.emulator.origin,
                "max_retries": 0,
                **options,
            }
        )
        self.by_the_clock(client)
        return client

    def by_the_clock(self, client: Any) -> None:
        if client._google is not None:
            client._google._clock = self.clock.seconds

    def ask(self, credentials: GoogleCredentials, http: httpx.Client | None = None) -> int:
        """The status of one call of a new client with these credentials."""
        client = self.client(http_client=http)
        client._google = credentials
        try:
            client.chat.completions.create(**QUESTION)
        except APIStatusError as error:
            return error.status_code
        finally:
            if http is None:
                client.close()
        return 200

    @property
    def chats(self) -> list[Received]:
        """The requests to models so far."""
        return [r for r in self.emulator.requests if r.path.endswith("/chat/completions")]

    @property
    def statuses(self) -> list[int | None]:
        """And how they were answered."""
        return [r.outcome.status for r in self.chats]

    def to_google(self) -> httpx.Client:
        """An HTTP client that finds all of Google's hosts in the emulator."""
        return httpx.Client(transport=_ToEmulator(self.emulator.port))


class VertexWorld(World):
    """One way to use a client for Vertex: blocking or in an event loop, over httpx or httpx2."""

    def __init__(self, name: str, vertex: Vertex, engine: str | None = None) -> None:
        super().__init__(name, vertex.emulator.origin, engine)
        self.vertex = vertex

    def client(self, **options: Any) -> Any:
        made = super().client(
            **{"api_key": None, "vertexai": True, "project": "p", "max_retries": 0, **options}
        )
        self.vertex.by_the_clock(made)
        return made


def settled(client: Any) -> None:
    """Wait for the refresh that runs behind a client's calls, if one does."""
    if (flight := client._google._refresh) is not None:
        flight.result(5)


class _ToEmulator(httpx.HTTPTransport):
    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host.endswith((".googleapis.com", "127.0.0.1"))
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)
