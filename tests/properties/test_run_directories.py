"""A directory of a run that is damaged anywhere: an error of the run, or right answers, never both.

Nothing but `BatchError` is raised, no row has another's answer, and none is paid for twice.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from account_book import ORIGIN, AccountBook
from batch_rows import chat
from hypothesis import given, settings, strategies as st

from gemini_openai import OpenAI
from gemini_openai.bulk import BatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = int(os.environ.get("DAMAGED_RUNS", "100"))
GOOD = 6
TOOL = {"type": "function", "function": {"name": "größe", "parameters": {"type": "object"}}}
COLUMNS = [
    *("number", "custom_id", "label", "trouble", "thinks"),
    *("job", "start", "size", "answer_start", "answer_size"),
]
FILES = [
    *("run.json", "rows.sqlite", "rows.sqlite-journal", "remarks.jsonl", "run.lock", "cancelled"),
    *("input-00000.jsonl", "input-00001.jsonl", "input-00002.jsonl"),
    *("output-00000.jsonl", "output-00001.jsonl"),
]
# Whether a lost job was begun, and since when it is to be looked for: nothing else says it.
WORD = ("asked_for", "input_created_at")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
sql_values = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.binary()
damages = st.one_of(
    st.tuples(st.just("remove"), st.sampled_from(FILES)),
    st.tuples(st.just("cut"), st.sampled_from(FILES), st.floats(0, 1)),
    st.tuples(st.just("replace"), st.sampled_from(FILES), st.binary(max_size=200)),
    st.tuples(st.just("overwrite"), st.sampled_from(FILES), st.floats(0, 1), st.binary(min_size=1)),
    st.tuples(st.just("state"), st.integers(0, 200), json_values),
    st.tuples(st.just("table"), st.sampled_from(COLUMNS), st.integers(0, 8), sql_values),
)


def client(book: AccountBook) -> OpenAI:
    http = httpx.Client(transport=httpx.MockTransport(book.over(httpx)), verify=False)
    return OpenAI(
        api_key="any", base_url=f"{ORIGIN}/v1beta/openai/", http_client=http, max_retries=0
    )


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, tuple[Path, AccountBook]]]:
    """A run that is over, one whose jobs go on, and one whose last job is lost."""
    rows: list[Any] = [5, *(chat(n, tools=[TOOL] if n == 2 else []) for n in range(GOOD)), "x"]
    made: dict[str, tuple[Path, AccountBook]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("over", "going on", "lost"):
            book = AccountBook(polls=0)
            directory = Path(folder) / name
            with client(book) as ours:
                run = ours.batches.run(
                    rows, model="m", directory=directory, max_rows_per_job=2, poll_interval=0
                )
                if name == "over":
                    assert len(list(run)) == len(rows)
                elif name == "lost":
                    book.fault = lambda kind, book=book: (
                        "lost" if kind == "create" and len(book.accepted) == 2
                        else 503 if kind == "list" else None
                    )  # fmt: skip
                    with pytest.raises(BatchError, match="may have begun"):
                        run.submit()
                else:
                    run.submit()
            made[name] = directory, book
        yield made


def again(book: AccountBook) -> AccountBook:
    """The server as it was when the run was left."""
    copy = AccountBook(polls=0, files=dict(book.files))
    for entry in book.accepted:
        copy.accepted.append(type(entry)(**vars(entry)))
    return copy


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: what holds it, and its key or index."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield value, key
        yield from places(inner)


def do(damage: tuple[Any, ...], directory: Path) -> None:
    """Do the damage. Raises an error when one before it left nothing to damage so."""
    kind, *how = damage
    if kind == "state":
        state = json.loads((directory / "run.json").read_bytes())
        found = list(places(state))
        holder, key = found[how[0] % len(found)]
        if key not in WORD:
            holder[key] = how[1]
        (directory / "run.json").write_text(json.dumps(state), "utf-8")
        return
    if kind == "table":
        with closing(sqlite3.connect(directory / "rows.sqlite")) as db, db:
            db.execute(f"UPDATE OR IGNORE rows SET {how[0]} = ? WHERE number = ?", how[:0:-1])
        return
    path = directory / how[0]
    content = path.read_bytes() if path.exists() else b""
    if kind == "remove":
        path.unlink(missing_ok=True)
    elif kind == "cut":
        path.write_bytes(content[: int(len(content) * how[1])])
    elif kind == "replace":
        path.write_bytes(how[1])
    else:
        start = int(len(content) * how[1])
        path.write_bytes(content[:start] + how[2] + content[start + len(how[2]) :])


@settings(max_examples=EXAMPLES)
@given(name=st.sampled_from(["over", "going on", "lost"]), damage=st.lists(damages, max_size=2))
def test_a_damaged_directory_is_an_error_of_the_run_or_harmless(
    runs: dict[str, tuple[Path, AccountBook]], name: str, damage: list[Any]
) -> None:
    directory, book = runs[name]
    book = again(book)
    with tempfile.TemporaryDirectory() as folder, client(book) as ours:
        copy = Path(shutil.copytree(directory, Path(folder) / "run"))
        for what in damage:
            try:
                do(what, copy)
            except (sqlite3.Error, ValueError, OSError, ZeroDivisionError):
                return
        try:
            found = list(ours.batches.run(resume=copy, poll_interval=0, max_poll_interval=0))
            list(ours.batches.run(resume=copy).unanswered())
        except BatchError:
            found = []
        for result in found:
            if result.response is not None:
                assert result.text == f"answer to {result.number - 1}"
        if not damage:
            assert [bool(result.text) for result in found] == [False, *[True] * GOOD, False]
        if len(damage) == 1:
            # Two damages may hide that a job was begun, and where: nothing can help then.
            assert set(book.paid().values()) <= {1}
