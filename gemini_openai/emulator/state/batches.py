"""The batches: their rows, and how far each is said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .batch_rows import Rows
    from .jobs import Progress

_RUNNING = 0.05  # of the way; before it the input is being looked at
_FINALIZING = 2 / 3


class Batch:
    """A batch job: its rows, and how far it is said to be."""

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
        """What follows `files/` in the name of its output: too long for `files.get`."""
        return f"batch-{self.id}"

    def target(self, now: float) -> int:
        """How many rows are to be done by now."""
        fraction = self.progress.fraction(now)
        if self.ended is not None or self._cancelled or fraction < _RUNNING:
            return 0
        return int(self.rows.total * min(1.0, fraction / _FINALIZING))

    def cancel(self) -> None:
        """Stop it: it is `cancelling`, and `cancelled` from the next look on."""
        self._cancelled = True
        self.status = "cancelling"

    def look(self, now: float) -> None:
        """Find out the status; never ahead of the rows."""
        if self.ended is not None:
            return
        fraction, end = self.progress.fraction(now), self.progress.job.end
        all_done = self.rows.done == self.rows.total
        if self._cancelled:
            self._end("cancelled", now)
        elif self.rows.trouble is not None:
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
        """Why it failed or expired."""
        if self.status == "failed":
            return self.rows.trouble or self.progress.job.message
        return "The batch expired before it was done." if self.status == "expired" else None
