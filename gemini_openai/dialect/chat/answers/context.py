"""Keep what of a request its answer is read by."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...._primitives.json_types import is_array, is_object
from ...settings import DEFAULT_SETTINGS
from ..requests.thinking import THOUGHT_TAG, thinking_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...settings import Settings
    from ...table import RepairName
    from ..signatures import SignatureMemory


@dataclass(eq=False, repr=False)
class AnswerContext:
    """What an answer is read by, and what was done to it. Make one with `answer_context`."""

    settings: Settings
    memory: SignatureMemory | None
    seed: str
    """What invented ids come from where the answer has no id of its own."""
    include_usage: bool
    choices: int
    thoughts_asked_for: bool
    tag: str
    messages: Sequence[Any]
    """Those of the request."""
    tools: Sequence[Any]
    """Those of the request."""
    given_names: Mapping[str, str]
    """The app's names of functions, by the names that were sent instead."""
    applied: set[RepairName]
    """The names of the repairs that were made, for the log."""


def answer_context(
    body: Mapping[str, Any],
    settings: Settings = DEFAULT_SETTINGS,
    memory: SignatureMemory | None = None,
    seed: str = "",
    applied: set[RepairName] | None = None,
    given_names: Mapping[str, str] = {},
) -> AnswerContext:
    """What the answer to `body`, a chat request as it is sent, is read by.

    Without a `seed` it is random. `applied` is the set to collect names of repairs in.
    `given_names` is what `with_wire_names` returned.
    """
    options = body.get("stream_options")
    asked, tag = thinking_of(body) if "extra_body" in body else (False, THOUGHT_TAG)
    choices, messages, tools = body.get("n"), body.get("messages"), body.get("tools")
    return AnswerContext(
        settings,
        memory,
        seed or os.urandom(16).hex(),
        include_usage=is_object(options) and options.get("include_usage") is True,
        choices=choices if isinstance(choices, int) else 1,
        thoughts_asked_for=asked,
        tag=tag,
        messages=messages if is_array(messages) else (),
        tools=tools if is_array(tools) else (),
        given_names=given_names,
        applied=set() if applied is None else applied,
    )
