"""Do what an exchange asks for, over a real HTTP client, blocking or in an event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio

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
            request, options = build_request(http, *effect), _send_options(effect)
            deadline = effect.outgoing.deadline
            if deadline is None:
                response = http.send(request, **options)
            else:
                response = bounded.send(http, request, deadline, **options)
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
            request, options = build_request(http, *effect), _send_options(effect)
            deadline = effect.outgoing.deadline
            if deadline is None:
                response = await http.send(request, **options)
            else:
                response = await bounded.send_async(http, request, deadline, **options)
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


def build_request(http: Any, outgoing: Outgoing, credentials: Credentials) -> Any:
    """The request in the objects of the HTTP client's family; raises what `sent_headers` does."""
    return http.build_request(
        outgoing.method,
        outgoing.url,
        headers=sent_headers(outgoing, credentials),
        content=outgoing.content,
        files=outgoing.files,
        timeout=outgoing.timeout,
    )


def _send_options(send: Send) -> dict[str, Any]:
    options: dict[str, Any] = {"stream": True}  # what is whole is read here, to a bound
    if send.outgoing.follow_redirects is not None:
        options["follow_redirects"] = send.outgoing.follow_redirects
    elif any(name != "authorization" and is_secret_header(name) for name in send.credentials):
        # The family drops `Authorization` on the way to another origin, and nothing else.
        options["follow_redirects"] = False
    return options
