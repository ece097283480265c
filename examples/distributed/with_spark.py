"""Answer a data set of questions on Spark: JSON Lines in and out.

    spark-submit --py-files answering.py with_spark.py questions.jsonl answers/

The tests of the package compile this file but do not run it, because they have no Spark.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from answering import Share, answer_rows, share_of
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RPM, TPM = 1000, 1_000_000  # the quota of the project: https://aistudio.google.com/usage


def answer_frames(share: Share) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Answer the frames of a partition; `mapInPandas` calls this.

    Spark keeps the Python processes of its executors (`spark.python.worker.reuse`), and each
    process keeps its client.
    """

    def answer(frames: Iterator[Any]) -> Iterator[Any]:
        for frame in frames:
            answered = list(answer_rows(frame.to_dict("records"), share))
            yield frame.assign(
                answer=[row["answer"] for row in answered],
                error=[row["error"] for row in answered],
            )

    return answer


def main() -> None:
    """Answer the file named on the command line."""
    questions, answers = sys.argv[1:]
    spark = SparkSession.builder.appName("answers").getOrCreate()
    # A Python process for each core of the executors.
    workers = spark.sparkContext.defaultParallelism
    share = share_of(rpm=RPM, tpm=TPM, workers=workers)
    rows = spark.read.json(questions).repartition(workers)
    fields = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in rows.schema)
    schema = f"{fields}, answer string, error string"
    rows.mapInPandas(answer_frames(share), schema).write.json(answers)


if __name__ == "__main__":
    main()
