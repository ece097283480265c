"""Find the JSON in a text that has more than that.

In JSON mode, above all beside search and tools, Gemini may put its answer in a Markdown fence or
say something before and after it: https://github.com/vercel/ai/issues/11450.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...._primitives.patterns import late_pattern
from ...settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...settings import Settings

_FENCE = late_pattern(r"```[\w+-]*[ \t]*\r?\n\s*")
_OPENING = late_pattern(r'\{(?=\s*["}])|\[(?=\s*(?:["{\[\]\d-]|true|false|null))')
_decode = json.JSONDecoder().raw_decode


def json_in_text(text: str, settings: Settings = DEFAULT_SETTINGS) -> Iterator[str]:
    """The JSON values in `text`, as they stand in it: first those that begin a fence, then all.

    Outside of fences only objects and arrays count. Nothing that lies within a value is given, and
    nothing after the beginning of one that does not end: a part of an answer is not an answer.
    """
    if not settings.on("json-in-text"):
        return
    for fence in _FENCE.finditer(text):
        if end := _end_of_value(text, fence.end()):
            yield text[fence.end() : end]
    position = 0
    while opening := _OPENING.search(text, position):
        end = _end_of_value(text, opening.start())
        if end is None:
            return
        yield text[opening.start() : end]
        position = end


def _end_of_value(text: str, start: int) -> int | None:
    try:
        return _decode(text, start)[1]
    except (ValueError, RecursionError):
        return None
