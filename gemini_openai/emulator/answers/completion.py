"""The answers to chat requests, from the check of a body to the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.json_values import compact, is_mapping
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
    body = parsed(given)
    refusal = refusals.chat(body, quirks, models)
    if refusal is None and quirks.schemas_refused:
        refusal = refusals.response_schema(body)
    if refusal is not None:
        return refusal
    return wire.ChatWire(body, chosen(body, quirks, scripted), quirks, stamp)


def chosen(body: Mapping[str, Any], quirks: Quirks, scripted: Answer | None) -> list[Answer]:
    """The answers, one for each choice."""
    if scripted is not None:
        return [scripted]
    last = quirks.last_system_message_only
    count = int(body.get("n") or 1)
    return [answer(body, number=at, last_system_only=last) for at in range(count)]


def rendered(chat_wire: wire.ChatWire) -> Rendered:
    """The answer as the request wants it, whole or streamed."""
    if chat_wire.body.get("stream"):
        return Sse(
            [f"data: {compact(chunk, sort_keys=True)}\n\n" for chunk in chat_wire.chunks()],
            done=True,
        )
    return Reply(body=compact(chat_wire.completion(), sort_keys=True).encode())


def parsed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as proto's JSON parser reads it.

    It takes `maxTokens` for `max_tokens`, and a single object for a list of one.
    """
    out = {
        snake if (snake := snake_case(name)) in refusals.CHAT_FIELDS else name: value
        for name, value in body.items()
    }
    if is_mapping(out.get("tools")):
        out["tools"] = [out["tools"]]
    return out
