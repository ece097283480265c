"""What whole answers and chunks have in common beside their finish reason, calls and usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...notes import NoAnswerError
from ...refusals.no_answers import refuse_no_answer, shown
from .finish_reasons import RAW_FINISH_REASON

if TYPE_CHECKING:
    from .context import AnswerContext

_OF_BLOCKED = frozenset(
    {"choices", "created", "error", "id", "model", "object", "service_tier", "system_fingerprint"}
    | {"serviceTier", "systemFingerprint", "usage"}
)


def is_completion(value: dict[str, Any]) -> bool:
    """Whether this is an answer to a chat request, or a chunk of one, if perhaps a blocked one.

    Without choices it says so in `object`, or has nothing that answers of other kinds have.
    """
    if value.get("error"):
        return False
    if is_array(value.get("choices")) and value["choices"]:
        return True
    if kind := value.get("object"):
        return "completion" in str(kind)
    return value.keys() <= _OF_BLOCKED and any(map(value.get, ("id", "model", "usage")))


def refuse_no_completion(value: object) -> None:
    """Raise `NoAnswerError` for an error, and for JSON of another kind than a chat answer."""
    refuse_no_answer(value, ("choices",))
    if is_object(value) and value.get("choices", 0) not in (None, []) and not is_completion(value):
        raise NoAnswerError(f"The server's answer is not one of this endpoint: {shown(value)}")


def withheld_choice(context: AnswerContext) -> dict[str, Any]:
    """The choice of an answer that came without any: Gemini blocked the prompt.

    Google says no more than that, so its word is None.
    """
    context.applied.add("choices")
    return {"finish_reason": "content_filter", "index": 0, RAW_FINISH_REASON: None}


def with_text_content(message: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    """A message, or a delta, whose content is text, where it came as a list of parts of text."""
    content = message.get("content")
    if not is_array(content) or not context.settings.on("content-parts"):
        return message
    parts = [part.get("text") if is_object(part) else part for part in content]
    texts = [text for text in parts if isinstance(text, str)]
    if len(texts) < len(parts):
        return message  # it has more than text, which must not be lost
    context.applied.add("content-parts")
    return {**message, "content": "".join(texts) or None}


def with_number_created(value: dict[str, Any], context: AnswerContext) -> dict[str, Any]:
    """`created` as a number, where it came as text."""
    created = value.get("created")
    if isinstance(created, str) and created.isdecimal() and context.settings.on("created"):
        context.applied.add("created")
        return {**value, "created": int(created)}
    return value
