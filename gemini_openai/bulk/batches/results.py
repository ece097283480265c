"""Give the caller what came of a row: an answer, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, cast

import pydantic
from pydantic_core import from_json

from ..._call.decode import fit
from ..._exceptions import OpenAIError
from ..._primitives.given import is_given
from ...dialect import CHAT_ENDPOINT, EMBEDDINGS_ENDPOINT, read_output_line, with_app_names
from ...lib._parsing._completions import ResponseFormatT, parse_chat_completion
from ...types.chat.chat_completion import ChatCompletion
from ...types.create_embedding_response import CreateEmbeddingResponse
from .errors import BatchRowError
from .rows import BadRow, checked_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ...dialect import OutputLine, Settings
    from ...types.chat.parsed_chat_completion import ParsedChatCompletion
    from .state import Job, State
    from .store import Store, StoredRow


@dataclass(frozen=True)
class BatchResult(Generic[ResponseFormatT]):
    """What came of one row.

    Attributes:
        number: the place of the row in the input, from 0.
        custom_id: its id, or `row-` and the number for one that came without.
        response: a `ChatCompletion` (parsed, if the run had a `response_format`), a
            `CreateEmbeddingResponse`, or None where there is no answer.
        error: why there is none, a `BatchRowError`; beside a response, why that could not be
            parsed: the exception that `chat.completions.parse` would have raised.
    """

    number: int
    custom_id: str
    response: Any
    error: Exception | None = None

    @property
    def text(self) -> str | None:
        """What the model said, in the first choice; None for no answer, and for embeddings."""
        choices = getattr(self.response, "choices", None)
        return choices[0].message.content if choices else None

    @property
    def parsed(self) -> ResponseFormatT | None:
        """The first choice as the run's `response_format`; None where there is none."""
        choices = getattr(self.response, "choices", None)
        return getattr(choices[0].message, "parsed", None) if choices else None

    @property
    def embedding(self) -> list[float] | None:
        """The first vector; None for no answer, and for chat."""
        if isinstance(self.response, CreateEmbeddingResponse) and self.response.data:
            return self.response.data[0].embedding
        return None


def read_result(
    row: StoredRow, store: Store, state: State, settings: Settings, response_format: Any
) -> BatchResult[Any]:
    """Read what came of a row whose job has ended; `response_format` is what to parse it as."""
    number, custom_id = row.number, row.custom_id
    if row.trouble is not None or row.job is None:
        return failed(number, custom_id, f"not sent: {row.trouble}", "invalid_row")
    if row.answer_start is None:
        return failed(number, custom_id, *_why_missing(state.jobs[row.job]))
    request: Any = None
    try:
        if row.needs_request:
            request = store.request(row)["body"]
        answer = store.answer(row)
        line = read_output_line(
            answer, state.endpoint, settings, request=request, given_names=row.given_names()
        )
        if line.custom_id != custom_id:
            raise ValueError("another row's is in its place")
    except ValueError as trouble:
        return failed(number, custom_id, f"its answer cannot be read: {trouble}", "missing")
    result = answered(number, custom_id, line, state.endpoint)
    if not is_given(response_format) or not isinstance(result.response, ChatCompletion):
        return result
    try:
        parsed: ParsedChatCompletion[Any] = parse_chat_completion(
            response_format=response_format,
            input_tools=(),
            chat_completion=result.response,
            settings=settings,
        )
    except (OpenAIError, pydantic.ValidationError) as trouble:
        return replace(result, error=trouble)
    return replace(result, response=parsed)


def request_again(row: StoredRow, store: Store) -> dict[str, Any]:
    """The row as it is given to `batches.run`, to be sent once more: with the app's own names.

    Raises `ValueError` when what was sent is damaged.
    """
    line = store.request(row)
    return {**line, "body": with_app_names(line["body"], row.given_names())}


def answered(number: int, custom_id: str, line: OutputLine, endpoint: str) -> BatchResult[Any]:
    """Give the result that a line of an output says."""
    if line.body is None:
        error = line.error or {}
        message = str(error.get("message") or error)
        said = {"status_code": line.status_code, "body": error}
        return failed(number, custom_id, message, "refused", **said)
    model: Any = CreateEmbeddingResponse if endpoint == EMBEDDINGS_ENDPOINT else ChatCompletion
    return BatchResult(number, custom_id, fit(line.body, model))


def failed(number: int, custom_id: str, message: str, code: str, **server: Any) -> BatchResult[Any]:
    """Give the result of a row without an answer; `server` has its `status_code` and `body`."""
    error = BatchRowError(message, number=number, custom_id=custom_id, code=code, **server)
    return BatchResult(number, custom_id, None, error)


def _why_missing(job: Job) -> tuple[str, str]:
    name = job.batch_id or f"job {job.number}"
    said = f": {job.trouble}" if job.trouble else ""
    if job.status == "completed":
        what, code = f"the output of {name} has no line for it{said}", "missing"
    else:
        code = job.status
        what = f"{name} {_ENDS.get(code, code)}{said}; what it had answered is kept"
    return f"{what}. Send it again: batches.run(run.unanswered(), ...)", code


_ENDS = {"failed": "failed", "expired": "was not done in time", "cancelled": "was cancelled"}


def rows_in(path: Path) -> Iterator[object]:
    """The rows of a JSONL file; an exception, given and not raised, for a line that is not JSON.

    Raises `OSError` when there is no such file.
    """
    with path.open("rb") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                yield cast("object", from_json(line))
            except ValueError as trouble:
                yield BadRow(f"It is not JSON: {trouble}. Each line must be one JSON object.")


def read_output(
    lines: Iterable[str | bytes], endpoint: str = CHAT_ENDPOINT
) -> Iterator[BatchResult[None]]:
    """Give the answers in the lines of a batch's output, as calls one by one would have given them.

    `number` is the place in the output, which is in no certain order: go by `custom_id`. A line
    that was cut has a `BatchRowError`, as has a row that was refused.

    Raises `ValueError` for an endpoint without batches.
    """
    full = checked_endpoint(endpoint)
    for number, line in enumerate(line for line in lines if line.strip()):
        data = line.encode() if isinstance(line, str) else line
        try:
            read = read_output_line(data, full)
        except ValueError as trouble:
            yield failed(number, "", f"its line cannot be read: {trouble}", "missing")
        else:
            yield answered(number, read.custom_id, read, full)
