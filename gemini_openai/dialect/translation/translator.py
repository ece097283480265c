"""Translate a request by its path: what a client does with every request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..notes import AbsentError
from ..routes.vertex_routes import absent_on_vertex
from ..settings import DEFAULT_SETTINGS
from . import endpoints
from .base import Remembered, Translation
from .chat import Chat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..settings import Settings


class Translator:
    """A client's settings, and what it remembers from one request to the next.

    `remembered` is where it remembers; clients that are given the same remember the same.
    """

    def __init__(
        self, settings: Settings = DEFAULT_SETTINGS, remembered: dict[str, Any] | None = None
    ) -> None:
        shared = {} if remembered is None else remembered
        self.settings = settings
        self.remembered: Remembered = shared.setdefault("dialect", Remembered())

    def translate(
        self,
        path: str,
        body: Any,
        *,
        base_url: str = "",
        project: str | None = None,
        query: Mapping[str, object] | None = None,
        method: str = "get",
        first_input: int = 0,
    ) -> Translation:
        """Adapt the body of a request to `path`, made of plain JSON values, and its query.

        Errors count the texts to embed from `first_input`.

        Raises `InvalidRequestError` when Gemini would refuse it and the repair is not certain, and
        `AbsentError` for what Vertex AI lacks.
        """
        known = self.settings, self.remembered
        path = _below(base_url, path)
        if self.settings.backend == "vertex":
            if path == "/models":
                return endpoints.vertex_catalogue(*known, body, base_url, project)
            deployed = self.settings.self_deployed
            if advice := absent_on_vertex(path, body, self_deployed=deployed):
                raise AbsentError(path, advice)
        if path == "/chat/completions":
            return Chat(*known, body)
        if f"{path}/".startswith("/files/") or _UPLOAD.search(path):
            return endpoints.Files(*known, body, path, base_url, query or {}, method)
        if path.endswith("/chat/completions"):
            return Chat(*known, body)
        if path == "/embeddings":
            return endpoints.Embeddings(*known, body, first_input)
        if path == "/batches" and method != "get":
            return endpoints.batch(*known, body)
        if path.startswith("/batches/") and path.endswith(("/cancel", ":cancel")):
            return endpoints.cancelled_batch(*known, body, path)
        for start, translation in _ENDPOINTS:
            if path == start or (start.endswith("/") and path.startswith(start)):
                return (
                    Translation(*known, body) if _VERB.search(path) else translation(*known, body)
                )
        return Translation(*known, body)


_UPLOAD = re.compile(r"/upload/v[^/]+/files$")
_VERB = re.compile(r":[A-Za-z]+$")
"""How a method of Google's own protocol ends, as `models/x:generateContent`."""


def _below(base_url: str, path: str) -> str:
    """A path of OpenAI's, with its slash, also where it is a whole URL; another URL as it is."""
    if "://" not in path:
        return path if path.startswith("/") else f"/{path}"
    return path.removeprefix(base_url.rstrip("/")) if base_url else path


_ENDPOINTS: tuple[tuple[str, Callable[[Settings, Remembered, Any], Translation]], ...] = (
    ("/images/generations", endpoints.images),
    ("/models", endpoints.models),
    ("/models/", endpoints.model),
    ("/batches", endpoints.batches),
    ("/batches/", endpoints.batch),
    ("/videos", endpoints.video),
    ("/videos/", endpoints.video),
)
"""A path, or how one begins, and how requests to it are translated.

All others may answer anything: Google's own routes have `models` and `files` in them, too.
"""
