"""Make any number of calls, many at once; none is lost to the error of another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_origin, overload

from .._call.signature import spell_out
from .calls import Calls, MapResult, RequestT, ResultT
from .options import MapOptions
from .tasks import AsyncResults
from .threads import Results

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
    from typing import TypeAlias

    from typing_extensions import Unpack

    from .._base_client import AsyncAPIClient, SyncAPIClient
    from ..types.chat.chat_completion import ChatCompletion

    Items: TypeAlias = Iterable[RequestT] | AsyncIterable[RequestT]

ClientT = TypeVar("ClientT", bound="SyncAPIClient")
AsyncClientT = TypeVar("AsyncClientT", bound="AsyncAPIClient")


class Map(Generic[ClientT]):
    """`client.map(...)`: many calls at once, in threads.

    ```python
    with client.map(requests, concurrency=32, rpm=1000) as results:
        for done in results:
            if done.error is not None:
                print(done.index, done.error)
    ```
    """

    def __init__(self, client: ClientT) -> None:
        self._client = client

    @overload
    def __call__(
        self,
        requests: Iterable[Mapping[str, Any]],
        **options: Unpack[MapOptions[Mapping[str, Any]]],
    ) -> Results[MapResult[Mapping[str, Any], ChatCompletion]]: ...
    @overload
    def __call__(
        self,
        requests: Iterable[RequestT],
        *,
        call: Callable[[ClientT, RequestT], ResultT],
        **options: Unpack[MapOptions[RequestT]],
    ) -> Results[MapResult[RequestT, ResultT]]: ...
    @spell_out(MapOptions)
    def __call__(
        self,
        requests: Iterable[Any],
        *,
        call: Callable[[ClientT, Any], Any] | None = None,
        **options: Unpack[MapOptions[Any]],
    ) -> Results[MapResult[Any, Any]]:
        """Make many calls at once; give a `MapResult` for each request.

        Requests are taken from the iterable as results are taken from the iterator, so that it may
        be a generator of any length. A call that fails in passing is tried again as the client's
        `max_retries` and `retry_budget` say. A refusal for quota (429) makes all calls wait and
        lowers their rate, and is tried again ten times. A `deadline` is each call's, without the
        time until its turn, and what has reached it is not tried again.

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
                characters if not given. It is asked only where there is a limit of tokens.

        Raises:
            ValueError: a number is out of range, or both `limiter` and `rpm` or `tpm` are given.
        """
        return Results(requests, _calls(self._client, call, options))


class AsyncMap(Generic[AsyncClientT]):
    """`client.map(...)`: many calls at once, in tasks of asyncio or trio; see `Map`.

    ```python
    async with client.map(requests, concurrency=200, rpm=1000) as results:
        async for done in results:
            ...
    ```
    """

    def __init__(self, client: AsyncClientT) -> None:
        self._client = client

    @overload
    def __call__(
        self, requests: Items[Mapping[str, Any]], **options: Unpack[MapOptions[Mapping[str, Any]]]
    ) -> AsyncResults[MapResult[Mapping[str, Any], ChatCompletion]]: ...
    @overload
    def __call__(
        self,
        requests: Items[RequestT],
        *,
        call: Callable[[AsyncClientT, RequestT], Awaitable[ResultT]],
        **options: Unpack[MapOptions[RequestT]],
    ) -> AsyncResults[MapResult[RequestT, ResultT]]: ...
    @spell_out(MapOptions)
    def __call__(
        self,
        requests: Items[Any],
        *,
        call: Callable[[AsyncClientT, Any], Awaitable[Any]] | None = None,
        **options: Unpack[MapOptions[Any]],
    ) -> AsyncResults[MapResult[Any, Any]]:
        """Make many calls at once; see `Map.__call__`. Requests may come from an async iterable."""
        return AsyncResults(requests, _calls(self._client, call, options))


def _calls(
    client: SyncAPIClient | AsyncAPIClient,
    call: Callable[[Any, Any], Any] | None,
    options: MapOptions[Any],
) -> Calls[MapResult[Any, Any]]:
    make = partial(call or _complete, client.with_options(max_retries=0))
    return Calls(client, make, lambda done: (done,), **options)


def _complete(client: Any, request: Any) -> Any:
    """Call `parse` or `create`, as the request's format asks.

    Raises `TypeError` for a request that fits neither.
    """
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
    completions = client.chat.completions
    return (completions.parse if is_type else completions.create)(**asked)
