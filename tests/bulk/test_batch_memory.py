"""A batch of 200,000 rows: whole, in order, and in no more memory than one of 20,000."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from gemini_openai.emulator import Emulator, Job

# The client is a process of its own: the emulator's memory is not ours.
PROGRAM = """
import json, resource, sys, time
from gemini_openai import OpenAI

rows = int(sys.argv[2])
client = OpenAI(api_key="any", base_url=sys.argv[1])
requests = ({"messages": [{"role": "user", "content": f"number {n}"}]} for n in range(rows))
began = time.perf_counter()
right = sum(
    result.text == f"[emulator] You said: number {result.number}" and result.number == place
    for place, result in enumerate(
        client.batches.run(requests, model="gemini-2.5-flash", poll_interval=0.01,
                           max_poll_interval=0.1, max_rows_per_job=int(sys.argv[3]))
    )
)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on Linux
print(json.dumps({"right": right, "peak": peak, "seconds": time.perf_counter() - began}))
"""


def run(emulator: Emulator, rows: int, per_job: int) -> dict[str, float]:
    # Measuring coverage takes memory and much time of its own.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, emulator.base_url, str(rows), str(per_job)],
        capture_output=True,
        env=environment,
        timeout=170,
        check=True,
        text=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has other units elsewhere")
@pytest.mark.timeout(300)
def test_memory_does_not_grow_with_the_rows() -> None:
    with Emulator(batches=Job(polls=1, seconds=None), keep=10) as emulator:
        small = run(emulator, 20_000, 200_000)
        emulator.reset()
        large = run(emulator, 200_000, 200_000)
    print(f"20,000 rows: {small}; 200,000 rows: {large}")
    assert small["right"] == 20_000
    assert large["right"] == 200_000
    # Within what the allocator and SQLite's cache vary by; the rows themselves have 100 MB.
    assert large["peak"] < small["peak"] + 16 * 1024
