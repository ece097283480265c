"""The OpenAI-compatible routes that answer at once: chat, embeddings, images, models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import media, refusals, wire
from ._json import compact
from .answers import Answer, answer, snake_case
from .errors import GoogleError
from .script import Reply, Sse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalogue import Catalogue
    from .context import Context, Rendered
    from .quirks import Quirks


def completion(
    given: Mapping[str, Any],
    quirks: Quirks,
    models: Catalogue,
    stamp: wire.Stamp,
    scripted: Answer | None = None,
) -> wire.ChatWire | GoogleError:
    """A chat request answered, by rule or as scripted, or refused."""
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


def chat(context: Context) -> Rendered:
    """`POST …/chat/completions`."""
    body = context.body()
    if isinstance(body, GoogleError):
        return context.error(body)
    models = context.settings.models
    answered = completion(body, context.quirks, models, context.stamp(), context.answer)
    return context.error(answered) if isinstance(answered, GoogleError) else rendered(answered)


def embeddings(context: Context) -> Rendered:
    """`POST …/embeddings`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = media.embeddings(body, context.quirks, context.settings.models)
    return _plain(context, body)


def images(context: Context) -> Rendered:
    """`POST …/images/generations`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = media.images(body, context.quirks, context.settings.models, int(context.now))
    return _plain(context, body)


def model_list(context: Context) -> Rendered:
    """`GET …/models`."""
    return _plain(context, media.model_list(context.quirks, context.settings.models))


def model(context: Context) -> Rendered:
    """`GET …/models/{id}`; the id may have a slash."""
    name = context.path["id"]
    return _plain(context, media.model(name, context.quirks, context.settings.models))


def _plain(context: Context, body: dict[str, Any] | GoogleError) -> Reply:
    return context.error(body) if isinstance(body, GoogleError) else Reply(json=body)


def _known_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with known names in snake case: proto's JSON parser takes `maxTokens` as well."""
    return {
        snake if (snake := snake_case(name)) in refusals.CHAT_FIELDS else name: value
        for name, value in body.items()
    }
