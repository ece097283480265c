"""Do what an exchange asks for, over a real HTTP client, blocking or in an event loop."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from .._http.direct import direct_sender_of
from .._primitives.secrets import is_secret_header
from . import bounded
from .bounds import in_slices, read_bounded, read_bounded_async
from .exchange import Authorise, Read, Send, sent_headers

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
            request, way = _ready(http, *effect)
            deadline = effect.outgoing.deadline
            response = way(request) if deadline is None else bounded.send(way, request, deadline)
            try:
                packed = in_slices(response, is_async=False)
                if not effect.outgoing.stream:
                    read_bounded(response, effect.outgoing.most, packed=packed)
            except BaseException:
                response.close()
                raise
            return response
        if isinstance(effect, Authorise):
            return authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            read_bounded(effect.response, None)
            return effect.response
        return time.sleep(effect.seconds)

    return perform


def async_performer(
    http: AsyncHttpClient, authorise: Callable[[Credentials | None, Any], Awaitable[Credentials]]
) -> Callable[[Effect], Awaitable[Any]]:
    """`performer` for an event loop, asyncio's or trio's."""

    async def perform(effect: Effect) -> Any:
        if isinstance(effect, Send):
            request, way = _ready(http, *effect)
            deadline = effect.outgoing.deadline
            response = await (
                way(request) if deadline is None else bounded.send_async(way, request, deadline)
            )
            try:
                packed = in_slices(response, is_async=True)
                if not effect.outgoing.stream:
                    await read_bounded_async(response, effect.outgoing.most, packed=packed)
            except BaseException:
                await response.aclose()
                raise
            return response
        if isinstance(effect, Authorise):
            if effect.left is None:
                return await authorise(effect.rejected, effect.timeout)
            with anyio.fail_after(effect.left):
                return await authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            await read_bounded_async(effect.response, None)
            return effect.response
        return await anyio.sleep(effect.seconds)

    return perform


def _ready(http: Any, outgoing: Outgoing, credentials: Credentials) -> tuple[Any, Any]:
    """The request in the objects of the HTTP client's family, and what sends it.

    Raises what `sent_headers` does.
    """
    direct = direct_sender_of(http)
    led_away = outgoing.foreign and bool(outgoing.history)
    if direct is not None and outgoing.files is None and not led_away:
        request = direct.request(
            http,
            outgoing.method,
            outgoing.url,
            outgoing.headers_with(credentials),
            sent_headers,
            outgoing.content,
            outgoing.timeout,
        )
        if request is not None:
            return request, partial(direct.send_async if direct.is_async else direct.send, http)
    request = build_request(http, outgoing, credentials)
    options: dict[str, Any] = {"stream": True, "follow_redirects": False}
    if led_away:
        options["auth"] = None  # the HTTP client's is for its own server, and so are these
        for name in filter(is_secret_header, http.headers):
            if name not in outgoing.headers:
                request.headers.pop(name, None)
    return request, partial(http.send, **options)


def build_request(http: Any, outgoing: Outgoing, credentials: Credentials) -> Any:
    """The request in the objects of the HTTP client's family; raises what `sent_headers` does."""
    return http.build_request(
        outgoing.method,
        outgoing.url,
        headers=sent_headers(outgoing.headers_with(credentials)),
        content=outgoing.content,
        files=outgoing.files,
        timeout=outgoing.timeout,
    )
