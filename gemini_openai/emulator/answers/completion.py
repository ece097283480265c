"""The answers to chat requests, from the check of a body to the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.json_values import compact
from ..http.replies import Rendered, Reply, Sse
from . import refusals, wire
from .answer import Answer, answer, snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.errors import GoogleError
    from .catalogue import Catalogue
    from .quirks import Quirks


def completion(
    given: Mapping[str, Any],
    quirks: Quirks,
    models: Catalogue,
    stamp: wire.Stamp,
    scripted: Answer | None = None,
) -> wire.ChatWire | GoogleError:
    """Answer a chat request, by rule or as scripted, or refuse it."""
    body = _known_names(given)
    refusal = refusals.chat(body, quirks, models)
    if refusal is None and quirks.schemas_refused:
        refusal = refusals.response_schema(body)
    if refusal is not None:
        return refusal
    return wire.ChatWire(body, chosen(body, scripted), quirks, stamp)


def chosen(body: Mapping[str, Any], scripted: Answer | None) -> list[Answer]:
    """The answers, one for each choice."""
    if scripted is not None:
        return [scripted]
    return [answer(body, number=at) for at in range(int(body.get("n") or 1))]


def rendered(chat_wire: wire.ChatWire) -> Rendered:
    """The answer as the request wants it, whole or streamed."""
    if chat_wire.body.get("stream"):
        return Sse(
            [f"data: {compact(chunk, sort_keys=True)}\n\n" for chunk in chat_wire.chunks()],
            done=True,
        )
    return Reply(body=compact(chat_wire.completion(), sort_keys=True).encode())


def _known_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with known names in snake case: proto's JSON parser takes `maxTokens` as well."""
    return {
        snake if (snake := snake_case(name)) in refusals.CHAT_FIELDS else name: value
        for name, value in body.items()
    }
