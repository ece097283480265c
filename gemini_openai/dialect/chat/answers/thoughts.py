"""Split text into thoughts and answer, in pieces cut anywhere.

Thoughts come inside `content`, as `<thought>...</thought>`. In streams the pieces with thoughts are
flagged (`extra_content.google.thought`), and the closing tag begins the first piece without the
flag; in whole answers, and on Vertex, only the tags separate.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...._primitives.json_types import is_object
from ..signatures import NAMESPACES


class Segment(NamedTuple):
    """A piece of text that is all thought or all answer."""

    is_thought: bool
    text: str


class ThoughtSplitter:
    """Splits one answer. `asked_for`: the answer may begin with a tag that no flag announces."""

    def __init__(self, tag: str, *, asked_for: bool) -> None:
        self._open, self._close = f"<{tag}>", f"</{tag}>"
        self._asked_for = asked_for
        self._may_begin = True  # a thought may begin here, if there is an opening tag
        self._thinking = False
        self._by_flag = False
        self._held: str = ""  # what may be a part of a tag
        self._held_after: str = ""  # the same, of the text after a flagged thought

    @property
    def is_past(self) -> bool:
        """Whether text without a flag is answer from here on, and nothing is held back."""
        return not (self._may_begin or self._thinking or self._held)

    @property
    def is_inside(self) -> bool:
        """Whether text is thought from here on, if nothing in it may be of a tag."""
        return self._thinking and not (self._held or self._held_after)

    @property
    def has_begun(self) -> bool:
        """Whether it is known if the text begins with a thought."""
        return not self._may_begin

    def skip(self) -> None:
        """Take it that the server split off the thoughts itself."""
        self._may_begin = self._thinking = False

    def feed(self, text: str, *, flagged: bool) -> list[Segment]:
        """What `text` gives, less what may be a part of a tag and is kept for the next."""
        if not text:
            return []
        if self._thinking:
            return self._think(text, flagged=flagged)
        if not (self._may_begin or flagged):
            return [Segment(is_thought=False, text=text)]
        if not (flagged or self._asked_for or self._held):
            self._may_begin = False
            return [Segment(is_thought=False, text=text)]
        text, self._held = self._held + text, ""
        if text.startswith(self._open):
            self._may_begin, self._thinking, self._by_flag = False, True, flagged
            return self.feed(text[len(self._open) :], flagged=flagged)
        if self._open.startswith(text):
            self._held = text
            return []
        self._may_begin = False
        return [Segment(is_thought=False, text=text)]

    def end(self) -> list[Segment]:
        """What was held back: no tag, as it turned out, unless it is a whole closing one."""
        held, after = self._held, self._held_after
        self._held = self._held_after = ""
        self._may_begin = False
        if self._thinking and held == self._close:
            held = ""
        pieces = [Segment(self._thinking, held), Segment(is_thought=False, text=after)]
        return [piece for piece in pieces if piece.text]

    def _think(self, text: str, *, flagged: bool) -> list[Segment]:
        self._by_flag = self._by_flag or flagged
        if self._by_flag and not flagged:
            return self._after_flags(text)
        text, self._held = self._held + text, ""
        thought, tag, answer = text.partition(self._close)
        if tag and (answer or not self._by_flag):
            self._thinking = False
        else:
            keep = _overlap(text, self._close)
            thought, self._held = text[: len(text) - keep], text[len(text) - keep :]
            answer = ""
        pieces = [Segment(is_thought=True, text=thought), Segment(is_thought=False, text=answer)]
        return [piece for piece in pieces if piece.text]

    def _after_flags(self, text: str) -> list[Segment]:
        """The flag is gone, so this is answer, behind a closing tag that may be cut."""
        after, self._held_after = self._held_after + text, ""
        whole = self._held + after
        if whole.startswith(self._close):
            thought, answer = "", whole[len(self._close) :]
        elif self._close.startswith(whole):
            self._held_after = after
            return []
        else:
            thought, answer = self._held, after
        self._held, self._thinking = "", False
        pieces = [Segment(is_thought=True, text=thought), Segment(is_thought=False, text=answer)]
        return [piece for piece in pieces if piece.text]


def is_flagged(message: dict[str, Any]) -> bool:
    """Whether a message or delta says that it has thoughts; it may say so without any."""
    extra = message.get("extra_content")
    if not is_object(extra):
        return False
    parts = (extra.get(namespace) for namespace in NAMESPACES)
    return any(is_object(part) and part.get("thought") is True for part in parts)


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`, or all of it."""
    for length in range(min(len(text), len(tag)), 0, -1):
        if text.endswith(tag[:length]):
            return length
    return 0
