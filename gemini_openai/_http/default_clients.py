"""Settings of one's own to an HTTP client that is otherwise as this package makes it.

`OpenAI(http_client=DefaultHttpxClient(proxy=...))` keeps the timeouts and limits that a plain
`httpx.Client(proxy=...)` would not have.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from .._constants import DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_KEEPALIVE
from .family import client_arguments, default_timeout

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_TIMEOUT",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpx2Client",
    "DefaultAsyncHttpxClient",
    "DefaultHttpx2Client",
    "DefaultHttpxClient",
    "ProxiesTypes",
    "Timeout",
    "Transport",
]

Timeout = httpx.Timeout
Transport: TypeAlias = httpx.BaseTransport
ProxiesTypes: TypeAlias = (
    str | httpx.Proxy | dict[str | httpx.URL, str | httpx.URL | httpx.Proxy | None]
)

DEFAULT_TIMEOUT: httpx.Timeout = default_timeout(httpx)
DEFAULT_CONNECTION_LIMITS = httpx.Limits(
    max_connections=DEFAULT_MAX_CONNECTIONS, max_keepalive_connections=DEFAULT_MAX_KEEPALIVE
)

if TYPE_CHECKING:  # checkers and editors then know every setting
    import httpx2

    DefaultHttpxClient = httpx.Client
    DefaultAsyncHttpxClient = httpx.AsyncClient
    DefaultHttpx2Client = httpx2.Client
    DefaultAsyncHttpx2Client = httpx2.AsyncClient
    DefaultAioHttpClient = httpx.AsyncClient
else:

    class DefaultHttpxClient(httpx.Client):
        """An `httpx.Client` with this package's timeout, connection limits and redirects."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**{**client_arguments(httpx), **settings})

    class DefaultAsyncHttpxClient(httpx.AsyncClient):
        """An `httpx.AsyncClient` with this package's timeout, connection limits and redirects."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**{**client_arguments(httpx), **settings})

    def __getattr__(name: str) -> type:
        """Make the classes whose libraries need not be installed when one is asked for."""
        if name not in OF_EXTRAS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = made = _of_extra(name, *OF_EXTRAS[name])
        return made


OF_EXTRAS = {
    "DefaultAioHttpClient": ("httpx_aiohttp", "HttpxAiohttpClient", "aiohttp"),
    "DefaultAsyncHttpx2Client": ("httpx2", "AsyncClient", "httpx2"),
    "DefaultHttpx2Client": ("httpx2", "Client", "httpx2"),
}
"""Module and class to derive from, and the extra that brings them."""


def _of_extra(name: str, module: str, base: str, extra: str) -> type:
    try:
        library = import_module(module)
    except ImportError:
        return type(name, (), {"__init__": _missing(name, module, extra), "__module__": __name__})
    family = httpx if module == "httpx_aiohttp" else library

    def __init__(self: Any, **settings: Any) -> None:  # noqa: N807
        parent.__init__(self, **{**client_arguments(family), **settings})

    parent: Any = getattr(library, base)
    members = {
        "__init__": __init__,
        "__module__": __name__,
        "__doc__": f"A {module}.{base} with this package's timeout, limits and redirects.",
    }
    return type(name, (parent,), members)


def _missing(name: str, module: str, extra: str) -> Any:
    def __init__(self: Any, **settings: Any) -> None:  # noqa: N807
        raise RuntimeError(
            f"{name} needs {module.replace('_', '-')}, which is not installed. "
            f"Install it with: pip install 'gemini-openai[{extra}]'"
        )

    return __init__
