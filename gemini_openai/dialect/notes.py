"""What a repair did, or why a request cannot be repaired, in words for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .table import RepairName


class Note(NamedTuple):
    """One thing that was done to a request.

    `changes_answer` says that the answer may differ from what was asked for; `warn` that the caller
    should hear of it (once for each message), where otherwise a debug log is enough.
    """

    repair: RepairName
    message: str
    changes_answer: bool = False
    warn: bool = False


class AdaptedRequest(NamedTuple):
    """A body to send, and what was done to it."""

    body: dict[str, Any]
    notes: Sequence[Note] = ()


class Amendment(NamedTuple):
    """What a refusal taught, and the body to send instead of the refused one.

    `learnt` names the one thing that was learnt: of a request each is learnt once, so that sending
    again comes to an end whatever the server answers.
    """

    learnt: str
    body: dict[str, Any]
    notes: Sequence[Note] = ()


class InvalidRequestError(ValueError):
    """A request that Gemini would refuse and that has no certain repair, found before sending.

    `param` is where the trouble is, as `messages[3]` or `reasoning_effort`; `repair` is the name
    that switches the check off.
    """

    def __init__(self, message: str, *, param: str, repair: RepairName) -> None:
        super().__init__(message)
        self.param = param
        self.repair = repair

    def __reduce__(self) -> tuple[object, ...]:
        return _invalid, (type(self), str(self), self.param, self.repair)


class UnsupportedParameterError(InvalidRequestError):
    """Parameters that this backend does not take; `param` has their names, with commas."""


class AbsentError(ValueError):
    """The backend has nothing at this path; `advice` says what it has in its place."""

    def __init__(self, path: str, advice: str) -> None:
        super().__init__(path, advice)
        self.path = path
        self.advice = advice

    @property
    def feature(self) -> str:
        """What is missing where, by its name on the client."""
        resource, _, rest = self.path.strip("/").partition("/")
        name = f"{resource}.retrieve" if resource == "models" and rest else resource
        return f"{name} on Vertex AI"


class AnswerError(ValueError):
    """An answer that must not be passed on as what was asked for."""


class NoAnswerError(AnswerError):
    """A body that came with status 200 and is no answer.

    `error` is that body where it reports an error, else None.
    """

    def __init__(self, message: str, *, error: object | None = None) -> None:
        super().__init__(message)
        self.error = error


def _invalid(
    kind: type[InvalidRequestError], message: str, param: str, repair: RepairName
) -> InvalidRequestError:
    return kind(message, param=param, repair=repair)
