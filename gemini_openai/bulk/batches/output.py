"""The output of a batch that somebody downloaded, to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._call.decode import fit
from ...dialect import CHAT_ENDPOINT as CHAT, EMBEDDINGS_ENDPOINT as EMBEDDINGS, read_output_line
from ...types.chat.chat_completion import ChatCompletion
from ...types.create_embedding_response import CreateEmbeddingResponse
from .errors import BatchRowError
from .results import BatchResult
from .rows import checked_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read_output(lines: Iterable[str | bytes], endpoint: str = CHAT) -> Iterator[BatchResult[None]]:
    """The answers in the lines of a batch's output, as calls one by one would have given them.

    `number` is the place in the output, which is in no certain order: go by `custom_id`. A line
    that was cut has a `BatchRowError`, as has a row that was refused.

    Raises `ValueError` for an endpoint that batches have not.
    """
    model: Any = ChatCompletion
    if (full := checked_endpoint(endpoint)) == EMBEDDINGS:
        model = CreateEmbeddingResponse
    for number, line in enumerate(line for line in lines if line.strip()):
        data = line.encode() if isinstance(line, str) else line
        try:
            read = read_output_line(data, full)
        except ValueError as trouble:
            error = BatchRowError(
                f"its line cannot be read: {trouble}", number=number, custom_id="", code="missing"
            )
            yield BatchResult(number, "", None, error)
            continue
        if read.body is not None:
            yield BatchResult(number, read.custom_id, fit(read.body, model))
            continue
        said = read.error or {}
        error = BatchRowError(
            str(said.get("message") or said),
            number=number,
            custom_id=read.custom_id,
            code="refused",
            status_code=read.status_code,
            body=said,
        )
        yield BatchResult(number, read.custom_id, None, error)
