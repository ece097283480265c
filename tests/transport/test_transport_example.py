"""The example with a genuine client, run as a program on the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

EXAMPLE = Path(__file__).parents[2] / "examples" / "genuine_client.py"


@pytest.mark.process
def test_the_example_hands_a_genuine_client_over(emulator: Emulator) -> None:
    where = {"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": emulator.base_url}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE)],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (done.returncode, done.stderr) == (0, "")
    city, hello, vectors, missing = done.stdout.splitlines()
    assert city.startswith("name=")
    assert "Say hello." in hello
    assert vectors == "150 vectors"
    assert missing.startswith("Not found:")
