"""`gemini-openai batch`: a file in, a file out, and on again after a crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from batch_rows import chat, is_creation, is_list, jobs_begun
from typer.testing import CliRunner

from gemini_openai.bulk.batches.lock import RunLock
from gemini_openai.cli.app import app
from gemini_openai.emulator import Drop, Job, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Emulator


@pytest.fixture
def command(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("GEMINI_API_KEY", "any")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", emulator.origin)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*words: object) -> Any:
        return CliRunner().invoke(app, ["batch", *map(str, words), "--poll-interval", "0"])

    return invoke


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_file_of_requests_becomes_one_of_answers(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", *(chat(n, custom_id=f"q{n}") for n in range(30)))
    output = tmp_path / "out.jsonl"
    done = command(source, "-o", output, "--model", "gemini-2.5-flash")
    assert done.exit_code == 0, done.output
    found = lines(output)
    assert [line["custom_id"] for line in found] == [f"q{n}" for n in range(30)]
    for n, line in enumerate(found):
        assert line["error"] is None
        assert line["response"]["status_code"] == 200
        choice = line["response"]["body"]["choices"][0]
        assert choice["message"]["content"].endswith(f" {n}")
        assert choice["finish_reason"] == "stop"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_rows_without_an_answer_are_set_aside(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Job(polls=1, end="failed", message="It broke."), path="/batches")
    source = write(tmp_path / "in.jsonl", chat("a"), 5)
    output = tmp_path / "out.jsonl"
    done = command(source, "-o", output, "--model", "gemini-2.5-flash")
    assert done.exit_code == 1
    assert [line["error"]["code"] for line in lines(output)] == ["failed", "invalid_row"]
    rest = tmp_path / "out.jsonl.unanswered.jsonl"
    assert [row["body"]["messages"][0]["content"] for row in lines(rest)] == ["a"]
    again = command(rest, "-o", tmp_path / "rest.jsonl")
    assert again.exit_code == 0, again.output
    assert lines(tmp_path / "rest.jsonl")[0]["custom_id"] == "row-0"


KILLED = """
import os, signal, sys
from pathlib import Path
from gemini_openai.cli import batch

write = batch._line
done = [0]

def line(result):
    done[0] += 1
    if done[0] > 150:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(result)

batch._line = line
batch.run_batch(Path(sys.argv[1]), Path(sys.argv[2]), model="gemini-2.5-flash", poll_interval=0)
"""


@pytest.mark.process
def test_the_same_command_goes_on_after_a_crash(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", *(chat(n, custom_id=f"q{n}") for n in range(300)))
    output = tmp_path / "out.jsonl"
    crashed = subprocess.run(
        [sys.executable, "-c", KILLED, source, output],
        env={**os.environ, "GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": emulator.origin},
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr
    assert 0 < len(output.read_bytes().splitlines()) < 300
    with output.open("ab") as file:
        file.write(b'{"custom_id": "cut')
    done = command(source, "-o", output, "--model", "gemini-2.5-flash")
    assert done.exit_code == 0, done.output
    assert [line["custom_id"] for line in lines(output)] == [f"q{n}" for n in range(300)]
    assert jobs_begun(emulator) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "FileNotFoundError"),
        (lambda folder: (folder / "in.jsonl").write_text(""), "There are no rows"),
        (
            lambda folder: (folder / "in.jsonl").write_text("5\nx\n"),
            "row 1 (row-1): It is not JSON",
        ),
        (lambda folder: [write(folder / n, chat(1)) for n in ("in.jsonl", "out.jsonl")], "already"),
    ],
    ids=["missing", "empty", "not JSONL", "output is there"],
)
def test_what_cannot_be_done_is_said_in_one_line(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path, make: Any, message: str
) -> None:
    make(tmp_path)
    done = command(tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--model", "m")
    assert done.exit_code == 1
    assert message in done.stderr
    assert isinstance(done.exception, SystemExit)
    assert not emulator.requests


def test_an_endpoint_without_batches_is_said_in_one_line_and_leaves_nothing_behind(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", chat("a"))
    done = command(source, "-o", tmp_path / "out.jsonl", "--endpoint", "/v1/responses")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "ValueError: endpoint is '/v1/responses'. Gemini offers batches of" in done.stderr
    assert [*tmp_path.iterdir()] == [source]
    assert not emulator.requests


@pytest.mark.process
def test_the_example_runs_on_gemini_as_it_is(emulator: Emulator, tmp_path: Path) -> None:
    program = Path(__file__).parents[2] / "examples/bulk_batch.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", program],
        env={
            **os.environ,
            "GEMINI_API_KEY": "any",
            "GOOGLE_GEMINI_BASE_URL": emulator.origin,
            "POLL_SECONDS": "0",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "review-2 satisfied=" in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_lost_job_is_begun_again_when_told(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Drop(after=3), when=is_creation)
    emulator.script(*[Reply(403, json={"error": {"message": "No."}})] * 2, when=is_list)
    source = write(tmp_path / "in.jsonl", chat("a"))
    words = (source, "-o", tmp_path / "out.jsonl", "--model", "gemini-2.5-flash")
    new = command(*words, "--begin-lost-jobs")
    assert "no run to resume" in new.stderr
    stopped = command(*words)
    assert stopped.exit_code == 1
    assert "--begin-lost-jobs" in stopped.stderr
    assert jobs_begun(emulator) == 1
    assert command(*words, "--begin-lost-jobs").exit_code == 0
    assert jobs_begun(emulator) == 2
    assert lines(tmp_path / "out.jsonl")[0]["error"] is None


def test_a_second_command_leaves_the_output_of_the_first_alone(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", chat("a"), chat("b"))
    output = tmp_path / "out.jsonl"
    words = (source, "-o", output, "--model", "gemini-2.5-flash")
    emulator.script(Reply(400, json={"error": {"message": "No."}}), when=is_creation)
    assert command(*words).exit_code == 1  # and the run is there to be resumed
    first = RunLock(tmp_path / "out.jsonl.run")
    output.write_text('{"custom_id": "half a li', "utf-8")  # which the first is writing
    second = command(*words)
    assert second.exit_code == 1
    assert f"is being driven by process {os.getpid()}" in second.stderr
    assert output.read_text("utf-8") == '{"custom_id": "half a li'
    first.release()
    assert command(*words).exit_code == 0
    assert len(lines(output)) == 2


def test_a_damaged_mark_is_said_in_one_line(
    command: Callable[..., Any], emulator: Emulator, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.jsonl", chat("a"))
    words = (source, "-o", tmp_path / "out.jsonl", "--model", "gemini-2.5-flash")
    emulator.script(Reply(400, json={"error": {"message": "No."}}), when=is_creation)
    assert command(*words).exit_code == 1
    (tmp_path / "out.jsonl.run" / "source.json").write_text("{", "utf-8")
    done = command(*words)
    assert done.exit_code == 1
    assert "source.json" in done.stderr
    assert "No answer is lost" in done.stderr
