"""Do the jobs in rounds: the ways take turns, so that other load on the machine affects all."""

from __future__ import annotations

import os
import statistics
import sys
from typing import TYPE_CHECKING, NamedTuple

from .jobs import JOBS, Job
from .processes import Place, ProcessFailedError, Worker, program

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = {"ms": 1e3, "µs": 1e6, "kB": 1e-3, "MB": 1e-6}


class Result(NamedTuple):
    """What a job came to: for each way the value of each round, in the unit of the job."""

    job: Job
    values: dict[str, list[float]]
    load: float
    """Of the machine, over the last minute."""

    def median(self, way: str) -> float | None:
        """The median of a way; None if it does not have the job."""
        return statistics.median(self.values[way]) if self.values.get(way) else None

    def ratio(self, way: str, other: str) -> float | None:
        """The one over the other."""
        one, two = self.median(way), self.median(other)
        return one / two if one is not None and two else None


def measure(place: Place, jobs: list[Job], ways: set[str], rounds: int) -> Iterator[Result]:
    """The result of each job; one that fails is told, and has no values."""
    for job in jobs:
        present = [way for way in job.ways if way in ways]
        print(f"{job.name} …", file=sys.stderr)
        done = _programs if job.is_program else _fresh if job.is_fresh else _workers
        try:
            values = done(place, job, present, rounds)
        except ProcessFailedError as error:
            print(f"{job.name} failed: {error}", file=sys.stderr)
            values = {}
        yield Result(job, values, os.getloadavg()[0])


def chosen(patterns: list[str]) -> list[Job]:
    """The jobs whose names match."""
    from fnmatch import fnmatch

    return [job for job in JOBS if any(fnmatch(job.name, pattern) for pattern in patterns)]


def _programs(place: Place, job: Job, ways: list[str], rounds: int) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way in ways:
            value = program(place, way, job)
            if number:  # the first one reads the files into memory
                values[way].append(value)
    return values


def _fresh(place: Place, job: Job, ways: list[str], rounds: int) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            worker = Worker(place, way, tls=job.tls)
            worker.prepare(job, 0)
            values[way].append(worker.run(job.times) * UNITS[job.unit])
            worker.close()
    return values


def _workers(place: Place, job: Job, ways: list[str], rounds: int) -> dict[str, list[float]]:
    workers = {way: Worker(place, way, tls=job.tls) for way in ways}
    for worker in workers.values():
        worker.prepare(job, job.times)
    values: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, worker in workers.items():
            values[way].append(worker.run(job.times) * UNITS[job.unit])
    for worker in workers.values():
        worker.close()
    return values
