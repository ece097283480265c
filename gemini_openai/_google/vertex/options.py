"""Find out from arguments and environment variables where on Vertex AI a client talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..._constants import VERTEX_SWITCHES as SWITCH_VARIABLES
from ..._exceptions import OpenAIError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROJECT_VARIABLE = "GOOGLE_CLOUD_PROJECT"
LOCATION_VARIABLE = "GOOGLE_CLOUD_LOCATION"
BASE_URL_VARIABLE = "GOOGLE_VERTEX_BASE_URL"
UNIVERSE_VARIABLE = "GOOGLE_CLOUD_UNIVERSE_DOMAIN"


class VertexOptions(NamedTuple):
    """A place on Vertex AI. `_replace(location="eu")` is the same in another location.

    `project` is None only when `server` is a whole URL that names one. `server` is a base URL that
    was given in place of Google's; `server_is_root` says that it came from
    `GOOGLE_VERTEX_BASE_URL`, behind which google-genai puts the whole path.
    """

    project: str | None
    location: str
    endpoint_id: str | None = None
    dedicated_host: str | None = None
    universe_domain: str | None = None
    server: str | None = None
    server_is_root: bool = False

    @property
    def base_url(self) -> str:
        """The root that `chat/completions` hangs on, with a slash at its end.

        Raises `ValueError` when one of the parts cannot be what it is said to be.
        """
        from .urls import DEFAULT_UNIVERSE, complete_vertex_url, vertex_base_url

        if self.server is not None:
            return complete_vertex_url(
                self.server,
                self.project,
                self.location,
                endpoint_id=self.endpoint_id,
                root=self.server_is_root,
            )
        return vertex_base_url(
            self.project or "",
            self.location,
            endpoint_id=self.endpoint_id,
            dedicated_host=self.dedicated_host,
            universe_domain=self.universe_domain or DEFAULT_UNIVERSE,
        )

    def moved(
        self,
        *,
        base_url: str | None = None,
        project: str | None = None,
        location: str | None = None,
        endpoint_id: str | None = None,
    ) -> VertexOptions:
        """A copy at another place; what is None stays.

        Raises `ValueError` for a place that cannot be, or that the present base URL excludes.
        """
        new = self._replace(
            project=project or self.project,
            location=location or self.location,
            endpoint_id=endpoint_id or self.endpoint_id,
        )
        if base_url is not None:
            new = new._replace(server=base_url, server_is_root=False)
        elif (new.location, new.endpoint_id) != (self.location, self.endpoint_id):
            new = new._replace(dedicated_host=None)  # it is of one endpoint only
            if new.base_url == self.base_url:
                raise ValueError(
                    f"{self.server} names a location and an endpoint of its own. For another one "
                    "give another base_url, or one without /projects/ and what follows."
                )
        _ = new.base_url  # raises here if it cannot be
        return new


def uses_vertex(vertexai: bool | None, environ: Mapping[str, str]) -> bool:
    """Whether a client is for Vertex AI: what was said, else what the environment says."""
    if vertexai is not None:
        return vertexai
    for variable in SWITCH_VARIABLES:
        if said := environ.get(variable, "").strip().lower():
            return said in {"true", "1"}
    return False


def resolve_vertex(
    vertexai: bool | None,
    project: str | None,
    location: str | None,
    api_key: object | None,
    credentials: object | None,
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    endpoint_id: str | None = None,
    dedicated_host: str | None = None,
    universe_domain: str | None = None,
    find_project: Callable[[], str | None] | None = None,
) -> VertexOptions | None:
    """Where a client talks to on Vertex AI; None when it is not for Vertex.

    What is given wins over the environment, as in google-genai: `GOOGLE_GENAI_USE_VERTEXAI`,
    `GOOGLE_CLOUD_PROJECT`, `GOOGLE_CLOUD_LOCATION` (else `global`), `GOOGLE_VERTEX_BASE_URL` and
    `GOOGLE_CLOUD_UNIVERSE_DOMAIN`. API keys in the environment are not read: the route needs a
    project in its path, and where there is one google-genai prefers credentials too.

    Args:
        vertexai: whether to use Vertex; None leaves it to the environment.
        project: the project's id or number. Without Vertex it is OpenAI's `project`, and ignored.
        location: `global`, `us`, `eu` or a region.
        api_key: the key, token or token function the caller gave, if any.
        credentials: the Google credentials the caller gave, if any.
        environ: the environment variables.
        base_url: another server than Google's, see `urls.complete_vertex_url`.
        endpoint_id: a self-deployed model's endpoint.
        dedicated_host: and the host of its own, if it has one.
        universe_domain: another cloud's domain.
        find_project: asks the credentials for their project, when it was neither given nor set.

    Raises:
        OpenAIError: there is no project; the message says where it was looked for.
        ValueError: arguments that exclude each other, or a project or location that cannot exist.
    """
    if not uses_vertex(vertexai, environ):
        given = {
            "credentials": credentials,
            "location": location,
            "endpoint_id": endpoint_id,
            "dedicated_host": dedicated_host,
            "universe_domain": universe_domain,
        }
        if names := [name for name, value in given.items() if value is not None]:
            raise ValueError(
                f"{' and '.join(names)} can be used with Vertex AI only: add vertexai=True, "
                f"or set {SWITCH_VARIABLES[-1]}=true."
            )
        return None
    if api_key is not None and credentials is not None:
        raise ValueError(
            "Give api_key (a key, or a function that returns an access token) or credentials "
            "(google-auth's), not both."
        )
    from .urls import DEFAULT_LOCATION, names_project

    server, server_is_root = base_url, False
    if server is None and (server := environ.get(BASE_URL_VARIABLE, "").strip() or None):
        server_is_root = True
    project = project or environ.get(PROJECT_VARIABLE, "").strip() or None
    if project is None and not (server and names_project(server)):
        find = None if api_key is not None else find_project
        project = _project_of_credentials(find, by_environment=vertexai is None)
    options = VertexOptions(
        project,
        location or environ.get(LOCATION_VARIABLE, "").strip() or DEFAULT_LOCATION,
        endpoint_id,
        dedicated_host,
        universe_domain or environ.get(UNIVERSE_VARIABLE, "").strip() or None,
        server,
        server_is_root,
    )
    _ = options.base_url  # what is wrong is to be said by the constructor, not by the first call
    return options


def _project_of_credentials(
    find_project: Callable[[], str | None] | None, *, by_environment: bool
) -> str:
    """The project that the credentials name, or the error that says there is none."""
    looked = f"the project argument, then for {PROJECT_VARIABLE} in the environment"
    outcome = ""
    if find_project is not None:
        try:
            if project := find_project():
                return project
            outcome = ", then in the Google credentials, which name none"
        except OpenAIError as trouble:
            outcome = f", then in the Google credentials, which cannot be used either ({trouble})"
    message = (
        f"No Google Cloud project. Looked for {looked}{outcome}. Give "
        f"project='my-project-id' or set {PROJECT_VARIABLE}; `gcloud projects list` shows the ids."
    )
    if by_environment:
        message += (
            " The environment chose Vertex AI; vertexai=False is for the Gemini Developer API."
        )
    raise OpenAIError(message)
