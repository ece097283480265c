"""Errors of a run of batches, and of one of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._exceptions import OpenAIError

if TYPE_CHECKING:
    from pathlib import Path


class BatchError(OpenAIError):
    """A run stopped. What was sent and answered is kept.

    Attributes:
        directory: what to give to `batches.run(resume=...)` to go on; None if nothing was sent,
            or if that would not help.
    """

    def __init__(
        self, message: str, *, directory: Path | None = None, says_all: bool = False
    ) -> None:
        hint = ""
        if directory is not None and not says_all:
            hint = (
                " Nothing that was sent is lost or sent again: go on with "
                f"batches.run(resume={str(directory)!r})."
            )
        super().__init__(message + hint)
        self.message = message
        self.directory = directory


class BatchRowError(OpenAIError):
    """One row has no answer. It is in `BatchResult.error`; the other rows have theirs.

    Attributes:
        number: the place of the row in the input, from 0.
        custom_id: its id.
        code: why: `"invalid_row"` (not sent), `"refused"` (by the server, see `status_code`),
            `"missing"` (the output has no line for it), or how its job ended: `"failed"`,
            `"expired"`, `"cancelled"`.
        status_code: the server's, for a row it refused, else 0.
        body: the server's error object, if there is one.
    """

    def __init__(
        self,
        message: str,
        *,
        number: int,
        custom_id: str,
        code: str,
        status_code: int = 0,
        body: object = None,
    ) -> None:
        super().__init__(f"Row {number} ({custom_id}): {message}")
        self.message = message
        self.number = number
        self.custom_id = custom_id
        self.code = code
        self.status_code = status_code
        self.body = body
