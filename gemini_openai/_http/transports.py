"""Put our pool below the HTTP clients of either family, inside the family's own transport.

The family's transport stays the one that requests go through, so mocks and tracers, which patch
it, see them. Only the place where it keeps its connections is another.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .certificates import new_context, trusted
from .connections import AsyncPool, SyncPool
from .direct import add_direct_sender
from .family import default_limits, default_timeout
from .joined_writes import join_writes
from .proxy_transport import environment_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

OF_TRANSPORT = ("verify", "cert", "http1", "http2", "limits")
"""The settings of a client that it passes on to its transport."""


def own_transport(
    family: ModuleType,
    settings: Mapping[str, Any],
    *,
    is_async: bool,
    kind: Callable[..., Any] | None = None,
) -> Any:
    """A transport with the limits, certificates and proxies of our own clients.

    Args:
        family: `httpx` or `httpx2`.
        settings: those of the caller's, under the names a client has for them; they win.
        is_async: whether it is for an `AsyncClient`.
        kind: the class that connects, or what makes it, if it is not the family's own.
    """
    connect: Any = kind or (family.AsyncHTTPTransport if is_async else family.HTTPTransport)
    given = {name: settings[name] for name in OF_TRANSPORT if name in settings}
    given.setdefault("limits", default_limits(family))
    if given.get("verify", True) is True:
        # These would change a context: by the protocols to offer, and by a certificate to show.
        changed = given.get("http2") or given.get("cert")
        given["verify"] = new_context() if changed else trusted()

    def make(**proxy: Any) -> Any:
        return with_pool(connect(**given, **proxy), given, is_async=is_async)

    if (proxy := settings.get("proxy")) is not None:
        return make(proxy=family.Proxy(proxy) if isinstance(proxy, (str, family.URL)) else proxy)
    if not settings.get("trust_env", True):
        return make()
    return environment_transport(family, make, is_async=is_async)


def with_pool(transport: Any, settings: Mapping[str, Any], *, is_async: bool) -> Any:
    """Put our pool into it, except for HTTP/2 and where a new version is built otherwise."""
    own: Any = getattr(transport, "_pool", None)
    if not settings.get("http2") and hasattr(own, "create_connection"):
        core = sys.modules[type(own).__module__.partition(".")[0]]
        limits = settings["limits"]
        join_writes(own, is_async=is_async)
        transport._pool = (AsyncPool if is_async else SyncPool)(
            core, own.create_connection, limits.max_connections, limits.max_keepalive_connections
        )
    return transport


def new_client(
    family: ModuleType, *, is_async: bool, **settings: Any
) -> tuple[Any, Callable[[], Any]]:
    """An HTTP client of our own, and a function that closes what it keeps but nobody uses."""
    arguments = client_arguments(family, settings, is_async=is_async)
    http = (family.AsyncClient if is_async else family.Client)(**arguments)
    add_direct_sender(http)
    transport = arguments["transport"]
    if retire := getattr(getattr(transport, "_pool", transport), "retire", None):
        return http, retire
    return http, http.aclose if is_async else http.close


def client_arguments(
    family: ModuleType,
    settings: Mapping[str, Any],
    *,
    is_async: bool,
    kind: Callable[..., Any] | None = None,
) -> dict[str, Any]:
    """The arguments of an HTTP client of our own, where `settings` has no others."""
    arguments = {
        "timeout": default_timeout(family),
        "limits": default_limits(family),
        # The family drops `Authorization` on the way to another origin.
        "follow_redirects": True,
        **settings,
    }
    if not any(settings.get(name) for name in ("transport", "proxies", "app")):
        arguments["transport"] = own_transport(family, settings, is_async=is_async, kind=kind)
        arguments.pop("proxy", None)
    return arguments
