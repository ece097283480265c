"""`batches.run` when the answer that named a job is lost: it is never begun twice unasked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from batch_rows import MODEL, chat, is_creation, is_list, jobs_begun, results

from gemini_openai.bulk import BatchError
from gemini_openai.emulator import Drop, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

    from gemini_openai.emulator import Emulator


async def begin_and_forget(world: World, directory: Path) -> str:
    """A run that was killed before the answer to its creation came; the id that it missed."""
    run = world.client().batches.run([chat("hi")], model=MODEL, directory=directory)
    await world.result(run.submit())
    [missed] = run.batch_ids
    write_job(directory, batch_id=None, status="")
    return str(missed)


def write_job(directory: Path, **fields: Any) -> None:
    state = json.loads((directory / "run.json").read_text("utf-8"))
    state["jobs"][0].update(fields)
    (directory / "run.json").write_text(json.dumps(state), "utf-8")


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
async def test_a_lost_job_is_not_begun_again_when_the_list_cannot_be_read(
    world: World, emulator: Emulator, tmp_path: Path, status: int
) -> None:
    client = world.client(max_retries=0)
    refusal = Reply(status, json={"error": {"message": "Not now."}})
    passing = status in {429, 500, 503}
    emulator.script(Drop(after=3), when=is_creation)
    emulator.script(*[refusal] * (11 if passing else 1), when=is_list)
    with pytest.raises(BatchError, match=r"may have begun.*Not now") as stopped:
        await results(world, [chat("hi")], client=client, directory=tmp_path / "run")
    assert f"{tmp_path / 'run' / 'run.json'}" in str(stopped.value)
    assert "begin_lost_jobs=True" in str(stopped.value)
    assert jobs_begun(emulator) == 1
    # It is looked for again when the run is resumed.
    assert (await results(world, resume=tmp_path / "run"))[0].text
    assert jobs_begun(emulator) == 1


async def test_a_run_that_was_killed_is_not_begun_again_when_the_list_cannot_be_read(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await begin_and_forget(world, tmp_path)
    emulator.script(Reply(403, json={"error": {"message": "Not yours."}}), when=is_list)
    with pytest.raises(BatchError, match=r"may have begun.*Not yours"):
        await results(world, resume=tmp_path)
    assert jobs_begun(emulator) == 1


async def test_a_list_that_recovers_is_read(world: World, emulator: Emulator) -> None:
    emulator.script(Drop(after=3), when=is_creation)
    emulator.script(Reply(503), Drop(), when=is_list)
    found = await results(world, [chat("hi")], client=world.client(max_retries=0))
    assert found[0].text
    assert jobs_begun(emulator) == 1


async def test_a_list_that_does_not_name_inputs_is_no_answer(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    missed = await begin_and_forget(world, tmp_path)
    unnamed = {"id": missed, "status": "in_progress", "created_at": emulator.now()}
    emulator.script(Reply(json={"data": [unnamed], "has_more": False}), when=is_list)
    with pytest.raises(BatchError, match=rf"does not name the input of {missed}\."):
        await results(world, resume=tmp_path)
    assert jobs_begun(emulator) == 1


async def test_a_lost_job_is_begun_again_when_told(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await begin_and_forget(world, tmp_path)
    emulator.script(Reply(503), when=is_list)
    client = world.client(max_retries=0)
    found = await results(world, client=client, resume=tmp_path, begin_lost_jobs=True)
    assert found[0].text
    assert jobs_begun(emulator) == 2


async def test_a_job_that_is_lost_once_more_is_not_begun_unasked(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await begin_and_forget(world, tmp_path)
    emulator.script(Reply(403), Reply(403), when=is_list)
    emulator.script(Drop(after=3), when=is_creation)
    client = world.client(max_retries=0)
    with pytest.raises(BatchError, match=r"may have begun"):
        await results(world, client=client, resume=tmp_path, begin_lost_jobs=True)
    assert jobs_begun(emulator) == 2


async def test_a_lost_job_that_is_found_is_not_begun_even_when_told(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    await begin_and_forget(world, tmp_path)
    found = await results(world, resume=tmp_path, begin_lost_jobs=True)
    assert found[0].text
    assert jobs_begun(emulator) == 1


async def test_the_id_of_a_lost_job_can_be_written_into_the_run(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    missed = await begin_and_forget(world, tmp_path)
    write_job(tmp_path, batch_id=missed)
    assert (await results(world, resume=tmp_path))[0].text
    assert jobs_begun(emulator) == 1
    assert not any(is_list(request) for request in emulator.requests)


async def test_the_list_is_read_page_by_page_back_to_the_upload(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    missed = await begin_and_forget(world, tmp_path)
    job = json.loads((tmp_path / "run.json").read_text("utf-8"))["jobs"][0]

    def page(id: str, input_file_id: str) -> Reply:
        batch = {
            "id": id,
            "input_file_id": input_file_id,
            "status": "in_progress",
            "created_at": job["input_created_at"],
        }
        return Reply(json={"data": [batch], "has_more": True})

    newer = [page(f"batches/{n}", "files/another") for n in range(12)]
    emulator.script(*newer, page(missed, job["input_file_id"]), when=is_list)
    assert (await results(world, resume=tmp_path))[0].text
    assert jobs_begun(emulator) == 1


@pytest.mark.parametrize("answer", [{}, [], "hello"], ids=["no id", "a list", "a text"])
async def test_an_answer_that_names_no_batch_is_a_lost_one(
    world: World, emulator: Emulator, answer: Any
) -> None:
    emulator.script(Reply(json=answer), Reply(body=b"<html>"), when=is_creation)
    found = await results(world, [chat("hi")])
    assert found[0].text
    assert sum(map(is_list, emulator.requests)) == 6  # a job that is not in it is looked for thrice
    assert jobs_begun(emulator) == 3  # the emulator began none for the first two


async def test_begin_lost_jobs_is_about_a_run_that_is_resumed(world: World) -> None:
    with pytest.raises(TypeError, match=r"begin_lost_jobs=.*resume="):
        world.client().batches.run([chat("hi")], begin_lost_jobs=True)
