"""Batches: statuses by polls and by the clock, rows that are really run, output as recorded."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulator.file_transfer import KEY, upload

from gemini_openai.emulator import Answer, Drop, Emulator, Job, Reply, faults
from gemini_openai.emulator.answers.catalogue import Catalogue
from gemini_openai.emulator.answers.quirks import Quirks
from gemini_openai.emulator.http.blob import Blob
from gemini_openai.emulator.state.batch_rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHAT = "/v1/chat/completions"
EMBED = "/v1/embeddings"


def row(id: str, said: str = "Hello", **fields: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": said}]
    body = {"model": "gemini-2.5-flash", "messages": messages, **fields}
    return {"custom_id": id, "method": "POST", "url": CHAT, "body": body}


def vectors(id: str, text: str) -> dict[str, Any]:
    body = {"model": "gemini-embedding-001", "input": text, "dimensions": 4}
    return {"custom_id": id, "method": "POST", "url": EMBED, "body": body}


class Batches:
    """A client of both kinds of routes."""

    def __init__(self, emulator: Emulator, http: httpx.Client) -> None:
        self.emulator = emulator
        self.http = http

    def input(self, rows: Iterable[dict[str, Any]] | bytes) -> str:
        data = (
            rows
            if isinstance(rows, bytes)
            else b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        )
        with httpx.Client(verify=False, timeout=5) as web:
            name: str = upload(web, self.emulator, data, "jsonl")["name"]
        return name

    def post(self, file: str, endpoint: str = CHAT, **fields: Any) -> httpx.Response:
        body = {"input_file_id": file, "endpoint": endpoint, "completion_window": "24h"}
        return self.http.post("batches", json={**body, **fields})

    def create(
        self, rows: Iterable[dict[str, Any]] | bytes, endpoint: str = CHAT
    ) -> dict[str, Any]:
        response = self.post(self.input(rows), endpoint)
        assert response.status_code == 200, response.text
        batch: dict[str, Any] = response.json()
        return batch

    def get(self, id: str, quirks: str = "") -> dict[str, Any]:
        headers = {"x-emulator-quirks": quirks}
        batch: dict[str, Any] = self.http.get(f"batches/{id}", headers=headers).json()
        return batch

    def native(self, method: str, path: str) -> httpx.Response:
        with httpx.Client(verify=False, timeout=5, follow_redirects=True) as web:
            return web.request(method, f"{self.emulator.origin}/v1beta/{path}", headers=KEY)

    def done(
        self, rows: Iterable[dict[str, Any]] | bytes, endpoint: str = CHAT, quirks: str = ""
    ) -> dict[str, Any]:
        """The batch at its end."""
        batch = self.create(rows, endpoint)
        while batch["status"] in {"validating", "in_progress", "finalizing"}:
            batch = self.get(batch["id"], quirks)
        return batch

    def output(self, batch: dict[str, Any]) -> list[dict[str, Any]]:
        downloaded = self.native("GET", f"{batch['output_file_id']}:download?alt=media")
        return [json.loads(line) for line in downloaded.text.splitlines()]

    def results(self, *rows: dict[str, Any], endpoint: str = CHAT) -> dict[str, Any]:
        """The response of each row, by its id."""
        lines = self.output(self.done(rows, endpoint))
        return {line["custom_id"]: line.get("response") for line in lines}


@pytest.fixture
def batches(emulator: Emulator, http: httpx.Client) -> Batches:
    return Batches(emulator, http)


# --- statuses ---


def test_a_batch_goes_through_its_statuses_by_being_looked_at(batches: Batches) -> None:
    batch = batches.create([row("a")])
    assert batch["status"] == "validating"
    seen = [batches.get(batch["id"])["status"] for _ in range(4)]
    assert seen == ["in_progress", "finalizing", "completed", "completed"]


def test_a_batch_is_what_google_is_known_to_send_and_little_more(batches: Batches) -> None:
    file = batches.input([row("a")])
    batch = batches.post(file).json()
    assert len(batch["id"]) == len("batches/") + 36
    assert batch == {
        "id": batch["id"],
        "object": "batch",
        "endpoint": CHAT,
        "input_file_id": file,
        "completion_window": "24h",
        "status": "validating",
        "created_at": 1769093697,
    }
    for _ in range(3):
        last = batches.get(batch["id"])
    assert last["output_file_id"] == f"files/batch-{batch['id'].removeprefix('batches/')}"


def test_counts_and_times_are_there_where_a_quirk_says_so(batches: Batches) -> None:
    rows = [row("a"), row("b", seed=1), row("c")]
    batch = batches.done(rows, quirks="-batch_fields_missing, batch_times_in_strings")
    assert batch["request_counts"] == {"total": 3, "completed": 2, "failed": 1}
    assert batch["created_at"] == batch["completed_at"] == "1769093697"


def test_a_batch_is_found_with_its_slash_escaped_and_plain(
    batches: Batches, emulator: Emulator
) -> None:
    id = batches.create([row("a")])["id"]
    for written in (id, id.replace("/", "%2F"), id.removeprefix("batches/")):
        assert batches.get(written)["id"] == id
    assert emulator.requests[-2].raw_path.endswith(f"batches/{id.replace('/', '%2F')}")
    missing = batches.http.get("batches/batches/none")
    assert (missing.status_code, missing.json()[0]["error"]["status"]) == (404, "NOT_FOUND")


def test_the_clock_ends_a_batch_too(batches: Batches, emulator: Emulator) -> None:
    emulator.script(Job(polls=None, seconds=100))
    id = batches.create([row("a")])["id"]
    seen: list[str] = []
    for seconds in (4, 30, 36, 30):
        emulator.advance(seconds)
        seen.append(batches.get(id)["status"])
    assert seen == ["validating", "in_progress", "finalizing", "completed"]


def test_a_batch_that_is_never_done_expires_after_48_hours(
    batches: Batches, emulator: Emulator
) -> None:
    emulator.script(Job(polls=None, seconds=None))
    id = batches.create([row("a")])["id"]
    emulator.advance(48 * 3600 - 1)
    assert batches.get(id)["status"] == "validating"
    emulator.advance(1)
    expired = batches.get(id)
    assert expired["status"] == "expired"
    assert "output_file_id" not in expired
    assert batches.native("GET", id).json()["metadata"]["state"] == "BATCH_STATE_EXPIRED"


def test_the_output_is_gone_after_48_hours(batches: Batches, emulator: Emulator) -> None:
    output = batches.done([row("a")])["output_file_id"]
    emulator.advance(48 * 3600)
    assert batches.native("GET", f"{output}:download?alt=media").status_code == 403


def test_a_batch_fails_as_a_whole_where_a_test_says(batches: Batches, emulator: Emulator) -> None:
    emulator.script(Job(polls=1, end="failed", message="Quota."))
    failed = batches.done([row("a")])
    assert failed["status"] == "failed"
    assert failed["errors"]["data"][0]["message"] == "Quota."
    assert "output_file_id" not in failed
    operation = batches.native("GET", failed["id"]).json()
    assert (operation["done"], operation["error"]["message"]) == (True, "Quota.")
    assert batches.done([row("a")])["status"] == "completed"  # the script is used up


def test_batches_can_all_be_made_to_go_otherwise(web: httpx.Client) -> None:
    with (
        Emulator(batches=Job(polls=0)) as emulator,
        httpx.Client(
            base_url=emulator.base_url, headers={"Authorization": "Bearer k"}, verify=False
        ) as http,
    ):
        assert Batches(emulator, http).create([row("a")])["status"] == "completed"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", "is empty"), (b'{"custom_id": "a"', "Line 1 of the input"), (b"[1]\n", "Line 1")],
)
def test_a_file_that_is_no_list_of_requests_fails(batches: Batches, data: bytes, text: str) -> None:
    failed = batches.done(data)
    assert failed["status"] == "failed"
    assert text in failed["errors"]["data"][0]["message"]


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"input_file_id": "files/none"}, 403, "permission to access the File none"),
        ({"endpoint": "/v1/responses"}, 400, "invalid argument"),
        ({"metadata": {"a": "b"}}, 400, 'Unknown name "metadata"'),
    ],
)
def test_a_batch_that_cannot_begin(
    batches: Batches, fields: dict[str, Any], status: int, text: str
) -> None:
    refused = batches.post(batches.input([row("a")]), **fields)
    assert refused.status_code == status
    assert text in refused.json()[0]["error"]["message"]


def test_a_file_in_processing_cannot_be_a_batch(batches: Batches, emulator: Emulator) -> None:
    emulator.script(Job(polls=1), path="/files")
    file = batches.input([row("a")])
    assert batches.post(file).status_code == 403
    batches.native("GET", file)
    assert batches.post(file).status_code == 200


def test_an_answer_that_is_lost_has_begun_the_batch(batches: Batches, emulator: Emulator) -> None:
    emulator.script(Drop(after=0), path="/batches")
    with pytest.raises(httpx.RemoteProtocolError):
        batches.create([row("a")])
    assert len(batches.http.get("batches").json()["data"]) == 1


# --- rows ---


def test_an_output_line_has_the_recorded_form(
    batches: Batches, recorded: Callable[[str], str]
) -> None:
    theirs = [json.loads(line) for line in recorded("batch_output_chat.jsonl").splitlines()]
    ours = batches.output(batches.done([row("a"), row("b")]))
    assert [types(line) for line in ours] == [types(line) for line in theirs]
    assert {json.dumps([*line]) for line in ours} == {json.dumps([*line]) for line in theirs}


def types(value: Any) -> Any:
    """Keys and the types of values; the order of keys varies in the recording."""
    if isinstance(value, dict):
        return {key: types(inner) for key, inner in value.items()}
    return [types(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def test_a_row_is_answered_as_its_route_would_answer_it(
    batches: Batches, ask: Callable[..., httpx.Response]
) -> None:
    tool = {"type": "function", "function": {"name": "get_weather"}}
    rows = [
        row("said", "What?"),
        row("tool", "Weather?", tools=[tool], model="gemini-3-pro-preview"),
        row("two", "Hi", n=2),
        row("stream", "Hi", stream=True, stream_options={"include_usage": True}),
    ]
    results = batches.results(*rows)
    said = results["said"]["body"]
    live = ask("What?").json()
    assert said["choices"][0]["message"] == live["choices"][0]["message"]
    assert said["usage"]["totalTokens"] == live["usage"]["total_tokens"]
    call = results["tool"]["body"]["choices"][0]["message"]["toolCalls"][0]
    assert call["function"]["name"] == "get_weather"
    assert call["extraContent"]["google"]["thoughtSignature"]
    assert [choice.get("index") for choice in results["two"]["body"]["choices"]] == [None, 1]
    assert results["stream"]["body"]["object"] == "chat.completion"
    assert len({result["body"]["id"] for result in results.values()}) == 4


def test_rows_of_vectors_are_those_of_the_route(batches: Batches, http: httpx.Client) -> None:
    results = batches.results(vectors("a", "one"), vectors("b", "two"), endpoint=EMBED)
    live = http.post("embeddings", json=vectors("", "two")["body"]).json()
    assert results["b"]["body"]["data"] == live["data"]
    assert results["b"]["body"]["model"] == "models/gemini-embedding-001"


def test_a_refused_row_is_an_error_among_the_others(batches: Batches) -> None:
    rows = [row("good"), row("bad", seed=1), {**row("elsewhere"), "url": EMBED}]
    results = batches.results(*rows)
    assert results["good"]["status_code"] == 200
    assert results["bad"]["status_code"] == 400
    assert 'Unknown name "seed"' in results["bad"]["body"]["error"]["message"]
    assert "url of the row" in results["elsewhere"]["body"]["error"]["message"]


def test_a_test_says_what_rows_are_answered(batches: Batches, emulator: Emulator) -> None:
    told = {
        "answer": Answer("As scripted."),
        "busy": faults.overloaded(),
        "html": faults.html_bad_gateway(),
        "lost": Drop(),
    }
    emulator.script(Job(row=lambda row: told.get(row["custom_id"])))
    results = batches.results(*map(row, ["rule", "answer", "busy", "html", "lost"]))
    assert {*results} == {"rule", "answer", "busy", "html"}
    assert results["answer"]["body"]["choices"][0]["message"]["content"] == "As scripted."
    assert results["busy"] == {
        "status_code": 503,
        "body": json.loads(faults.overloaded().content)[0],
    }
    assert results["html"]["status_code"] == 502


def test_an_error_can_take_the_place_of_the_response(web: httpx.Client) -> None:
    with (
        Emulator(quirks={"batch_errors_outside_response": True}) as emulator,
        httpx.Client(
            base_url=emulator.base_url, headers={"Authorization": "Bearer k"}, verify=False
        ) as http,
    ):
        batches = Batches(emulator, http)
        (line,) = batches.output(batches.done([row("bad", seed=1)]))
        assert {*line} == {"custom_id", "error"}
        assert (line["error"]["code"], line["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_lines_come_in_another_order_unless_a_test_says_so(
    batches: Batches, emulator: Emulator
) -> None:
    ids = [str(number) for number in range(30)]
    mixed = [line["custom_id"] for line in batches.output(batches.done(map(row, ids)))]
    assert mixed != ids
    assert sorted(mixed, key=int) == ids
    emulator.script(Job(shuffled=False))
    kept = [line["custom_id"] for line in batches.output(batches.done(map(row, ids)))]
    assert kept == ids


def test_the_output_is_downloaded_and_not_looked_at(batches: Batches) -> None:
    batch = batches.done([row("a")])
    assert len(batches.output(batch)) == 1
    looked_at = batches.native("GET", batch["output_file_id"])
    assert looked_at.status_code == 400
    assert "cannot be more than 40 characters" in looked_at.text


def test_memory_does_not_grow_with_the_rows() -> None:
    peaks = [_peak(2_000), _peak(8_000)]
    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < 8_000_000


def _peak(count: int) -> int:
    """The most memory that running so many rows has at one time."""
    source = Blob()
    for start in range(0, count, 1000):
        lines = [json.dumps(row(str(start + n), "x" * 100)) + "\n" for n in range(1000)]
        source.append("".join(lines).encode())
    tracemalloc.start()
    answer = Reply(json={"choices": [{"message": {"content": "x" * 200}}]})
    job = Job(row=lambda _: answer)  # a rule's answer takes ten times as long
    rows = Rows(source, CHAT, Quirks(), Catalogue(), job, 0.0, "seed")
    while rows.done < count:
        for _ in rows.run(count):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows.output.size > count * 200
    assert sum(1 for _ in rows.output.lines()) == count
    return peak


def test_a_batch_is_not_done_before_its_rows_are(
    batches: Batches, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gemini_openai.emulator.state.batch_rows._STEP", 0.0)  # a row a step
    monkeypatch.setattr("gemini_openai.emulator.state.batch_rows._MAX_WAIT", 0.0)  # a step a look
    emulator.script(Job(polls=1))
    batch = batches.create([row("a"), row("b"), row("c")])
    seen = [batches.get(batch["id"], "-batch_fields_missing") for _ in range(4)]
    assert seen[0]["status"] == "in_progress"
    assert seen[-1]["status"] == "completed"
    assert seen[-1]["request_counts"]["completed"] == 3


# --- list, cancel, delete; Google's own routes ---


def test_a_cancelled_batch_is_cancelling_and_then_cancelled(batches: Batches) -> None:
    for way in ("/cancel", ":cancel"):
        id = batches.create([row("a")])["id"]
        batches.get(id)
        assert batches.http.post(f"batches/{id}{way}").json()["status"] == "cancelling"
        assert batches.get(id)["status"] == "cancelled"
        assert "output_file_id" not in batches.get(id)
        again = batches.http.post(f"batches/{id}{way}")
        assert (again.status_code, again.json()[0]["error"]["status"]) == (
            400,
            "FAILED_PRECONDITION",
        )
    assert batches.http.post("batches/none/cancel").status_code == 404


def test_batches_are_listed_newest_first_in_pages_of_both_kinds(batches: Batches) -> None:
    ids = [batches.create([row("a")])["id"] for _ in range(3)]
    page = batches.http.get("batches", params={"limit": 2}).json()
    assert [batch["id"] for batch in page["data"]] == [ids[2], ids[1]]
    assert page["has_more"] is True
    rest = batches.http.get("batches", params={"after": page["last_id"]}).json()
    assert [batch["id"] for batch in rest["data"]] == [ids[0]]
    assert rest["has_more"] is False
    native = batches.native("GET", "batches?pageSize=2").json()
    assert [operation["name"] for operation in native["operations"]] == [ids[2], ids[1]]
    last = batches.native("GET", f"batches?pageToken={native['nextPageToken']}").json()
    assert [operation["name"] for operation in last["operations"]] == [ids[0]]
    assert page["data"][0]["status"] == "validating"


def test_googles_own_form_of_a_batch_is_the_recorded_one(
    batches: Batches, recorded: Callable[[str], str]
) -> None:
    running = json.loads(recorded("native_batch_get_running.json"))
    id = batches.create([row("a"), row("b", seed=1)])["id"]
    ours = batches.native("GET", id).json()
    expected = types(running)
    del expected["metadata"]["displayName"]  # the compatible route takes none
    del expected["metadata"]["batchStats"]
    stats = ours["metadata"].pop("batchStats")
    assert types(ours) == expected
    assert ours["metadata"]["state"] == "BATCH_STATE_RUNNING"
    assert stats == {"requestCount": "2", "pendingRequestCount": "1", "successfulRequestCount": "1"}
    batches.get(id)
    done = batches.native("GET", id).json()
    theirs = json.loads(recorded("native_batch_get_succeeded.json"))
    assert done["metadata"]["state"] == "BATCH_STATE_SUCCEEDED"
    assert done["metadata"]["@type"] == theirs["metadata"]["@type"]
    assert {*theirs["metadata"]} - {*done["metadata"]} == {"displayName"}
    assert done["response"]["@type"] == theirs["response"]["@type"]
    assert done["response"]["responsesFile"].startswith("files/batch-")
    assert done["metadata"]["batchStats"]["failedRequestCount"] == "1"


def test_google_cancels_and_deletes(batches: Batches) -> None:
    id = batches.create([row("a")])["id"]
    assert batches.native("POST", f"{id}:cancel").json() == {}
    assert batches.native("GET", id).json()["metadata"]["state"] == "BATCH_STATE_CANCELLED"
    assert batches.native("DELETE", id).json() == {}
    missing = batches.native("GET", id)
    assert (missing.status_code, missing.json()["error"]["status"]) == (404, "NOT_FOUND")
