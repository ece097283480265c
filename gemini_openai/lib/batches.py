"""The path that batches had before `gemini_openai.bulk`."""

from ..bulk import (
    AsyncBatchRun as AsyncBatchRun,
    BatchError as BatchError,
    BatchProgress as BatchProgress,
    BatchResult as BatchResult,
    BatchRowError as BatchRowError,
    BatchRun as BatchRun,
    read_output as read_output,
)
