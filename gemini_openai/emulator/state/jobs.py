"""The jobs that take time at Google: a batch, a video, the processing of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..answers.answer import Answer
    from ..http.replies import Drop, Reply

DAY = 86400.0
LIFE = 2 * DAY
"""Seconds until a file is gone, and until a job that is not done expires. [Google]"""


@dataclass(frozen=True)
class Job:
    """How something that takes time proceeds. Tests do not wait: they poll, or advance the clock.

    Attributes:
        polls: The number of the retrieval at which it has ended; 0 ends it at once; `None`:
            retrievals do not end it.
        seconds: The seconds of the emulator's clock after which it has ended; `None`: the clock
            does not end it. Whichever comes first counts; with neither it expires after 48 hours.
        end: How it ends.
        message: The error message of a job that failed.
        row: For a batch, called with each parsed line of the input. An `Answer` is written in the
            row's dialect, a `Reply` with an error status is the row's error, a `Drop` leaves the
            row out of the output, and for `None` the row is answered by rule.
        shuffled: Whether a batch's output is in another order than its input.
    """

    polls: int | None = 3
    seconds: float | None = 360.0
    end: Literal["completed", "failed", "expired"] = "completed"
    message: str = "An internal error has occurred."
    row: Callable[[Mapping[str, Any]], Answer | Reply | Drop | None] | None = None
    shuffled: bool = True


class Progress:
    """The progress of one job, by retrievals and by the clock."""

    def __init__(self, job: Job, started: float) -> None:
        self.job = job
        self.started = started
        self._polls = 0

    def poll(self) -> None:
        """Count a retrieval."""
        self._polls += 1

    def fraction(self, now: float) -> float:
        """How much is done, from 0 to 1."""
        job = self.job
        by_polls = by_clock = 0.0
        if job.polls is not None:
            by_polls = self._polls / job.polls if job.polls else 1.0
        if job.seconds is not None:
            by_clock = (now - self.started) / job.seconds if job.seconds else 1.0
        return min(1.0, max(by_polls, by_clock))

    def expired(self, now: float) -> bool:
        """Whether it was not done after 48 hours."""
        return now - self.started >= LIFE and self.fraction(self.started + LIFE) < 1
