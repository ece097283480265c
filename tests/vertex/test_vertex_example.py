"""`examples/vertex.py` as a user runs it: a process of its own, all it knows is its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vertex.vertex_world import Vertex

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clock() -> None:
    """The machine's own: google-auth runs in another process here."""


@pytest.fixture
def vertex(tmp_path: Path) -> object:
    from vertex.vertex_world import Clock, Vertex

    from gemini_openai.emulator import Emulator, GoogleAuth

    google = GoogleAuth()
    with Emulator(google=google) as emulator:
        yield Vertex(emulator, google, tmp_path, Clock())


def run(vertex: Vertex, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GEMINI_", "GOOGLE_", "GCE_", "CLOUDSDK_"))
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "examples" / "vertex.py")],
        env={
            **kept,
            "CLOUDSDK_CONFIG": str(vertex.files / "no-gcloud"),
            "GOOGLE_VERTEX_BASE_URL": vertex.emulator.origin,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


@pytest.mark.process
def test_it_runs_with_a_service_accounts_file(vertex: Vertex) -> None:
    done = run(vertex, GOOGLE_APPLICATION_CREDENTIALS=vertex.key_file())
    assert (done.returncode, done.stderr) == (0, "")
    project, whole, streamed, models, files = done.stdout.splitlines()
    assert project == "project emulated-project"
    assert whole.startswith("[emulator] You said: Why is the sky blue?")
    assert streamed == whole
    assert models.endswith("such as gemini-2.5-flash")
    assert "gs://" in files
    assert [r.path.split("/")[5] for r in vertex.chats] == ["global", "us-central1"]
    assert vertex.google.calls == ["token"]


@pytest.mark.process
def test_it_says_what_is_wrong_with_a_file_that_was_replaced(vertex: Vertex) -> None:
    old = vertex.key_file()
    contents = Path(old).read_text()
    vertex.key_file()
    Path(old).write_text(contents)
    done = run(vertex, GOOGLE_APPLICATION_CREDENTIALS=old, GOOGLE_CLOUD_PROJECT="p")
    assert done.returncode == 1
    assert done.stderr.startswith("No working credentials: ")
    assert "Invalid JWT Signature." in done.stderr
    assert "Traceback" not in done.stderr
