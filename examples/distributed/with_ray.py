"""A data set of questions answered with Ray Data: JSON Lines to JSON Lines.

    python with_ray.py questions.jsonl answers/

This file is compiled in the tests of the package and not run there: they have no Ray.
"""

from __future__ import annotations

import sys
from typing import Any

import ray
from answering import Share, answer_rows, share_of

RPM, TPM = 1000, 1_000_000  # the quota of the project: https://aistudio.google.com/usage
WORKERS = 4


class Answerer:
    """An actor. What it keeps from batch to batch is the client of its process."""

    def __init__(self, share: Share) -> None:
        self._share = share

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Columns to columns, with two more."""
        questions = batch["question"].tolist()
        answered = list(answer_rows(({"question": text} for text in questions), self._share))
        return {
            **{name: list(column) for name, column in batch.items()},
            "answer": [row["answer"] or "" for row in answered],
            "error": [row["error"] or "" for row in answered],
        }


def main() -> None:
    """Answer the file named on the command line."""
    questions, answers = sys.argv[1:]
    # On other machines, ray.init(runtime_env={"working_dir": "."}) brings answering.py, and
    # {"env_vars": ...} is no place for the key: set it in the environment of the nodes.
    share = share_of(rpm=RPM, tpm=TPM, workers=WORKERS)
    rows = ray.data.read_json(questions)
    answered = rows.map_batches(
        Answerer,
        fn_constructor_args=(share,),
        batch_size=256,
        compute=ray.data.ActorPoolStrategy(size=WORKERS),
    )
    answered.write_json(answers)


if __name__ == "__main__":
    main()
