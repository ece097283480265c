"""Runs the cases of a framework in a process of its environment, and judges what came of them."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Literal, TypedDict

from ecosystem.cases import QUIRKS, Case, Done, Failed, request_summary
from ecosystem.environments import ROOT

from gemini_openai.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

START_SECONDS = 120.0  # some import for a long time
CASE_SECONDS = 40.0
LONGEST = 200
QUIET = {
    "AGNO_TELEMETRY": "false",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_TELEMETRY": "False",
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
}


class Result(TypedDict):
    """What came of a case; `why` says it in words unless it passed."""

    outcome: Literal["pass", "fail"]
    why: str


_OTHER_EACH_TIME = (
    r"(?<=[\d.])\d:\d+(?=/v1beta)",
    r"(?<=id=')[^']+",
    r"(?<=\()/[^()]*/(?=(?:[^/()]+/){2}[^/()]+\.py\))",  # where a module is
)


def failed(why: str) -> Result:
    why = " ".join(why.split())
    for other_each_time in _OTHER_EACH_TIME:
        why = re.sub(other_each_time, "…", why)
    return {"outcome": "fail", "why": why if len(why) <= LONGEST else why[:LONGEST] + "…"}


def in_words(error: list[dict[str, Any]]) -> str:
    """The class and message of an error; those that it came from are left out."""
    return f"{error[0]['classes'][0]}: {error[0]['message']}"


class Process:
    """A runner in an environment; it is ended when a case takes too long, and begun anew."""

    def __init__(self, python: Path, arguments: list[str], base_url: str, log: IO[str]) -> None:
        self._command = [str(python), "-m", *arguments]
        self._home = tempfile.TemporaryDirectory(prefix="ecosystem-", ignore_cleanup_errors=True)
        self._log = log
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": self._home.name,
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            "GEMINI_API_KEY": "a-key-for-nothing",
            "GOOGLE_GEMINI_BASE_URL": base_url,
            **QUIET,
        }
        self._process: subprocess.Popen[str] | None = None
        self._replies: queue.Queue[str] = queue.Queue()
        self._broken = ""  # why it cannot begin

    def ask(self, line: str) -> dict[str, Any]:
        """What the runner says to a line. It may raise `Failed`: about its start, or of time."""
        if self._broken:
            raise Failed(self._broken)
        process = self._process or self._start()
        assert process.stdin is not None
        with suppress(OSError):  # it has ended: the reply says so
            process.stdin.write(line + "\n")
            process.stdin.flush()
        return self._reply(CASE_SECONDS)

    def _start(self) -> subprocess.Popen[str]:
        process = self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
            env=self._environment,
            cwd=self._home.name,
        )
        self._replies = queue.Queue()
        arguments = (process.stdout, self._replies)
        self._reader = threading.Thread(target=_read_lines, args=arguments, daemon=True)
        self._reader.start()
        try:
            error = self._reply(START_SECONDS)["error"]
            if error:
                raise Failed(in_words(error))
        except Failed as failure:
            self._broken = str(failure)
            raise
        return process

    def _reply(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=seconds)
        except queue.Empty:
            self.end()
            raise Failed(f"no end after {seconds:.0f} s") from None
        if not line:
            self.end()
            raise Failed("the process ended")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._reader.join()
            assert self._process.stdin is not None
            with suppress(OSError):  # what it did not read
                self._process.stdin.close()
            self._process = None

    def close(self) -> None:
        self.end()
        self._home.cleanup()


def _read_lines(stdout: IO[str], replies: queue.Queue[str]) -> None:
    with stdout:
        for line in stdout:
            replies.put(line)
    replies.put("")


def measure(
    subject: str, python: Path, way: str, cases: Sequence[Case], log: IO[str]
) -> dict[str, Result]:
    """The result of each case of `frameworks.NAME` or `tracers.NAME` in one way."""
    results: dict[str, Result] = {}
    with Emulator(quirks=QUIRKS) as emulator:
        arguments = ["ecosystem.runner", subject, way]
        process = Process(python, arguments, emulator.base_url, log)
        try:
            for case in cases:
                results[case.name] = one(process, emulator, case, log)
        finally:
            process.close()
    return results


def one(process: Process, emulator: Emulator, case: Case, log: IO[str]) -> Result:
    """Have a case done, and judge it."""
    emulator.reset()
    case.script(emulator)
    print(f"--- {case.name}", file=log, flush=True)
    try:
        said = process.ask(case.name)
        requests = [r for r in emulator.requests if r.method == "POST"]
        done = Done(said["value"], said["ran"], said["error"], said["seconds"], requests)
        if done.error and case.name not in {"quota", "key"}:
            raise Failed(in_words(done.error))
        case.check(done)
    except Failed as failure:
        why = str(failure)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        why = f"the value is not what it should be: {error!r}"
    else:
        return {"outcome": "pass", "why": ""}
    print(f"FAILED {why}\n{request_summary(emulator.requests)}", file=log, flush=True)
    return failed(why)
