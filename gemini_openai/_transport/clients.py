"""Make the HTTP clients that have the dialect in them, and genuine clients of `openai` on them."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

from .._client import AsyncOpenAI, OpenAI
from .._exceptions import OpenAIError
from .._http.family import default_timeout, family_named
from .._http.shared_client import HttpClientPerLoop, SharedHttpClient
from .._http.transports import new_client
from .options import DialectOptions, WireOptions
from .requests import STAND_IN_KEY, Clients
from .transports import transport_class

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_DIALECT = DialectOptions.__annotations__
_OF_WIRE = WireOptions.__annotations__

# Frameworks make a client for each call, and a signature may come back through another one.
_remembered: dict[str, Any] = {}


def make_http_client(
    family: str | None, options: Mapping[str, Any], *, is_async: bool, keeps_key: bool = True
) -> tuple[Any, Any]:
    """An HTTP client with the dialect in it, and the client of ours that makes its calls.

    Args:
        family: `"httpx"` or `"httpx2"`; None for the one that the installed `openai` uses.
        options: those of `HttpClientOptions`.
        is_async: whether it is for event loops.
        keeps_key: whether `api_key` and Google credentials are used in place of the key that a
            request has. Without, a key must be found.
    """
    module = family_named(family or family_of_openai())
    ours = {name: value for name, value in options.items() if name in _OF_DIALECT}
    wire = {name: value for name, value in options.items() if name in _OF_WIRE}
    above = {k: v for k, v in options.items() if k not in ours and k not in wire}
    inner: Any = None
    if wire.get("transport") is not None:  # one that the caller has, and may share
        inner, _ = new_client(module, is_async=is_async, **wire)
    shared: Any = (HttpClientPerLoop if is_async else SharedHttpClient)(
        inner, family=module, **wire
    )
    client: Any = (AsyncOpenAI if is_async else OpenAI)(
        http_client=shared, max_retries=0, _enforce_credentials=not keeps_key, **ours
    )
    client._remembered = _remembered
    key = client._settings.api_key
    has_key = keeps_key and (key is None or callable(key) or bool(ours.get("api_key")))
    clients = Clients(client, has_key=has_key)
    transport = transport_class(module, is_async=is_async)(module, clients)
    above.setdefault("timeout", default_timeout(module))
    kind = module.AsyncClient if is_async else module.Client
    return kind(transport=transport, **above), client


def make_openai_client(family: str | None, options: Mapping[str, Any], *, is_async: bool) -> Any:
    """A genuine client of `openai` on an HTTP client with the dialect in it."""
    try:
        openai = import_module("openai")
    except ImportError as missing:
        raise OpenAIError(
            "The genuine openai package is not installed. Install it with "
            "pip install 'gemini-openai[openai]', or use gemini_openai.OpenAI, which needs none."
        ) from missing
    below = {k: v for k, v in options.items() if k in _OF_DIALECT or k in _OF_WIRE}
    above = {k: v for k, v in options.items() if k not in below}
    http, ours = make_http_client(family, below, is_async=is_async, keeps_key=False)
    key = ours._settings.api_key
    return (openai.AsyncOpenAI if is_async else openai.OpenAI)(
        api_key=key if isinstance(key, str) else STAND_IN_KEY,
        base_url=ours._settings.base_url,
        http_client=http,
        **above,
    )


def family_of_openai() -> str:
    """The HTTP library of the installed `openai`: httpx2 from its version 3 on."""
    try:
        needed = metadata.requires("openai") or ()
    except metadata.PackageNotFoundError:
        return "httpx"
    return "httpx2" if any(need.startswith("httpx2") for need in needed) else "httpx"
