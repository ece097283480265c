"""The paths of OpenAI's API that are passed on, and no others."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

# Uploads of files and downloads of videos are Google's own protocols.
_METHODS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"chat/completions", ("POST",)),
    (r"embeddings", ("POST",)),
    (r"images/generations", ("POST",)),
    (r"models(?:/.+)?", ("GET",)),
    (r"files(?:/.+/content)?", ("GET",)),
    (r"files/.+", ("GET", "DELETE")),
    (r"batches", ("GET", "POST")),
    (r"batches/.+/cancel", ("POST",)),
    (r"videos", ("POST",)),
    (r"batches/.+", ("GET",)),
    (r"videos/.+(?<!/content)", ("GET",)),
)
_ENDPOINTS = [(re.compile(pattern), methods) for pattern, methods in _METHODS]
_VERSION = "v1/"


class Endpoint(NamedTuple):
    """A path below the base URL, without a slash at its beginning, and the methods it has."""

    path: str
    methods: tuple[str, ...]


def endpoint_of(raw_path: str) -> Endpoint | None:
    """The endpoint of a path as it was sent, with or without `/v1`; None for what is none.

    A path that leads out of its endpoint (`/models/../../…`) is none: with the key of the proxy it
    would reach what is not OpenAI's API.
    """
    path = unquote(raw_path).strip("/").removeprefix(_VERSION)
    steps = re.split(r"[/\\]", path)
    if not all(steps) or {".", ".."} & {*steps}:
        return None
    for pattern, methods in _ENDPOINTS:
        if pattern.fullmatch(path):
            # `openai` writes the ids of Google, `files/abc`, as `files%2Fabc`.
            return Endpoint(quote(path, safe="/:@"), methods)
    return None
