"""User programs in `tests/typing` under the two checkers that the project itself is not checked by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted(path for path in (ROOT / "tests" / "typing").glob("*.py"))


@pytest.mark.parametrize(
    "command",
    [
        ["ty", "check", "--error-on-warning", "--python", sys.executable],
        ["pyrefly", "check", "--python-interpreter-path", sys.executable],
    ],
    ids=lambda command: command[0],
)
def test_user_programs_are_clean(command: list[str]) -> None:
    checker = Path(sys.executable).parent / command[0]
    programs = [str(path) for path in PROGRAMS if path.name != "mistakes.py"]
    done = subprocess.run(
        [str(checker), *command[1:], *programs], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
