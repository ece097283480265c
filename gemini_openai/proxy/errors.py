"""What the proxy itself refuses, in OpenAI's shape."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request that is not passed on, and the answer to it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, type, code)
        self.headers = [("x-should-retry", "false"), *headers]


def error_body(message: str, type: str, code: str | None = None) -> dict[str, Any]:
    """The body of an answer, or the event of a stream, for an error."""
    return {"error": {"message": message, "type": type, "param": None, "code": code}}
