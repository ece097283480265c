"""`batches.run` never pays twice for a row and never loses an answer: an account book counts."""

from __future__ import annotations

import errno
import os
import random
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import killed_runs
import pytest
from account_book import ORIGIN, AccountBook, BookServer
from batch_rows import MODEL, chat

from gemini_openai.bulk import BatchError
from gemini_openai.bulk.batches.lock import RunLock
from gemini_openai.emulator import Job

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator

ROWS = 7
TROUBLE = ("cut", "lost", "late", 500, 503, 429, 403, 404, 408)


def client(world: World, book: AccountBook, **options: Any) -> Any:
    # Its own retries would wait in earnest. They are for what is not paid for in any case.
    options = {"base_url": f"{ORIGIN}/v1beta/openai/", "max_retries": 0, **options}
    return world.transport(book.over(world.family), **options)


async def until_done(
    world: World, book: AccountBook, directory: Path, rounds: int = 60, **options: Any
) -> list[Any]:
    """Resume a run until it is done; nothing goes wrong any more after so many rounds."""
    for number in range(rounds + 2):
        if number == rounds:
            book.fault = lambda kind: None
        begun = (directory / "run.json").exists()
        what: dict[str, Any] = {"resume": directory}
        if not begun:
            what = {"requests": [chat(n) for n in range(ROWS)], "model": MODEL}
            what |= {"directory": directory, "max_rows_per_job": 2}
        run = client(world, book, **options).batches.run(**what, poll_interval=0)
        try:
            return await world.collect(run)
        except BatchError:
            continue
    raise AssertionError("the run does not end")


def assert_each_row_was_paid_once(book: AccountBook, found: list[Any]) -> None:
    assert [result.text for result in found] == [f"answer to {n}" for n in range(ROWS)]
    assert book.paid() == {str(n): 1 for n in range(ROWS)}


