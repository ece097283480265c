"""Embed a file of texts, and write the vectors as they arrive: `gemini-openai embed`."""

from __future__ import annotations

import json
import sys
from array import array
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .. import OpenAI, OpenAIError, omit
from .._primitives.json_types import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import BinaryIO, TextIO

FLUSHED = 100  # vectors, as many as one request gives
NPY_HEADER_BYTES = 128


class Limits(NamedTuple):
    """Limits: requests at once, requests and tokens per minute."""

    concurrency: int
    rpm: float | None
    tpm: float | None


class InputError(OpenAIError):
    """An input or output cannot be used; the message says which line, and what to do."""


def embed_file(
    source: str,
    output: Path,
    *,
    model: str,
    dimensions: int | None,
    limits: Limits,
    resume: bool = False,
    force: bool = False,
) -> int:
    """Embed each text of `source` (`-`: standard input); return the number of vectors in `output`.

    All texts are checked before the first is sent. The output is JSON Lines, a row
    `{"index": 0, "embedding": [...]}` for each text, or for `.npy` a numpy array of float32.

    Raises:
        InputError: the model makes no vectors, a line is blank or has no text, there are no
            texts, or `output` exists.
        APIError: from Gemini; the vectors before it are in `output`.
    """
    with OpenAI() as client:
        _check_model(client, model)
        texts, count = _open_texts(source)
        done = _where_to_begin(output, resume=resume, force=force)
        if count is not None and done > count:
            raise InputError(f"{output} has {done} rows, but {source} has only {count} texts.")
        texts = islice(texts, done, None)
        return _embed(client, texts, count, output, done, model, dimensions, limits)


def _embed(
    client: OpenAI,
    texts: Iterator[str],
    count: int | None,
    output: Path,
    done: int,
    model: str,
    dimensions: int | None,
    limits: Limits,
) -> int:
    sink = _npy if output.suffix == ".npy" else _jsonl
    with sink(output, done) as write, _progress(count, done) as advance:
        written = done
        try:
            for vector in client.embeddings.create_many(
                texts,
                model=model,
                dimensions=omit if dimensions is None else dimensions,
                concurrency=limits.concurrency,
                rpm=limits.rpm,
                tpm=limits.tpm,
                on_progress=advance,
            ):
                write(vector)
                written += 1
        except OpenAIError:
            print(_how_to_go_on(output, written), file=sys.stderr)
            raise
    return written


def _how_to_go_on(output: Path, written: int) -> str:
    kept = f"The first {written} vectors are in {output}."
    if output.suffix == ".npy":
        return kept
    return f"{kept} Run the same command with --resume to continue after them."


def _check_model(client: OpenAI, model: str) -> None:
    """Refuse a model that is known to make no vectors, before a text is read."""
    try:
        known = client.models.info(model)
    except ValueError:
        return  # of another publisher, or newer than the table of models
    if known.kind != "embedding":
        raise InputError(
            f"{model} is a model for {known.kind}, and makes no vectors. "
            "Give --model gemini-embedding-001, for example."
        )


# --- texts ---


def _open_texts(source: str) -> tuple[Iterator[str], int | None]:
    """The texts of a file, and how many there are; None for standard input."""
    if source == "-":
        return _texts(sys.stdin, "standard input", is_json=False), None
    path = Path(source)
    is_json = path.suffix in {".jsonl", ".ndjson"}
    with path.open(encoding="utf-8") as lines:
        count = sum(1 for _ in _texts(lines, source, is_json=is_json))
    if not count:
        raise InputError(f"{source} has no texts: give one text in each line.")
    return _read(path, is_json=is_json), count


def _read(path: Path, *, is_json: bool) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from _texts(lines, str(path), is_json=is_json)


def _texts(lines: TextIO, source: str, *, is_json: bool) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        text = _text_of_json(line, f"{source}, line {number}") if is_json else line.rstrip("\r\n")
        if not text.strip():
            raise InputError(
                f"{source}, line {number} is blank, and Gemini does not embed empty texts. "
                "Remove the line."
            )
        yield text


def _text_of_json(line: str, where: str) -> str:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is not JSON: {error}") from None
    text = row.get("text") if is_object(row) else row
    if not isinstance(text, str):
        raise InputError(
            f'{where} has no text: a row must be a string, or an object with a "text".'
        )
    return text


# --- vectors ---


def _where_to_begin(output: Path, *, resume: bool, force: bool) -> int:
    """Count the vectors in `output`, and cut off a partial row."""
    if resume and output.suffix == ".npy":
        raise InputError("--resume works with JSON Lines only: give -o a name that ends in .jsonl.")
    if not output.exists() or (force and not resume):
        return 0
    if not resume:
        raise InputError(
            f"{output} already exists. --resume continues after its last row, --force replaces it."
        )
    rows = end = 0
    with output.open("rb+") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                index = json.loads(line)["index"]
            except (ValueError, KeyError, TypeError):
                index = None
            if index != rows:
                raise InputError(
                    f"{output}, line {rows + 1} is not the row of text {rows}: another program "
                    "wrote it. Give another output, or --force to replace it."
                )
            rows += 1
            end += len(line)
        file.truncate(end)
    return rows


@contextmanager
def _jsonl(output: Path, done: int) -> Generator[Callable[[list[float]], None], None, None]:
    with output.open("a" if done else "w", encoding="utf-8") as file:
        index = done

        def write(vector: list[float]) -> None:
            nonlocal index
            file.write(f'{{"index": {index}, "embedding": {json.dumps(vector)}}}\n')
            index += 1
            if index % FLUSHED == 0:
                file.flush()

        yield write


@contextmanager
def _npy(output: Path, _: int) -> Generator[Callable[[list[float]], None], None, None]:
    """Write rows of float32 after a header, which is filled in once their number is known."""
    with output.open("wb") as file:
        file.write(b" " * NPY_HEADER_BYTES)
        rows = columns = 0

        def write(vector: list[float]) -> None:
            nonlocal rows, columns
            floats = array("f", vector)
            if sys.byteorder == "big":
                floats.byteswap()
            file.write(floats.tobytes())
            rows, columns = rows + 1, len(vector)

        try:
            yield write
        finally:
            _write_npy_header(file, rows, columns)


def _write_npy_header(file: BinaryIO, rows: int, columns: int) -> None:
    # https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
    magic = b"\x93NUMPY\x01\x00"
    told = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    size = NPY_HEADER_BYTES - len(magic) - 2
    file.seek(0)
    file.write(magic + size.to_bytes(2, "little") + told.ljust(size - 1).encode() + b"\n")


@contextmanager
def _progress(count: int | None, done: int) -> Generator[Callable[[int], None], None, None]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Texts embedded", total=count, completed=done)
        yield lambda embedded: progress.update(task, completed=done + embedded)
