"""Answer a data set of questions with Ray Data: JSON Lines in and out.

    python with_ray.py questions.jsonl answers/

The tests of the package compile this file but do not run it, because they have no Ray.
"""

from __future__ import annotations

import sys
from typing import Any

import ray
from answering import Share, answer_rows, share_of

RPM, TPM = 1000, 1_000_000  # the quota of the project: https://aistudio.google.com/usage
WORKERS = 4


class Answerer:
    """An actor, which keeps the client of its process from batch to batch."""

    def __init__(self, share: Share) -> None:
        self._share = share

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Add the columns `answer` and `error` to a batch."""
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
    # On other machines, ray.init(runtime_env={"working_dir": "."}) copies answering.py. Do not put
    # the key into {"env_vars": ...}: set it in the environment of the nodes.
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
