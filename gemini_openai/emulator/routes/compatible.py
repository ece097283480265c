"""Serve the OpenAI-compatible routes that answer at once: chat, embeddings, images, models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..answers import models
from ..answers.completion import completion, rendered
from ..answers.embeddings import answer_embeddings
from ..answers.images import answer_images
from ..http.errors import GoogleError
from ..http.replies import Rendered, Reply

if TYPE_CHECKING:
    from .context import Context


def chat(context: Context) -> Rendered:
    """`POST …/chat/completions`."""
    body = context.body()
    if isinstance(body, GoogleError):
        return context.error(body)
    answered = completion(
        body, context.quirks, context.settings.models, context.stamp(), context.answer
    )
    return context.error(answered) if isinstance(answered, GoogleError) else rendered(answered)


def embeddings(context: Context) -> Rendered:
    """`POST …/embeddings`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = answer_embeddings(body, context.quirks, context.settings.models)
    return _plain(context, body)


def images(context: Context) -> Rendered:
    """`POST …/images/generations`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = answer_images(body, context.quirks, context.settings.models, int(context.now))
    return _plain(context, body)


def model_list(context: Context) -> Rendered:
    """`GET …/models`."""
    return _plain(context, models.model_list(context.quirks, context.settings.models))


def model(context: Context) -> Rendered:
    """`GET …/models/{id}`; the id may have a slash."""
    name = context.path["id"]
    return _plain(context, models.model(name, context.quirks, context.settings.models))


def _plain(context: Context, body: dict[str, Any] | GoogleError) -> Reply:
    return context.error(body) if isinstance(body, GoogleError) else Reply(json=body)
