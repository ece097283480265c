"""Give HTTP clients of your own the connection pool that this package's clients have.

`httpx.AsyncClient(transport=async_http_transport())` never loses a connection to a call that is
cancelled, gives that of a dropped response back, and shares none with a forked process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    import ssl

    import httpx
    import httpx2

__all__ = ["async_http_transport", "http_transport"]


@overload
def http_transport(
    family: Literal["httpx"] = "httpx",
    *,
    limits: httpx.Limits | None = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: httpx.URL | str | httpx.Proxy | None = None,
    trust_env: bool = True,
) -> httpx.BaseTransport: ...


@overload
def http_transport(
    family: Literal["httpx2"],
    *,
    limits: httpx2.Limits | None = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: httpx2.URL | str | httpx2.Proxy | None = None,
    trust_env: bool = True,
) -> httpx2.BaseTransport: ...


def http_transport(
    family: str = "httpx",
    *,
    limits: Any = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: Any = None,
    trust_env: bool = True,
) -> Any:
    """A transport for `httpx.Client(transport=...)` or `httpx2.Client(transport=...)`.

    It speaks HTTP/1.1. With a transport, httpx itself looks at no proxy, so proxies are given here.

    Args:
        family: `"httpx"` or `"httpx2"`, the library of your client.
        limits: how many connections there may be and are kept; 1000 and 100 by default.
        verify: the certificates to trust, as an `SSLContext`, or False to check none.
        proxy: the proxy for all requests; by default those that the environment names.
        trust_env: False to ignore the environment.

    Raises:
        ValueError: `family` is neither, or a setting is one that the library refuses.
        ImportError: the library is not installed.
    """
    return _transport(family, False, limits, verify, proxy, trust_env)


@overload
def async_http_transport(
    family: Literal["httpx"] = "httpx",
    *,
    limits: httpx.Limits | None = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: httpx.URL | str | httpx.Proxy | None = None,
    trust_env: bool = True,
) -> httpx.AsyncBaseTransport: ...


@overload
def async_http_transport(
    family: Literal["httpx2"],
    *,
    limits: httpx2.Limits | None = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: httpx2.URL | str | httpx2.Proxy | None = None,
    trust_env: bool = True,
) -> httpx2.AsyncBaseTransport: ...


def async_http_transport(
    family: str = "httpx",
    *,
    limits: Any = None,
    verify: ssl.SSLContext | bool | None = None,
    proxy: Any = None,
    trust_env: bool = True,
) -> Any:
    """`http_transport` for `httpx.AsyncClient` or `httpx2.AsyncClient`: asyncio and trio.

    Its connections belong to the event loop that opened them, as those of any such client.

    Args:
        family: `"httpx"` or `"httpx2"`, the library of your client.
        limits: how many connections there may be and are kept; 1000 and 100 by default.
        verify: the certificates to trust, as an `SSLContext`, or False to check none.
        proxy: the proxy for all requests; by default those that the environment names.
        trust_env: False to ignore the environment.

    Raises:
        ValueError: `family` is neither, or a setting is one that the library refuses.
        ImportError: the library is not installed.
    """
    return _transport(family, True, limits, verify, proxy, trust_env)


def _transport(
    family: str, is_async: bool, limits: Any, verify: Any, proxy: Any, trust_env: bool
) -> Any:
    from ._http.family import family_named
    from ._http.transports import own_transport

    settings = {"limits": limits, "verify": verify, "proxy": proxy}
    given: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    given["trust_env"] = trust_env
    return own_transport(family_named(family), given, is_async=is_async)
