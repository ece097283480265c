"""Programs in `examples` run on the emulator, and do the same under `openai`: one line differs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gemini_openai.emulator import Emulator, Job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = [  # those for both packages; others show what only this one has
    "batch_job.py",
    "chat_with_tools.py",
    "image_generation.py",
    "rag_with_embeddings.py",
    "structured_extraction.py",
]
OURS, THEIRS = "from gemini_openai import ", "from openai import "

SWITCHED = {
    # example: the quirks in which the emulator is not as Gemini is, so that `openai` gets through
    "chat_with_tools.py": {"signatures_checked": False},  # it rebuilds the history by hand
    "batch_job.py": {"openai_files": True},  # Gemini has Google's own file protocol only
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The machine's, without a key or an address of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GEMINI_", "GOOGLE_", "OPENAI_"))
    }
    return {**kept, "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "error", "POLL_SECONDS": "0"}


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulator with the quirks that a test names, where a batch is done at the second look."""
    with Emulator(quirks=getattr(request, "param", {}), batches=Job(polls=2)) as server:
        yield server


def run(
    name: str, package: str, server: Emulator, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run an example under a package, as a user of it would."""
    program = (EXAMPLES / name).read_text(encoding="utf-8")
    if package == "openai":
        program = program.replace(OURS, THEIRS)
        # Nothing of ours runs there, and at the end of a measured process openai's socket is open.
        environment = {n: v for n, v in environment.items() if not n.startswith("COVERAGE_")}
        where = {"OPENAI_API_KEY": "any", "OPENAI_BASE_URL": server.base_url}
    else:
        where = {"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": server.origin}
    path = Path(environment["TMPDIR"]) / f"{package}_{name}"
    path.write_text(program, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(path)],
        env={**environment, **where},
        cwd=environment["TMPDIR"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


@pytest.mark.parametrize("name", NAMES)
def test_one_line_of_an_example_is_ours(name: str) -> None:
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith(OURS)]) == 1
    rest = [line for line in lines if not line.startswith(OURS)]
    assert not [line for line in rest if "gemini_openai" in line]


@pytest.mark.process
@pytest.mark.parametrize("name", NAMES)
def test_an_example_runs_on_gemini_as_it_is(
    name: str, server: Emulator, environment: Mapping[str, str]
) -> None:
    done = run(name, "gemini_openai", server, environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    assert server.requests


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "server"),
    [pytest.param(name, SWITCHED.get(name, {}), id=name) for name in NAMES],
    indirect=["server"],
)
def test_an_example_does_the_same_under_openai(
    name: str, server: Emulator, environment: Mapping[str, str]
) -> None:
    theirs = run(name, "openai", server, environment)
    assert (theirs.returncode, theirs.stderr) == (0, "")
    ours = run(name, "gemini_openai", server, environment)
    assert ours.stdout == theirs.stdout


@pytest.mark.process
@pytest.mark.parametrize("name", sorted(SWITCHED))
def test_what_was_switched_for_openai_it_does_not_bear(
    name: str, server: Emulator, environment: Mapping[str, str]
) -> None:
    done = run(name, "openai", server, environment)
    assert done.returncode == 1
    assert "openai.BadRequestError: " in done.stderr or "openai.NotFoundError: " in done.stderr
