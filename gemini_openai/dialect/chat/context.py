"""What of a request its answer is read by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._primitives.json_types import is_array, is_object
from ..settings import DEFAULT
from .thinking import THOUGHT_TAG, thinking_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..settings import Settings
    from .signatures import SignatureMemory


class AnswerContext(NamedTuple):
    """What the functions on answers go by. Make one for each request with `answer_context`.

    `seed` is what invented ids come from where the answer has no id of its own; empty for a random
    one. `messages` are those of the request. `applied` collects the names of the repairs that were
    made, for the log.
    """

    settings: Settings
    memory: SignatureMemory | None
    applied: set[str]
    seed: str = ""
    include_usage: bool = False
    choices: int = 1
    thoughts_asked_for: bool = False
    tag: str = THOUGHT_TAG
    messages: Sequence[Any] = ()

    def on(self, repair: str) -> bool:
        """Whether a repair is to be made."""
        return repair not in self.settings.off


def answer_context(
    body: Mapping[str, Any],
    settings: Settings = DEFAULT,
    memory: SignatureMemory | None = None,
    seed: str = "",
) -> AnswerContext:
    """What the answer to `body`, a chat request as it is sent, is read by."""
    options = body.get("stream_options")
    asked, tag = thinking_of(body) if "extra_body" in body else (False, THOUGHT_TAG)
    choices, messages = body.get("n"), body.get("messages")
    return AnswerContext(
        settings,
        memory,
        set(),
        seed,
        include_usage=is_object(options) and options.get("include_usage") is True,
        choices=choices if isinstance(choices, int) else 1,
        thoughts_asked_for=asked,
        tag=tag,
        messages=messages if is_array(messages) else (),
    )
