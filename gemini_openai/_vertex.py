"""A client's place on Vertex AI, and its credentials there: shared by the client and its copies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from ._google_auth import GoogleCredentials
from ._vertex_options import VertexOptions, resolve_vertex

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._types import HttpClient


class Vertex(NamedTuple):
    """Where the client talks to; `google` has its credentials, None if it was given a key."""

    options: VertexOptions
    google: GoogleCredentials | None

    def moved(self, **changes: Any) -> Vertex:
        """The same with another location, endpoint, project or server."""
        options = self.options._replace(**{k: v for k, v in changes.items() if v is not None})
        _ = options.base_url  # raises here if it cannot be
        return self._replace(options=options)


def find_vertex(
    *,
    vertexai: bool | None,
    project: str | None,
    location: str | None,
    credentials: object | None,
    api_key: object | None,
    base_url: str | None,
    endpoint_id: str | None,
    dedicated_host: str | None,
    universe_domain: str | None,
    http: Callable[[], HttpClient] | None,
) -> Vertex | None:
    """What the arguments and the environment say of Vertex; None if the client is not for it.

    Raises `OpenAIError` without a project, and `ValueError` for what cannot be.
    """
    google = GoogleCredentials(credentials, project=project, http=http)
    options = resolve_vertex(
        vertexai,
        project,
        location,
        api_key,
        credentials,
        os.environ,
        base_url=base_url,
        endpoint_id=endpoint_id,
        dedicated_host=dedicated_host,
        universe_domain=universe_domain,
        find_project=google.find_project,
    )
    if options is None:
        return None
    return Vertex(options, google if api_key is None else None)
