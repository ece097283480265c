"""Send each request by the proxy that the environment names for its server, or directly.

The families read the environment too, but when a client is made, all of it, and with errors that
name no variable.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .certificates import reason
from .proxies import by_way_of, environment_proxies, trouble_with, unreadable, without_socks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from .proxies import Proxy, ProxyOf


def environment_transport(family: ModuleType, make: Callable[..., Any], *, is_async: bool) -> Any:
    """A transport for the environment as it is now: just that of `make` if it names no proxy.

    Args:
        family: `httpx` or `httpx2`.
        make: makes a transport, directly or with `proxy=`.
        is_async: whether it is for an `AsyncClient`.
    """
    proxy_of = environment_proxies()
    if proxy_of is None:
        return make()
    return _routing_class(family, is_async)(family, make, proxy_of)


class _Routing:
    """Holds a transport for direct connections, and one for each proxy from its first use on."""

    def __init__(self, family: ModuleType, make: Callable[..., Any], proxy_of: ProxyOf) -> None:
        self._family = family
        self._make = make
        self._proxy_of = proxy_of
        self._unconnected = (family.ConnectError, family.ConnectTimeout, family.ProxyError)
        self._by_proxy: dict[Proxy | None, Any] = {None: make()}

    def _all(self) -> list[Any]:
        return list(self._by_proxy.values())

    def _pools(self) -> list[Any]:
        pools = (getattr(transport, "_pool", None) for transport in self._all())
        return [pool for pool in pools if hasattr(pool, "retire")]

    def _choose(self, request: Any) -> tuple[Any, Proxy | None]:
        url = request.url
        proxy = self._proxy_of(url.scheme, url.raw_host.decode("ascii"), url.port)
        transport = self._by_proxy.get(proxy)
        if transport is None and proxy is not None:
            made = self._made(proxy)
            if isinstance(made, str):
                raise self._family.UnsupportedProtocol(made, request=request)
            # Another thread may have been faster.
            transport = self._by_proxy.setdefault(proxy, made)
        return transport, proxy

    def _made(self, proxy: Proxy) -> Any:
        """A transport, or what is wrong with the proxy; the family's words may have the login."""
        if trouble := trouble_with(proxy):
            return trouble
        try:
            return self._make(proxy=self._family.Proxy(proxy.url))
        except ImportError:
            return without_socks(proxy, self._family.__name__)
        except (ValueError, self._family.InvalidURL):
            return unreadable(proxy)

    @contextmanager
    def _transport_for(self, request: Any) -> Generator[Any]:
        transport, proxy = self._choose(request)
        try:
            yield transport
        except self._unconnected as failure:
            if proxy is not None:
                failure.args = (by_way_of(proxy, reason(failure)),)
            raise


class _BlockingRouting(_Routing):
    def handle_request(self, request: Any) -> Any:
        with self._transport_for(request) as transport:
            return transport.handle_request(request)

    def close(self) -> None:
        for transport in self._all():
            transport.close()

    def retire(self) -> None:
        """Close what is kept and not used."""
        for pool in self._pools():
            pool.retire()


class _AsyncRouting(_Routing):
    async def handle_async_request(self, request: Any) -> Any:
        with self._transport_for(request) as transport:
            return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._all():
            await transport.aclose()

    async def retire(self) -> None:
        """Close what is kept and not used."""
        for pool in self._pools():
            await pool.retire()


@lru_cache(maxsize=4)
def _routing_class(family: ModuleType, is_async: bool) -> type[Any]:
    routing, base = (
        (_AsyncRouting, family.AsyncBaseTransport)
        if is_async
        else (_BlockingRouting, family.BaseTransport)
    )
    return type("EnvironmentTransport", (routing, base), {})
