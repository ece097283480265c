"""`client.map`: any number of requests to their results, many at once, none lost to another."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from random import random
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_origin, overload

from .._call.retry import Policy
from .attempts import attempts
from .rate_limit import RateLimiter
from .tasks import AsyncResults
from .threads import Results
from .token_estimate import estimate_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Generator, Iterable

    from .._client import AsyncClient, Client
    from ..types.chat.chat_completion import ChatCompletion
    from .attempts import Effect
    from .tasks import Tasks
    from .threads import Crew

__all__ = ["AsyncMap", "AsyncResults", "Map", "MapResult", "RateLimiter", "Results"]

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

DEFAULT_CONCURRENCY = 16


@dataclass(frozen=True)
class MapResult(Generic[RequestT, ResultT]):
    """What became of one request: a result, or the error that a call of its own would raise.

    Attributes:
        index: the place of the request among all, from 0 up.
        request: the request as it was given.
        result: the answer; None if there is an error.
        error: what went wrong, after all retries; None if nothing did.
    """

    index: int
    request: RequestT
    result: ResultT | None = None
    error: Exception | None = None

    def unwrap(self) -> ResultT:
        """The result. Raises the error if there is one."""
        if self.error is not None:
            raise self.error
        return cast("ResultT", self.result)


class Map:
    """`client.map(...)`: many calls at once, in threads.

    ```python
    with client.map(requests, concurrency=32, rpm=1000) as results:
        for done in results:
            if done.error is not None:
                print(done.index, done.error)
    ```
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @overload
    def __call__(
        self,
        requests: Iterable[Mapping[str, Any]],
        *,
        concurrency: int = ...,
        rpm: float | None = ...,
        tpm: float | None = ...,
        ordered: bool = ...,
        look_ahead: int | None = ...,
        limiter: RateLimiter | None = ...,
        tokens: Callable[[Mapping[str, Any]], float] = ...,
    ) -> Results[MapResult[Mapping[str, Any], ChatCompletion]]: ...
    @overload
    def __call__(
        self,
        requests: Iterable[RequestT],
        *,
        call: Callable[[Client, RequestT], ResultT],
        concurrency: int = ...,
        rpm: float | None = ...,
        tpm: float | None = ...,
        ordered: bool = ...,
        look_ahead: int | None = ...,
        limiter: RateLimiter | None = ...,
        tokens: Callable[[RequestT], float] = ...,
    ) -> Results[MapResult[RequestT, ResultT]]: ...
    def __call__(
        self,
        requests: Iterable[Any],
        *,
        call: Callable[[Client, Any], Any] | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        rpm: float | None = None,
        tpm: float | None = None,
        ordered: bool = True,
        look_ahead: int | None = None,
        limiter: RateLimiter | None = None,
        tokens: Callable[[Any], float] = estimate_tokens,
    ) -> Results[MapResult[Any, Any]]:
        """Make many calls at once; give a `MapResult` for each request.

        Requests are taken from the iterable as results are taken from the iterator, so that it may
        be a generator of any length. A call that fails in passing is tried again as the client's
        `max_retries` and `retry_budget` say. A refusal for quota (429) makes all calls wait and
        lowers their rate, and is tried again ten times.

        Args:
            requests: for each call the keywords of `chat.completions.create`, as a dict. If its
                `response_format` is a type, the call is one of `chat.completions.parse`.
            call: a function of the client and a request, to be called in place of those. It may
                be called again for the same request. Of the errors it raises, those of this
                package are retried.
            concurrency: how many calls at once.
            rpm: requests per minute at most; None: as many as the server takes.
            tpm: tokens per minute at most. Prompts are estimated by `tokens` before the call, and
                corrected by the answer's `usage` after it.
            ordered: give results in the order of the requests; else as they come.
            look_ahead: how many requests at most are taken in before their results are taken out;
                four times `concurrency` if not given.
            limiter: a `RateLimiter` to share with other calls, in place of `rpm` and `tpm`.
            tokens: how many tokens the prompt of a request is to be put down for; a quarter of its
                characters if not given.

        Raises:
            ValueError: a number is out of range, or both `limiter` and `rpm` or `tpm` are given.
        """
        client, policy = prepare(self._client)
        limiter = one_limiter(limiter, rpm, tpm)
        make = call or _complete

        def work(index: int, request: Any, crew: Crew) -> MapResult[Any, Any]:
            def perform() -> Any:
                return make(client, request)

            try:
                steps = call_steps(limiter, policy, tokens(request))
                return MapResult(index, request, crew.drive(steps, perform))
            except Exception as error:  # noqa: BLE001  # of this item, and of no other
                return MapResult(index, request, error=error)

        return Results(
            requests, work, _one, concurrency=concurrency, look_ahead=look_ahead, ordered=ordered
        )


