"""Make Vertex AI's URLs of a project and a location, and tell them from those of other servers.

The three shapes of host are Google's: one for `global`, one for the multi-regions, one for regions.
`eu-aiplatform.googleapis.com`, which the third would give for `eu`, does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from ..._primitives.patterns import late_pattern

if TYPE_CHECKING:
    import re

DEFAULT_LOCATION = "global"  # google-genai's
DEFAULT_UNIVERSE = "googleapis.com"
OPENAPI = "openapi"  # the endpoint of all models that Google serves itself
API_VERSION = "v1"

# Projects from before 2012 may belong to a domain: `example.com:project`.
_PROJECT = late_pattern(r"[A-Za-z0-9_-][A-Za-z0-9_.:-]*")
_LOCATION = late_pattern(r"[a-z][a-z0-9-]*")
_ZONE = late_pattern(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")
_ENDPOINT = late_pattern(r"[A-Za-z0-9_-]+")
_HOST = late_pattern(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_VERSION = late_pattern(r"v[0-9]+((alpha|beta)[0-9]*)?")
_ENDPOINT_PATH = late_pattern(r"(.*/projects/[^/]+/locations/[^/]+/endpoints/[^/]+)(/.*)?")
_SHARED_HOST = late_pattern(r"(?:[a-z0-9-]+-)?aiplatform\.(?:[a-z0-9-]+\.rep\.)?googleapis\.com")
_DEDICATED_DOMAIN = ".prediction.vertexai.goog"
_API_KEY = late_pattern(r"AIza|AQ\.")  # the two families of Google's API keys


class VertexOptions(NamedTuple):
    """A place on Vertex AI. `_replace(location="eu")` is the same in another location.

    Attributes:
        project: the id or number of a Google Cloud project; None only when `server` is a whole URL
            that names one.
        location: `global`, a multi-region (`us`, `eu`) or a region (`us-central1`).
        endpoint_id: the endpoint of a model you deployed; without it, Google's own models.
        dedicated_host: the endpoint's `dedicated_endpoint_dns`, if it has one. It is then the only
            host that answers for it.
        universe_domain: another cloud's domain than `googleapis.com`.
        server: a base URL that was given in place of Google's. A bare host, or one with an API
            version, is completed with the path of the endpoint. A URL that names a project is
            taken as it is, less a pasted `/chat/completions` and less its query, which is where
            keys end up in logs. Any other path is taken as it is.
        server_is_root: whether `server` came from `GOOGLE_VERTEX_BASE_URL`, behind which
            google-genai puts the whole path: then any other path is completed too.
    """

    project: str | None
    location: str = DEFAULT_LOCATION
    endpoint_id: str | None = None
    dedicated_host: str | None = None
    universe_domain: str = DEFAULT_UNIVERSE
    server: str | None = None
    server_is_root: bool = False

    @property
    def base_url(self) -> str:
        """The root that `chat/completions` hangs on, with a slash at its end.

        Raises `ValueError` when one of the parts cannot be what it is said to be, or is missing.
        """
        if self.server is not None:
            return self._completed(self.server)
        path = self._path(API_VERSION)
        domain = _checked_host("universe_domain", self.universe_domain)
        if self.dedicated_host is not None:
            if self.endpoint_id is None:
                raise ValueError(
                    "dedicated_host is the host of one endpoint: give its number as endpoint_id "
                    "too."
                )
            host = _checked_host("dedicated_host", self.dedicated_host)
        elif self.location == "global":
            host = f"aiplatform.{domain}"
        elif self.location in {"us", "eu"}:
            host = f"aiplatform.{self.location}.rep.{domain}"
        else:
            host = f"{self.location}-aiplatform.{domain}"
        return f"https://{host}{path}/"

    def _completed(self, server: str) -> str:
        parts = urlsplit(server)
        path = parts.path.rstrip("/")
        above, _, last = path.rpartition("/")
        has_version = _VERSION.fullmatch(last) is not None
        if root := endpoint_root(server):
            return root
        if not names_project(server) and (self.server_is_root or has_version or path == ""):
            if self.project is None:
                raise ValueError(
                    f"{server} names no project, and none was given: give project, or a base_url "
                    "that ends in /projects/PROJECT/locations/LOCATION/endpoints/openapi."
                )
            path = above + self._path(last) if has_version else path + self._path(API_VERSION)
        return urlunsplit((parts.scheme, parts.netloc, f"{path}/", "", ""))

    def _path(self, api_version: str) -> str:
        project = self.project or ""
        if not _PROJECT.fullmatch(project):
            hint = "a name is not an id" if " " in project else "give the id alone, without a path"
            raise ValueError(
                f"project must be the id or the number of a Google Cloud project, not {project!r}: "
                f"{hint}. `gcloud projects list` shows the ids."
            )
        if zone := _ZONE.fullmatch(self.location):
            raise ValueError(f"location {self.location!r} is a zone; its region is {zone[1]!r}.")
        location = _checked(
            _LOCATION,
            self.location,
            "location must be global, us, eu, or a region in lower case such as us-central1",
        )
        endpoint = _checked(
            _ENDPOINT,
            OPENAPI if self.endpoint_id is None else self.endpoint_id,
            "endpoint_id must be the last part of an endpoint's name, a number as a rule",
        )
        return f"/{api_version}/projects/{project}/locations/{location}/endpoints/{endpoint}"

    def moved(self, *, base_url: str | None, **place: str | None) -> VertexOptions:
        """A copy at another place: `project`, `location`, `endpoint_id`; what is None stays.

        Raises `ValueError` for a place that cannot be, or that the present base URL excludes.
        """
        changes: dict[str, Any] = {name: value for name, value in place.items() if value}
        new = self._replace(**changes)
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


def is_vertex_url(url: str) -> bool:
    """Whether a base URL is of Vertex AI: by its host, or behind another host by its path.

    The path is `…/projects/…/locations/…/endpoints/…`, which gateways, proxies and emulators keep.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    return (
        _SHARED_HOST.fullmatch(host) is not None
        or host.endswith(_DEDICATED_DOMAIN)
        or _ENDPOINT_PATH.fullmatch(parts.path) is not None
    )


