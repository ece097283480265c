"""Hide the differences between the two HTTP families, `httpx` and `httpx2`.

Both have the same classes under the same names, so a family is represented by its module. What is
raised and caught belongs to the family of the client, response or request at hand.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from types import FunctionType

from .._constants import (
    DEFAULT_CONNECT_SECONDS,
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_MAX_KEEPALIVE,
    DEFAULT_TIMEOUT_SECONDS,
)
from .._primitives.secrets import is_secret_header, redacted

TYPE_CHECKING = False  # making a client shall not import `typing`
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType
    from typing import Any

    from .._types import AsyncHttpClient, HttpClient, Request, Response

FAMILIES = ("httpx", "httpx2")
_NUMBERS = (int, float)
_TIMEOUTS = ("connect", "read", "write", "pool")


def family_of(thing: object) -> ModuleType:
    """The module, `httpx` or `httpx2`, that the class of `thing` comes or derives from.

    Raises `TypeError` when it is of neither.
    """
    kind: Any = type(thing)
    return _family_of_class(kind)


@lru_cache(maxsize=64)
def _family_of_class(kind: Any) -> ModuleType:
    for cls in kind.__mro__:
        root = cls.__module__.partition(".")[0]
        if root in FAMILIES:
            return sys.modules[root]
    raise TypeError(f"{kind.__name__} is of neither httpx nor httpx2.")


def is_function_of(prefix: str, function: object) -> bool:
    """Whether it is a plain function of a module whose name begins so.

    Wrappers copy `__module__`, and some pretend to be functions, but they have other globals.
    """
    return type(function) is FunctionType and str(function.__globals__.get("__name__")).startswith(
        prefix
    )


def is_response_class(cls: object) -> bool:
    """Whether `cls` is the `Response` of a family; `cast_to=` such a class returns the response.

    Raises `ValueError` for a class derived from one: the response exists already.
    """
    responses = _classes("Response")
    if not (isinstance(cls, type) and issubclass(cls, responses)):
        return False
    if cls not in responses:
        raise ValueError(
            f"{cls.__name__} is derived from {cls.__mro__[1].__name__}, and the response has been "
            "made already; ask for httpx.Response or httpx2.Response itself."
        )
    return True


def _classes(name: str) -> tuple[type, ...]:
    """The classes of this name, of the families that are loaded."""
    return tuple(getattr(sys.modules[root], name) for root in FAMILIES if root in sys.modules)


def default_family() -> ModuleType:
    """`httpx`, loaded when a client first needs it."""
    if "httpx" not in sys.modules:
        _import_httpx()
    import httpx

    return httpx


def _import_httpx() -> None:
    """Import `httpx` without its command line, which it imports where click and rich are installed.

    That takes 50 ms of 120. `httpx.main` imports it when somebody asks for it.
    """
    modules: dict[str, Any] = sys.modules
    modules["httpx._main"] = None  # "not installed"
    try:
        import httpx
    finally:
        modules.pop("httpx._main", None)
    module: dict[str, Any] = httpx.__dict__
    if "__getattr__" in module or "main" not in module:
        return
    not_installed = module.pop("main")

    def get(name: str) -> Any:
        if name != "main":
            raise AttributeError(f"module 'httpx' has no attribute {name!r}")
        try:
            from httpx._main import main
        except ImportError:
            main = not_installed
        module["main"] = main
        return main

    module["__getattr__"] = get


def family_named(name: str) -> ModuleType:
    """The family of this name; raises `ValueError` if there is none, `ImportError` without it."""
    if name not in FAMILIES:
        raise ValueError(f"family must be 'httpx' or 'httpx2', not {name!r}.")
    from importlib import import_module

    return import_module(name)


def check_http_client(client: object, *, is_async: bool) -> None:
    """Raise `TypeError` unless `client` is a blocking or an async HTTP client, as is needed."""
    wanted, other = ("AsyncClient", "Client") if is_async else ("Client", "AsyncClient")
    if issubclass(type(client), _classes(wanted)):
        return
    if issubclass(type(client), _classes(other)):
        family = family_of(client).__name__
        ours, theirs = ("AsyncOpenAI", "OpenAI") if is_async else ("OpenAI", "AsyncOpenAI")
        raise TypeError(
            f"http_client is a {family}.{other}, which belongs to {theirs}; "
            f"give {ours} a {family}.{wanted}."
        )
    raise TypeError(
        f"http_client must be an httpx.{wanted} or httpx2.{wanted}, not {type(client).__name__}."
    )


def as_timeout(value: Any, family: ModuleType) -> Any:
    """`value` (seconds, None for no limit, or a `Timeout` of either family) as one of `family`.

    Raises what `check_timeout` raises.
    """
    if value.__class__ in _NUMBERS:
        return _timeout_of(value, family)
    check_timeout(value)
    if value is None or isinstance(value, family.Timeout):
        return value
    return family.Timeout(**{name: getattr(value, name) for name in _TIMEOUTS})


@lru_cache(maxsize=64)
def _timeout_of(seconds: float, family: ModuleType) -> Any:
    """The timeout of a number; a client has the same for most calls."""
    check_timeout(seconds)
    return family.Timeout(seconds)


def check_timeout(value: Any) -> None:
    """Raise `ValueError` for a timeout of 0 or below, `TypeError` for what is no number."""
    parts = {"": value}
    if value is not None and not isinstance(value, (int, float)):
        parts = {name: getattr(value, name, value) for name in _TIMEOUTS}
    for name, seconds in parts.items():
        if seconds is None:
            continue
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
            raise TypeError(
                "timeout must be a number of seconds, None, or an httpx.Timeout or httpx2.Timeout, "
                f"not {type(value).__name__}."
            )
        # A pool that is waited for not at all is of use.
        if not 0 < seconds < float("inf") and (name, seconds) != ("pool", 0):
            where = f"timeout.{name}" if name else "timeout"
            raise ValueError(f"{where} is {seconds}. Give seconds above 0, or None for no limit.")


def default_timeout(family: ModuleType) -> Any:
    """600 seconds for everything but connecting, which has 5."""
    return family.Timeout(DEFAULT_TIMEOUT_SECONDS, connect=DEFAULT_CONNECT_SECONDS)


def default_limits(family: ModuleType) -> Any:
    """How many connections an HTTP client of our own may have and keep."""
    return family.Limits(
        max_connections=DEFAULT_MAX_CONNECTIONS, max_keepalive_connections=DEFAULT_MAX_KEEPALIVE
    )


def byte_stream(kind: Any, family: ModuleType) -> Any:
    """A class of streams, derived as the family wants it; it says `is_async`."""
    if (made := _streams.get((kind, family))) is None:
        base = family.AsyncByteStream if kind.is_async else family.SyncByteStream
        made = _streams[kind, family] = type(kind.__name__, (kind, base), {})
    return made


_streams: dict[Any, Any] = {}


def own_timeout(client: HttpClient | AsyncHttpClient) -> Any:
    """The timeout the caller's HTTP client was made with, if it is not its family's default."""
    return None if client.timeout == _usual_timeout(family_of(client)) else client.timeout


@lru_cache(maxsize=2)
def _usual_timeout(family: ModuleType) -> Any:
    return family.Timeout(5.0)


def network_stream(connection: Any) -> Any:
    """The stream of an open connection of httpcore's; None where it cannot be found.

    No library exposes it, so private attributes are read, which a new version may not have.
    """
    while (inner := getattr(connection, "_connection", None)) is not None:
        connection = inner  # of a proxy, of a protocol
    return getattr(connection, "_network_stream", None)


def close_copied_socket(connection: Any) -> None:
    """In a forked child, close its copy of the socket of a connection of httpcore's.

    The parent continues to use its own. Closing the connection instead would end the TLS session,
    and remove the socket from the selector of the parent's event loop, which the child shares.
    A copy that is not found stays open until it is collected.
    """
    if (stream := network_stream(connection)) is not None:
        _close_copy(stream.get_extra_info("socket"))


def _close_copy(connection: Any) -> None:
    import socket

    if isinstance(connection, socket.socket):
        connection.close()
    elif connection is not None and (number := connection.fileno()) >= 0:
        # Only its event loop may close a socket, and that loop does not run here. The descriptor
        # stays in use, so that the loop closes nothing else when it is collected.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, number, inheritable=False)
        os.close(nothing)


def without_secrets(state: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an error, its request and response copied without credentials."""
    clean = dict(state)
    if (response := clean.get("response")) is not None:
        clean["response"] = _response_without_secrets(response)
        clean["request"] = clean["response"].request
    elif (request := clean.get("request")) is not None:
        clean["request"] = _request_without_secrets(request)
    return clean


def _request_without_secrets(request: Request) -> Any:
    headers = {k: v for k, v in request.headers.items() if not is_secret_header(k)}

    return family_of(request).Request(
        request.method, redacted(str(request.url)), headers=headers, content=_content(request)
    )


def _response_without_secrets(response: Response) -> Any:
    drop = {"content-encoding", "content-length", "transfer-encoding"}
    return family_of(response).Response(
        response.status_code,
        # Redirects of Google's repeat the request's key in their headers, uploads in a URL.
        headers={
            k: redacted(v)
            for k, v in response.headers.items()
            if not (k.lower() in drop or is_secret_header(k))
        },
        content=_content(response),
        request=_request_without_secrets(response.request),
    )


def _content(message: Request | Response) -> bytes:
    family = family_of(message)
    try:
        return message.content
    except (family.RequestNotRead, family.ResponseNotRead):
        return b""
