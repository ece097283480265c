"""Offer HTTP clients with this package's defaults, for callers who change a setting.

`OpenAI(http_client=DefaultHttpxClient(proxy=...))` keeps the timeouts and limits that a plain
`httpx.Client(proxy=...)` would not have, and trusts the system's certificates.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from .direct import add_direct_sender
from .family import default_limits, default_timeout, family_of
from .transports import client_arguments

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_TIMEOUT",
    "DefaultAioHttpClient",
    "DefaultAsyncFastClient",
    "DefaultAsyncHttpx2Client",
    "DefaultAsyncHttpxClient",
    "DefaultFastClient",
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
DEFAULT_CONNECTION_LIMITS: httpx.Limits = default_limits(httpx)

if TYPE_CHECKING:  # checkers and editors then know every setting
    import httpx2

    DefaultHttpxClient = httpx.Client
    DefaultAsyncHttpxClient = httpx.AsyncClient
    DefaultHttpx2Client = httpx2.Client
    DefaultAsyncHttpx2Client = httpx2.AsyncClient
    DefaultAioHttpClient = httpx.AsyncClient
    DefaultFastClient = httpx.Client
    DefaultAsyncFastClient = httpx.AsyncClient
else:

    class _WithDefaults:
        """Comes before a client class of either family, and sets what the caller does not."""

        _transport_class: Any = None

        def __init__(self, **settings: Any) -> None:
            family = family_of(self)
            is_async = isinstance(self, family.AsyncClient)
            super().__init__(
                **client_arguments(family, settings, is_async=is_async, kind=self._transport_class)
            )
            add_direct_sender(self)

    class DefaultHttpxClient(_WithDefaults, httpx.Client):
        """An `httpx.Client` with this package's timeout, limits, redirects, certificates."""

    class DefaultAsyncHttpxClient(_WithDefaults, httpx.AsyncClient):
        """`httpx.AsyncClient` with this package's timeout, limits, redirects, certificates."""

    def __getattr__(name: str) -> type:
        """Make a class whose library may be missing, when it is first used."""
        if name not in OF_EXTRAS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        extra, library, base, transport, doc = OF_EXTRAS[name]
        try:
            import_module(library)
            bases = (_WithDefaults, resolve_name(base))
            members = {
                "__doc__": doc or f"A {base.replace(':', '.')} with this package's defaults.",
                "_transport_class": staticmethod(resolve_name(transport)),
            }
        except ImportError:
            bases, members = (), {"__init__": _missing(name, library, extra)}
        made = globals()[name] = type(name, bases, {**members, "__module__": __name__})
        return made


_FAST = """An `httpx.{}` with this package's defaults, over connections that parse in C.

It does what `{}` does, for less. Proxies, HTTP/2 and trio are served by httpx's
own transport, and so is everything while a mock or a tracer has patched that. The `trace` of a
request tells only of connections that are opened, and only to blocking clients. Answers with folded
header lines or bare line feeds, which RFC 9112 forbids, are refused. A connection of an async
client belongs to the event loop that opened it.
"""

OF_EXTRAS = {
    "DefaultAioHttpClient": (
        "aiohttp",
        "httpx_aiohttp",
        "httpx_aiohttp:HttpxAiohttpClient",
        "httpx_aiohttp:AiohttpTransport",
        None,
    ),
    "DefaultAsyncFastClient": (
        "fast",
        "httptools",
        "httpx:AsyncClient",
        f"{__package__}.fast_transport:fast_async_transport",
        _FAST.format("AsyncClient", "DefaultAsyncHttpxClient"),
    ),
    "DefaultAsyncHttpx2Client": (
        "httpx2",
        "httpx2",
        "httpx2:AsyncClient",
        "httpx2:AsyncHTTPTransport",
        None,
    ),
    "DefaultFastClient": (
        "fast",
        "httptools",
        "httpx:Client",
        f"{__package__}.fast_transport:fast_transport",
        _FAST.format("Client", "DefaultHttpxClient"),
    ),
    "DefaultHttpx2Client": ("httpx2", "httpx2", "httpx2:Client", "httpx2:HTTPTransport", None),
}
"""The extra, the library it installs, class to derive from, transport, docstring."""


def _missing(name: str, module: str, extra: str) -> Any:
    def __init__(self: Any, **settings: Any) -> None:  # noqa: N807
        raise RuntimeError(
            f"{name} needs {module.replace('_', '-')}, which is not installed. "
            f"Install it with: pip install 'gemini-openai[{extra}]'"
        )

    return __init__
