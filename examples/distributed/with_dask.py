"""Answer a data set of questions on a Dask cluster: JSON Lines in and out, in the same order.

    python with_dask.py questions.jsonl answers/ [tcp://scheduler:8786]

Without an address it starts a cluster of processes on this machine.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import dask.bag
from answering import answer_rows, share_of
from distributed import Client

RPM, TPM = 1000, 1_000_000  # the quota of the project: https://aistudio.google.com/usage


def answer_files(questions: str, answers: Path, cluster: Client) -> list[str]:
    """Answer the rows of the files that `questions` matches; write one file for each partition.

    The workers need `answering.py`. Local workers have it; `cluster.upload_file("answering.py")`
    copies it to other machines.
    """
    workers = len(cluster.nthreads())
    share = share_of(rpm=RPM, tpm=TPM, workers=workers)
    rows = dask.bag.read_text(questions, blocksize="1MiB").map(json.loads)
    answered = rows.map_partitions(answer_rows, share=share)
    written: list[str] = answered.map(json.dumps).to_textfiles(str(answers / "part-*.jsonl"))
    return written


def main() -> None:
    """Answer the files named on the command line."""
    questions, answers, *scheduler = sys.argv[1:]
    # One thread in each process: `answer_rows` makes its calls at once in its own threads.
    address = {"address": scheduler[0]} if scheduler else {"threads_per_worker": 1}
    with Client(**address) as cluster:
        for path in answer_files(questions, Path(answers), cluster):
            print(path)


if __name__ == "__main__":
    main()
