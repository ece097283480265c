"""Tell an error, or what no endpoint gives, from an answer: both come with the status 200."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ..._primitives.json_types import is_array, is_object
from ..notes import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Collection

_OF_ANY = frozenset({"created", "id", "model", "name", "object", "usage"})
_MOST_SHOWN = 200


def error_in(body: object, holds: Collection[str]) -> object | None:
    """`body`, if it is an error and no answer, else None.

    Google's list of one error counts, `{"error": ...}`, and vLLM's `{"object": "error"}`. An error
    beside one of the keys that an answer `holds` does not: a failed batch says so in its own.
    """
    outer = body[0] if is_array(body) and body else body
    if not is_object(outer):
        return None
    if outer.get("object") == "error":
        return body
    return body if outer.get("error") and not any(map(outer.get, holds)) else None


def error_in_event(data: bytes, *, named: bool = False) -> object | None:
    """The body of the error that an event of a stream holds; None if it holds none.

    In a stream an error beside choices is one: it says why they end. An event that is `named`
    "error" is one, whatever it holds.
    """
    try:
        body = from_json(data)
    except ValueError:
        return data.decode("utf-8", "replace") if named else None
    found = error_in(body, ())
    if found is None:
        return body if named else None
    return found.get("error", found) if is_object(found) else found


def refuse_no_answer(value: object, holds: Collection[str], *, may_be_empty: bool = False) -> None:
    """Raise `NoAnswerError` for a body with an error, or with nothing that an answer has.

    `holds` are the keys of which an answer has one. `{}` is no answer unless it `may_be_empty`:
    Google leaves out a list that has nothing in it.
    """
    if (error := error_in(value, holds)) is not None:
        raise NoAnswerError(shown(value), error=error)
    if is_object(value) and not (_OF_ANY | set(holds)) & value.keys():
        if may_be_empty and not value:
            return
        raise NoAnswerError(f"The server's answer is not one of this endpoint: {shown(value)}")


def shown(value: Any) -> str:
    """The beginning of a JSON value, for a message."""
    text = to_json(value).decode("utf-8", "replace")
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
