"""Serve the OpenAI-compatible routes that answer at once: chat, embeddings, images, models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..answers import models
from ..answers.completion import completion, rendered
from ..answers.embeddings import answer_embeddings
from ..answers.images import answer_images
from ..http.errors import GoogleError

if TYPE_CHECKING:
    from ..http.replies import Rendered
    from .context import Context


def chat(context: Context) -> Rendered:
    """`POST …/chat/completions`."""
    body = context.body()
    if isinstance(body, GoogleError):
        return context.error(body)
    answered = completion(body, context.quirks, context.models, context.stamp(), context.answer)
    return context.error(answered) if isinstance(answered, GoogleError) else rendered(answered)


def embeddings(context: Context) -> Rendered:
    """`POST …/embeddings`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = answer_embeddings(body, context.quirks, context.models)
    return context.reply(body)


def images(context: Context) -> Rendered:
    """`POST …/images/generations`."""
    body = context.body()
    if not isinstance(body, GoogleError):
        body = answer_images(body, context.quirks, context.models, int(context.now))
    return context.reply(body)


def model_list(context: Context) -> Rendered:
    """`GET …/models`."""
    return context.reply(models.model_list(context.quirks, context.models))


def model(context: Context) -> Rendered:
    """`GET …/models/{id}`; the id may have a slash."""
    name = context.path["id"]
    return context.reply(models.model(name, context.quirks, context.models))
