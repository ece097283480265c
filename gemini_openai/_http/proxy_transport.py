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
    from collections.abc import Callable, Generator, Mapping
    from types import ModuleType

    from .proxies import Proxy, ProxyOf

_OF_TRANSPORTS = ("verify", "cert", "http1", "http2", "limits")


def environment_transport(
    family: ModuleType, settings: Mapping[str, Any], *, kind: type[Any]
) -> Any:
    """What is to be the `transport` of an HTTP client with these settings.

    Args:
        family: `httpx` or `httpx2`.
        settings: the client's arguments, of which those are taken that a transport has as well.
        kind: the class of the transports that connect, directly or to a proxy.
    """
    of_transport = {name: settings[name] for name in _OF_TRANSPORTS if name in settings}

    def make(**proxy: Any) -> Any:
        return kind(**of_transport, **proxy)

    proxy_of = environment_proxies()
    if proxy_of is None:
        return make()
    return _routing_class(family, hasattr(kind, "aclose"))(family, make, proxy_of)


class _Routing:
    """Holds a transport for direct connections, and one for each proxy from its first use on."""

    def __init__(self, family: ModuleType, make: Callable[..., Any], proxy_of: ProxyOf) -> None:
        self._family = family
        self._make = make
        self._proxy_of = proxy_of
        self._unconnected = (family.ConnectError, family.ConnectTimeout, family.ProxyError)
        self._by_proxy: dict[Proxy | None, Any] = {None: make()}

    @property
    def transports(self) -> list[Any]:
        """Those that were made so far."""
        return list(self._by_proxy.values())

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
        for transport in self.transports:
            transport.close()


class _AsyncRouting(_Routing):
    async def handle_async_request(self, request: Any) -> Any:
        with self._transport_for(request) as transport:
            return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self.transports:
            await transport.aclose()


@lru_cache(maxsize=4)
def _routing_class(family: ModuleType, is_async: bool) -> type[Any]:
    routing, base = (
        (_AsyncRouting, family.AsyncBaseTransport)
        if is_async
        else (_BlockingRouting, family.BaseTransport)
    )
    return type("EnvironmentTransport", (routing, base), {})
