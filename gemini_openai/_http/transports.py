"""Put our pool below the HTTP clients of either family, inside the family's own transport.

The family's transport stays the one that requests go through, so mocks and tracers, which patch
it, see them. Only the place where it keeps its connections is another.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

from .connections import AsyncPool, SyncPool
from .family import default_limits, default_timeout, ssl_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    ProxyFor = Callable[[str, str, int | None], str | None]


def pooled_transport(family: ModuleType, *, is_async: bool, **settings: Any) -> Any:
    """An `HTTPTransport` or `AsyncHTTPTransport` of `family` that keeps connections in our pool.

    It keeps its own pool for HTTP/2, and if a new version is built differently.

    Args:
        family: `httpx` or `httpx2`.
        is_async: which of the two.
        settings: those of the family's transport. Without them it has the limits and certificates
            of our own clients, and the proxies of the environment unless `trust_env` is false.
    """
    kind = family.AsyncHTTPTransport if is_async else family.HTTPTransport
    limits = settings.setdefault("limits", default_limits(family))
    if "verify" not in settings:
        settings["verify"] = ssl_context(family, shared=not settings.get("cert"))
    if isinstance(proxy := settings.get("proxy"), (str, family.URL)):
        settings["proxy"] = family.Proxy(proxy)
    transport = kind(**settings)
    direct: Any = getattr(transport, "_pool", None)
    if settings.get("http2") or not hasattr(direct, "create_connection"):
        return transport
    by_environment = proxy is None and settings.get("trust_env", True)
    proxy_for = environment_proxy() if by_environment else None
    proxied: dict[str, Any] = {}
    core = sys.modules[type(direct).__module__.partition(".")[0]]

    def creator(scheme: str, host: str, port: int | None) -> Callable[[Any], Any]:
        url = None if proxy_for is None else proxy_for(scheme, host, port)
        if url is None:
            return direct.create_connection  # type: ignore[no-any-return]
        if url not in proxied:
            try:
                proxied[url] = kind(**{**settings, "proxy": family.Proxy(url)})._pool
            except (ImportError, ValueError, family.InvalidURL) as trouble:
                raise core.ProxyError(str(trouble)) from None
        return proxied[url].create_connection  # type: ignore[no-any-return]

    pool = AsyncPool if is_async else SyncPool
    transport._pool = pool(core, creator, limits.max_connections, limits.max_keepalive_connections)
    return transport


def new_client(family: ModuleType, *, is_async: bool) -> tuple[Any, Callable[[], Any]]:
    """An HTTP client of our own, and a function that closes what it keeps but nobody uses."""
    transport = pooled_transport(family, is_async=is_async)
    kind = family.AsyncClient if is_async else family.Client
    http = kind(
        transport=transport if is_pooled(transport) else None,
        verify=ssl_context(family),
        limits=default_limits(family),
        timeout=default_timeout(family),
        follow_redirects=True,  # the family drops `Authorization` on the way to another origin
    )
    if is_pooled(transport):
        return http, transport._pool.retire
    return http, http.aclose if is_async else http.close


def is_pooled(transport: Any) -> bool:
    """Whether a transport has a pool of ours."""
    return isinstance(getattr(transport, "_pool", None), (SyncPool, AsyncPool))


def environment_proxy() -> ProxyFor | None:
    """What names the proxy for a scheme, host and port, by the environment of now."""
    proxies = getproxies()
    if not proxies.keys() & {"http", "https", "all"}:
        return None

    def proxy_for(scheme: str, host: str, port: int | None) -> str | None:
        url = proxies.get(scheme) or proxies.get("all")
        if not url or proxy_bypass(host if port is None else f"{host}:{port}"):
            return None
        return url if "://" in url else f"http://{url}"

    return proxy_for
