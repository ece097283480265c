"""Count the instructions of the hot paths, which other load on the machine does not change.

Each way runs under `valgrind --tool=callgrind`, in one process for all jobs. The worker calls
`getppid` before and after what it does, and callgrind writes what it has counted at each such call.
What comes before (imports, clients, warm-up) runs without counting, which is many times faster.
A job is done n and 2n times, or a stream has n and 2n chunks; the difference, divided by n, is what
one more costs: what a run or a stream costs beside its operations or chunks is not in it.

Three things make two runs comparable. Hashes of strings have a fixed seed. Every read of a client
gets a known number of events, since the server waits for the client's word (see `server`); this
costs all ways the same. Calls go over a socket and one kept connection, because the connection pool
is part of what a call costs; their answers are written at once, so that one read gets each.
What is left differs by less than one percent from run to run, but in jobs with 100 calls or streams
at once, where it depends on the system how many are ready when the loop looks.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .jobs import MANY
from .processes import Place, Worker
from .rounds import Result

if TYPE_CHECKING:
    from .jobs import Job

MISSING = (
    "Instructions are counted by valgrind, which is not installed (Debian: apt install valgrind)."
)


def countable(jobs: list[Job]) -> list[Result]:
    """Results, yet without values, for those jobs that can be counted."""
    return [Result(job._replace(unit="k"), {}, 0) for job in jobs if job.counted]


def count(place: Place, results: list[Result], ways: set[str]) -> None:
    """Put into the results the thousands of instructions for one operation of each job."""
    if not shutil.which("valgrind"):
        raise SystemExit(MISSING)
    for way in ("floor", "ours", "openai", "fast"):
        todo = [result for result in results if way in result.job.ways and way in ways]
        if not todo:
            continue
        with tempfile.TemporaryDirectory() as folder:
            worker = Worker(place, way, under=_valgrind(Path(folder)))
            for number, result in enumerate(todo):
                print(f"{way}: {result.job.name} …", file=sys.stderr)
                for size in (result.job.counted, 2 * result.job.counted):
                    job, times = _sized(result.job, size)
                    _steer(worker, "off")
                    worker.prepare(job, times)
                    _steer(worker, "on")
                    worker.run(times)
                # A dump is what was counted since the one before: two marks around each run.
                few, many = (_dumped(Path(folder), 4 * number + mark) for mark in (2, 4))
                more = times // 2
                result.values[way] = [(many - few) / more / 1e3]
            worker.close()


def _sized(job: Job, size: int) -> tuple[Job, int]:
    """A job, and how often to do it, to be counted in one of two sizes."""
    streams = {"stream": 1, "stream_async": MANY}.get(job.act)
    return (job, size) if streams is None else (job._replace(chunks=size), streams * size)


def _valgrind(folder: Path) -> tuple[str, ...]:
    return (
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--dump-before=getppid",
        "--instr-atstart=no",
        f"--callgrind-out-file={folder / 'counted'}",
    )


def _steer(worker: Worker, on_or_off: str) -> None:
    command = ["callgrind_control", "-i", on_or_off, str(worker.pid)]
    subprocess.run(command, check=True, capture_output=True)


def _dumped(folder: Path, number: int) -> int:
    text = (folder / f"counted.{number}").read_text(encoding="utf-8")
    found = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    assert found
    return int(found[1])
