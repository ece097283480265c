"""A method to the same method that gives the response itself, and a response to that view of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_origin

from typing_extensions import ParamSpec

from .._base_client import AsyncAPIClient
from .._constants import RAW_RESPONSE_HEADER
from .._http.family import is_response_class
from .._legacy_response import HttpxBinaryResponseContent, LegacyAPIResponse
from .._primitives.given import is_given
from .._response import (
    APIResponse,
    AsyncAPIResponse,
    AsyncResponseContextManager,
    AsyncStreamedBinaryAPIResponse,
    BaseAPIResponse,
    ResponseContextManager,
    StreamedBinaryAPIResponse,
    answer_type,
    is_view,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .._base_client import BaseClient
    from .request import FinalRequestOptions

_P = ParamSpec("_P")
_R = TypeVar("_R")

VIEW_HEADER = RAW_RESPONSE_HEADER.lower()


def asked_view(client: BaseClient[Any, Any, Any], options: FinalRequestOptions) -> str | None:
    """How the caller wants the response: `"true"` (read), `"stream"` (open), None (its answer)."""
    if is_given(options.headers):
        for name, value in options.headers.items():
            if name.lower() == VIEW_HEADER:
                return value if is_given(value) else None
    return client.wire_headers.get(VIEW_HEADER)


def view_class(
    client: BaseClient[Any, Any, Any], cast_to: Any, options: FinalRequestOptions, *, stream: bool
) -> tuple[type[BaseAPIResponse[Any]], Any] | None:
    """The class of the view the caller wants and the type of its answer; None for no view."""
    asked = asked_view(client, options)
    if asked == "true":
        return LegacyAPIResponse, cast_to
    declared: Any = cast_to if isinstance(cast_to, type) else get_origin(cast_to)
    if not asked and (stream or not is_view(declared)):
        return None
    is_async = isinstance(client, AsyncAPIClient)
    plain = cast("type[BaseAPIResponse[Any]]", AsyncAPIResponse if is_async else APIResponse)
    if is_view(declared):
        if plain not in declared.__mro__:
            raise TypeError(f"cast_to must be {plain.__name__} for this client, not {cast_to!r}.")
        return declared, answer_type(cast_to)
    if is_response_class(cast_to):
        return None
    if cast_to is HttpxBinaryResponseContent:
        return AsyncStreamedBinaryAPIResponse if is_async else StreamedBinaryAPIResponse, bytes
    return plain, cast_to


def without_view(options: FinalRequestOptions) -> FinalRequestOptions:
    """`options` for a request whose answer is wanted and no view of it, as of a next page."""
    if not is_given(options.headers):
        return options
    headers = {k: v for k, v in options.headers.items() if k.lower() != VIEW_HEADER}
    return replace(options, headers=headers)


def raw(method: Callable[_P, _R]) -> Callable[_P, LegacyAPIResponse[_R]]:
    """`method`, giving its response with the body read."""

    @wraps(method, updated=())
    def ask(*args: _P.args, **keywords: _P.kwargs) -> LegacyAPIResponse[_R]:
        _ask_for("true", keywords)
        return cast("LegacyAPIResponse[_R]", method(*args, **keywords))

    return ask


def async_raw(
    method: Callable[_P, Awaitable[_R]],
) -> Callable[_P, Coroutine[Any, Any, LegacyAPIResponse[_R]]]:
    """`raw` for a method of an async client."""

    @wraps(method, updated=())
    async def ask(*args: _P.args, **keywords: _P.kwargs) -> LegacyAPIResponse[_R]:
        _ask_for("true", keywords)
        return cast("LegacyAPIResponse[_R]", await method(*args, **keywords))

    return ask


def streamed(method: Callable[_P, _R]) -> Callable[_P, ResponseContextManager[APIResponse[_R]]]:
    """`method`, giving its response with the body still to be read, in a `with` block."""

    @wraps(method, updated=())
    def ask(*args: _P.args, **keywords: _P.kwargs) -> ResponseContextManager[APIResponse[_R]]:
        _ask_for("stream", keywords)
        return ResponseContextManager(cast("Any", partial(method, *args, **keywords)))

    return ask


def async_streamed(
    method: Callable[_P, Awaitable[_R]],
) -> Callable[_P, AsyncResponseContextManager[AsyncAPIResponse[_R]]]:
    """`streamed` for a method of an async client."""

    @wraps(method, updated=())
    def ask(
        *args: _P.args, **keywords: _P.kwargs
    ) -> AsyncResponseContextManager[AsyncAPIResponse[_R]]:
        _ask_for("stream", keywords)
        return AsyncResponseContextManager(cast("Any", partial(method, *args, **keywords)))

    return ask


def streamed_file(
    method: Callable[_P, HttpxBinaryResponseContent],
) -> Callable[_P, ResponseContextManager[StreamedBinaryAPIResponse]]:
    """`streamed` for a method that gets a file."""
    ask: Callable[_P, ResponseContextManager[StreamedBinaryAPIResponse]]
    ask = cast("Any", streamed(method))
    return ask


def async_streamed_file(
    method: Callable[_P, Awaitable[HttpxBinaryResponseContent]],
) -> Callable[_P, AsyncResponseContextManager[AsyncStreamedBinaryAPIResponse]]:
    """`async_streamed` for a method that gets a file."""
    ask: Callable[_P, AsyncResponseContextManager[AsyncStreamedBinaryAPIResponse]]
    ask = cast("Any", async_streamed(method))
    return ask


def _ask_for(view: str, keywords: dict[str, Any]) -> None:
    given = keywords.get("extra_headers")
    keywords["extra_headers"] = {**(given or {}), RAW_RESPONSE_HEADER: view}
