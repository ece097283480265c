"""The batches, and the status of each as the clock and its rows decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .batch_rows import Rows
    from .jobs import Progress

_RUNNING = 0.05  # of the progress; before it the status is `validating`
_FINALIZING = 2 / 3


class Batch:
    """A batch job: its rows, its progress and its status."""

    def __init__(
        self,
        id: str,
        *,
        source: str,
        endpoint: str,
        window: str,
        rows: Rows,
        progress: Progress,
    ) -> None:
        self.id = id
        self.source = source
        self.endpoint = endpoint
        self.window = window
        self.rows = rows
        self.progress = progress
        self.status = "validating"
        self.ended: float | None = None
        self._cancelled = False

    @property
    def name(self) -> str:
        """`batches/…`."""
        return f"batches/{self.id}"

    @property
    def output_id(self) -> str:
        """The id of its output file; as at Google, it is too long for `files.get`."""
        return f"batch-{self.id}"

    def target(self, now: float) -> int:
        """How many rows should be done at this time."""
        fraction = self.progress.fraction(now)
        if self.ended is not None or self._cancelled or fraction < _RUNNING:
            return 0
        return int(self.rows.total * min(1.0, fraction / _FINALIZING))

    def cancel(self) -> None:
        """Cancel it: it is `cancelling`, and `cancelled` from the next update on."""
        self._cancelled = True
        self.status = "cancelling"

    def update(self, now: float) -> None:
        """Update the status; it is never ahead of the rows."""
        if self.ended is not None:
            return
        fraction, end = self.progress.fraction(now), self.progress.job.end
        all_done = self.rows.done == self.rows.total
        if self._cancelled:
            self._end("cancelled", now)
        elif self.rows.error is not None:
            self._end("failed", now)
        elif self.progress.expired(now):
            self._end("expired", now)
        elif fraction >= 1 and (all_done or end != "completed"):
            self._end(end, now)
        elif fraction < _RUNNING:
            self.status = "validating"
        else:
            late = fraction >= _FINALIZING and all_done
            self.status = "finalizing" if late else "in_progress"

    def _end(self, status: str, now: float) -> None:
        self.status = status
        self.ended = now

    @property
    def error(self) -> str | None:
        """The message of a batch that failed or expired, else `None`."""
        if self.status == "failed":
            return self.rows.error or self.progress.job.message
        return "The batch expired before it was done." if self.status == "expired" else None
