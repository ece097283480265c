"""The measured process: it is told on standard input what to prepare, and how often to do it.

`python -m benchmarks.worker WAY PACE`, where PACE is the server's Unix socket. For a line with a
job and a URL it makes the way, does the job to warm up, and answers with `null`. For a line with a
number it does the job so many times, and answers with what it came to.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from time import process_time
from typing import TYPE_CHECKING

from . import ways
from .acts import ACTS
from .jobs import Goal, Job

if TYPE_CHECKING:
    from .acts import Run

MEMORY = {"held", "peak"}


def measured(run: Run, count: int, *, in_bytes: bool) -> float:
    """Seconds of CPU for one of its unit, or bytes of memory.

    Calls of `getppid` mark the beginning and the end for `instructions`.
    """
    gc.collect()
    os.getppid()
    start = process_time()
    done = run(count)
    spent = process_time() - start
    os.getppid()
    return done if in_bytes else spent / done


def main() -> None:
    """Do what is told until the input ends."""
    _, way, pace = sys.argv
    run: Run | None = None
    job: Job | None = None
    for line in sys.stdin:
        told = json.loads(line)
        if isinstance(told, int):
            assert run
            assert job
            answer: float | None = measured(run, told, in_bytes=job.act in MEMORY)
        else:
            job = Job(*told["job"])
            job = job._replace(goal=Goal(*job.goal))
            run = ACTS[job.act](ways.make(way, told["url"]), job, pace)
            if told["warm"]:
                run(told["warm"])
            answer = None
        print(json.dumps(answer), flush=True)
    os._exit(0)  # streams that are still open end with the process, and print nothing


if __name__ == "__main__":
    main()
