"""Kill processes that drive a run of batches, at random points, and count who paid for what.

`python tests/killed_runs.py --runs 500 --seed 1` tries as many runs. Half of the kills come between
two lines of the code that drives the run, half while a request is at the server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from account_book import AccountBook, BookServer

ROWS = 6
WHOLE, STOPPED = 0, 3
KILLED = -signal.SIGKILL if os.name == "posix" else None
# What is synced needs no disk to outlive a process.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
REQUESTS = 20  # of a run that nothing happens to


class Drivers:
    """A process that forks others, each of which drives a run: nothing is imported twice."""

    def __init__(self, base_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--drive", base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it is ready

    def drive(self, directory: Path, *, line: int | None = None, processes: int = 1) -> list[Any]:
        """What became of each process, in order: its exit code and what it said.

        `line` is the number of the line, of those that drive the run, before which it is killed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = {"directory": str(directory), "line": line, "processes": processes}
        print(json.dumps(job), file=self._process.stdin, flush=True)
        outcome: list[Any] = json.loads(self._process.stdout.readline())
        return outcome

    def end(self) -> None:
        self._process.communicate()


def storm(runs: int, seed: int) -> dict[str, int]:
    """Kill and resume so many runs; give the number of kills and of rows that were answered.

    Raises `AssertionError` when a row is answered wrongly or paid twice, with the run's number.
    """
    dice = random.Random(seed)
    told: Counter[str] = Counter(runs=runs, kills=0, resumptions=0, rows=0)
    with BookServer() as server, tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        drivers = Drivers(server.base_url)
        server.book = AccountBook()
        [[code, said]] = drivers.drive(Path(folder) / "measured")
        assert code == WHOLE, said
        lines = int(said["lines"])
        for number in range(runs):
            server.book = AccountBook(polls=dice.randrange(3), lag=dice.randrange(3))
            directory = Path(folder) / str(number)
            for _ in range(dice.randrange(1, 4)):
                line = None
                if dice.random() < 0.5:
                    line = dice.randrange(1, lines)
                else:
                    server.kill_at = len(server.book.asked) + dice.randrange(REQUESTS)
                    server.kill_after = dice.random() < 0.7
                [[code, said]] = drivers.drive(directory, line=line)
                server.kill_at = None
                assert code in {KILLED, WHOLE}, (seed, number, said)
                told["kills"] += code == KILLED
                told["resumptions"] += 1
            [[code, said]] = drivers.drive(directory)
            assert code == WHOLE, (seed, number, said)
            assert said["texts"] == [f"answer to {n}" for n in range(ROWS)], (seed, number, said)
            paid = server.book.paid()
            assert paid == {str(n): 1 for n in range(ROWS)}, (seed, number, paid)
            told["rows"] += ROWS
        drivers.end()
    return dict(told)


def race(runs: int) -> dict[str, int]:
    """Let two processes drive the same run at once; give how often the second was refused."""
    told: Counter[str] = Counter(runs=runs, refused=0)
    with BookServer() as server, tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        drivers = Drivers(server.base_url)
        for number in range(runs):
            server.book = AccountBook(polls=3)
            directory = Path(folder) / str(number)
            outcomes = drivers.drive(directory, processes=2)
            codes = sorted(code for code, _ in outcomes)
            assert codes in ([WHOLE, STOPPED], [WHOLE, WHOLE]), outcomes
            for code, said in outcomes:
                if code == STOPPED:
                    told["refused"] += 1
                    assert "is being driven by" in said["error"], said
            paid = server.book.paid()
            assert paid == {str(n): 1 for n in range(ROWS)}, (number, paid)
        drivers.end()
    return dict(told)


# --- the processes that drive ---


def _drive_all(base_url: str) -> None:
    """Do what the lines of the standard input say, each in a process of its own."""
    from gemini_openai import OpenAI

    with OpenAI(api_key="any", base_url=base_url) as client:  # loads all of it before the forks
        row = {"messages": [{"role": "user", "content": "first"}]}
        assert list(client.batches.run([row], model="m", poll_interval=0.001))
    print(flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        directory = Path(job["directory"])
        said = [directory.parent / f"{directory.name}-{n}.json" for n in range(job["processes"])]
        children: list[int] = []
        for path in said:
            path.unlink(missing_ok=True)
            child = os.fork()
            if not child:
                _drive(base_url, directory, job["line"], path)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        told = [path.read_text() if path.exists() else "null" for path in said]
        outcomes = zip(codes, map(json.loads, told), strict=True)
        print(json.dumps([*outcomes]), flush=True)


def _drive(base_url: str, directory: Path, kill_before: int | None, said: Path) -> None:
    """Begin the run, or resume it; write down what came of it, and end this process."""
    import httpx

    from gemini_openai import OpenAI
    from gemini_openai.bulk import BatchError

    code = 1
    seen = 0

    def in_each_line(frame: Any, event: str, argument: Any) -> Any:
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
        return in_each_line

    def in_each_call(frame: Any, event: str, argument: Any) -> Any:
        drives = Path(frame.f_code.co_filename).parent.name == "batches"
        return in_each_line if drives else None

    told: dict[str, Any] = {}
    try:
        headers = {"x-pid": str(os.getpid())}
        client = OpenAI(
            api_key="any",
            base_url=base_url,
            default_headers=headers,
            max_retries=0,
            http_client=httpx.Client(verify=False),  # reading the certificates takes long
        )
        what: dict[str, Any] = {"resume": directory}
        if not (directory / "run.json").exists():
            texts = [{"messages": [{"role": "user", "content": str(n)}]} for n in range(ROWS)]
            what = {"requests": texts, "model": "m", "directory": directory, "max_rows_per_job": 2}
        sys.settrace(in_each_call)
        try:
            results = list(client.batches.run(**what, poll_interval=0.001, max_poll_interval=0.01))
        finally:
            sys.settrace(None)
        told = {"texts": [result.text for result in results], "lines": seen}
        code = WHOLE
    except BatchError as trouble:
        told = {"error": str(trouble)}
        code = STOPPED
    except BaseException as trouble:  # noqa: BLE001  # whatever it is, it is told
        told = {"error": repr(trouble)}
    said.write_text(json.dumps(told))
    os._exit(code)


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drive", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drive:
        _drive_all(options.drive)
        return
    began = time.monotonic()
    print(storm(options.runs, options.seed), race(options.runs // 10 or 1))
    print(f"{time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main()
