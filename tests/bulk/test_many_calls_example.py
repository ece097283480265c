"""The example of many calls, run as a program on the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

EXAMPLE = Path(__file__).parents[2] / "examples" / "many_calls.py"


@pytest.mark.process
def test_the_example_of_many_calls_answers_each_question(emulator: Emulator) -> None:
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
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "France",
        "Japan",
        "Kenya",
        "Peru",
        "Norway",
    ]
    assert "The capital of Kenya?" in lines[2]
    assert len(emulator.requests) == 5
