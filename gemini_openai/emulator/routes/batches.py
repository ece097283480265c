"""Serve batches on the OpenAI-compatible routes, and the same ones on Google's own.

Recorded are ids, the statuses `in_progress` and `completed`, the name of the output and Google's
own form. List and cancel on the compatible routes, and every other field there, are inferred.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..http.errors import GoogleError, generic, unknown_names
from ..http.json_values import string
from ..http.paging import google_list, openai_list
from ..http.replies import Deferred, Rendered, Reply
from ..state.batch_rows import ENDPOINTS, Rows
from ..state.batches import Batch
from ..state.jobs import DAY, Progress
from .context import Context, native_error, native_json, native_reply, rfc3339
from .files import not_there

if TYPE_CHECKING:
    from collections.abc import Callable

_FIELDS = frozenset({"input_file_id", "endpoint", "completion_window"})
_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"
_NATIVE_STATES = {
    "validating": "PENDING",
    "in_progress": "RUNNING",
    "finalizing": "RUNNING",
    "cancelling": "RUNNING",
    "completed": "SUCCEEDED",
    "failed": "FAILED",
    "cancelled": "CANCELLED",
    "expired": "EXPIRED",
}
_ERROR_CODES = {"failed": 13, "expired": 4, "cancelled": 1}  # google.rpc.Code


# --- the OpenAI-compatible routes ---


def create(context: Context) -> Rendered:
    """`POST …/batches`."""
    batch = _new_batch(context)
    if isinstance(batch, GoogleError):
        return context.error(batch)
    context.settings.storage.batches[batch.id] = batch
    return _after_rows(context, batch, lambda: Reply(json=_object(context, batch)))


def _new_batch(context: Context) -> Batch | GoogleError:
    body, storage = context.body(), context.settings.storage
    if isinstance(body, GoogleError):
        return body
    unknown: list[tuple[str | None, str]] = [(None, name) for name in body if name not in _FIELDS]
    if unknown and context.quirks.unknown_names_refused:
        return unknown_names(unknown)
    endpoint, file_id = string(body.get("endpoint")), string(body.get("input_file_id"))
    if endpoint not in ENDPOINTS or not file_id:
        return generic()
    source = storage.file(file_id, context.now)
    if source is None or source.state(context.now) != "ACTIVE":
        return not_there(file_id.removeprefix("files/"))
    id, job = storage.new_id(36), context.job or storage.batch_job
    rows = Rows(source.blob, endpoint, context.quirks, context.models, job, context.now, id)
    window = string(body.get("completion_window")) or "24h"
    return Batch(
        id,
        source=file_id,
        endpoint=endpoint,
        window=window,
        rows=rows,
        progress=Progress(job, context.now),
    )


def retrieve(context: Context) -> Rendered:
    """`GET …/batches/{id}`; the id has a slash, or `%2F`."""
    batch = _found(context)
    if batch is None:
        return context.error(_MISSING)
    batch.progress.poll()
    return _after_rows(context, batch, lambda: Reply(json=_object(context, batch)))


def listed(context: Context) -> Rendered:
    """`GET …/batches`: the newest first. A listing does not count as a retrieval."""
    batches, query = _newest_first(context), context.request.query
    show = partial(_object, context)
    return context.reply(openai_list(batches, show, query, lambda batch: batch.name))


def cancel(context: Context) -> Rendered:
    """`POST …/batches/{id}/cancel`, or `…/{id}:cancel`."""
    batch = _found(context)
    if batch is None:
        return context.error(_MISSING)
    if batch.ended is not None:
        message = f"The batch cannot be cancelled: it is {batch.status}."
        return context.error(GoogleError(400, message, "FAILED_PRECONDITION"))
    batch.cancel()
    return Reply(json=_object(context, batch))


def _object(context: Context, batch: Batch) -> dict[str, Any]:
    """The batch in OpenAI's form."""
    quirks, rows = context.quirks, batch.rows

    def at(moment: float) -> int | str:
        return str(int(moment)) if quirks.batch_times_in_strings else int(moment)

    out: dict[str, Any] = {
        "id": batch.name,
        "object": "batch",
        "endpoint": batch.endpoint,
        "input_file_id": batch.source,
        "completion_window": batch.window,
        "status": batch.status,
        "created_at": at(batch.progress.started),
    }
    if batch.status == "completed":
        out["output_file_id"] = f"files/{batch.output_id}"
    if batch.error is not None:
        error = {"code": batch.status, "message": batch.error}
        out["errors"] = {"object": "list", "data": [error]}
    if quirks.batch_fields_missing:
        return out
    counts = {"total": rows.total, "completed": rows.done - rows.failed, "failed": rows.failed}
    out |= {"request_counts": counts, "expires_at": at(batch.progress.started + DAY)}
    if batch.ended is not None:
        out[f"{batch.status}_at"] = at(batch.ended)
    return out


