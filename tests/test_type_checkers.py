"""User programs in `tests/typing` under the checkers that the project itself is not checked by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted(path for path in (ROOT / "tests" / "typing").glob("*.py"))
BEYOND = {
    # checker: programs that it cannot check, and why
    "ty": {
        "raw_responses.py": "passes the parameters of an overloaded method through a ParamSpec as "
        "the union of its overloads, so that every result is a union too",
    },
    "pyrefly": {},
}


@pytest.mark.process
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
    checked = [path for path in PROGRAMS if path.name != "mistakes.py"]
    programs = [str(path) for path in checked if path.name not in BEYOND[command[0]]]
    done = _run([str(checker), *command[1:], *programs])
    assert done.returncode == 0, done.stdout + done.stderr
    for name in BEYOND[command[0]]:  # a checker that has learnt it is told to check it
        done = _run([str(checker), *command[1:], str(ROOT / "tests" / "typing" / name)])
        assert done.returncode != 0, f"{command[0]} can check {name} now"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
