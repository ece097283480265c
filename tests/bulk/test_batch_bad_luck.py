"""`batches.run` when jobs end badly, outputs are cut, disks are full and processes killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from batch_rows import CHAT, MODEL, chat, jobs_begun, results, row, uploads

from gemini_openai import APIStatusError, NotSupportedError, OpenAI
from gemini_openai.bulk import BatchError, BatchProgress, read_output
from gemini_openai.emulator import Drop, Emulator, Job, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World


@pytest.mark.parametrize("end", ["failed", "expired"])
async def test_a_job_that_ends_badly_costs_its_rows_only(
    world: World, emulator: Emulator, end: Any
) -> None:
    emulator.script(Job(polls=1, end=end, message="It broke."), path="/batches")
    run = world.client().batches.run(
        [chat(n) for n in range(4)], model=MODEL, poll_interval=0, max_rows_per_job=2
    )
    found = await world.collect(run)
    assert [result.response is not None for result in found] == [False, False, True, True]
    for result in found[:2]:
        assert result.error.code == end
        assert "run.unanswered()" in result.error.message
    assert ("It broke." in found[0].error.message) is (end == "failed")
    again = [given["body"]["messages"][0]["content"] for given in run.unanswered()]
    assert again == ["0", "1"]
    second = await results(world, list(run.unanswered()))
    assert [result.custom_id for result in second] == ["row-0", "row-1"]
    assert all(result.text for result in second)
    run.delete()
    assert not run.directory.exists()


async def test_a_row_that_is_refused_has_the_servers_words(
    world: World, emulator: Emulator
) -> None:
    def answer(line: Any) -> Any:
        refused = line["custom_id"] == "b"
        return Reply(400, json={"error": {"code": 400, "message": "No."}}) if refused else None

    emulator.script(Job(polls=1, row=answer), path="/batches")
    found = await results(world, [row("a"), row("b"), row("c")])
    assert [result.response is not None for result in found] == [True, False, True]
    error = found[1].error
    assert (error.code, error.status_code, error.message) == ("refused", 400, "No.")


async def test_rows_that_the_output_lacks_are_named(world: World, emulator: Emulator) -> None:
    emulator.script(
        Job(polls=1, row=lambda line: Drop() if line["custom_id"] == "b" else None),
        path="/batches",
    )
    found = await results(world, [row("a"), row("b"), row("c")])
    assert [result.response is not None for result in found] == [True, False, True]
    assert found[1].error.code == "missing"


def is_download(request: Any) -> bool:
    return request.path.startswith("/download/")


async def test_an_output_that_is_cut_is_downloaded_again(world: World, emulator: Emulator) -> None:
    emulator.script(Drop(after=500), Drop(after=900, reset=True), when=is_download)
    found = await results(world, [chat(n) for n in range(5)])
    assert all(result.text for result in found)


async def test_an_output_that_stays_cut_gives_the_rows_it_has(
    world: World, emulator: Emulator
) -> None:
    whole = {"custom_id": "a", "response": {"status_code": 200, "body": {"choices": []}}}
    cut = json.dumps(whole).encode() + b'\n{"custom_id": "b", "resp'
    emulator.script(*[Reply(body=cut)] * 3, when=is_download)
    found = await results(world, [row("a"), row("b")])
    assert found[0].response is not None
    assert found[1].error.code == "missing"


async def test_an_output_that_cannot_be_downloaded_now_can_be_later(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    client = world.client(max_retries=0)
    emulator.script(*[Reply(503)] * 3, when=is_download)
    with pytest.raises(BatchError, match=r"could not be downloaded.*resume=") as stopped:
        await results(world, [chat("hi")], client=client, directory=tmp_path / "run")
    assert stopped.value.directory == tmp_path / "run"
    found = await results(world, resume=stopped.value.directory)
    assert found[0].text
    assert jobs_begun(emulator) == 1


async def test_a_run_whose_key_is_refused_goes_on_with_another(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    client = world.client(api_key="bad-key")
    with pytest.raises(BatchError, match=r"could not be uploaded.*API key") as stopped:
        await results(world, [chat("hi")], client=client, directory=tmp_path / "run")
    assert isinstance(stopped.value.__cause__, APIStatusError)
    assert (await results(world, resume=tmp_path / "run"))[0].text


# --- resuming ---


async def test_a_run_that_was_left_goes_on_where_it_was(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    directory = tmp_path / "run"
    run = world.client().batches.run(
        [chat(n) for n in range(6)],
        model=MODEL,
        poll_interval=0,
        max_rows_per_job=2,
        directory=directory,
    )
    await world.result(run.submit())
    assert len(run.batch_ids) == jobs_begun(emulator) == 3
    found = await results(world, resume=directory / "run.json")
    assert [result.text.rpartition(" ")[2] for result in found] == list("012345")
    assert (jobs_begun(emulator), uploads(emulator)) == (3, 3)
    again = await results(world, resume=directory)
    assert [result.text for result in again] == [result.text for result in found]


async def test_a_crash_between_the_request_and_its_answer_costs_nothing(
    world: World, emulator: Emulator, tmp_path: Path
) -> None:
    directory = tmp_path / "run"
    run = world.client().batches.run([chat("hi")], model=MODEL, directory=directory)
    await world.result(run.submit())
    state = json.loads((directory / "run.json").read_text("utf-8"))
    state["jobs"][0].update(batch_id=None, status="")
    (directory / "run.json").write_text(json.dumps(state), "utf-8")
    assert (await results(world, resume=directory))[0].text
    assert jobs_begun(emulator) == 1


async def test_a_directory_has_one_run(world: World, tmp_path: Path) -> None:
    await results(world, [chat("hi")], directory=tmp_path / "run")
    with pytest.raises(BatchError, match=r"has a run already"):
        await results(world, [chat("hi")], directory=tmp_path / "run")
    with pytest.raises(BatchError, match=r"no run to resume.*run\.json"):
        await results(world, resume=tmp_path)


async def test_what_is_done_leaves_no_traces(world: World, emulator: Emulator) -> None:
    run = world.client().batches.run([chat("hi")], model=MODEL, poll_interval=0)
    assert (await world.collect(run))[0].text
    assert not run.directory.exists()
    assert all(file.generated for file in emulator.files.values())  # the input is deleted


async def test_a_run_is_cancelled_on_request(world: World, emulator: Emulator) -> None:
    run: Any = None

    def stop(progress: BatchProgress) -> None:
        if progress.state == "waiting":
            run.cancel()

    run = world.client().batches.run(
        [chat(n) for n in range(4)],
        model=MODEL,
        poll_interval=0,
        max_rows_per_job=2,
        concurrency=1,
        on_progress=stop,
    )
    found = await world.collect(run)
    assert [result.error.code for result in found] == ["cancelled"] * 4
    assert jobs_begun(emulator) == 1
    assert sum(r.path.endswith("/cancel") for r in emulator.requests) == 1
    run.delete()


async def test_a_run_that_is_cancelled_before_it_began_sends_nothing(
    world: World, emulator: Emulator
) -> None:
    run = world.client().batches.run([chat("hi")], model=MODEL)
    run.cancel()
    [result] = await world.collect(run)
    assert result.error.code == "cancelled"
    assert emulator.requests == []
    run.delete()


async def test_a_run_that_crashes_while_it_is_cancelled_begins_nothing_when_it_is_resumed(
    world: World, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(batch_id: str) -> None:
        raise RuntimeError("killed")

    client = world.client()
    run = client.batches.run(
        [chat(n) for n in range(4)],
        model=MODEL,
        directory=tmp_path / "run",
        max_rows_per_job=1,
        concurrency=2,
    )
    await world.result(run.submit())
    run.cancel()
    monkeypatch.setattr(client.batches, "cancel", crash)
    with pytest.raises(RuntimeError, match="killed"):
        await world.result(run.submit())
    found = await results(world, resume=tmp_path / "run")
    assert [result.error and result.error.code for result in found[2:]] == ["cancelled"] * 2
    assert jobs_begun(emulator) == 2


def test_a_run_that_is_left_says_where_it_is(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    with OpenAI(api_key="any", base_url=emulator.base_url) as client:
        run = client.batches.run([chat(n) for n in range(4)], model=MODEL, poll_interval=0)
        results = iter(run)
        assert next(results).text
        results.close()  # type: ignore[attr-defined]
        assert str(run.directory) in caplog.text
        resumed = client.batches.run(resume=run.directory)
        assert [result.number for result in resumed] == [0, 1, 2, 3]
    run.delete()


async def test_a_run_that_is_over_cannot_be_read_again(world: World) -> None:
    run = world.client().batches.run([chat("hi")], model=MODEL, poll_interval=0)
    await world.collect(run)
    with pytest.raises(BatchError, match=r"directory"):
        await world.collect(run)


async def test_an_output_that_was_downloaded_is_read(world: World, emulator: Emulator) -> None:
    client = world.client()
    lines = b"".join(json.dumps(row(id)).encode() + b"\n" for id in ("a", "b"))
    file = await world.result(client.files.create(file=lines, purpose="batch"))
    batch = await world.result(
        client.batches.create(input_file_id=file.id, endpoint=CHAT, completion_window="24h")
    )
    while batch.status != "completed":
        batch = await world.result(client.batches.retrieve(batch.id))
    content = await world.result(client.files.content(batch.output_file_id))
    found = {result.custom_id: result for result in read_output(content.iter_lines())}
    assert {*found} == {"a", "b"}
    answer = found["a"].response
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.prompt_tokens >= 1
    assert isinstance(answer.created, int)
    cut, refused = read_output(['{"cu', '{"custom_id": "c", "error": {"message": "No."}}'])
    assert (cut.error.code, refused.error.message) == ("missing", "No.")


def test_vertex_has_no_batches() -> None:
    client = OpenAI(vertexai=True, project="p", location="global", api_key="token")
    with client, pytest.raises(NotSupportedError, match=r"google-genai"):
        client.batches.run([chat("hi")])


CRASH = """
import os, signal, sys
from gemini_openai import OpenAI

