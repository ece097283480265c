"""Read Gemini's batches and the lines of their output.

A batch is sparse: only its id, status and output are sure. Its output is written in the protocol's
own camelCase, with numbers as text and zeros left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._primitives.json_types import BOM, is_array, is_object
from ..._primitives.numbers import whole_number
from ..camel_case import snake_case
from ..chat.answers.choices import refuse_no_completion
from ..chat.answers.completions import adapt_completion
from ..chat.answers.context import answer_context
from ..chat.function_names import with_wire_names
from ..notes import NoAnswerError
from ..refusals.errors import read_error, unwrap_error
from ..refusals.no_answers import refuse_no_answer, shown
from ..settings import DEFAULT_SETTINGS
from .embeddings import adapt_embeddings
from .files import BATCH_OUTPUT, unix_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings

CHAT_ENDPOINT, EMBEDDINGS_ENDPOINT = "/v1/chat/completions", "/v1/embeddings"
BATCH_ENDPOINTS = (CHAT_ENDPOINT, EMBEDDINGS_ENDPOINT)
"""What a row may ask for: https://ai.google.dev/gemini-api/docs/openai#batch."""

ENDED_BATCH_STATUSES = frozenset({"completed", "failed", "expired", "cancelled"})
"""The statuses after which nothing changes any more."""

_STATES = {
    "PENDING": "validating",
    "QUEUED": "validating",
    "RUNNING": "in_progress",
    "SUCCEEDED": "completed",
    "PARTIALLY_SUCCEEDED": "completed",
    "FAILED": "failed",
    "CANCELLING": "cancelling",
    "CANCELLED": "cancelled",
    "EXPIRED": "expired",
}


# https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
_STATUS_OF_CODE = dict(
    enumerate((499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401), 1)
)


class OutputLine(NamedTuple):
    """One line of a batch's output: `body` is the answer, or None where there is an `error`."""

    custom_id: str
    status_code: int
    body: dict[str, Any] | None
    error: dict[str, Any] | None


def openai_batch(value: dict[str, Any], settings: Settings = DEFAULT_SETTINGS) -> dict[str, Any]:
    """A batch, or a list of them, with OpenAI's words for its status and numbers for its times.

    Google's own form, an operation with its `metadata`, is read too, and its fields are kept.
    """
    if not settings.on("batches"):
        return value
    if is_array(listed := value.get("data", value.get("operations"))):
        items = [openai_batch(item, settings) if is_object(item) else item for item in listed]
        page = {**value, "object": "list", "data": items}
        if token := value.get("nextPageToken"):
            page |= {"next_page_token": token, "has_more": True}
        return page
    out = _from_operation(value) if is_object(value.get("metadata")) else dict(value)
    if isinstance(status := out.get("status"), str):
        out["status"] = openai_status(status)
    for name, item in out.items():
        if name.endswith("_at") and isinstance(item, str):
            stamp = whole_number(item)
            out[name] = unix_time(item) if stamp is None else stamp
    if is_object(counts := out.get("request_counts")):
        out["request_counts"] = {name: _number(count) for name, count in counts.items()}
    return out


def openai_status(status: str) -> str:
    """`BATCH_STATE_SUCCEEDED`, `JOB_STATE_SUCCEEDED` and `completed` as `completed`."""
    return _STATES.get(status.rpartition("STATE_")[2], status)


def output_file_of(batch_id: str) -> str:
    """The id of a batch's output, where the batch does not name it."""
    return BATCH_OUTPUT + batch_id.removeprefix("batches/")


def output_object(line: bytes) -> dict[str, Any]:
    """The JSON object in a line of output, with a `custom_id`, which is empty where it has none.

    Half of a character, as a model may give it, is kept: the line is paid for.

    Raises `ValueError` when the line is not a JSON object, as when it was cut.
    """
    line = line.removeprefix(BOM)
    try:
        value = from_json(line)
    except ValueError as cause:
        try:
            value = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise cause from None
    if not is_object(value):
        raise ValueError("The line is JSON, but not an object.")
    return value if "custom_id" in value else {**value, "custom_id": value.get("customId", "")}


