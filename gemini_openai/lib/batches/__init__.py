"""`batches.run`: any number of requests to their answers, in order, by batch jobs."""

from __future__ import annotations

from ._errors import BatchError as BatchError, BatchRowError as BatchRowError
from ._output import read_output as read_output
from ._results import BatchResult as BatchResult
from ._run import AsyncBatchRun as AsyncBatchRun, BatchRun as BatchRun
from ._state import BatchProgress as BatchProgress

__all__ = [
    "AsyncBatchRun",
    "BatchError",
    "BatchProgress",
    "BatchResult",
    "BatchRowError",
    "BatchRun",
    "read_output",
]
