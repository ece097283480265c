"""Run the measured processes."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from .environments import variables
from .programs import PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from .environments import Environment
    from .jobs import Job
    from .server import Address


class ProcessFailedError(Exception):
    """A measured process ended before its time; what it printed says why."""


class Place:
    """What all measured processes share: the server, the environments and the trusted CAs."""

    def __init__(
        self, address: Address, environments: dict[str, Environment], certificates: Path
    ) -> None:
        self.address = address
        self.environments = environments
        self.certificates = certificates

    def environment(self, way: str) -> Environment:
        """Where a way is installed."""
        name = {"genai": "peers", "litellm": "peers", "fast": "fast"}.get(way, "lean")
        return self.environments[name]

    def variables(self, *, tls: bool) -> dict[str, str]:
        """The environment variables; of a job without TLS they name no certificates."""
        trusted = str(self.certificates / "trusted.pem")
        return variables(SSL_CERT_FILE=trusted) if tls else variables()


class Worker:
    """A measured process that does jobs when it is told to."""

    def __init__(
        self, place: Place, way: str, *, tls: bool = False, under: tuple[str, ...] = ()
    ) -> None:
        python = str(place.environment(way).python)
        self.way = way
        self._place = place
        self._process = subprocess.Popen(
            [*under, python, "-m", "benchmarks.worker", way, place.address.pace],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=place.variables(tls=tls),
            cwd=place.certificates,  # where no module is
            start_new_session=True,  # an interrupt is for the judge
        )

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def prepare(self, job: Job, warm: int) -> None:
        """Make the way, and do the job so many times."""
        url = self._place.address.url(job.path, tls=job.tls)
        self._ask({"job": job, "url": url, "warm": warm})

    def run(self, count: int) -> float:
        """Do the job so many times: seconds for each, or bytes."""
        return float(self._ask(count))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, told: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise ProcessFailedError(f"the process for {self.way}")
        return json.loads(answer)


def program(place: Place, way: str, job: Job) -> float:
    """Run a program: what it printed, or its milliseconds of CPU from start to end."""
    url = place.address.url(job.path, tls=job.tls)
    process = subprocess.Popen(
        [str(place.environment(way).python), "-c", PROGRAMS[job.act](way), url],
        stdout=subprocess.PIPE,
        text=True,
        env=place.variables(tls=job.tls),
        cwd=place.certificates,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ProcessFailedError(f"the program for {way}")
    return float(printed) if printed else (used.ru_utime + used.ru_stime) * 1e3
