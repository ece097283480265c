"""`batches.run`: rows in order, bad rows named, and how it is waited for."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from batch_rows import MODEL, chat, is_creation, jobs_begun, results, row
from pydantic import BaseModel, ValidationError

from gemini_openai.bulk import BatchError, BatchProgress, BatchRowError
from gemini_openai.emulator import Answer, Drop, Emulator, Job, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import World

# --- rows ---


async def test_answers_come_in_the_order_of_the_requests(world: World, emulator: Emulator) -> None:
    found = await results(world, (chat(f"number {n}") for n in range(40)), max_rows_per_job=15)
    assert [result.number for result in found] == list(range(40))
    assert [result.custom_id for result in found] == [f"row-{n}" for n in range(40)]
    for n, result in enumerate(found):
        assert result.error is None
        assert type(result.response).__name__ == "ChatCompletion"
        assert result.text.endswith(f"number {n}")
    assert jobs_begun(emulator) == 3


async def test_the_files_are_split_where_google_would_refuse_them(
    world: World, emulator: Emulator
) -> None:
    found = await results(world, [chat("x" * 300) for _ in range(10)], max_bytes_per_job=1500)
    assert all(result.text for result in found)
    sizes = [
        int(request.headers["x-goog-upload-header-content-length"])
        for request in emulator.requests
        if "x-goog-upload-header-content-length" in request.headers
    ]
    assert len(sizes) == 4
    assert max(sizes) <= 1500


async def test_prepared_rows_keep_their_ids(world: World) -> None:
    found = await results(world, [row("b"), row("a")])
    assert [(result.number, result.custom_id) for result in found] == [(0, "b"), (1, "a")]


async def test_answers_have_the_apps_own_names_of_functions(world: World) -> None:
    tools = [{"type": "function", "function": {"name": name}} for name in ("1st", "second")]
    found = await results(world, [chat("hi", tools=[tool]) for tool in tools])
    calls = [result.response.choices[0].message.tool_calls[0] for result in found]
    assert [call.function.name for call in calls] == ["1st", "second"]


async def test_a_file_of_rows_is_read_line_by_line(world: World, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f"{json.dumps(row('a'))}\n\nno json\n{json.dumps(chat('hi'))}\n", "utf-8")
    found = await results(world, path)
    assert [result.custom_id for result in found] == ["a", "row-1", "row-2"]
    assert [result.response is not None for result in found] == [True, False, True]
    assert "one JSON object" in str(found[1].error)
    assert [r.custom_id for r in await results(world, str(path))] == ["a", "row-1", "row-2"]


async def test_bad_rows_are_reported_by_number_and_the_others_answered(world: World) -> None:
    bad: dict[int, tuple[Any, str]] = {
        1: (5, "int"),
        2: (row("x", url="/v1/responses"), "/v1/embeddings"),
        3: (row("a"), "that of row 0"),
        4: ({"messages": []}, "no messages"),
        5: (chat("hi", stream=True), "stream"),
        6: (chat("hi", temperature=object()), "JSON"),
        7: (row("y", url="/v1/embeddings"), "one endpoint"),
        8: ({**row("z"), "body": "text"}, "body"),
        9: (chat("x" * 4000), "bytes"),
    }
    requests = [row("a"), *(given for given, _ in bad.values()), row("b")]
    run = world.client().batches.run(requests, model=MODEL, poll_interval=0, max_bytes_per_job=2000)
    found = await world.collect(run)
    assert [result.custom_id for result in found if result.response] == ["a", "b"]
    for number, (_, word) in bad.items():
        error = found[number].error
        assert isinstance(error, BatchRowError)
        assert (error.number, error.code) == (number, "invalid_row")
        assert word in error.message
        assert str(error).startswith(f"Row {number} ")
    assert [number for number, _ in run.bad_rows()] == list(bad)
    run.delete()


async def test_a_row_needs_a_model(world: World) -> None:
    found = await results(world, [chat("hi", model=MODEL), chat("hi")], model="")
    assert found[0].text
    assert "run(model=...)" in found[1].error.message


@pytest.mark.parametrize(
    ("requests", "message"),
    [([], r"There are no rows"), ([5, {}], r"None of the rows can be sent.*\n.*row 0.*\nrow 1")],
)
async def test_nothing_to_send_is_an_error(
    world: World, emulator: Emulator, requests: Any, message: str
) -> None:
    with pytest.raises(BatchError, match=message) as trouble:
        await results(world, requests)
    assert trouble.value.directory is None
    assert not emulator.requests


async def test_a_missing_and_an_empty_file_are_errors(world: World, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.jsonl"):
        await results(world, tmp_path / "missing.jsonl")
    (tmp_path / "empty.jsonl").write_bytes(b"")
    with pytest.raises(BatchError, match=r"no rows"):
        await results(world, tmp_path / "empty.jsonl")


async def test_arguments_are_checked_at_once(world: World, tmp_path: Path) -> None:
    client = world.client()
    with pytest.raises(ValueError, match=r"/v1/completions"):
        client.batches.run([], endpoint="/v1/completions")
    with pytest.raises(ValueError, match=r"concurrency"):
        client.batches.run([], concurrency=0)
    with pytest.raises(TypeError, match=r"resume="):
        client.batches.run()
    with pytest.raises(TypeError, match=r"directory="):
        client.batches.run(resume=tmp_path, directory=tmp_path)


async def test_rows_go_through_the_dialect_like_single_calls(world: World, tmp_path: Path) -> None:
    given = {"messages": [{"role": "developer", "content": "s"}, *chat("hi")["messages"]]}
    run = world.client().batches.run(
        [{**given, "model": f"google/{MODEL}"}], poll_interval=0, directory=tmp_path
    )
    assert (await world.collect(run))[0].text
    sent = json.loads((tmp_path / "input-00000.jsonl").read_text("utf-8"))
    assert sent["body"]["model"] == MODEL
    assert [message["role"] for message in sent["body"]["messages"]] == ["system", "user"]


class Fruit(BaseModel):
    name: str
    sweet: bool


async def test_answers_are_parsed_as_a_type(world: World, emulator: Emulator) -> None:
    def answer(line: Any) -> Answer:
        text = line["body"]["messages"][0]["content"]
        return Answer('{"name": "fig", "sweet": true}' if text == "fig" else "a fig")

    emulator.script(Job(polls=1, row=answer), path="/batches")
    good, bad = await results(world, [chat("fig"), chat("no fig")], response_format=Fruit)
    assert good.parsed == Fruit(name="fig", sweet=True)
    assert good.error is None
    assert isinstance(bad.error, ValidationError)
    assert bad.text == "a fig"


async def test_texts_are_embedded(world: World) -> None:
    found = await results(world, [{"input": "a"}, {"input": "b"}], model="gemini-embedding-001")
    assert [type(result.response).__name__ for result in found] == ["CreateEmbeddingResponse"] * 2
    assert all(len(result.embedding) == 3072 for result in found)
    assert found[0].response.model == "gemini-embedding-001"


async def test_progress_is_told(world: World) -> None:
    told: list[BatchProgress] = []
    await results(world, [chat(n) for n in range(4)] + [5], on_progress=told.append)
    assert {step.state for step in told} == {"uploading", "waiting", "downloading", "done"}
    assert told[-1][:6] == ("done", 5, 5, 1, 1, 1)
    done = [step.done for step in told]
    assert done == sorted(done)


# --- waiting ---


async def test_looks_at_a_job_become_rarer_while_nothing_moves(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client()
    waits: list[float] = []
    now = [1_000_000.0]

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    async def wait_async(seconds: float) -> None:
        wait(seconds)

    monkeypatch.setattr(client.batches, "_sleep", wait_async if world.is_async else wait)
    monkeypatch.setattr("gemini_openai.bulk.batches.run.time.time", lambda: now[0])
    running = {"id": "batches/a", "status": "in_progress"}
    emulator.script(Reply(json=running), path="/batches")
    emulator.script(
        *[Reply(json=running)] * 6,
        Reply(json={"id": "batches/a", "status": "failed"}),
        path="/batches/batches/a",
    )
    await results(world, [chat("hi")], client=client, poll_interval=4, max_poll_interval=10)
    assert waits == [4, 6, 9, 10, 10, 10]


async def test_no_more_jobs_are_open_than_wanted(world: World, emulator: Emulator) -> None:
    open_jobs: list[int] = []

    def count_open(progress: BatchProgress) -> None:
        open_jobs.append(jobs_begun(emulator) - progress.jobs_ended)

    found = await results(
        world,
        [chat(n) for n in range(6)],
        max_rows_per_job=1,
        concurrency=2,
        on_progress=count_open,
    )
    assert len(found) == jobs_begun(emulator) == 6
    assert max(open_jobs) == 2


async def test_a_server_that_has_enough_gets_the_next_job_later(
    world: World, emulator: Emulator
) -> None:
    number = count()

    def full_at_the_second(request: Any) -> bool:
        return request.path.endswith("/batches") and next(number) == 1

    emulator.script(Reply(429, json={"error": {"message": "Enough."}}), when=full_at_the_second)
    found = await results(world, [chat(n) for n in range(2)], max_rows_per_job=1)
    assert all(result.text for result in found)


async def test_a_look_that_fails_is_taken_again(world: World, emulator: Emulator) -> None:
    emulator.script(
        Reply(503), Drop(), when=lambda r: r.method == "GET" and "/batches/batches/" in r.path
    )
    client = world.client(max_retries=0)
    assert (await results(world, [chat("hi")], client=client))[0].text


async def test_a_job_that_may_have_begun_is_not_begun_again(
    world: World, emulator: Emulator
) -> None:
    """The server began the job, and its answer was lost."""
    emulator.script(Drop(after=3), when=is_creation)
    found = await results(world, [chat("hi")])
    assert found[0].text
    assert jobs_begun(emulator) == 1


async def test_async_requests_may_be_an_async_iterable(emulator: Emulator) -> None:
    from gemini_openai import AsyncOpenAI

    async def requests() -> Any:
        for n in range(3):
            yield chat(n)

    told: list[str] = []

    async def tell(progress: BatchProgress) -> None:
        told.append(progress.state)

    async with AsyncOpenAI(api_key="any", base_url=emulator.base_url) as client:
        run = client.batches.run(requests(), model=MODEL, poll_interval=0, on_progress=tell)
        found = [result async for result in run]
    assert [result.number for result in found] == [0, 1, 2]
    assert told[-1] == "done"
