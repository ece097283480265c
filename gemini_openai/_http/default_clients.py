"""Offer HTTP clients with this package's defaults, for callers who change a setting.

`OpenAI(http_client=DefaultHttpxClient(proxy=...))` keeps the timeouts and limits that a plain
`httpx.Client(proxy=...)` would not have.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from .family import FAMILIES, default_limits, default_timeout, family_of, ssl_context
from .transports import is_pooled, pooled_transport

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
DEFAULT_CONNECTION_LIMITS: httpx.Limits = default_limits(httpx)

if TYPE_CHECKING:  # checkers and editors then know every setting
    import httpx2

    DefaultHttpxClient = httpx.Client
    DefaultAsyncHttpxClient = httpx.AsyncClient
    DefaultHttpx2Client = httpx2.Client
    DefaultAsyncHttpx2Client = httpx2.AsyncClient
    DefaultAioHttpClient = httpx.AsyncClient
else:

    class _WithDefaults:
        """Comes before a client class of either family, and sets what the caller does not."""

        def __init__(self, **settings: Any) -> None:
            family = family_of(self)
            defaults = {
                "timeout": default_timeout(family),
                "verify": ssl_context(family, shared=not settings.get("cert")),
                "limits": default_limits(family),
                # The family drops `Authorization` on the way to another origin.
                "follow_redirects": True,
            }
            super().__init__(**{**defaults, **settings})

    class _Pooled(_WithDefaults):
        """Also keeps connections in our pool, where the caller leaves the transport to us."""

        def __init__(self, **settings: Any) -> None:
            if not settings.keys() & {"transport", "proxies"}:
                family = family_of(self)
                of_transport = {name: settings[name] for name in OF_TRANSPORT if name in settings}
                transport = pooled_transport(
                    family, is_async=isinstance(self, family.AsyncClient), **of_transport
                )
                if is_pooled(transport):
                    settings["transport"] = transport
                    settings.pop("proxy", None)
            super().__init__(**settings)

    class DefaultHttpxClient(_Pooled, httpx.Client):
        """An `httpx.Client` with this package's timeout, connection limits and redirects."""

    class DefaultAsyncHttpxClient(_Pooled, httpx.AsyncClient):
        """An `httpx.AsyncClient` with this package's timeout, connection limits and redirects."""

    def __getattr__(name: str) -> type:
        """Make a class whose library may be missing, when it is first used."""
        if name not in OF_EXTRAS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, base, extra = OF_EXTRAS[name]
        try:
            first = _Pooled if module in FAMILIES else _WithDefaults
            bases = (first, getattr(import_module(module), base))
            members = {"__doc__": f"A {module}.{base} with this package's defaults."}
        except ImportError:
            bases, members = (), {"__init__": _missing(name, module, extra)}
        made = globals()[name] = type(name, bases, {**members, "__module__": __name__})
        return made


OF_TRANSPORT = ("verify", "cert", "http1", "http2", "limits", "proxy", "trust_env")
"""The settings of a client that it passes on to its transport."""

OF_EXTRAS = {
    "DefaultAioHttpClient": ("httpx_aiohttp", "HttpxAiohttpClient", "aiohttp"),
    "DefaultAsyncHttpx2Client": ("httpx2", "AsyncClient", "httpx2"),
    "DefaultHttpx2Client": ("httpx2", "Client", "httpx2"),
}
"""Module and class to derive from, and the extra that installs them."""


def _missing(name: str, module: str, extra: str) -> Any:
    def __init__(self: Any, **settings: Any) -> None:  # noqa: N807
        raise RuntimeError(
            f"{name} needs {module.replace('_', '-')}, which is not installed. "
            f"Install it with: pip install 'gemini-openai[{extra}]'"
        )

    return __init__
