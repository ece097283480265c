"""A client's place on Vertex AI, and its credentials there: shared by the client and its copies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .options import VertexOptions, resolve_vertex
from .refreshing import GoogleCredentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._types import HttpClient


class Vertex(NamedTuple):
    """Where the client talks to; `google` has its credentials, None if it was given a key."""

    options: VertexOptions
    google: GoogleCredentials | None

    def moved(
        self,
        *,
        base_url: str | None = None,
        project: str | None = None,
        location: str | None = None,
        endpoint_id: str | None = None,
        with_key: bool = False,
    ) -> Vertex:
        """The same elsewhere; with the same credentials, or none if there is a key for them.

        Raises `ValueError` for a place that cannot be, or that the present base URL excludes.
        """
        was = self.options
        options = was._replace(
            project=project or was.project,
            location=location or was.location,
            endpoint_id=endpoint_id or was.endpoint_id,
        )
        if base_url is not None:
            options = options._replace(server=base_url, server_is_root=False)
        elif (options.location, options.endpoint_id) != (was.location, was.endpoint_id):
            options = options._replace(dedicated_host=None)  # it is of one endpoint only
            if options.base_url == was.base_url:
                raise ValueError(
                    f"{was.server} names a location and an endpoint of its own. For another one "
                    "give another base_url, or one without /projects/ and what follows."
                )
        _ = options.base_url  # raises here if it cannot be
        return Vertex(options, None if with_key else self.google)


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
