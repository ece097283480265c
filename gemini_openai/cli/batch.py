"""Answer a JSONL file of requests in batch jobs, and show the progress: `gemini-openai batch`."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from .. import OpenAI, OpenAIError
from ..bulk import BatchRowError
from ..bulk.batches.state import STATE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from ..bulk import BatchProgress, BatchResult, BatchRun

_MARK = "source.json"
_WORDS = {
    "checking": "checking the rows",
    "uploading": "uploading",
    "waiting": "waiting for Gemini",
    "downloading": "downloading",
    "cancelling": "cancelling",
    "done": "done",
}


def run_batch(
    source: Path,
    output: Path,
    *,
    model: str | None = None,
    endpoint: str | None = None,
    concurrency: int = 4,
    poll_interval: float = 5.0,
    begin_lost_jobs: bool = False,
) -> int:
    """Answer the rows of `source` into `output`, in order; return how many have no answer.

    A directory beside the output keeps the state until the end. The same command resumes from it
    after a crash; it then passes `begin_lost_jobs` to `batches.run`.

    Raises `OpenAIError` if it cannot continue, `OSError` for a file that cannot be read,
    `ValueError` for an endpoint without batches.
    """
    console = Console(stderr=True, highlight=False)
    directory = output.with_name(f"{output.name}.run")
    with OpenAI() as client, _bar(console) as bar:
        task = bar.add_task(_WORDS["checking"], total=None)

        def show(progress: BatchProgress) -> None:
            words = _WORDS.get(progress.state, progress.state)
            if progress.jobs:
                words += f" ({progress.jobs_ended} of {progress.jobs} jobs have ended)"
            if progress.failed:
                words += f", {progress.failed} failed"
            total = progress.rows if progress.jobs else None
            bar.update(task, description=words, completed=progress.done, total=total)

        options: dict[str, Any] = {
            "on_progress": show,
            "concurrency": concurrency,
            "poll_interval": poll_interval,
        }
        if (directory / STATE_FILE).exists():
            _check_source(source, directory)
            run = client.batches.run(resume=directory, begin_lost_jobs=begin_lost_jobs, **options)
        else:
            if begin_lost_jobs:
                raise OpenAIError(
                    f"There is no run to resume: {directory / STATE_FILE} does not exist. "
                    "Omit --begin-lost-jobs to begin a run."
                )
            if model is not None:
                options["model"] = model
            run = client.batches.run(source, directory=directory, endpoint=endpoint, **options)
            _prepare(source, output, directory)
        failed = _write(run, output)
        unanswered = output.with_name(f"{output.name}.unanswered.jsonl")
        again = _write_rows(run, unanswered) if failed else 0
        run.delete()
    lacking = f"; {failed} rows have no answer." if failed else "."
    console.print(f"The answers are in {output}{lacking}")
    if again:
        console.print(f"{again} of these can be sent again: gemini-openai batch {unanswered} -o …")
    return failed


def _check_source(source: Path, directory: Path) -> None:
    """Raise `OpenAIError` when the run in a directory is for another input."""
    try:
        mark = json.loads((directory / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise OpenAIError(
            f"{directory / _MARK}, which names the input of the run in {directory}, cannot be "
            f"read: {cause}. No answer is lost: client.batches.run(resume={str(directory)!r}) "
            "gives them."
        ) from None
    if mark != _mark(source):
        raise OpenAIError(
            f"{directory} has an unfinished run for another input, or the input has changed. "
            "Give another output, or remove that directory to begin again."
        )


def _prepare(source: Path, output: Path, directory: Path) -> None:
    """Make the directory of a new run. Raises `OpenAIError` when the output exists."""
    mark = _mark(source)
    if output.exists():
        raise OpenAIError(f"{output} already exists. Give another output, or remove it.")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _MARK).write_text(json.dumps(mark), encoding="utf-8")


def _mark(source: Path) -> dict[str, Any]:
    """What identifies an input: its path, size and time of change."""
    about = source.stat()
    return {"source": str(source.resolve()), "size": about.st_size, "changed": about.st_mtime_ns}


def _write(run: BatchRun[Any], output: Path) -> int:
    """Write each result as it arrives, after those already written; return the number of errors."""
    results = iter(run)
    # Once there is one, this process drives the run: no other is writing to the output.
    first = next(results)
    there, failed = _whole_lines(output)
    with output.open("ab") as file:
        for number, result in enumerate(chain([first], results)):
            if number < there:
                continue
            failed += result.response is None
            file.write(_line(result))
            if number % 100 == 0:
                file.flush()
    return failed


def _whole_lines(output: Path) -> tuple[int, int]:
    """Count the complete lines of an output, and the errors among them; cut off a partial line."""
    count = failed = size = 0
    if not output.exists():
        return 0, 0
    with output.open("r+b") as file:
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(size)
                break
            size += len(line)
            count += 1
            failed += json.loads(line)["response"] is None
    return count, failed


def _line(result: BatchResult[Any]) -> bytes:
    """A result in the format of OpenAI's batches."""
    out: dict[str, Any] = {"custom_id": result.custom_id, "response": None, "error": None}
    if result.response is not None:
        out["response"] = {"status_code": 200, "body": result.response.to_dict(mode="json")}
    if isinstance(result.error, BatchRowError):
        out["error"] = {"code": result.error.code, "message": result.error.message}
    return json.dumps(out, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _write_rows(run: BatchRun[Any], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in run.unanswered():
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    if not count:
        path.unlink()
    return count


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
