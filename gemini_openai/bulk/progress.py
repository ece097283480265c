"""Say how far a run of batches is."""

from typing import NamedTuple


class BatchProgress(NamedTuple):
    """How far a run is.

    `rows` are all rows, `done` those with an answer or an error by now and `failed` those with an
    error, as far as the server tells; `jobs_ended` of `jobs` have ended. `elapsed` is in seconds
    since the run, or its resumption, began. `state` is what is being done: `"checking"` rows,
    `"uploading"`, `"waiting"`, `"downloading"`, `"cancelling"` or `"done"`.
    """

    state: str
    rows: int
    done: int
    failed: int
    jobs: int
    jobs_ended: int
    elapsed: float
