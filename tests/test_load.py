"""The command for load, in its small form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.load import MARGIN, Outcome, Size, run

if TYPE_CHECKING:
    from gemini_openai.emulator import Emulator

ROOT = Path(__file__).parents[1]


@pytest.mark.process
@pytest.mark.timeout(240)
def test_many_streams_calls_and_threads_get_their_own_answers_and_leave_nothing() -> None:
    command = [sys.executable, "-W", "error", "-m", "benchmarks.load", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "streams at once",
        "calls",
        "calls of 40 threads",
    ]


def test_the_answer_to_another_question_is_told(emulator: Emulator) -> None:
    size = Size(streams=2, calls=11, workers=2, threads=2, calls_per_thread=1)
    outcomes = list(run(size, emulator.base_url))
    assert [len(outcome.wrong) for outcome in outcomes] == [2, 11, 2]
    assert not any(outcome.is_good for outcome in outcomes)
    assert "call-0 got " in str(outcomes[1])


@pytest.mark.parametrize("left", [{"descriptors": 1}, {"grown": MARGIN}, {"wrong": ["x"]}])
def test_what_is_left_over_is_not_good(left: dict[str, object]) -> None:
    good = Outcome("calls", 1, [], 1.0, 0, 0)
    assert good.is_good
    assert not good._replace(**left).is_good