def die(progress):
    if progress.state == sys.argv[3] and progress.jobs_ended >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

client = OpenAI(api_key="any", base_url=sys.argv[1])
requests = ({"messages": [{"role": "user", "content": f"number {n}"}]} for n in range(300))
run = client.batches.run(
    requests, model="gemini-2.5-flash", directory=sys.argv[2], poll_interval=0,
    max_rows_per_job=100, concurrency=2, on_progress=die,
)
print(sum(1 for _ in run))
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("state", "ended"), [("uploading", 0), ("waiting", 0), ("downloading", 0), ("waiting", 2)]
)
def test_a_process_killed_on_the_way_is_resumed_with_nothing_lost_or_paid_twice(
    emulator: Emulator, tmp_path: Path, state: str, ended: int
) -> None:
    directory = tmp_path / "run"
    crashed = subprocess.run(
        [sys.executable, "-c", CRASH, emulator.base_url, directory, state, str(ended)],
        capture_output=True,
        timeout=50,
        check=False,
    )
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr.decode()
    with OpenAI(api_key="any", base_url=emulator.base_url) as client:
        found = list(client.batches.run(resume=directory, poll_interval=0))
    assert [result.text.rpartition(" ")[2] for result in found] == [str(n) for n in range(300)]
    assert (jobs_begun(emulator), uploads(emulator)) == (3, 3)


