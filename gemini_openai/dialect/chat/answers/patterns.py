"""Find what the chunks of a stream have in common, so that only the rest must be read.

Google's chunks are the same but for their text and the numbers in their usage.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pydantic_core import from_json

from ...._primitives.json_types import is_array, is_object
from .thoughts import is_flagged
from .usage import NO_TOKENS

_USAGE = b',"usage":{'
_TEXT = re.compile(rb'"content": ?"((?:[^"\\]|\\.)*)"')
_DIGITS = b"0123456789"
_MORE_TEXT = b"1"


class Pattern(NamedTuple):
    """What is the same in chunks that follow each other."""

    before: bytes
    """What is before the text."""
    after: bytes
    """What is behind it, up to the usage if that differs."""
    counts: bytes | None
    """A usage that differs, without its digits; it is the last that the chunks have."""
    chunk: dict[str, Any]
    """One of the chunks as OpenAI would have sent it."""
    is_thought: bool
    """Whether its text is thought."""

    def match(self, data: bytes) -> tuple[str, dict[str, Any] | None] | None:
        """The text and the usage of a chunk; None where that is of another kind, or no JSON.

        The usage is None, too, where all have the same.
        """
        before, after, counts, _, is_thought = self
        start, end = len(before), len(data)
        if counts is not None and (end := data.rfind(_USAGE, start)) < 0:
            return None
        if not (data.startswith(before) and data.endswith(after, start, end)):
            return None
        try:
            text = from_json(data[start - 1 : end - len(after) + 1])
            if is_thought and (not text or "<" in text):  # it may be of the tag that ends it
                return None
            if counts is None:
                return text, None
            own = data[end + len(_USAGE) - 1 : -1]
            if own.translate(None, _DIGITS) != counts or not data.endswith(b"}}"):
                return None
            return text, from_json(own)
        except ValueError:
            return None


def pattern_of(
    data: bytes, value: dict[str, Any], chunk: dict[str, Any], *, is_thought: bool
) -> Pattern | None:
    """What chunks have that are like this one: `data`, read as `value`, and adapted to `chunk`.

    None where they may need other repairs than this one.
    """
    found = None if b"\n" in data else _TEXT.search(data)
    choices = value.get("choices")
    if found is None or not is_array(choices) or len(choices) != 1 or not _goes_on(choices[0]):
        return None
    delta, usage = choices[0]["delta"], value.get("usage")
    text = delta.get("content")
    made = chunk["choices"][0]["delta"].get("reasoning_content" if is_thought else "content")
    if not isinstance(text, str) or made != text:
        return None
    if is_flagged(delta) and not is_thought:  # it may begin a thought again, if a tag comes
        return None
    end, counts = len(data), None
    if usage == NO_TOKENS:  # as it came; its details are not for all
        return None
    if is_object(usage):
        end = data.rfind(_USAGE)
        counts = data[end + len(_USAGE) - 1 : -1].translate(None, _DIGITS)
    pattern = Pattern(data[: found.start(1)], data[found.end(1) : end], counts, chunk, is_thought)
    if pattern.match(data) != (text, usage if counts else None):
        return None
    # Another text shows whether it stands where the text was found.
    other = from_json(data[: found.end(1)] + _MORE_TEXT + data[found.end(1) :])
    has_more = other["choices"][0]["delta"]["content"] == text + _MORE_TEXT.decode()
    return pattern if has_more else None


def _goes_on(choice: Any) -> bool:
    """Whether a choice has not ended and has no tool call, with which more than text may change."""
    return (
        is_object(choice)
        and not (choice.get("finish_reason") or choice.get("finishReason"))
        and isinstance(choice.get("index"), int)
        and is_object(choice.get("delta"))
        and not choice["delta"].get("tool_calls")
    )


def read_object(data: bytes) -> dict[str, Any] | None:
    """A JSON object; None of all that is none."""
    try:
        value = from_json(data)
    except ValueError:
        return None
    return value if is_object(value) else None