def endpoint_root(url: str) -> str | None:
    """A URL that names an endpoint of Vertex AI, up to that and a slash; None for another URL.

    What people paste behind it goes: `/chat/completions`, and a query, where keys end up in logs.
    """
    parts = urlsplit(url)
    named = _ENDPOINT_PATH.fullmatch(parts.path)
    return urlunsplit((parts.scheme, parts.netloc, f"{named[1]}/", "", "")) if named else None


def is_self_deployed(url: str) -> bool:
    """Whether a base URL of Vertex AI is of one model that a user deployed, not of Google's."""
    parts = urlsplit(url)
    if named := _ENDPOINT_PATH.fullmatch(parts.path):
        return not named[1].endswith(f"/endpoints/{OPENAPI}")
    return (parts.hostname or "").endswith(_DEDICATED_DOMAIN)


def names_project(url: str) -> bool:
    """Whether a URL has a project in its path, and needs no other."""
    return "/projects/" in urlsplit(url).path


def is_api_key(credential: str) -> bool:
    """Whether this is an API key of Google's; if not, it is taken for an access token."""
    return _API_KEY.match(credential) is not None


def key_headers(key: str) -> dict[str, str]:
    """The header for a key or a token: Vertex refuses API keys as `Bearer`, and wants tokens so."""
    if is_api_key(key):
        return {"x-goog-api-key": key}
    return {"authorization": f"Bearer {key}"}


def _checked(pattern: re.Pattern[str], value: str, must: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{must}, not {value!r}.")
    return value


def _checked_host(argument: str, host: str) -> str:
    return _checked(
        _HOST, host, f"{argument} must be a host name without https:// and without a path"
    )
