"""What whole answers and chunks have in common beside their finish reason, calls and usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...._primitives.numbers import whole_number
from .finish_reasons import RAW_FINISH_REASON

if TYPE_CHECKING:
    from .context import AnswerContext

_OF_COMPLETIONS = ("choices", "id", "object", "usage", "model")


def is_completion(value: dict[str, Any]) -> bool:
    """Whether this is an answer to a chat request, or a chunk of one, if perhaps a blocked one."""
    return any(value.get(name) for name in _OF_COMPLETIONS) and not value.get("error")


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
    number = whole_number(created) if isinstance(created, str) else None
    if number is not None and context.settings.on("created"):
        context.applied.add("created")
        return {**value, "created": number}
    return value
