"""The life of a run of batches, driven by hand: no socket, no disk, no sleeping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from gemini_openai import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAIError,
    RateLimitError,
)
from gemini_openai._call.effects import Wait
from gemini_openai.bulk import BatchError
from gemini_openai.bulk.batches import effects
from gemini_openai.bulk.batches.engine import Engine
from gemini_openai.bulk.batches.state import Job, State
from gemini_openai.pagination import SyncCursorPage
from gemini_openai.types.batch import (
    Batch,
    BatchError as ServerError,
    BatchRequestCounts,
    Errors,
)
from gemini_openai.types.file_object import FileObject

REQUEST = httpx.Request("POST", "http://x/y")
UPLOADED = 1_000_000


def refusal(kind: Any, status: int, message: str = "No.") -> Any:
    return kind(message, response=httpx.Response(status, request=REQUEST), body=None)


FULL = refusal(RateLimitError, 429, "Enough.")
DOWN = refusal(InternalServerError, 503, "Down.")
BAD = refusal(BadRequestError, 400, "Bad.")
LATE = refusal(APIStatusError, 408, "Late.")
BAD_KEY = refusal(AuthenticationError, 400, "API key not valid.")
GONE = refusal(NotFoundError, 404, "Gone.")
CUT = APIConnectionError(message="Cut.", request=REQUEST)


NAMES = {
    effects.Save: "save",
    effects.Report: "report",
    effects.Upload: "upload",
    effects.Create: "create",
    effects.ListBatches: "list_batches",
    effects.NextPage: "next_page",
    effects.Retrieve: "retrieve",
    effects.Cancel: "cancel",
    effects.Download: "download",
    effects.Index: "index",
    effects.Delete: "delete",
}


class Run:
    """A run whose effects are answered from lists, by name; `done` is what it asked for."""

    def __init__(self, *jobs: Job, cancelled: bool = False, **options: Any) -> None:
        self.clock = float(UPLOADED)
        rows = sum(job.rows for job in jobs)
        self.state = State("/v1/chat/completions", rows, 0, [*jobs], cancelled)
        options = {"concurrency": 4, "shortest": 5.0, "longest": 60.0, **options}
        options.setdefault("is_cancelled", lambda: False)
        self.engine = Engine(self.state, Path("run"), now=lambda: self.clock, **options)
        self.done: list[Any] = []
        self.waits: list[float] = []

    def drive(self, steps: Any, **answers: list[Any]) -> None:
        """Run to the end; an answer that is an exception is raised, and all must be used."""
        left = {name: [*items] for name, items in answers.items()}
        send, value = steps.send, None
        while True:
            try:
                effect = send(value)
            except StopIteration:
                break
            send, value = steps.send, None
            if isinstance(effect, Wait):
                self.waits.append(effect.seconds)
                self.clock += effect.seconds
                continue
            name = NAMES[type(effect)]
            if name not in {"save", "report"}:
                self.done.append((name, *effect))
            if name in left:
                value = left[name].pop(0)
                send = steps.throw if isinstance(value, Exception) else steps.send
        assert not any(left.values()), f"never asked for: {left}"

    def asked(self, name: str) -> int:
        return sum(effect[0] == name for effect in self.done)


def job(number: int = 0, **fields: Any) -> Job:
    return Job(number, rows=2, bytes=10, **fields)


def sent(number: int = 0, **fields: Any) -> Job:
    """A job whose input is at the server."""
    fields = {"input_file_id": f"files/{number}", "uploaded_at": UPLOADED, **fields}
    return job(number, input_created_at=UPLOADED, **fields)


def lost(number: int = 0) -> Job:
    return sent(number, asked_for=True)


def running(number: int = 0, **fields: Any) -> Job:
    return sent(number, batch_id=f"batches/{number}", status="in_progress", **fields)


def batch(number: int = 0, status: Any = "in_progress", **fields: Any) -> Batch:
    return Batch(id=f"batches/{number}", status=status, **fields)


def made(number: int, created_at: int, input_file_id: str = "files/another") -> Batch:
    return batch(number, created_at=created_at, input_file_id=input_file_id)


def page(*batches: Batch, more: bool = False) -> SyncCursorPage[Batch]:
    return SyncCursorPage[Batch](data=[*batches], has_more=more)


# --- looking for a lost job ---


def test_the_list_is_read_until_it_is_older_than_the_upload() -> None:
    run = Run(lost())
    newest = page(made(9, UPLOADED + 9), made(8, UPLOADED + 8), more=True)
    same_time = page(made(7, UPLOADED + 1), made(6, UPLOADED - 1), more=True)
    older = page(made(5, UPLOADED - 121), more=True)
    run.drive(
        run.engine.submit(),
        list_batches=[newest] * 3,
        next_page=[same_time, older] * 3,
        create=[batch()],
    )
    assert run.done[1:3] == [("next_page", newest), ("next_page", same_time)]
    assert run.state.jobs[0].batch_id == "batches/0"


def test_a_job_that_is_not_in_the_list_yet_is_looked_for_again() -> None:
    run = Run(lost())
    late = page(made(7, UPLOADED + 1, "files/0"))
    run.drive(run.engine.submit(), list_batches=[page(), DOWN, page(), late])
    assert run.state.jobs[0].batch_id == "batches/7"
    assert run.asked("create") == 0
    assert run.waits == [10, 20, 40]


def test_without_the_servers_time_the_list_is_read_back_to_ours_with_a_day_to_spare() -> None:
    run = Run(sent(asked_for=True))
    run.state.jobs[0].input_created_at = 0
    day_before = page(made(8, UPLOADED - 86_000), more=True)
    older = page(made(7, UPLOADED - 87_000), more=True)
    run.drive(
        run.engine.submit(),
        list_batches=[day_before] * 3,
        next_page=[older] * 3,
        create=[batch()],
    )


@pytest.mark.parametrize(
    "first",
    [
        page(made(1, UPLOADED - 9), made(2, UPLOADED - 5), more=True),
        page(made(1, 0), more=True),
        page(made(1, UPLOADED - 900), made(2, UPLOADED + 5), made(4, UPLOADED - 999), more=True),
    ],
    ids=["oldest first", "without times", "in no order"],
)
def test_a_list_in_another_order_is_read_to_its_end(first: Any) -> None:
    run = Run(lost())
    last = page(made(3, UPLOADED + 2, "files/0"))
    run.drive(run.engine.submit(), list_batches=[first], next_page=[last])
    assert run.state.jobs[0].batch_id == "batches/3"


def test_batches_without_an_input_are_not_ours_when_older_or_known() -> None:
    run = Run(running(0), lost(1))
    listed = page(made(0, UPLOADED, ""), made(5, UPLOADED - 121, ""))
    run.drive(run.engine.submit(), list_batches=[listed] * 3, create=[batch(1)])
    assert run.asked("create") == 1


@pytest.mark.parametrize(
    "pages",
    [
        [page(made(5, UPLOADED, ""))],
        [page(made(5, 0, ""))],
        [page(made(5, UPLOADED), more=True), page(made(5, UPLOADED), more=True)],
        [page(Batch.model_construct(id=None, input_file_id="files/0"))],
    ],
    ids=["no input", "no input, no time", "the same page for ever", "no id"],
)
def test_a_list_that_does_not_tell_stops_the_run(pages: list[Any]) -> None:
    run = Run(lost())
    with pytest.raises(BatchError, match=r"Job 0 may have begun and be paid for.*files/0"):
        run.drive(run.engine.submit(), list_batches=pages[:1], next_page=pages[1:])
    assert run.asked("create") == 0


def test_what_the_caller_said_of_a_lost_job_counts_once() -> None:
    run = Run(lost(), not_begun={0})
    with pytest.raises(BatchError, match=r"may have begun.*Bad"):
        run.drive(run.engine.submit(), list_batches=[DOWN, BAD], create=[CUT])
    assert run.asked("create") == 1


# --- beginning a job ---


@pytest.mark.parametrize("answer", [CUT, DOWN, LATE, OpenAIError("never sent"), BAD], ids=str)
def test_a_refused_creation_is_not_a_lost_one(answer: Any) -> None:
    run = Run(sent())
    may_have_begun = answer in {CUT, DOWN, LATE}
    with pytest.raises(BatchError):
        run.drive(
            run.engine.submit(),
            create=[answer] * (11 if may_have_begun else 1),
            list_batches=[page()] * (30 if may_have_begun else 0),
        )
    assert run.state.jobs[0].asked_for is may_have_begun


def test_an_input_is_uploaded_anew_before_google_forgets_it() -> None:
    run = Run(sent())
    run.clock += 47.5 * 3600
    file = FileObject.model_construct(id="files/new", created_at=int(run.clock))
    run.drive(run.engine.submit(), upload=[file], create=[batch()])
    assert run.done == [
        ("upload", 0),
        ("create", "files/new", "/v1/chat/completions"),
    ]
    assert run.state.jobs[0].uploaded_at == run.clock
    assert run.state.jobs[0].input_created_at == int(run.clock)


def test_an_input_that_is_fresh_is_not_uploaded_again() -> None:
    run = Run(sent())
    run.clock += 46.5 * 3600
    run.drive(run.engine.submit(), create=[batch()])
    assert run.asked("upload") == 0


def test_a_refusal_while_others_are_open_is_no_failure_however_often() -> None:
    run = Run(running(0), sent(1))
    for _ in range(30):
        run.drive(run.engine.submit(), create=[FULL])
        assert not run.state.jobs[1].asked_for
    assert run.waits == []
    run.drive(run.engine.submit(), create=[batch(1)])
    assert run.state.jobs[1].batch_id == "batches/1"


def test_a_refusal_while_nothing_is_open_is_waited_out_and_in_the_end_one() -> None:
    run = Run(sent())
    run.drive(run.engine.submit(), create=[FULL, FULL, batch()])
    assert run.waits == [10, 20]
    run = Run(sent())
    with pytest.raises(BatchError, match=r"Job 0 could not begin: Enough"):
        run.drive(run.engine.submit(), create=[FULL] * 11)
    assert run.waits == [10, 20, 40, 60, 60, 60, 60, 60, 60, 60]


# --- looking at the open jobs ---


def test_a_job_that_cannot_be_retrieved_for_a_while_is_asked_for_again() -> None:
    run = Run(running())
    for _ in range(9):
        run.drive(run.engine.look(), retrieve=[DOWN])
    run.drive(run.engine.look(), retrieve=[batch()])  # the count begins anew
    for _ in range(9):
        run.drive(run.engine.look(), retrieve=[CUT])
    with pytest.raises(BatchError, match=r"batches/0 cannot be retrieved: Cut"):
        run.drive(run.engine.look(), retrieve=[CUT])


def test_a_job_that_is_gone_stops_the_run() -> None:
    run = Run(running())
    with pytest.raises(BatchError, match=r"batches/0 cannot be retrieved: Gone"):
        run.drive(run.engine.look(), retrieve=[GONE])


def test_what_the_server_counts_is_told() -> None:
    run = Run(running())
    counts = BatchRequestCounts(total=2, completed=1, failed=1)
    run.drive(run.engine.look(), retrieve=[batch(request_counts=counts)])
    assert run.state.progress("waiting", 0.0)[2:4] == (2, 1)
    assert run.asked("download") == 0


# --- fetching an output ---


def test_an_output_that_is_not_named_has_the_name_that_follows_from_the_jobs() -> None:
    run = Run(running())
    run.drive(run.engine.look(), retrieve=[batch(status="completed")], index=[0])
    assert run.done[1] == ("download", 0, "files/batch-0", False)
    assert run.done[-1] == ("delete", "files/0")
    assert (run.state.jobs[0].ended, run.state.jobs[0].completed) == (True, 2)


@pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
def test_what_a_job_had_answered_before_its_end_is_fetched_once(status: Any) -> None:
    run = Run(running())
    ended = batch(
        status=status,
        output_file_id="files/out",
        error_file_id="files/errors",
        errors=Errors(data=[ServerError(message="It broke."), ServerError(), ServerError()]),
    )
    run.drive(run.engine.look(), retrieve=[ended], index=[1])
    assert run.done[1:3] == [
        ("download", 0, "files/errors", False),
        ("download", 0, "files/out", True),
    ]
    assert run.asked("download") == 2
    job = run.state.jobs[0]
    assert (job.ended, job.completed, job.trouble) == (True, 1, "It broke.")


def test_a_job_that_failed_without_an_output_has_ended() -> None:
    run = Run(running())
    run.drive(run.engine.look(), retrieve=[batch(status="failed")])
    assert run.asked("download") == 0
    assert (run.state.jobs[0].ended, run.state.jobs[0].completed) == (True, 0)


def test_a_job_whose_rows_all_failed_has_a_file_of_errors_only() -> None:
    run = Run(running())
    ended = batch(status="completed", error_file_id="files/errors")
    run.drive(run.engine.look(), retrieve=[ended], index=[0])
    assert run.done[1] == ("download", 0, "files/errors", False)
    assert run.asked("download") == 1


def test_an_output_that_the_server_lacks_costs_the_rows_of_its_job_only() -> None:
    run = Run(running())
    run.drive(run.engine.look(), retrieve=[batch(status="completed")], download=[GONE] * 3)
    job = run.state.jobs[0]
    assert job.ended
    assert job.trouble == "its output files/batch-0 cannot be retrieved: Gone."


def test_errors_that_the_server_lacks_do_not_cost_the_answers() -> None:
    run = Run(running())
    ended = batch(status="failed", output_file_id="files/out", error_file_id="files/errors")
    run.drive(run.engine.look(), retrieve=[ended], download=[GONE, None], index=[1])
    assert run.done[2] == ("download", 0, "files/out", False)
    assert (run.state.jobs[0].ended, run.state.jobs[0].completed) == (True, 1)


@pytest.mark.parametrize("trouble", [BAD_KEY, refusal(APIStatusError, 403)], ids=str)
def test_an_output_that_may_not_be_read_now_can_be_later(trouble: Any) -> None:
    run = Run(running())
    with pytest.raises(BatchError, match="could not be downloaded"):
        run.drive(run.engine.look(), retrieve=[batch(status="completed")], download=[trouble])
    assert not run.state.jobs[0].ended
    # The server has said how the job ended: it is not asked again.
    run.drive(run.engine.look(), retrieve=[], download=[None], index=[0])
    assert run.state.jobs[0].ended


def test_an_output_that_comes_whole_at_the_third_time_is_taken() -> None:
    run = Run(running())
    run.drive(
        run.engine.look(),
        retrieve=[batch(status="completed")],
        download=[CUT, None, None],
        index=[1, 0],
    )
    assert run.waits == [5, 5]
    assert run.state.jobs[0].completed == 2


def test_an_output_that_the_disk_does_not_take_is_fetched_when_the_run_is_resumed() -> None:
    run = Run(running())
    with pytest.raises(BatchError, match=r"could not be written to run: .*Free space there"):
        run.drive(
            run.engine.look(),
            retrieve=[batch(status="completed")],
            download=[OSError(28, "No space left on device")],
        )
    assert not run.state.jobs[0].ended
    run.drive(run.engine.look(), retrieve=[], index=[0])
    assert run.state.jobs[0].ended


# --- cancelling ---


def test_a_run_that_another_process_cancels_begins_nothing_more() -> None:
    run = Run(running(0), sent(1), is_cancelled=lambda: True)
    run.drive(run.engine.submit())
    assert run.done == [("cancel", "batches/0")]
    assert run.state.cancelled
    assert run.state.jobs[1].status == "cancelled"


def test_a_job_that_cannot_be_cancelled_now_is_cancelled_at_the_next_look() -> None:
    run = Run(running(), cancelled=True)
    run.drive(run.engine.submit(), cancel=[DOWN])
    run.drive(run.engine.submit(), cancel=[None])
    run.drive(run.engine.submit())
    assert run.asked("cancel") == 2


def test_a_lost_job_that_is_cancelled_is_looked_for_after_the_others_are_cancelled() -> None:
    run = Run(lost(0), running(1), cancelled=True)
    with pytest.raises(BatchError, match=r"Job 0 may have begun"):
        run.drive(run.engine.submit(), list_batches=[BAD])
    assert run.done == [("cancel", "batches/1"), ("list_batches",)]
    assert not run.state.jobs[0].ended
    run.drive(run.engine.submit(), list_batches=[page(made(7, UPLOADED, "files/0"))])
    assert run.done[-1] == ("cancel", "batches/7")


def test_a_lost_job_that_did_not_begin_is_cancelled_without_the_server() -> None:
    run = Run(lost(), cancelled=True, not_begun={0})
    run.drive(run.engine.submit(), list_batches=[BAD])
    assert run.state.jobs[0].trouble == "cancelled before it was sent"
    assert run.asked("cancel") == 0


def test_a_job_that_cannot_be_cancelled_is_waited_for() -> None:
    run = Run(running(), cancelled=True)
    run.drive(run.engine.submit(), cancel=[BAD])
    run.drive(run.engine.submit())  # once asked is enough
    assert run.asked("cancel") == 1
    run.drive(run.engine.look(), retrieve=[batch(status="completed")], index=[0])
    assert run.state.jobs[0].status == "completed"
    run.drive(run.engine.submit())
    assert run.asked("cancel") == 1


def test_a_job_is_waited_for_and_the_others_go_on_meanwhile() -> None:
    run = Run(running(0), sent(1), concurrency=1)
    run.drive(run.engine.until_ended(0), retrieve=[batch(), batch(status="completed")], index=[0])
    assert run.waits == [5]
    run.drive(
        run.engine.until_ended(1),
        create=[batch(1)],
        retrieve=[batch(1, status="completed")],
        index=[0],
    )
    assert all(job.ended for job in run.state.jobs)
    assert not run.engine.due()
