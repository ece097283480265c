"""The transports of both HTTP families, blocking and for event loops."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._call.effects import run, run_async
from .._call.perform import async_performer, performer
from .._exceptions import OpenAIError
from .._http.family import byte_stream
from .events import AsyncRewrittenEvents, EventRewriter, RewrittenEvents
from .pages import all_pages
from .responses import error_response, passed_on, whole_response

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType

    from .._call.exchange import Answer, Effect
    from .._call.request import FinalRequestOptions
    from .requests import Clients, Incoming


class _Transport:
    """What both kinds share. `clients` make the calls, by an HTTP client of their own."""

    def __init__(self, family: ModuleType, clients: Clients[Any]) -> None:
        self._family = family
        self._clients = clients

    def _begun(self, call: Incoming[Any], http: Any) -> Generator[Effect, Any, Answer]:
        def begin(options: FinalRequestOptions) -> Generator[Effect, Any, Answer]:
            steps: Generator[Effect, Any, Answer] = call.client._begin(
                options, http, cast_to=call.cast_to, stream=call.stream
            )
            return steps

        return (all_pages if call.is_list_of_models else _one_page)(begin, call.options)

    def _refused(self, error: OpenAIError, request: Any) -> Any:
        target = self._clients.target(request)
        is_known = target.is_endpoint or "://" in target.path
        return error_response(
            error,
            self._family,
            self._clients.own.retry_budget,
            unknown_path=None if is_known else target.path,
        )

    def _answered(self, call: Incoming[Any], response: Any, kind: type[RewrittenEvents]) -> Any:
        """The response to pass on; that of a stream has not been read."""
        translation = call.options.translation
        if not call.stream:
            made = whole_response(response, call, self._family)
            if call.is_list_with_cursors:
                self._clients.note_page(made.content)
            return made
        chunks = translation.chunks() if translation is not None else None
        if chunks is None:
            return response
        rewriter = EventRewriter(response, chunks, most=call.client.max_response_bytes)
        return self._family.Response(
            response.status_code,
            headers=[*passed_on(response), ("content-type", "text/event-stream; charset=utf-8")],
            stream=byte_stream(kind, self._family)(response, rewriter),
            extensions=response.extensions,
        )


def _one_page(begin: Any, options: FinalRequestOptions) -> Any:
    return begin(options)


class _Blocking(_Transport):
    def handle_request(self, request: Any) -> Any:
        try:
            call = self._clients.incoming(request, request.read())
            http = call.client._http.client()
            perform = performer(http, call.client._authorise)
            response = run(self._begun(call, http), perform).response
            return self._answered(call, response, RewrittenEvents)
        except OpenAIError as error:
            failure = error
        return self._refused(failure, request)  # outside: what it raises has causes of its own

    def close(self) -> None:
        self._clients.own.close()


class _Async(_Transport):
    async def handle_async_request(self, request: Any) -> Any:
        try:
            call = self._clients.incoming(request, await request.aread())
            http = call.client._http.client()
            perform = async_performer(http, call.client._authorise)
            response = (await run_async(self._begun(call, http), perform)).response
            return self._answered(call, response, AsyncRewrittenEvents)
        except OpenAIError as error:
            failure = error
        return self._refused(failure, request)

    async def aclose(self) -> None:
        await self._clients.own.close()


@lru_cache(maxsize=4)
def transport_class(family: ModuleType, *, is_async: bool) -> Any:
    """The class of transports of a family: takes the family's module and `Clients`."""
    if is_async:
        return type("AsyncDialectTransport", (_Async, family.AsyncBaseTransport), {})
    return type("DialectTransport", (_Blocking, family.BaseTransport), {})
