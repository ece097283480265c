"""Do what an exchange asks for, over a real HTTP client, blocking or in an event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio

from .._constants import SECRET_HEADERS
from . import bounded
from .exchange import Authorise, Read, Send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from .._types import AsyncHttpClient, HttpClient
    from .exchange import Effect
    from .request import Outgoing

    Credentials = Mapping[str, str]


def performer(
    http: HttpClient, authorise: Callable[[Credentials | None, Any], Credentials]
) -> Callable[[Effect], Any]:
    """What `effects.run` calls for each effect of an exchange."""

    def perform(effect: Effect) -> Any:
        if isinstance(effect, Send):
            request, options = build_request(http, *effect), _send_options(effect)
            if (deadline := effect.outgoing.deadline) is not None:
                return bounded.send(http, request, deadline, **options)
            return http.send(request, **options)
        if isinstance(effect, Authorise):
            return authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            try:
                effect.response.read()
            finally:
                effect.response.close()
            return effect.response
        return time.sleep(effect.seconds)

    return perform


def async_performer(
    http: AsyncHttpClient, authorise: Callable[[Credentials | None, Any], Awaitable[Credentials]]
) -> Callable[[Effect], Awaitable[Any]]:
    """`performer` for an event loop, asyncio's or trio's."""

    async def perform(effect: Effect) -> Any:
        if isinstance(effect, Send):
            request, options = build_request(http, *effect), _send_options(effect)
            if (deadline := effect.outgoing.deadline) is not None:
                return await bounded.send_async(http, request, deadline, **options)
            return await http.send(request, **options)
        if isinstance(effect, Authorise):
            if effect.left is None:
                return await authorise(effect.rejected, effect.timeout)
            with anyio.fail_after(effect.left):
                return await authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            try:
                await effect.response.aread()
            finally:
                await effect.response.aclose()
            return effect.response
        return await anyio.sleep(effect.seconds)

    return perform


def build_request(http: Any, outgoing: Outgoing, credentials: Credentials) -> Any:
    """The request in the objects of the HTTP client's family."""
    return http.build_request(
        outgoing.method,
        outgoing.url,
        headers=outgoing.headers_with(credentials),
        content=outgoing.content,
        files=outgoing.files,
        timeout=outgoing.timeout,
    )


def _send_options(send: Send) -> dict[str, Any]:
    options: dict[str, Any] = {"stream": send.outgoing.stream}
    if send.outgoing.follow_redirects is not None:
        options["follow_redirects"] = send.outgoing.follow_redirects
    elif send.credentials.keys() & SECRET_HEADERS - {"authorization"}:
        # The family drops `Authorization` on the way to another origin, and nothing else.
        options["follow_redirects"] = False
    return options