# --- the disk ---

FULL = """
import resource, signal, sys
from gemini_openai import OpenAI
from gemini_openai.bulk import BatchError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
client = OpenAI(api_key="any", base_url=sys.argv[1])

def fill(progress):
    if progress.state == sys.argv[3]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))

if sys.argv[3] == "checking":
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
requests = ({"messages": [{"role": "user", "content": f"number {n}"}]} for n in range(400))
try:
    list(client.batches.run(requests, model="gemini-2.5-flash", directory=sys.argv[2],
                            poll_interval=0, on_progress=fill))
except BatchError as trouble:
    print(trouble)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
@pytest.mark.parametrize(
    ("state", "message", "paid"),
    [("checking", "Nothing was sent", 0), ("downloading", "go on with batches.run(resume=", 1)],
)
def test_a_full_disk_is_an_error_that_keeps_what_was_paid_for(
    emulator: Emulator, tmp_path: Path, state: str, message: str, paid: int
) -> None:
    directory = tmp_path / "run"
    full = subprocess.run(
        [sys.executable, "-c", FULL, emulator.base_url, directory, state],
        capture_output=True,
        timeout=50,
        text=True,
        check=True,
    )
    assert message in full.stdout, full.stderr
    assert jobs_begun(emulator) == paid
    if paid:
        with OpenAI(api_key="any", base_url=emulator.base_url) as client:
            found = list(client.batches.run(resume=directory, poll_interval=0))
        assert all(result.text for result in found)
        assert jobs_begun(emulator) == 1
