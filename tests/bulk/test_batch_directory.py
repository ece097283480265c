"""The directory of a run: damaged, full, and read again without being driven."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from batch_rows import MODEL, chat, is_creation, jobs_begun, results, row

from gemini_openai import OpenAI
from gemini_openai.bulk import BatchError, read_output
from gemini_openai.bulk.batches.rows import RowMaker
from gemini_openai.bulk.batches.spool import Spool
from gemini_openai.bulk.batches.store import Store
from gemini_openai.emulator import Answer, Emulator, Job, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import World

FULL = Path("/dev/full")  # every write says that there is no space left
needs_full = pytest.mark.skipif(not FULL.exists(), reason="a device of Linux")


STATE = '{"version": 1, "endpoint": "/v1/embeddings", "rows": 0, "bad": 0, "jobs": []}'


@pytest.fixture
def client(emulator: Emulator) -> Iterator[OpenAI]:
    with OpenAI(api_key="any", base_url=emulator.base_url) as client:
        yield client


async def finished(world: World, directory: Path, **options: Any) -> None:
    """A run that is done, in a directory of its own."""
    found = await results(world, [chat(n) for n in range(3)], directory=directory, **options)
    assert all(result.text for result in found)


# --- damage ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"run\.json.*is damaged: EOF"),
        ("[]", r"is damaged(.|\n)*dictionary"),
        ("[" * 50_000, r"is damaged: recursion"),
        ('{"version": 1}', r"is damaged(.|\n)*endpoint(.|\n)*Field required"),
        ('{"version": 1, "endpoint": "", "rows": 1, "bad": 0, "jobs": [5]}', r"jobs\.0"),
        ('{"version": 2}', r"another version"),
        ("{}", r"is damaged"),
        (STATE.replace('"rows": 0', '"rows": 5'), r"do not add up to 5 rows"),
        (STATE.replace("/v1/embeddings", "/v1/other"), r"endpoint is '/v1/other'"),
        (STATE.replace("[]", '[{"number": 1, "rows": 0, "bytes": 0}]'), r"not numbered from 0"),
        (STATE.replace("[]", '[{"number": 0, "rows": 0, "bytes": -1}]'), r"that cannot be"),
        (STATE.replace("[]", '[{"number": 0, "rows": 0, "bytes": 0, "batch_id": ""}]'), "empty id"),
    ],
)
def test_a_damaged_run_is_an_error_that_says_where_its_answers_are(
    client: OpenAI, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "run.json").write_text(text, "utf-8")
    with pytest.raises(BatchError, match=message) as trouble:
        list(client.batches.run(resume=tmp_path))
    if "another" not in message:
        assert "read_output" in str(trouble.value)


async def test_what_a_later_version_wrote_beside_is_passed_over(
    world: World, tmp_path: Path
) -> None:
    await finished(world, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    state = json.loads(path.read_text("utf-8"))
    state["new"] = state["jobs"][0]["new"] = {"a": 1}
    path.write_text(json.dumps(state), "utf-8")
    assert len(await results(world, resume=path)) == 3


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


DAMAGE: dict[str, Any] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"no database, and long enough to be read" * 9),
    "cut": cut,
    "a row lost": lambda path: _commit(path, "DELETE FROM rows WHERE number = 2"),
    "places lost": lambda path: _commit(path, "UPDATE rows SET start = -5"),
}


def _commit(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
async def test_a_database_that_is_damaged_is_made_again_from_the_files(
    world: World,
    emulator: Emulator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Any,
) -> None:
    tool = {"type": "function", "function": {"name": "größe", "parameters": {"type": "object"}}}
    rows = [5, chat(0), row("b"), {"custom_id": "bad"}, chat(1, tools=[tool]), chat(2), "x"]
    before = await results(world, rows, directory=tmp_path / "run", max_rows_per_job=2)
    asked = len(emulator.requests)
    damage(tmp_path / "run" / "rows.sqlite")
    after = await results(world, resume=tmp_path / "run")
    assert [(r.number, r.custom_id, r.response, str(r.error)) for r in after] == [
        (r.number, r.custom_id, r.response, str(r.error)) for r in before
    ]
    assert "was made again" in caplog.text
    assert len(emulator.requests) == asked


async def test_a_database_that_cannot_be_made_again_is_named_with_what_is_lost(
    world: World, tmp_path: Path
) -> None:
    await results(world, [chat(0), 5], directory=tmp_path / "run")
    for name in ("rows.sqlite", "remarks.jsonl"):
        (tmp_path / "run" / name).unlink()
    with pytest.raises(BatchError, match=r"rows\.sqlite.*gone.*remarks\.jsonl.*read_output"):
        await results(world, resume=tmp_path / "run")
    run = world.client().batches.run(resume=tmp_path / "run")
    with pytest.raises(BatchError, match=r"rows\.sqlite.*made again.*resumed"):
        list(run.bad_rows())


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{")])
async def test_an_output_that_is_missing_or_cut_is_fetched_again(
    world: World, emulator: Emulator, tmp_path: Path, damage: Any
) -> None:
    await finished(world, tmp_path / "run")
    damage(tmp_path / "run" / "output-00000.jsonl")
    found = await results(world, resume=tmp_path / "run")
    assert all(result.text for result in found)
    assert jobs_begun(emulator) == 1


async def test_an_output_that_google_has_no_more_costs_its_rows_only(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await finished(world, tmp_path / "run", max_rows_per_job=2)
    (tmp_path / "run" / "output-00000.jsonl").unlink()
    gone = Reply(404, json={"error": {"message": "Gone."}})
    emulator.script(*[gone] * 3, when=lambda r: r.path.startswith("/download/"))
    found = await results(world, resume=tmp_path / "run")
    assert [result.response is not None for result in found] == [False, False, True]
    assert "cannot be retrieved: " in found[0].error.message


async def test_an_input_that_is_lost_before_it_was_sent_stops_the_run(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Reply(400, json={"error": {"message": "No."}}), when=is_creation)
    with pytest.raises(BatchError, match="No"):
        await results(world, [chat(0)], directory=tmp_path)
    cut = tmp_path / "input-00000.jsonl"
    cut.write_bytes(cut.read_bytes()[:-9])
    with pytest.raises(BatchError, match=r"input-00000\.jsonl.*What is lost is its 1 rows"):
        await results(world, resume=tmp_path)
    assert jobs_begun(emulator) == 1


async def test_a_run_whose_state_is_gone_is_not_begun_again(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await finished(world, tmp_path)
    (tmp_path / "run.json").unlink()
    with pytest.raises(BatchError, match=r"run\.json.*is gone.*client\.batches\.list"):
        await results(world, resume=tmp_path)
    with pytest.raises(BatchError, match="has a run already"):
        await results(world, [chat(0)], directory=tmp_path)
    assert jobs_begun(emulator) == 1


@pytest.mark.parametrize("name", ["run.json", "rows.sqlite", "output-00000.jsonl", "run.lock"])
async def test_a_folder_in_the_place_of_a_file_is_an_error_of_the_run(
    world: World, tmp_path: Path, name: str
) -> None:
    await finished(world, tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    with pytest.raises(BatchError, match=name):
        await results(world, resume=tmp_path)


async def test_a_request_that_was_damaged_costs_its_row_only(world: World, tmp_path: Path) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    await results(world, [chat(0, tools=[tool]), chat(1)], directory=tmp_path)
    path = tmp_path / "input-00000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"body"', b'"bode"', 1))
    found = await results(world, resume=tmp_path)
    assert [result.response is not None for result in found] == [False, True]
    run = world.client().batches.run(resume=tmp_path)
    with pytest.raises(BatchError, match=r"Row 0 \(row-0\) cannot be read"):
        list(run.unanswered())


async def test_an_answer_in_the_place_of_anothers_is_nobodys(world: World, tmp_path: Path) -> None:
    await finished(world, tmp_path)
    path = tmp_path / "output-00000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"row-0"', b'"row-9"'))
    found = await results(world, resume=tmp_path)
    assert [result.response is not None for result in found] == [False, True, True]


async def test_an_answer_that_was_damaged_costs_its_row_only(world: World, tmp_path: Path) -> None:
    await finished(world, tmp_path / "run")
    path = tmp_path / "run" / "output-00000.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b"{", b"<") + b"".join(lines[1:]))
    found = await results(world, resume=tmp_path / "run")
    assert sum(result.response is not None for result in found) == 2
    [error] = [result.error for result in found if result.error]
    assert (error.code, "its answer cannot be read" in error.message) == ("missing", True)


async def test_lines_without_an_id_are_nobodys_answer(world: World, emulator: Emulator) -> None:
    whole = {"customId": "a", "response": {"statusCode": 200, "body": {"choices": []}}}
    body = "\n".join(["[]", "{}", json.dumps(whole), "5"]).encode()
    emulator.script(*[Reply(body=body)] * 3, when=lambda r: r.path.startswith("/download/"))
    found = await results(world, [row("a"), row("b")])
    assert found[0].response is not None
    assert found[0].text is found[0].parsed is None
    assert found[1].error.code == "missing"


# --- a full disk ---


@needs_full
async def test_a_disk_that_is_full_while_rows_are_written_sends_nothing(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "input-00000.jsonl").symlink_to(FULL)
    for requests in ([chat("hi")], [chat("x" * 10_000) for _ in range(3)]):
        with pytest.raises(BatchError, match=r"No space left.*Nothing was sent\. Free space"):
            await results(world, requests, directory=tmp_path)
    assert not emulator.requests


@needs_full
async def test_a_disk_that_is_full_when_the_run_is_noted_sends_nothing(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "run.json.new").symlink_to(FULL)
    with pytest.raises(BatchError, match=r"run cannot be written.*No space left") as trouble:
        await results(world, [chat("hi")], directory=tmp_path)
    assert trouble.value.directory is None
    assert not emulator.requests


@needs_full
async def test_a_disk_that_is_full_on_the_way_keeps_what_was_sent(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    run = world.client().batches.run([chat("hi")], model=MODEL, directory=tmp_path)
    await world.result(run.submit())
    (tmp_path / "output-00000.part").symlink_to(FULL)
    with pytest.raises(BatchError, match=r"could not be written.*No space left.*resume=") as full:
        await results(world, resume=tmp_path)
    assert full.value.directory == tmp_path
    (tmp_path / "output-00000.part").unlink()
    (tmp_path / "run.json.new").symlink_to(FULL)
    with pytest.raises(BatchError, match=r"run cannot be written.*resume="):
        await results(world, resume=tmp_path)
    (tmp_path / "run.json.new").unlink()
    assert (await results(world, resume=tmp_path))[0].text
    assert jobs_begun(emulator) == 1


@pytest.mark.parametrize("good", [True, False])
def test_a_table_that_is_full_is_a_full_disk(client: OpenAI, tmp_path: Path, good: bool) -> None:
    store = Store(tmp_path)
    spool = Spool(store, RowMaker(client, None, {"model": MODEL}), 2000, 1 << 20)
    store.db().execute("PRAGMA max_page_count = 8")

    def fill() -> None:
        for n in range(2000):
            spool.add(chat(n) if good else n)

    with pytest.raises(BatchError, match=r"is full.*Nothing was sent\. Free space") as full:
        fill()
    assert isinstance(full.value.__cause__, sqlite3.OperationalError)
    spool.discard()


async def test_a_directory_that_cannot_be_written_to_is_to_be_checked_and_not_emptied(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "rows.sqlite").mkdir()
    with pytest.raises(BatchError, match=r"^The run could not be written to .*rows\.sqlite") as no:
        await results(world, [chat("hi")], directory=tmp_path)
    assert str(no.value).endswith("Nothing was sent. Check that directory, or give another.")
    (tmp_path / "rows.sqlite").rmdir()
    (tmp_path / "input-00000.jsonl").mkdir()
    with pytest.raises(BatchError, match=r"^Row 0 could not be written to .*Check that directory"):
        await results(world, [chat("hi")], directory=tmp_path)
    assert not emulator.requests


async def test_a_temporary_directory_that_cannot_be_written_to_is_removed(world: World) -> None:
    run = world.client().batches.run([chat("hi")], model=MODEL)
    (run.directory / "rows.sqlite").mkdir()
    with pytest.raises(BatchError, match=r"could not be written"):
        await world.collect(run)
    assert not run.directory.exists()


# --- looking at a run ---


async def test_a_run_can_be_looked_at_without_being_driven(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Job(polls=1, end="failed"), path="/batches")
    await results(world, [chat(0), 5], directory=tmp_path)
    asked = len(emulator.requests)
    run = world.client().batches.run(resume=tmp_path)
    assert run.batch_ids == []
    assert [number for number, _ in run.bad_rows()] == [1]
    assert [given["custom_id"] for given in run.unanswered()] == ["row-0"]
    assert len(run.batch_ids) == 1
    assert len(emulator.requests) == asked
    found = await world.collect(run)
    assert [result.error.code for result in found] == ["failed", "invalid_row"]


async def test_a_run_that_is_cancelled_and_then_looked_at_stays_cancelled(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script(Job(polls=100), path="/batches")
    await world.result(
        world.client().batches.run([chat(0)], model=MODEL, directory=tmp_path).submit()
    )
    run = world.client().batches.run(resume=tmp_path, poll_interval=0.01, max_poll_interval=0.01)
    run.cancel()
    assert [*run.unanswered()] == []  # its job goes on: it would be paid for twice
    [found] = await world.collect(run)
    assert found.error.code == "cancelled"


async def test_thoughts_in_answers_are_told_from_text(world: World, emulator: Emulator) -> None:
    thought = Answer("fig", thoughts="Fruit?")
    emulator.script(Job(polls=1, row=lambda line: thought), path="/batches")
    thinking = {"google": {"thinking_config": {"include_thoughts": True}}}
    [found] = await results(world, [chat("hi", extra_body=thinking)])
    assert found.text == "fig"
    assert found.embedding is None


async def test_a_run_that_fails_while_rows_are_read_leaves_nothing(world: World) -> None:
    def requests() -> Iterator[Any]:
        yield chat("hi")
        raise RuntimeError("no more")

    run = world.client().batches.run(requests(), model=MODEL)
    with pytest.raises(RuntimeError, match="no more"):
        await world.collect(run)
    assert not run.directory.exists()


async def test_progress_is_told_while_rows_are_checked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gemini_openai.bulk.batches.run._REPORT_EVERY", 2)
    monkeypatch.setattr("gemini_openai.bulk.batches.run._YIELD_EVERY", 2)
    told: list[Any] = []
    await results(world, [chat(0), 5, chat(1)], on_progress=told.append)
    assert told[0][:6] == ("checking", 2, 1, 1, 0, 0)


def test_an_output_of_vectors_is_read() -> None:
    body = {"data": [{"embedding": [0.5]}], "model": "models/m"}
    line = json.dumps({"custom_id": "a", "response": {"status_code": 200, "body": body}})
    [found] = read_output(["\n", line], "embeddings")
    assert found.embedding == [0.5]