def read_output_line(
    line: bytes,
    endpoint: str,
    settings: Settings = DEFAULT_SETTINGS,
    *,
    request: Mapping[str, Any] | None = None,
    given_names: Mapping[str, str] = {},
) -> OutputLine:
    """A line of output, its body as the endpoint's own answer would have come through this package.

    `request` is the body of the row it answers, where that is known: it tells thoughts from
    text, how many vectors there must be, and the names of functions. `given_names` are the app's,
    where the request has those that were sent instead.

    Raises `ValueError` when the line is not a JSON object, as when it was cut.
    """
    value = output_object(line)
    custom_id = str(value["custom_id"])
    response = value.get("response")
    status, body = 200, None
    named: object = None
    if is_object(response):
        named = response.get("status_code", response.get("statusCode"))
        status = _status(named)
        body = response.get("body")
    if error := value.get("error"):
        return _failed(custom_id, status, error)
    if not is_object(body) or not body:
        return _failed(custom_id, status, unwrap_error(body) or body)
    try:
        _refuse_no_answer(body, endpoint)
    except NoAnswerError as cause:
        said = unwrap_error(cause.error) if cause.error is not None else None
        return _failed(custom_id, status, said or {"message": str(cause)})
    if 0 < status < 400:
        seed = line.decode("utf-8", "replace")
        answer = _answer(body, endpoint, settings, request, given_names, seed)
        return OutputLine(custom_id, status, answer, None)
    message = f"The line has an answer, and yet its status is {named!r}."
    return _failed(custom_id, status, {"message": message})


def _failed(custom_id: str, status: int, error: object) -> OutputLine:
    found: dict[str, Any] = (
        error
        if is_object(error) and error
        else {"message": str(error or "The line has no answer.")}
    )
    code = read_error({"error": found}).code or ""
    number = _number(code)
    number = _STATUS_OF_CODE.get(number, number)
    status = status if status >= 400 else number if number >= 400 else 0
    return OutputLine(custom_id, status, None, found)


def _status(named: object) -> int:
    """The status of a line as a number: 200 where it says nothing, or `OK`."""
    if named is None or str(named).upper() == "OK":
        return 200
    return _number(named)


def _refuse_no_answer(body: dict[str, Any], endpoint: str) -> None:
    if endpoint != EMBEDDINGS_ENDPOINT:
        refuse_no_completion(body)
        return
    refuse_no_answer(body, ("data",))
    if not is_array(body.get("data")):
        raise NoAnswerError(f"The server's answer has no vectors: {shown(body)}")


def _answer(
    body: dict[str, Any],
    endpoint: str,
    settings: Settings,
    request: Mapping[str, Any] | None,
    given_names: Mapping[str, str],
    seed: str,
) -> dict[str, Any]:
    if endpoint == EMBEDDINGS_ENDPOINT:
        body = snake_case(body)
        inputs = [item for item in body["data"] if is_object(item)]
        asked = dict(request) if request is not None else {"input": [""] * len(inputs)}
        model = body.get("model")
        named = {**body, "model": model.removeprefix("models/")} if isinstance(model, str) else body
        return adapt_embeddings(named, asked, settings)
    asked, _, made = with_wire_names(dict(request or {}), settings)
    context = answer_context(asked, settings, seed=seed, given_names={**given_names, **made})
    return adapt_completion(body, context)


def _from_operation(value: dict[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = value["metadata"]
    if "@type" not in about or "state" not in about:  # metadata that the user gave
        return dict(value)
    stats = about.get("batchStats")
    stats = stats if is_object(stats) else {}
    failed = _number(stats.get("failedRequestCount", 0))
    out: dict[str, Any] = {
        **value,
        "metadata": None,
        "gemini_metadata": about,
        "id": value.get("name"),
        "object": "batch",
        "status": str(about["state"]),
        "created_at": unix_time(about.get("createTime")) or 0,
        "model": str(about.get("model", "")).removeprefix("models/") or None,
        "request_counts": {
            "total": _number(stats.get("requestCount", 0)),
            "completed": _number(stats.get("successfulRequestCount", 0)),
            "failed": failed,
        },
    }
    for place in (about.get("output"), value.get("response")):
        if is_object(place) and isinstance(name := place.get("responsesFile"), str):
            out["output_file_id"] = name
    if is_object(error := value.get("error")):
        out["errors"] = {"object": "list", "data": [{**error, "code": str(error.get("code", ""))}]}
    return out


def _number(value: object) -> int:
    return whole_number(value) or 0
