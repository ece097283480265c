"""Drive an exchange: do what it asks for, over a real HTTP client, blocking or in an event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio

from .._constants import SECRET_HEADERS
from .exchange import Authorise, Read, Send, Sleep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from .._types import AsyncHttpClient, HttpClient
    from .exchange import Answer
    from .request import Outgoing

    Effect = Authorise | Send | Read | Sleep
    Steps = Generator[Effect, Any, Answer]
    Credentials = Mapping[str, str]


def drive(
    steps: Steps,
    http: HttpClient,
    authorise: Callable[[Credentials | None, Any], Credentials],
) -> Answer:
    """Do what the exchange asks, blocking, until it has an answer or raises."""

    def perform(effect: Effect) -> Any:
        if isinstance(effect, Send):
            return http.send(build_request(http, *effect), **_manner(effect))
        if isinstance(effect, Authorise):
            return authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            try:
                effect.response.read()
            finally:
                effect.response.close()
            return effect.response
        return time.sleep(effect.seconds)

    try:
        effect = next(steps)
        while True:
            try:
                outcome = perform(effect)
            except Exception as trouble:  # noqa: BLE001  # the exchange knows which are its own
                effect = steps.throw(trouble)
            else:
                effect = steps.send(outcome)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        steps.close()


async def drive_async(
    steps: Steps,
    http: AsyncHttpClient,
    authorise: Callable[[Credentials | None, Any], Awaitable[Credentials]],
) -> Answer:
    """`drive` in an event loop, asyncio's or trio's."""

    async def perform(effect: Effect) -> Any:
        if isinstance(effect, Send):
            return await http.send(build_request(http, *effect), **_manner(effect))
        if isinstance(effect, Authorise):
            return await authorise(effect.rejected, effect.timeout)
        if isinstance(effect, Read):
            try:
                await effect.response.aread()
            finally:
                await effect.response.aclose()
            return effect.response
        return await anyio.sleep(effect.seconds)

    try:
        effect = next(steps)
        while True:
            try:
                outcome = await perform(effect)
            except Exception as trouble:  # noqa: BLE001  # the exchange knows which are its own
                effect = steps.throw(trouble)
            else:
                effect = steps.send(outcome)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        steps.close()


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


def _manner(send: Send) -> dict[str, Any]:
    manner: dict[str, Any] = {"stream": send.outgoing.stream}
    if send.outgoing.follow_redirects is not None:
        manner["follow_redirects"] = send.outgoing.follow_redirects
    elif send.credentials.keys() & SECRET_HEADERS - {"authorization"}:
        # The family drops `Authorization` on the way to another origin, and nothing else.
        manner["follow_redirects"] = False
    return manner
