"""An emulator with token servers, for real google-auth to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import google.auth._helpers
import pytest
from vertex.vertex_world import Clock, Vertex, VertexWorld

from gemini_openai.emulator import Emulator, GoogleAuth

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

GOOGLE_VARIABLES = (
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_QUOTA_PROJECT",
    "GCLOUD_PROJECT",
    "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GCE_METADATA_HOST",
    "GCE_METADATA_IP",
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(google.auth._helpers, "utcnow", made.utcnow)
    return made


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """google-auth waits seconds between its three tries."""
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)


@pytest.fixture
def vertex(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock) -> Iterator[Vertex]:
    for name in GOOGLE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "no-gcloud"))
    google_auth = GoogleAuth(clock=clock.seconds)
    with Emulator(clock=clock.seconds, google=google_auth) as emulator:
        yield Vertex(emulator, google_auth, tmp_path, clock)


@pytest.fixture(scope="session")
def robot() -> tuple[dict[str, str], dict[str, Any]]:
    """A service account's key file and the keys that its emulator knows; made once, for time."""
    google = GoogleAuth()
    return google.service_account("", "robot"), google._keys


@pytest.fixture
def adc(
    vertex: Vertex,
    robot: tuple[dict[str, str], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Application Default Credentials: a service account's key file, named by the environment."""
    contents, keys = robot
    vertex.google._keys.update(keys)
    path = vertex.write({**contents, "token_uri": f"{vertex.emulator.origin}/token"})
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
    return path


@pytest.fixture
async def on_vertex(
    world_name: str, vertex: Vertex, adc: str, anyio_backend: str, request: pytest.FixtureRequest
) -> AsyncIterator[VertexWorld]:
    """Each test that takes this runs five times, with a service account's key file."""
    world = VertexWorld(world_name, vertex, request.config.getoption("engine"))
    yield world
    await world.close()
