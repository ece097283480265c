"""Find out from arguments and environment variables where on Vertex AI a client talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..._constants import VERTEX_SWITCHES
from ..._exceptions import OpenAIError
from ...dialect import is_developer_url
from .urls import (
    DEFAULT_LOCATION,
    DEFAULT_UNIVERSE,
    VertexOptions,
    is_vertex_url,
    names_project,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROJECT_VARIABLE = "GOOGLE_CLOUD_PROJECT"


class VertexArguments(NamedTuple):
    """What only a client for Vertex AI takes; None for what was not given."""

    location: str | None = None
    credentials: object | None = None
    endpoint_id: str | None = None
    dedicated_host: str | None = None
    universe_domain: str | None = None


def uses_vertex(
    vertexai: bool | None,
    given: VertexArguments,
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    has_key: bool = False,
) -> bool:
    """Whether a client takes Google's credentials and arguments for Vertex AI.

    What was said counts, else the base URL that was given, else what the environment says. With a
    key and a base URL of Vertex AI a client needs neither.

    Raises `ValueError` when it does not, and something is `given` that needs Vertex AI, and when
    the base URL is of the other API than was said.
    """
    if base_url is not None and is_developer_url(base_url):
        if vertexai:
            raise ValueError(
                f"vertexai=True, and base_url is of the Gemini Developer API ({base_url}). Leave "
                "one of the two out."
            )
        vertexai = False
    elif vertexai is None and not has_key and base_url is not None and is_vertex_url(base_url):
        vertexai = True
    if vertexai is None:
        said = (environ.get(variable, "").strip().lower() for variable in VERTEX_SWITCHES)
        vertexai = next(filter(None, said), "") in {"true", "1"}
    if vertexai:
        return True
    if names := [name for name, value in given._asdict().items() if value is not None]:
        raise ValueError(
            f"{' and '.join(names)} can be used with Vertex AI only: add vertexai=True, "
            f"or set {VERTEX_SWITCHES[-1]}=true."
        )
    return False


def resolve_vertex(
    project: str | None,
    given: VertexArguments,
    environ: Mapping[str, str],
    *,
    api_key: object | None = None,
    base_url: str | None = None,
    by_environment: bool = False,
    find_project: Callable[[], str | None],
) -> VertexOptions:
    """Where a client for Vertex AI talks to.

    What is given wins over the environment, as in google-genai: `GOOGLE_CLOUD_PROJECT`,
    `GOOGLE_CLOUD_LOCATION` (else `global`), `GOOGLE_VERTEX_BASE_URL` and
    `GOOGLE_CLOUD_UNIVERSE_DOMAIN`. API keys in the environment are not read: the route needs a
    project in its path, and where there is one google-genai prefers credentials too.

    Args:
        project: the project's id or number.
        given: the other arguments that are for Vertex AI.
        environ: the environment variables.
        api_key: the key, token or token function the caller gave, if any.
        base_url: another server than Google's, see `VertexOptions`.
        by_environment: whether the environment chose Vertex AI, which an error then says.
        find_project: asks the credentials for their project, when it was neither given nor set.

    Raises:
        OpenAIError: there is no project; the message says where it was looked for.
        ValueError: arguments that exclude each other, or a project or location that cannot exist.
    """
    if api_key is not None and given.credentials is not None:
        raise ValueError(
            "Give api_key (a key, or a function that returns an access token) or credentials "
            "(google-auth's), not both."
        )

    def from_environment(variable: str) -> str | None:
        return environ.get(variable, "").strip() or None

    server = base_url or from_environment("GOOGLE_VERTEX_BASE_URL")
    project = project or from_environment(PROJECT_VARIABLE)
    if project is None and not (server and names_project(server)):
        find = None if api_key is not None else find_project
        project = _project_of_credentials(find, by_environment=by_environment)
    options = VertexOptions(
        project,
        given.location or from_environment("GOOGLE_CLOUD_LOCATION") or DEFAULT_LOCATION,
        given.endpoint_id,
        given.dedicated_host,
        given.universe_domain
        or from_environment("GOOGLE_CLOUD_UNIVERSE_DOMAIN")
        or DEFAULT_UNIVERSE,
        server,
        server_is_root=not base_url,
    )
    _ = options.base_url  # what is wrong is to be said by the constructor, not by the first call
    return options


def _project_of_credentials(
    find_project: Callable[[], str | None] | None, *, by_environment: bool
) -> str:
    """The project that the credentials name, or the error that says there is none."""
    outcome = ""
    if find_project is not None:
        try:
            if project := find_project():
                return project
            outcome = ", then in the Google credentials, which name none"
        except OpenAIError as trouble:
            outcome = f", then in the Google credentials, which cannot be used either ({trouble})"
    message = (
        "No Google Cloud project. Looked for the project argument, then for "
        f"{PROJECT_VARIABLE} in the environment{outcome}. Give "
        f"project='my-project-id' or set {PROJECT_VARIABLE}; `gcloud projects list` shows the ids."
    )
    if by_environment:
        message += (
            " The environment chose Vertex AI; vertexai=False is for the Gemini Developer API."
        )
    raise OpenAIError(message)
