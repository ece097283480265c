"""An emulator with token servers, for real google-auth to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import google.auth._helpers
import pytest
from vertex.vertex_world import Clock, Vertex

from gemini_openai.emulator import Emulator, GoogleAuth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOGLE_VARIABLES = (
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_QUOTA_PROJECT",
    "GCLOUD_PROJECT",
    "GCE_METADATA_HOST",
    "GCE_METADATA_IP",
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(google.auth._helpers, "utcnow", made.utcnow)
    return made


@pytest.fixture
def vertex(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock) -> Iterator[Vertex]:
    for name in GOOGLE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "no-gcloud"))
    google_auth = GoogleAuth(clock=clock.seconds)
    with Emulator(clock=clock.seconds, google=google_auth) as emulator:
        yield Vertex(emulator, google_auth, tmp_path)


@pytest.fixture
def adc(vertex: Vertex, monkeypatch: pytest.MonkeyPatch) -> str:
    """Application Default Credentials: a service account's key file, named by the environment."""
    path = vertex.key_file()
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
    return path
