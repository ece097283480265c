"""The demo as a new user runs it, and what the command line says when something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gemini_openai
from gemini_openai.cli.app import app

COMMAND = str(Path(sys.executable).parent / "gemini-openai")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


@pytest.mark.process
def test_the_demo_without_a_key_starts_the_emulator_and_says_so() -> None:
    done = run(COMMAND, "demo")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Talking to the emulator at http://127.0.0.1:" in done.stdout
    assert "none of GOOGLE_API_KEY, GEMINI_API_KEY is set" in done.stdout
    for title in ("A streamed answer", "A tool call", "A structured answer"):
        assert title in done.stdout
    assert "[emulator] You said: In one sentence: why is the sky blue?" in done.stdout
    assert '→ get_weather({"city":"Paris"})' in done.stdout
    assert "Recipe(name=" in done.stdout


def test_the_demo_with_a_key_talks_to_the_server_of_that_key() -> None:
    environment = {
        "COLUMNS": "200",
        "GEMINI_API_KEY": "AIza-secret",
        "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9",
    }
    done = CliRunner().invoke(app, ["demo"], env=environment)
    assert "Talking to Gemini, with the key in GEMINI_API_KEY." in done.stdout
    assert done.exit_code == 1
    assert done.stderr.startswith("APIConnectionError: Connection error: ")
    assert "AIza-secret" not in done.stdout + done.stderr


def test_the_version_is_printed() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.stdout == f"gemini-openai {gemini_openai.__version__}\n"


@pytest.mark.process
def test_the_module_is_the_command() -> None:
    done = run(sys.executable, "-m", "gemini_openai.cli", "--version")
    assert done.stdout.startswith("gemini-openai ")


@pytest.mark.process
def test_without_its_extra_the_command_says_what_to_install() -> None:
    done = run(
        sys.executable,
        "-c",
        "import sys; sys.modules['typer'] = None; from gemini_openai.cli import main; main()",
    )
    assert done.returncode == 1
    assert "pip install 'gemini-openai[cli]'" in done.stderr
    assert "Traceback" not in done.stderr
