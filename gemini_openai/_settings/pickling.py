"""A client to what of it may lie in a pickle, and back: settings, no secrets, no connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from .._constants import SECRET_HEADERS
from .._exceptions import OpenAIError
from .environment import KEY_VARIABLES, resolve_api_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._google.vertex.options import VertexOptions
    from .._google.vertex.place import Vertex
    from .._types import HttpClient
    from .settings import BaseClient

_SECRETS = ("admin_api_key", "webhook_secret", "workload_identity")


def state_of(client: BaseClient[Any, Any, Any]) -> dict[str, Any]:
    """The settings of a client without its key, other secrets and connections.

    A function that gives the key stays, by its name. Raises `TypeError` for a client with an
    `http_client` of the caller's: without its proxies and certificates it would be another.
    """
    state = client._settings()
    if not state.pop("_pool").owned:
        raise TypeError(
            f"This {type(client).__name__} was given an http_client, which cannot be pickled. "
            "Pickle a client without, and on the other side give it one: "
            "client.with_options(http_client=...)."
        )
    if state["_api_key"]:
        del state["_api_key"]
    if (vertex := state.pop("_vertex")) is not None:
        # Credentials are secrets; on the other side those of the environment are found.
        server = vertex.options.server and _without_login(vertex.options.server)
        state["_place"] = vertex.options._replace(server=server), vertex.google is not None
    state.update(dict.fromkeys(_SECRETS), _remembered={})
    state["_custom_headers"] = {
        name: value
        for name, value in state["_custom_headers"].items()
        if name.lower() not in SECRET_HEADERS
    }
    state["_custom_query"] = {
        name: value for name, value in state["_custom_query"].items() if name.lower() != "key"
    }
    state["base_url_text"] = _without_login(client.base_url_text)
    return state


def restore(client: BaseClient[Any, Any, Any], state: dict[str, Any]) -> None:
    """Make the client of a `state_of`; its key, if it had one, is that of the environment."""
    place = state.pop("_place", None)
    client.__dict__.update(state, _vertex=None)
    client._use_http_client(None)
    if place is not None:
        options, finds_credentials = place
        client._vertex = _on_vertex(options, finds_credentials, client._token_http_client())
    if "_api_key" not in state:
        provider = client._api_key_provider
        client._use_key(provider or resolve_api_key(None, required=False) or key_of_environment)


def _on_vertex(
    options: VertexOptions, finds_credentials: bool, http: Callable[[], HttpClient] | None
) -> Vertex:
    from .._google.vertex.place import Vertex
    from .._google.vertex.refreshing import GoogleCredentials

    found = GoogleCredentials(project=options.project, http=http) if finds_credentials else None
    return Vertex(options, found)


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def key_of_environment() -> str:
    """The key for a client out of a pickle: looked for at each attempt, until there is one."""
    if key := resolve_api_key(None, required=False):
        return key
    looked_for = " and ".join(KEY_VARIABLES)
    raise OpenAIError(
        "No API key. This client came out of a pickle, which carries no secrets; looked for "
        f"{looked_for} in the environment. Set one of the two, or give the client a key: "
        "client.with_options(api_key=...)."
    )
