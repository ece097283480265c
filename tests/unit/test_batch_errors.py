"""The errors of a run of batches go from one process to another."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

from gemini_openai.bulk import BatchError, BatchRowError


def test_the_error_of_a_row_can_be_copied_and_pickled() -> None:
    error = BatchRowError("No.", number=3, custom_id="c", code="refused", status_code=400, body={})
    for same in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(same), str(same), vars(same)) == (BatchRowError, str(error), vars(error))
    stopped = pickle.loads(pickle.dumps(BatchError("No.", directory=Path("run"))))
    assert stopped.directory == Path("run")
    assert str(stopped).count("resume=") == 1
