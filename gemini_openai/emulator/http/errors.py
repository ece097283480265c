"""The errors of Google's servers, and the bodies in which they are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

INVALID_ARGUMENT = "INVALID_ARGUMENT"
GENERIC_MESSAGE = "Request contains an invalid argument."


@dataclass(frozen=True)
class GoogleError:
    """An error as `google.rpc.Status` has it: HTTP code, message, status name, details."""

    code: int
    message: str
    status: str = INVALID_ARGUMENT
    details: tuple[dict[str, Any], ...] = ()

    def payload(self) -> dict[str, Any]:
        """The `{"error": …}` object; `details` is left out where there are none."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = [*self.details]
        return {"error": error}

    def body(self, *, listed: bool = True) -> bytes:
        """The pretty-printed body, as an array of one when `listed`."""
        text = json.dumps(self.payload(), indent=2, ensure_ascii=False)
        return (f"[{text}\n]\n" if listed else f"{text}\n").encode()


def generic() -> GoogleError:
    """The 400 without a reason that Google sends for most bad schemas, parts and values."""
    return GoogleError(400, GENERIC_MESSAGE)


def bad_request(violations: list[tuple[str | None, str]]) -> GoogleError:
    """A 400 with one field violation for each `(field, description)`; all in one message."""
    return GoogleError(
        400,
        "\n".join(description for _, description in violations),
        details=(
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [
                    {"description": description}
                    if field is None
                    else {"field": field, "description": description}
                    for field, description in violations
                ],
            },
        ),
    )


def unknown_names(paths: list[tuple[str | None, str]]) -> GoogleError:
    """A 400 for names that are not fields, each given as `(path of the parent or None, name)`."""
    found: list[tuple[str | None, str]] = []
    for parent, name in paths:
        place = "" if parent is None else f" at '{parent}'"
        found.append(
            (
                parent,
                f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.',
            )
        )
    return bad_request(found)
