"""A stored row and the line that answers it, to what the caller gets for the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, cast

import pydantic
from pydantic_core import from_json

from ..._call.decode import fit
from ..._exceptions import OpenAIError
from ..._primitives.given import is_given
from ..._primitives.json_types import is_object
from ...dialect import EMBEDDINGS_ENDPOINT as EMBEDDINGS, read_output_line
from ...lib._parsing._completions import ResponseFormatT, parse_chat_completion
from ...types.chat.chat_completion import ChatCompletion
from ...types.create_embedding_response import CreateEmbeddingResponse
from .errors import BatchRowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ...dialect import Settings
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


@dataclass
class Reader:
    """Reads the results of a run from its directory; `response_format` is what to parse them as."""

    store: Store
    state: State
    settings: Settings
    response_format: Any

    def result(self, row: StoredRow) -> BatchResult[Any]:
        """What came of a row whose job has ended."""
        if row.trouble is not None or row.job is None:
            return self._failed(row, f"not sent: {row.trouble}", "invalid_row")
        if row.answer_start is None:
            return self._failed(row, *_why_missing(self.state.jobs[row.job]))
        request: Any = None
        try:
            if row.thinks:
                request = from_json(self.store.request(row))["body"]
            line = read_output_line(
                self.store.answer(row), self.state.endpoint, self.settings, request=request
            )
        except ValueError as trouble:
            return self._failed(row, f"its answer cannot be read: {trouble}", "missing")
        if line.body is None:
            error = line.error or {}
            message = str(error.get("message") or error)
            return self._failed(row, message, "refused", line.status_code, error)
        if self.state.endpoint == EMBEDDINGS:
            return BatchResult(row.number, row.custom_id, fit(line.body, CreateEmbeddingResponse))
        return self._chat(row, fit(line.body, ChatCompletion))

    def _chat(self, row: StoredRow, completion: Any) -> BatchResult[Any]:
        if not is_given(self.response_format):
            return BatchResult(row.number, row.custom_id, completion)
        try:
            parsed: ParsedChatCompletion[Any] = parse_chat_completion(
                response_format=self.response_format,
                input_tools=(),
                chat_completion=completion,
                settings=self.settings,
            )
        except (OpenAIError, pydantic.ValidationError) as trouble:
            return BatchResult(row.number, row.custom_id, completion, trouble)
        return BatchResult(row.number, row.custom_id, parsed)

    def _failed(
        self, row: StoredRow, message: str, code: str, status_code: int = 0, body: object = None
    ) -> BatchResult[Any]:
        error = BatchRowError(
            message,
            number=row.number,
            custom_id=row.custom_id,
            code=code,
            status_code=status_code,
            body=body,
        )
        return BatchResult(row.number, row.custom_id, None, error)


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


def answers_in(path: Path) -> Iterator[tuple[str, int, int]]:
    """The id of each line of an output, where it begins, and its length, in bytes.

    A line that is no JSON object, as the last of an output that was cut, is passed over.
    """
    start = 0
    with path.open("rb") as file:
        for line in file:
            try:
                value = from_json(line)
            except ValueError:
                value = None
            if is_object(value):
                custom_id = value.get("custom_id", value.get("customId"))
                if custom_id is not None:
                    yield str(custom_id), start, len(line)
            start += len(line)


def rows_in(path: Path) -> Iterator[object]:
    """The rows of a JSONL file; a line that is no JSON is an exception, given and not raised.

    Raises `OSError` when there is no such file.
    """
    from .rows import BadRow

    with path.open("rb") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                yield cast("object", from_json(line))
            except ValueError as trouble:
                yield BadRow(f"It is no JSON: {trouble}. Each line must be one JSON object.")
