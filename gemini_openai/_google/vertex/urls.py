"""Make Vertex AI's URLs of a project and a location, and tell them from those of other servers.

The three shapes of host are Google's: one for `global`, one for the multi-regions, one for regions.
`eu-aiplatform.googleapis.com`, which the third would give for `eu`, does not exist.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

DEFAULT_LOCATION = "global"  # google-genai's
DEFAULT_UNIVERSE = "googleapis.com"
OPENAPI = "openapi"  # the endpoint of all models that Google serves itself
API_VERSION = "v1"
MULTI_REGIONS = frozenset({"us", "eu"})

# Projects from before 2012 may belong to a domain: `example.com:project`.
_PROJECT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.:-]*")
_LOCATION = re.compile(r"[a-z][a-z0-9-]*")
_ZONE = re.compile(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")
_ENDPOINT = re.compile(r"[A-Za-z0-9_-]+")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]*)?")
_ENDPOINT_PATH = re.compile(r"(.*/projects/[^/]+/locations/[^/]+/endpoints/[^/]+)(/.*)?")
_SHARED_HOST = re.compile(r"(?:[a-z0-9-]+-)?aiplatform\.(?:[a-z0-9-]+\.rep\.)?googleapis\.com")
_DEDICATED_DOMAIN = ".prediction.vertexai.goog"
_API_KEY = re.compile(r"AIza|AQ\.")  # the two families of Google's API keys


def vertex_base_url(
    project: str,
    location: str = DEFAULT_LOCATION,
    *,
    endpoint_id: str | None = None,
    dedicated_host: str | None = None,
    api_version: str = API_VERSION,
    universe_domain: str = DEFAULT_UNIVERSE,
) -> str:
    """The root that `chat/completions` hangs on, with a slash at its end.

    Args:
        project: the id or number of a Google Cloud project.
        location: `global`, a multi-region (`us`, `eu`) or a region (`us-central1`).
        endpoint_id: the endpoint of a model you deployed; without it, Google's own models.
        dedicated_host: the endpoint's `dedicated_endpoint_dns`, if it has one. It is then the only
            host that answers for it.
        api_version: `v1`, or `v1beta1`, which Google's own samples mix.
        universe_domain: another cloud's domain than `googleapis.com`.

    Raises:
        ValueError: an argument is invalid; the message says why.
    """
    if dedicated_host is not None and endpoint_id is None:
        raise ValueError(
            "dedicated_host is the host of one endpoint: give its number as endpoint_id too."
        )
    host = vertex_host(location, universe_domain)
    if dedicated_host is not None:
        host = _checked_host("dedicated_host", dedicated_host)
    path = _endpoint_path(project, location, endpoint_id, api_version)
    return f"https://{host}{path}"


def vertex_host(location: str, universe_domain: str = DEFAULT_UNIVERSE) -> str:
    """The host that serves a location. Raises `ValueError` for what is not a location."""
    location = _checked_location(location)
    domain = _checked_host("universe_domain", universe_domain)
    if location == "global":
        return f"aiplatform.{domain}"
    if location in MULTI_REGIONS:
        return f"aiplatform.{location}.rep.{domain}"
    return f"{location}-aiplatform.{domain}"


def complete_vertex_url(
    url: str,
    project: str | None,
    location: str,
    *,
    endpoint_id: str | None = None,
    api_version: str = API_VERSION,
    root: bool = False,
) -> str:
    """A base URL somebody gave, with the path of the endpoint behind it where that is missing.

    A bare host, or one with an API version, is completed; so is any path when `url` is a `root`, as
    `GOOGLE_VERTEX_BASE_URL` is one for google-genai. A URL that names a project is taken as it is,
    less a pasted `/chat/completions` and less its query, which is where keys end up in logs. Any
    other path is taken as it is.

    Raises:
        ValueError: the URL is to be completed and no project is known.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if named := _ENDPOINT_PATH.fullmatch(path):
        return _with_path(parts, f"{named[1]}/")
    above, _, last = path.rpartition("/")
    has_version = _VERSION.fullmatch(last) is not None
    if names_project(url) or not (root or has_version or path == ""):
        return _with_path(parts, f"{path}/")
    if project is None:
        raise ValueError(
            f"{url} names no project, and none was given: give project, or a base_url that ends in "
            "/projects/PROJECT/locations/LOCATION/endpoints/openapi."
        )
    if has_version:
        path, api_version = above, last
    return _with_path(parts, path + _endpoint_path(project, location, endpoint_id, api_version))


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


def _endpoint_path(project: str, location: str, endpoint_id: str | None, api_version: str) -> str:
    endpoint = OPENAPI if endpoint_id is None else _checked_endpoint(endpoint_id)
    if not _VERSION.fullmatch(api_version):
        raise ValueError(f"api_version must be like v1 or v1beta1, not {api_version!r}.")
    return (
        f"/{api_version}/projects/{_checked_project(project)}"
        f"/locations/{_checked_location(location)}/endpoints/{endpoint}/"
    )


def _with_path(parts: SplitResult, path: str) -> str:
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _checked_project(project: str) -> str:
    if not _PROJECT.fullmatch(project):
        hint = "a name is not an id" if " " in project else "give the id alone, without a path"
        raise ValueError(
            f"project must be the id or the number of a Google Cloud project, not {project!r}: "
            f"{hint}. `gcloud projects list` shows the ids."
        )
    return project


def _checked_location(location: str) -> str:
    if zone := _ZONE.fullmatch(location):
        raise ValueError(f"location {location!r} is a zone; its region is {zone[1]!r}.")
    if not _LOCATION.fullmatch(location):
        raise ValueError(
            "location must be global, us, eu, or a region in lower case such as us-central1, "
            f"not {location!r}."
        )
    return location


def _checked_endpoint(endpoint_id: str) -> str:
    if not _ENDPOINT.fullmatch(endpoint_id):
        raise ValueError(
            "endpoint_id must be the last part of an endpoint's name, a number as a rule, "
            f"not {endpoint_id!r}."
        )
    return endpoint_id


def _checked_host(argument: str, host: str) -> str:
    if not _HOST.fullmatch(host):
        raise ValueError(
            f"{argument} must be a host name without https:// and without a path, not {host!r}."
        )
    return host