class AsyncMap:
    """`client.map(...)`: many calls at once, in tasks of asyncio or trio; see `Map`.

    ```python
    async with client.map(requests, concurrency=200, rpm=1000) as results:
        async for done in results:
            ...
    ```
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @overload
    def __call__(
        self,
        requests: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]],
        *,
        concurrency: int = ...,
        rpm: float | None = ...,
        tpm: float | None = ...,
        ordered: bool = ...,
        look_ahead: int | None = ...,
        limiter: RateLimiter | None = ...,
        tokens: Callable[[Mapping[str, Any]], float] = ...,
    ) -> AsyncResults[MapResult[Mapping[str, Any], ChatCompletion]]: ...
    @overload
    def __call__(
        self,
        requests: Iterable[RequestT] | AsyncIterable[RequestT],
        *,
        call: Callable[[AsyncClient, RequestT], Awaitable[ResultT]],
        concurrency: int = ...,
        rpm: float | None = ...,
        tpm: float | None = ...,
        ordered: bool = ...,
        look_ahead: int | None = ...,
        limiter: RateLimiter | None = ...,
        tokens: Callable[[RequestT], float] = ...,
    ) -> AsyncResults[MapResult[RequestT, ResultT]]: ...
    def __call__(
        self,
        requests: Iterable[Any] | AsyncIterable[Any],
        *,
        call: Callable[[AsyncClient, Any], Awaitable[Any]] | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        rpm: float | None = None,
        tpm: float | None = None,
        ordered: bool = True,
        look_ahead: int | None = None,
        limiter: RateLimiter | None = None,
        tokens: Callable[[Any], float] = estimate_tokens,
    ) -> AsyncResults[MapResult[Any, Any]]:
        """Make many calls at once; see `Map.__call__`. Requests may come from an async iterable."""
        client, policy = prepare(self._client)
        limiter = one_limiter(limiter, rpm, tpm)
        make = call or _complete_async

        async def work(index: int, request: Any, tasks: Tasks) -> MapResult[Any, Any]:
            try:
                steps = call_steps(limiter, policy, tokens(request))
                answer = await tasks.drive(steps, partial(make, client, request))
                return MapResult(index, request, answer)
            except Exception as error:  # noqa: BLE001  # of this item, and of no other
                return MapResult(index, request, error=error)

        return AsyncResults(
            requests, work, _one, concurrency=concurrency, look_ahead=look_ahead, ordered=ordered
        )


ClientT = TypeVar("ClientT", "Client", "AsyncClient")


def prepare(client: ClientT) -> tuple[ClientT, Policy]:
    """A copy of the client that makes one attempt, over the same connections, and its retries."""
    policy = Policy(
        max_retries=client.max_retries, budget=client.retry_budget, now=time.time, random=random
    )
    return client.with_options(max_retries=0), policy


def one_limiter(limiter: RateLimiter | None, rpm: float | None, tpm: float | None) -> RateLimiter:
    """The limiter given, or one of these limits. Raises `ValueError` for both."""
    if limiter is None:
        return RateLimiter(rpm=rpm, tpm=tpm)
    if rpm is not None or tpm is not None:
        raise ValueError("Give limiter=, which has limits of its own, or rpm= and tpm=, not both.")
    return limiter


def call_steps(limiter: RateLimiter, policy: Policy, tokens: float) -> Generator[Effect, Any, Any]:
    """The life of one call, for `drive` of `Crew` or `Tasks`."""
    return attempts(
        limiter=limiter, tokens=tokens, used=_prompt_tokens, policy=policy, clock=time.monotonic
    )


def _prompt_tokens(answer: Any) -> float | None:
    # The quota is one of input tokens: https://ai.google.dev/gemini-api/docs/rate-limits
    counted = getattr(getattr(answer, "usage", None), "prompt_tokens", None)
    return counted if isinstance(counted, int) and counted > 0 else None


def _one(result: MapResult[Any, Any]) -> tuple[MapResult[Any, Any]]:
    return (result,)


def _complete(client: Client, request: Any) -> Any:
    return _method(client.chat.completions, request)(**request)


async def _complete_async(client: AsyncClient, request: Any) -> Any:
    return await _method(client.chat.completions, request)(**request)


def _method(completions: Any, request: Any) -> Any:
    """`parse` or `create`, as the request's format asks. Raises `TypeError` if it fits neither."""
    if not isinstance(request, Mapping):
        raise TypeError(
            "A request is a dict of the keywords of chat.completions.create, not "
            f"{type(request).__name__}; for others give call=, a function of client and request."
        )
    asked = cast("Mapping[str, Any]", request)
    if asked.get("stream") is True:
        raise TypeError("map gives whole answers: leave out stream=True, or give call=.")
    wanted = asked.get("response_format")
    is_type = isinstance(wanted, type) or get_origin(wanted) is not None
    return completions.parse if is_type else completions.create
