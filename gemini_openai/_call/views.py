"""Give the response itself where a caller asks for it, in place of or beside its answer."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_origin

from typing_extensions import ParamSpec

from .._constants import RAW_RESPONSE_HEADER
from .._http.family import is_response_class
from .answer import answer_of
from .binary import HttpxBinaryResponseContent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .._legacy_response import LegacyAPIResponse
    from .._response import (
        APIResponse,
        AsyncAPIResponse,
        AsyncResponseContextManager,
        BaseAPIResponse,
        ResponseContextManager,
    )
    from .._types import Response
    from .answer import AnsweredClient
    from .request import FinalRequestOptions

_P = ParamSpec("_P")
_R = TypeVar("_R")


def result(
    client: AnsweredClient,
    cast_to: Any,
    options: FinalRequestOptions,
    response: Response,
    *,
    stream: bool,
    stream_cls: Any,
    retries_taken: int = 0,
) -> Any:
    """What the caller gets for a response: the answer in it, or a view of the response itself."""
    if view := view_class(cast_to, options, is_async=client._is_async, stream=stream):
        response_class, cast_to = view
        return response_class(
            raw=response,
            client=client,
            cast_to=cast_to,
            stream=stream,
            stream_cls=stream_cls,
            options=options,
            retries_taken=retries_taken,
        )
    return answer_of(client, cast_to, options, response, stream=stream, stream_cls=stream_cls)


def view_class(
    cast_to: Any, options: FinalRequestOptions, *, is_async: bool, stream: bool
) -> tuple[type[BaseAPIResponse[Any]], Any] | None:
    """The class of the view the caller wants and the type of its answer; None for no view."""
    declared: Any = cast_to if isinstance(cast_to, type) else get_origin(cast_to)
    if options.view is None and (stream or not hasattr(declared, "http_request")):
        return None  # before the module of the views is loaded
    from .._legacy_response import LegacyAPIResponse
    from .._response import (
        APIResponse,
        AsyncAPIResponse,
        AsyncStreamedBinaryAPIResponse,
        StreamedBinaryAPIResponse,
        answer_type,
        is_view,
    )

    if options.view == "raw":
        return LegacyAPIResponse, cast_to
    if options.view is None and not is_view(declared):
        return None
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
        from .._response import ResponseContextManager

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
        from .._response import AsyncResponseContextManager

        _ask_for("stream", keywords)
        return AsyncResponseContextManager(cast("Any", partial(method, *args, **keywords)))

    return ask


def _ask_for(view: str, keywords: dict[str, Any]) -> None:
    given = keywords.get("extra_headers")
    keywords["extra_headers"] = {**(given or {}), RAW_RESPONSE_HEADER: view}