@pytest.mark.parametrize("seed", range(int(os.environ.get("MONEY_SEEDS", "6"))))
async def test_whatever_the_server_and_the_network_do_each_row_is_paid_once(
    world: World, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    odds = dice.choice([0.1, 0.3, 0.6])
    book = AccountBook(polls=dice.randrange(3), lag=dice.randrange(3))

    def fault(kind: str) -> Any:
        trouble = dice.choice(TROUBLE) if dice.random() < odds else None
        return 500 if kind == "download" and trouble == 404 else trouble  # it does have the file

    book.fault = fault
    found = await until_done(world, book, tmp_path / "run")
    assert_each_row_was_paid_once(book, found)


@pytest.mark.parametrize("seed", range(int(os.environ.get("MONEY_SEEDS", "4"))))
async def test_whenever_the_disk_is_full_each_row_is_paid_once(
    world: World, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    sync = os.fsync

    def full(file: Any) -> None:
        if dice.random() < 0.2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(file)

    monkeypatch.setattr(os, "fsync", full)
    book = AccountBook()
    book.fault = lambda kind: "lost" if kind == "create" and dice.random() < 0.3 else None
    found = await until_done(world, book, tmp_path / "run", rounds=100)
    assert_each_row_was_paid_once(book, found)


@pytest.mark.parametrize("answer", ["lost", "late", "cut", 408])
async def test_a_job_is_not_begun_again_while_the_list_is_dead(
    world: World, tmp_path: Path, answer: Any
) -> None:
    for lists in ("cut", 401, 404, 501, 503):
        faults = {"create": answer, "list": lists}
        book = AccountBook(fault=faults.get)
        directory = tmp_path / str(lists)
        given = {"requests": [chat(n) for n in range(ROWS)], "model": MODEL}
        for what in ({"directory": directory, **given}, {"resume": directory}):
            run = client(world, book).batches.run(**what, poll_interval=0)
            with pytest.raises(BatchError, match=r"may have begun and be paid for.*files/in-0"):
                await world.collect(run)
            assert book.asked.count("create") == 1
        faults.clear()
        assert_each_row_was_paid_once(book, await until_done(world, book, directory))


async def test_a_lost_job_is_found_behind_hundreds_of_newer_ones(
    world: World, tmp_path: Path
) -> None:
    faults: dict[str, Any] = {"create": "lost", "list": 503}
    book = AccountBook(fault=faults.get)
    run = client(world, book).batches.run(
        [chat(n) for n in range(ROWS)], model=MODEL, directory=tmp_path / "run", poll_interval=0
    )
    with pytest.raises(BatchError, match="may have begun"):
        await world.collect(run)
    faults.clear()
    first = book.accepted[0]
    for number in range(1, 451):
        other = type(first)(f"batches/{number}", f"files/other-{number}", [], 1, 0)
        book.accepted.append(other)
    assert_each_row_was_paid_once(book, await until_done(world, book, tmp_path / "run"))
    assert book.asked.count("list") == 11 + 5  # refused, and pages of a hundred


# --- one process at a time ---


async def test_a_run_that_is_driven_is_nobody_elses(world: World, tmp_path: Path) -> None:
    book = AccountBook()
    ours = client(world, book)
    what: Any = {"requests": [chat(n) for n in range(ROWS)], "model": MODEL, "poll_interval": 0}
    driven = ours.batches.run(directory=tmp_path, max_rows_per_job=2, **what)
    results = aiter(driven) if world.is_async else iter(driven)
    assert (await world.first(results)).text == "answer to 0"
    holder = rf"driven by process {os.getpid()} on {socket.gethostname()}\."
    for options in ({"resume": tmp_path}, {"directory": tmp_path, **what}):
        other = client(world, book).batches.run(**options)
        with pytest.raises(BatchError, match=holder):
            await world.collect(other)
        with pytest.raises(BatchError, match=holder):
            await world.result(other.submit())
        with pytest.raises(BatchError, match=holder):
            other.delete()
    # It can be looked at.
    assert list(client(world, book).batches.run(resume=tmp_path).unanswered()) == []
    rest = await world.collect(results)
    assert len(rest) == ROWS - 1
    assert len(await until_done(world, book, tmp_path)) == ROWS
    assert set(book.paid().values()) == {1}


async def test_a_run_that_was_left_can_be_resumed_at_once(world: World, tmp_path: Path) -> None:
    book = AccountBook()
    what: Any = {"requests": [chat(n) for n in range(ROWS)], "model": MODEL, "poll_interval": 0}
    run = client(world, book).batches.run(directory=tmp_path, max_rows_per_job=2, **what)
    if world.is_async:
        async for _ in run:
            break
    else:
        for _ in run:
            break
    assert_each_row_was_paid_once(book, await until_done(world, book, tmp_path))
    # What another went on with is not begun again by the one that began it.
    assert_each_row_was_paid_once(book, await world.collect(run))


async def test_a_run_that_stops_for_an_error_is_free_for_others(
    world: World, tmp_path: Path
) -> None:
    book = AccountBook(fault=lambda kind: 400 if kind == "create" else None)
    run = client(world, book).batches.run(
        [chat(n) for n in range(ROWS)], model=MODEL, directory=tmp_path
    )
    for _ in range(2):
        with pytest.raises(BatchError, match="Refused with 400"):
            await world.result(run.submit())
    book.fault = lambda kind: None
    assert_each_row_was_paid_once(book, await until_done(world, book, tmp_path))


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_wherever_a_process_is_killed_each_row_is_paid_once() -> None:
    told = killed_runs.storm(runs=12, seed=1)
    assert told["kills"] >= 12
    assert told["rows"] == 12 * killed_runs.ROWS


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_of_two_processes_one_drives_a_run() -> None:
    assert killed_runs.race(runs=4)["runs"] == 4


FORKED = """
import os, sys
from gemini_openai import OpenAI
from gemini_openai.bulk import BatchError
from gemini_openai.bulk.batches.lock import RunLock

def child(what):
    try:
        what()
    except BatchError as trouble:
        print(trouble, flush=True)
    os._exit(0)

client = OpenAI(api_key="any", base_url=sys.argv[1])
rows = [{"messages": [{"role": "user", "content": str(n)}]} for n in range(7)]
run = client.batches.run(
    rows, model="m", directory=sys.argv[2], max_rows_per_job=2, poll_interval=0, concurrency=1
)
results = iter(run)
texts = [next(results).text]
for what in (
    lambda: next(results) and list(results),
    lambda: list(run),
    lambda: list(client.batches.run(resume=sys.argv[2])),
    run.delete,
):
    if not (forked := os.fork()):
        child(what)
    os.waitpid(forked, 0)
if not (forked := os.fork()):
    sys.stdin.read()  # a child that outlives its parent
    os._exit(0)
texts += [result.text for result in results]
print(*texts, sep=", ", flush=True)
assert len(list(client.batches.run(resume=sys.argv[2]))) == 7
os.close(0)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_a_forked_process_neither_drives_nor_removes_its_parents_run(tmp_path: Path) -> None:
    with BookServer() as server:
        forked = subprocess.run(
            [sys.executable, "-W", "error", "-c", FORKED, server.base_url, tmp_path / "run"],
            input="",
            capture_output=True,
            text=True,
            timeout=50,
            check=True,
        )
    *refused, texts = forked.stdout.splitlines()
    assert len(refused) == 4
    assert all("is being driven by" in line for line in refused)
    assert texts == ", ".join(f"answer to {n}" for n in range(ROWS))
    assert set(server.book.paid().values()) == {1}


# --- cancelling ---


async def test_a_run_that_is_cancelled_and_crashes_is_cancelled_when_it_is_resumed(
    world: World, tmp_path: Path
) -> None:
    book = AccountBook(polls=99)
    run = client(world, book).batches.run(
        [chat(n) for n in range(ROWS)],
        model=MODEL,
        directory=tmp_path,
        max_rows_per_job=2,
        concurrency=2,
    )
    await world.result(run.submit())
    run.cancel()  # and the process is gone
    found = await until_done(world, book, tmp_path)
    assert {result.error.code for result in found} == {"cancelled"}
    assert len(book.accepted) == 2
    assert {entry.status for entry in book.accepted} == {"cancelled"}


async def test_a_run_that_another_drives_can_be_cancelled(world: World, tmp_path: Path) -> None:
    book = AccountBook(polls=99)
    told: list[str] = []

    def cancel(progress: Any) -> None:
        told.append(progress.state)
        if told.count("waiting") == 2:
            client(world, book).batches.run(resume=tmp_path).cancel()

    run = client(world, book).batches.run(
        [chat(n) for n in range(ROWS)],
        model=MODEL,
        directory=tmp_path,
        max_rows_per_job=2,
        concurrency=2,
        poll_interval=0,
        on_progress=cancel,
    )
    found = await world.collect(run)
    assert {result.error.code for result in found} == {"cancelled"}
    assert len(book.accepted) == 2


async def test_a_run_that_was_never_sent_does_not_cancel_the_next_one(
    world: World, tmp_path: Path
) -> None:
    book = AccountBook()
    client(world, book).batches.run([chat(0)], model=MODEL, directory=tmp_path).cancel()
    assert_each_row_was_paid_once(book, await until_done(world, book, tmp_path))


# --- nothing is lost ---


async def test_rows_in_the_file_of_errors_have_theirs(world: World, tmp_path: Path) -> None:
    book = AccountBook(fails=lambda text: text in {"1", "4", "5"})
    found = await until_done(world, book, tmp_path)
    assert [result.text for result in found if result.text] == [
        f"answer to {n}" for n in (0, 2, 3, 6)
    ]
    errors = {result.number: result.error for result in found if result.error}
    assert [*errors] == [1, 4, 5]
    assert {(error.code, error.status_code) for error in errors.values()} == {("refused", 500)}
    assert errors[4].message == "no answer to 4"  # all rows of its job failed: no output but this


async def test_rows_sent_again_have_the_apps_own_names(world: World, tmp_path: Path) -> None:
    book = AccountBook(fails=lambda text: text == "0")
    tool = {"type": "function", "function": {"name": "größe", "parameters": {"type": "object"}}}
    choice = {"type": "function", "function": {"name": "größe"}}
    run = client(world, book).batches.run(
        [chat(n, tools=[tool], tool_choice=choice) for n in range(2)],
        model=MODEL,
        directory=tmp_path,
        poll_interval=0,
    )
    await world.collect(run)
    [sent, _] = book.accepted[0].rows
    assert sent["body"]["tools"][0]["function"]["name"] != "größe"
    [again] = run.unanswered()
    assert again["body"]["tools"][0]["function"]["name"] == "größe"
    assert again["body"]["tool_choice"] == choice
    await world.collect(client(world, book).batches.run([again], poll_interval=0))
    assert book.accepted[1].rows == [sent]


async def test_no_key_is_on_disk_or_in_the_log(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = "marked-key-0123456789"
    caplog.set_level("DEBUG", "gemini_openai")
    dice = random.Random(4)
    book = AccountBook(fault=lambda kind: dice.choice([None, None, "lost", 503, 429]))
    await until_done(world, book, tmp_path / "run", api_key=key)
    written = b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir())
    assert b"answer to 0" in written
    assert key.encode() not in written
    assert "batches" in caplog.text
    assert key not in caplog.text


HALF = "\ud83d"


def tools(name: str) -> list[Any]:
    function = {"name": name, "parameters": {"type": "object"}}
    return [{"type": "function", "function": function}]


async def test_a_row_with_half_of_a_character_is_not_sent_and_costs_no_other_row(
    world: World, tmp_path: Path
) -> None:
    book = AccountBook()
    halves: list[Any] = [
        chat(HALF),
        chat(1, custom_id=HALF),
        {"custom_id": HALF},
        chat(1, tools=tools(HALF)),
        {**chat(1), "stop": [HALF]},
    ]
    run = client(world, book).batches.run(
        [*halves, chat(2)], model=MODEL, directory=tmp_path, poll_interval=0
    )
    found = await world.collect(run)
    assert [result.error and result.error.code for result in found] == ["invalid_row"] * 5 + [None]
    assert "half of a character (a lone surrogate)" in str(found[0].error)
    assert found[5].text == "answer to 2"
    assert book.paid() == {"2": 1}


@pytest.mark.parametrize("lost", [(), ("rows.sqlite",)], ids=["whole", "made again"])
async def test_half_of_a_character_that_an_earlier_version_sent_costs_no_answer(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: tuple[str, ...]
) -> None:
    book = AccountBook()
    with monkeypatch.context() as earlier:
        earlier.setattr("gemini_openai.bulk.batches.rows._check_whole", lambda *_: None)
        rows = [chat(f"cut {HALF}", tools=tools("f")), chat(2)]
        run = client(world, book).batches.run(rows, model=MODEL, directory=tmp_path)
        await world.result(run.submit())
    for name in lost:
        (tmp_path / name).unlink()
    run = client(world, book).batches.run(resume=tmp_path, poll_interval=0)
    found = await world.collect(run)
    assert [result.error for result in found] == [None, None]
    assert found[0].text == f"answer to {book.accepted[0].texts[0]}"
    assert found[1].text == "answer to 2"


async def test_half_of_a_character_that_an_earlier_version_sent_can_be_sent_again_whole(
    world: World, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.script(Job(polls=1, end="failed"), path="/batches")
    with monkeypatch.context() as earlier:
        earlier.setattr("gemini_openai.bulk.batches.rows._check_whole", lambda *_: None)
        run = world.client().batches.run([chat(f"cut {HALF}")], model=MODEL, directory=tmp_path)
        await world.result(run.submit())
    run = world.client().batches.run(resume=tmp_path, poll_interval=0)
    await world.collect(run)
    [again] = run.unanswered()
    assert again["body"]["messages"][0]["content"] == "cut \ufffd"


async def test_a_directory_of_an_earlier_version_is_resumed(world: World, tmp_path: Path) -> None:
    book = AccountBook()
    run = client(world, book).batches.run(
        [chat(n) for n in range(ROWS)], model=MODEL, directory=tmp_path, max_rows_per_job=2
    )
    await world.result(run.submit())
    for name in ("remarks.jsonl", "run.lock"):  # which it did not write
        (tmp_path / name).unlink()
    assert_each_row_was_paid_once(book, await until_done(world, book, tmp_path))


# --- locks ---


@pytest.mark.skipif(sys.platform == "win32", reason="another call locks there")
def test_a_file_system_without_locks_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none(file: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    RunLock(tmp_path).check()
    assert "file system without locks" in caplog.text


def test_a_directory_that_cannot_be_written_to_can_be_read_without_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def read_only(path: Any, flags: int, *more: Any) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", read_only)
    RunLock(tmp_path).release()
    os.close(real(tmp_path / "run.lock", os.O_CREAT | os.O_RDWR))  # another user's
    held = RunLock(tmp_path)
    with pytest.raises(BatchError, match=r"driven by another process\."):
        RunLock(tmp_path)
    held.release()


def test_a_lock_that_the_disk_does_not_take_is_an_error_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(BatchError, match=r"cannot be locked.*No space left"):
        RunLock(tmp_path)
