"""Credentials of Google Cloud's own machines: a real process against a metadata server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex.vertex_world import Clock, Vertex

pytestmark = pytest.mark.process

PROGRAM = Path(__file__).with_name("program_on_google_cloud.py")


class Program:
    """The program, and what it says to each line."""

    def __init__(self, vertex: Vertex, clock: Clock) -> None:
        host = f"127.0.0.1:{vertex.emulator.port}"
        environment = {
            **os.environ,
            "GCE_METADATA_HOST": host,
            "GCE_METADATA_IP": host,
            "HTTP_PROXY": "http://127.0.0.1:1",
            "NO_PROXY": "",
            "PYTHONWARNINGS": "error",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.clock = clock
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), vertex.emulator.origin],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def say(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        return self.process.stdout.readline().strip()

    def ask(self) -> tuple[str, str]:
        """The status of a call, and the token it began with."""
        status, _, token = self.say("ask").partition(" ")
        return status, token

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        assert self.say(f"advance {seconds}") == "advanced"

    def end(self) -> None:
        self.process.communicate(timeout=10)


@pytest.fixture
def program(vertex: Vertex, clock: Clock) -> Iterator[Program]:
    running = Program(vertex, clock)
    yield running
    running.end()
    assert running.process.returncode == 0


@pytest.mark.process
def test_a_machine_of_google_cloud_needs_no_file(vertex: Vertex, program: Program) -> None:
    assert program.say("project") == "emulated-project"
    status, first = program.ask()
    assert status == "200"
    assert program.ask() == ("200", first)
    assert vertex.google.calls == ["metadata"]


@pytest.mark.process
def test_no_call_fails_though_the_server_hands_out_aged_tokens(
    vertex: Vertex, program: Program
) -> None:
    """The server keeps a token until four minutes before its end; google-auth asks after that."""
    vertex.google.metadata_token()
    program.clock.advance(3000)
    assert program.say("advance 3000") == "advanced"
    tokens = set()
    for _ in range(20):
        status, token = program.ask()
        assert status == "200"
        tokens.add(token)
        program.advance(120)
    assert len(tokens) == 2
    chats = [r.outcome.status for r in vertex.emulator.requests if "/chat/" in r.path]
    assert chats == [200] * 20  # none was refused and sent again


@pytest.mark.process
def test_a_token_the_metadata_server_keeps_giving_ends_in_the_401(
    vertex: Vertex, program: Program
) -> None:
    assert program.ask()[0] == "200"
    vertex.google.revoke()
    assert program.ask()[0] == "401"
    assert vertex.google.calls == ["metadata", "metadata"]
