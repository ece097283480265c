"""Many calls: `client.map`, `embeddings.create_many`, `batches.run` and the rate limiter.

Belongs here: what openai lacks, built on its resources from above.
Does not: a single call, its retries and its bytes.
"""

from .._primitives.lazy import attach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .batches.errors import BatchError as BatchError, BatchRowError as BatchRowError
    from .batches.results import BatchResult as BatchResult, read_output as read_output
    from .batches.run import AsyncBatchRun as AsyncBatchRun, BatchRun as BatchRun
    from .batches.state import BatchProgress as BatchProgress
    from .calls import MapResult as MapResult
    from .rate_limit import RateLimiter as RateLimiter
    from .tasks import AsyncResults as AsyncResults
    from .threads import Results as Results
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            ".batches.errors": "BatchError BatchRowError",
            ".batches.results": "BatchResult read_output",
            ".batches.run": "AsyncBatchRun BatchRun",
            ".calls": "MapResult",
            ".batches.state": "BatchProgress",
            ".rate_limit": "RateLimiter",
            ".tasks": "AsyncResults",
            ".threads": "Results",
        },
    )
