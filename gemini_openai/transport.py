"""The dialect and the connection pool of this package, below clients that are not its own.

- `openai_client()` and `async_openai_client()`: a genuine client of the `openai` package, for
  frameworks that look at its class.
- `http_client()` and `async_http_client()`: an HTTP client for whatever takes one.
- `http_transport()` and `async_http_transport()`: the connection pool alone. An
  `httpx.AsyncClient(transport=async_http_transport())` never loses a connection to a call that is
  cancelled, gives that of a dropped response back, and shares none with a forked process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from ._call.signature import spell_out
from ._transport.options import HttpClientOptions, OpenAIClientOptions

if TYPE_CHECKING:
    import ssl

    import httpx
    import httpx2
    import openai
    from typing_extensions import Unpack

__all__ = [
    "async_http_client",
    "async_http_transport",
    "async_openai_client",
    "http_client",
    "http_transport",
    "openai_client",
]


@overload
def http_client(family: Literal["httpx"], **options: Unpack[HttpClientOptions]) -> httpx.Client: ...


@overload
def http_client(
    family: Literal["httpx2"], **options: Unpack[HttpClientOptions]
) -> httpx2.Client: ...


@overload
def http_client(family: None = None, **options: Unpack[HttpClientOptions]) -> Any: ...


@spell_out(HttpClientOptions)
def http_client(family: str | None = None, **options: Unpack[HttpClientOptions]) -> Any:
    """An HTTP client through which programs written for OpenAI's API reach Gemini.

    Requests are adapted, answers and the events of streams repaired, each as soon as it is there.
    Errors come in OpenAI's shape, with Google's message and what may help: a bad key as 401,
    `x-should-retry: false` where another try would not help. Texts to embed may be any number. What
    a model asks to get back with the results of its tools is remembered for all such clients of the
    process.

    A request goes to the server that its URL names, with its key. One for api.openai.com, where a
    program was given no base URL, goes to `base_url`, or to Gemini; a key that begins with `sk-` is
    OpenAI's and goes to neither.

    Args:
        family: `"httpx"` or `"httpx2"`; by default the one that the installed `openai` uses.
        **options: `api_key` is used for all requests to `base_url`, whatever key they have; Google
            credentials (`vertexai=True`) are, too. The others are those of `OpenAI` and of the
            HTTP client: `limits`, `verify`, `cert`, `proxy`, `trust_env`, `timeout`, `headers`,
            `event_hooks`, and `transport`, the one to send with.

    Raises:
        OpenAIError: on Vertex AI, no project was found.
        ValueError: `family` is neither, or an option has a wrong value.
        TypeError: an option is unknown or of the wrong type.
        ImportError: the library is not installed.
    """
    from ._transport.clients import make_http_client

    return make_http_client(family, options, is_async=False)[0]


@overload
def async_http_client(
    family: Literal["httpx"], **options: Unpack[HttpClientOptions]
) -> httpx.AsyncClient: ...


@overload
def async_http_client(
    family: Literal["httpx2"], **options: Unpack[HttpClientOptions]
) -> httpx2.AsyncClient: ...


@overload
def async_http_client(family: None = None, **options: Unpack[HttpClientOptions]) -> Any: ...


@spell_out(HttpClientOptions)
def async_http_client(family: str | None = None, **options: Unpack[HttpClientOptions]) -> Any:
    """`http_client` for event loops, asyncio's and trio's: each has connections of its own."""
    from ._transport.clients import make_http_client

    return make_http_client(family, options, is_async=True)[0]


@spell_out(OpenAIClientOptions)
def openai_client(
    family: str | None = None, **options: Unpack[OpenAIClientOptions]
) -> openai.OpenAI:
    """A genuine `openai.OpenAI` that talks to Gemini: for whatever looks at the class of a client.

    It needs the extra `openai`. Its retries, views and copies are its own; what `http_client` says
    of requests, answers and errors holds. After `install_as_openai()`, `openai.OpenAI` is this
    package's class, and so is that of the client.

    Args:
        family: see `http_client`; from its version 3 on, `openai` takes both.
        **options: the key, `GOOGLE_API_KEY` and `GEMINI_API_KEY`, `base_url` and Vertex AI are as
            in `OpenAI` of this package; the options for the dialect and for the HTTP client as in
            `http_client`. All others are those of `openai.OpenAI`.

    Raises:
        OpenAIError: `openai` is not installed, or no key was found.
        ValueError: an option has a wrong value.
        TypeError: an option is unknown or of the wrong type.
    """
    from ._transport.clients import make_openai_client

    made: openai.OpenAI = make_openai_client(family, options, is_async=False)
    return made


@spell_out(OpenAIClientOptions)
def async_openai_client(
    family: str | None = None, **options: Unpack[OpenAIClientOptions]
) -> openai.AsyncOpenAI:
    """`openai_client` for event loops: a genuine `openai.AsyncOpenAI`."""
    from ._transport.clients import make_openai_client

    made: openai.AsyncOpenAI = make_openai_client(family, options, is_async=True)
    return made


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