# --- Google's own routes ---


def native_retrieve(context: Context) -> Rendered:
    """`GET /v1beta/batches/{id}`."""
    batch = _found(context)
    if batch is None:
        return native_error(_MISSING)
    batch.progress.poll()
    return _after_rows(context, batch, lambda: native_json(_operation(batch)))


def native_list(context: Context) -> Rendered:
    """`GET /v1beta/batches`."""
    batches, query = _newest_first(context), context.request.query
    return native_reply(google_list("operations", batches, _operation, query))


def native_cancel(context: Context) -> Rendered:
    """`POST /v1beta/batches/{id}:cancel`."""
    batch = _found(context)
    if batch is None:
        return native_error(_MISSING)
    if batch.ended is None:
        batch.cancel()
    return native_json({})


def native_delete(context: Context) -> Rendered:
    """`DELETE /v1beta/batches/{id}`; its output stays."""
    batch = _found(context)
    if batch is None:
        return native_error(_MISSING)
    context.settings.storage.batches.pop(batch.id, None)
    return native_json({})


def _operation(batch: Batch) -> dict[str, Any]:
    rows, done = batch.rows, batch.ended is not None
    output = {"responsesFile": f"files/{batch.output_id}"}
    counts = {
        "requestCount": rows.total,
        "pendingRequestCount": rows.total - rows.done,
        "successfulRequestCount": rows.done - rows.failed,
        "failedRequestCount": rows.failed,
    }
    updated = batch.ended if batch.ended is not None else batch.progress.started
    metadata: dict[str, Any] = {
        "@type": _TYPE,
        "model": f"models/{rows.first_model()}",
        **({"output": output} if batch.status == "completed" else {}),
        "createTime": rfc3339(batch.progress.started),
        **({"endTime": rfc3339(updated)} if done else {}),
        "updateTime": rfc3339(updated),
        "batchStats": {name: str(count) for name, count in counts.items() if count},
        "state": f"BATCH_STATE_{_NATIVE_STATES[batch.status]}",
        "name": batch.name,
    }
    out: dict[str, Any] = {"name": batch.name, "metadata": metadata}
    if not done:
        return out
    if batch.status == "completed":
        return {**out, "done": True, "response": {"@type": f"{_TYPE}Output", **output}}
    message = batch.error or "The batch was cancelled."
    return {
        **out,
        "done": True,
        "error": {"code": _ERROR_CODES[batch.status], "message": message},
    }


# --- both ---

_MISSING = GoogleError(404, "Requested entity was not found.", "NOT_FOUND")


def _found(context: Context) -> Batch | None:
    return context.settings.storage.batches.get(context.path["id"].removeprefix("batches/"))


def _newest_first(context: Context) -> list[Batch]:
    batches = [*reversed([*context.settings.storage.batches.values()])]
    for batch in batches:
        _update(context, batch)
    return batches


def _after_rows(context: Context, batch: Batch, reply: Callable[[], Reply]) -> Deferred:
    """Answer after running the rows that should be done by now."""

    def answered() -> Reply:
        _update(context, batch)
        return reply()

    return Deferred(batch.rows.run(batch.target(context.now)), answered)


def _update(context: Context, batch: Batch) -> None:
    """Update the status, and store the output of a batch that has just been completed."""
    was_open = batch.ended is None
    batch.update(context.now)
    if was_open and batch.status == "completed":
        storage = context.settings.storage
        output = storage.new_file(
            "application/jsonl",
            context.now,
            id=batch.output_id,
            generated=True,
            purpose="batch_output",
        )
        output.blob = batch.rows.output
        storage.keep(output)
