"""`batches.run`: any number of requests to their answers, in order, by batch jobs."""

from __future__ import annotations

from .errors import BatchError as BatchError, BatchRowError as BatchRowError
from .output import read_output as read_output
from .results import BatchResult as BatchResult
from .run import AsyncBatchRun as AsyncBatchRun, BatchRun as BatchRun
from .state import BatchProgress as BatchProgress

__all__ = [
    "AsyncBatchRun",
    "BatchError",
    "BatchProgress",
    "BatchResult",
    "BatchRowError",
    "BatchRun",
    "read_output",
]
