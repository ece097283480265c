"""Turn a request as data into its result: the half of a client that knows no endpoint.

Light to import: what a call needs, the HTTP library included, is loaded when a client is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypedDict

from ._call.signature import spell_out
from ._primitives.lazy import attach, late_module
from ._settings.client import ConfiguredClient, HttpT, KeyT, SharedT
from ._settings.environment import KEY_FUNCTION, checked_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from typing_extensions import Self, Unpack

    from ._call import (
        binary as _binary,
        effects as _effects,
        perform as _perform,
        prepare as _prepare,
        request as _request,
        views as _views,
    )
    from ._call.exchange import Answer, Effect
    from ._call.request import FinalRequestOptions
    from ._exceptions import APIStatusError
    from ._http.shared_client import (
        HttpClientPerLoop as HttpClientPerLoop,
        SharedHttpClient as SharedHttpClient,
    )
    from ._streaming import _AsyncStreamT as _AsyncStreamT, _StreamT as _StreamT
    from ._types import (
        AsyncBinaryTypes,
        AsyncHttpClient,
        Body,
        HttpClient,
        Request,
        RequestFiles,
        RequestOptions,
        Response,
        TimeoutTypes,
    )
    from .pagination import (
        AsyncPageT,
        AsyncPaginator as AsyncPaginator,
        BaseAsyncPage as BaseAsyncPage,
        BasePage as BasePage,
        BaseSyncPage as BaseSyncPage,
        ItemT,
        PageInfo as PageInfo,
        SyncPageT,
    )
else:
    _binary, _effects, _perform, _prepare, _request, _views = (
        late_module(f"{__package__}._call.{name}")
        for name in ("binary", "effects", "perform", "prepare", "request", "views")
    )
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            f"{__package__}._streaming": "_AsyncStreamT _StreamT",
            f"{__package__}.pagination": (
                "AsyncPaginator BaseAsyncPage BasePage BaseSyncPage PageInfo"
            ),
        },
    )
    __all__ += ["AsyncAPIClient", "BaseClient", "SyncAPIClient", "make_request_options"]

SyncKey: TypeAlias = "str | Callable[[], str]"
AsyncKey: TypeAlias = "str | Callable[[], Awaitable[str] | str]"


def make_request_options(**given: Any) -> RequestOptions:
    """The options of a request from `query=`, `extra_headers=`, `extra_query=`, `extra_body=`, ….

    At openai's path; the definition is `_call.request.make_request_options`.
    """
    from ._call.request import make_request_options as definition

    return definition(**given)


class SentPlain(TypedDict, total=False):
    """What a request carries: `body` as JSON, or `content` as it is."""

    body: Body | None
    content: AsyncBinaryTypes | None
    options: RequestOptions


class Sent(SentPlain, total=False):
    """What a request carries that may be a form: `files` beside the fields in `body`."""

    files: RequestFiles | None


class BaseClient(ConfiguredClient[KeyT, HttpT, SharedT]):
    """What clients of both worlds do alike; by openai's names where frameworks use them."""

    def _begin(
        self,
        options: FinalRequestOptions,
        http: HttpClient | AsyncHttpClient,
        *,
        cast_to: Any,
        stream: bool,
    ) -> Generator[Effect, Any, Answer]:
        return _prepare.begin(
            self._settings,
            options,
            http,
            headers=self._headers_to_send(),
            query=self.default_query,
            stream=stream,
            closed=self.is_closed(),
            is_file=options.method.lower() == "get" and _binary.is_file(cast_to),
        )

    def _build_request(self, options: FinalRequestOptions, *, retries_taken: int = 0) -> Request:
        """The request that the first attempt would send, with the key that is known now."""
        http = self._http.client()
        options.translation = _prepare.translate(self._settings, options)
        outgoing = _prepare.prepare(
            self._settings,
            options,
            http,
            headers=self._headers_to_send(),
            query=self.default_query,
            stream=False,
        )
        known: Mapping[str, str] = self._credentials(self.api_key) if self.api_key else {}
        request: Request = _perform.build_request(http, outgoing, known)
        return request

    def _make_status_error(
        self, err_msg: str, *, body: object, response: Response
    ) -> APIStatusError:
        """The error of the class that belongs to the response's status."""
        from ._call.exchange import error_of_status

        return error_of_status(err_msg, body=body, response=response)

    def _make_status_error_from_response(self, response: Response) -> APIStatusError:
        """The error that a call raises for a response with a status of 400 or above."""
        from ._call.exchange import parse_body, refusal_error

        if response.is_closed and not response.is_stream_consumed:  # then nobody can read it
            return self._make_status_error(
                f"Error code: {response.status_code}", body=None, response=response
            )
        return refusal_error(response, body=parse_body(response))


class SyncAPIClient(BaseClient[SyncKey, "HttpClient", "SharedHttpClient"]):
    """The verbs, blocking. Any number of threads may use one client."""

    _is_async: ClassVar[bool] = False

    @property
    def _client(self) -> HttpClient:
        return self._http.client()

    @_client.setter
    def _client(self, http: HttpClient) -> None:
        self._http = self._share_http_client(http)

    def _share_http_client(self, http: HttpClient | SharedHttpClient | None) -> SharedHttpClient:
        from ._http.shared_client import SharedHttpClient

        return http if isinstance(http, SharedHttpClient) else SharedHttpClient(http)

    def _token_http_client(self) -> Callable[[], HttpClient] | None:
        return self._http.client

    def _authorise(
        self, rejected: Mapping[str, str] | None, timeout: TimeoutTypes = None
    ) -> Mapping[str, str]:
        """The headers with the credentials for the next attempt."""
        if self._google is not None:
            return self._google.headers(rejected, timeout=timeout)
        key = self._settings.api_key
        if callable(key):
            key = self._key_from_provider = checked_key(key(), KEY_FUNCTION, empty=False)
        return self._credentials(key or "")  # another thread may have another one by now

    def request(
        self,
        cast_to: Any,
        options: FinalRequestOptions,
        *,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """Send one request, and again as far as that may help; give its answer as `cast_to`.

        With `stream=True` the answer is a `stream_cls`, for example `Stream[ChatCompletionChunk]`.

        Raises `APIStatusError`, `APIConnectionError` or `APITimeoutError` when all attempts failed.
        """
        if self._settings.telemetry is not None and not options.observed:
            from ._telemetry.observe import observe

            send = _sender(
                SyncAPIClient.request, self, cast_to, stream=stream, stream_cls=stream_cls
            )
            return observe(self._settings, options, send, stream=stream)
        http = self._http.client()
        steps = self._begin(options, http, cast_to=cast_to, stream=stream)
        answer = _effects.run(steps, _perform.performer(http, self._authorise))
        return self._process_response(
            cast_to=cast_to,
            options=options,
            response=answer.response,
            stream=stream,
            stream_cls=stream_cls,
            retries_taken=answer.retries_taken,
        )

    def _process_response(
        self, *, cast_to: Any, options: FinalRequestOptions, response: Response, **how: Any
    ) -> Any:
        """What the caller gets for a response. Tracers wrap this to see the response.

        `how` has `stream`, `stream_cls` and `retries_taken`.
        """
        return _views.result(self, cast_to, options, response, **how)

    def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: RequestOptions = {},
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """GET `path`; see `request`."""
        final = _final_options("get", path, options=options)
        return self.request(cast_to, final, stream=stream, stream_cls=stream_cls)

    @spell_out(Sent)
    def post(
        self,
        path: str,
        *,
        cast_to: Any,
        stream: bool = False,
        stream_cls: Any = None,
        **sent: Unpack[Sent],
    ) -> Any:
        """POST `body` as JSON, `content` as it is, or `files` as a form; see `request`."""
        final = _final_options("post", path, **sent)
        return self.request(cast_to, final, stream=stream, stream_cls=stream_cls)

    @spell_out(Sent)
    def put(self, path: str, *, cast_to: Any, **sent: Unpack[Sent]) -> Any:
        """PUT `body`, `content` or `files`; see `post`."""
        final = _final_options("put", path, **sent)
        return self.request(cast_to, final)

    @spell_out(Sent)
    def patch(self, path: str, *, cast_to: Any, **sent: Unpack[Sent]) -> Any:
        """PATCH `body`, `content` or `files`; see `post`."""
        final = _final_options("patch", path, **sent)
        return self.request(cast_to, final)

    @spell_out(SentPlain)
    def delete(self, path: str, *, cast_to: Any, **sent: Unpack[SentPlain]) -> Any:
        """DELETE `path`; see `request`."""
        final = _final_options("delete", path, **sent)
        return self.request(cast_to, final)

    def get_api_list(
        self,
        path: str,
        *,
        model: type[object],
        page: type[SyncPageT],
        body: Body | None = None,
        options: RequestOptions = {},
        method: str = "get",
    ) -> SyncPageT:
        """Ask for a list of `model`: a `page`, for example `SyncPage[Model]`; see `request`."""
        final = _final_options(method, path, body=body, options=options)
        return self._request_api_list(model, page, final)

    def _request_api_list(
        self, model: type[object], page: type[SyncPageT], options: FinalRequestOptions
    ) -> SyncPageT:
        from .pagination import request_options_for_list

        answer: SyncPageT = self.request(page, request_options_for_list(self, model, options))
        return answer

    def close(self) -> None:
        """Close the connections; calls after it raise `APIConnectionError`."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncAPIClient(BaseClient[AsyncKey, "AsyncHttpClient", "HttpClientPerLoop"]):
    """The verbs, for asyncio and trio; one client may be used from one event loop after another."""

    _is_async: ClassVar[bool] = True

    @property
    def _client(self) -> AsyncHttpClient:
        return self._http.client()

    @_client.setter
    def _client(self, http: AsyncHttpClient) -> None:
        self._http = self._share_http_client(http)

    def _share_http_client(
        self, http: AsyncHttpClient | HttpClientPerLoop | None
    ) -> HttpClientPerLoop:
        from ._http.shared_client import HttpClientPerLoop

        return http if isinstance(http, HttpClientPerLoop) else HttpClientPerLoop(http)

    async def _authorise(
        self,
        rejected: Mapping[str, str] | None,
        timeout: TimeoutTypes = None,  # the call's, which is no cancel scope
    ) -> Mapping[str, str]:
        """The headers with the credentials for the next attempt."""
        if self._google is not None:
            return await self._google.headers_async(rejected, timeout=timeout)
        key = self._settings.api_key
        if callable(key):
            given = key()
            given = given if isinstance(given, str) else await given
            key = self._key_from_provider = checked_key(given, KEY_FUNCTION, empty=False)
        return self._credentials(key or "")

    async def request(
        self,
        cast_to: Any,
        options: FinalRequestOptions,
        *,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """Send one request, and again as far as that may help; give its answer as `cast_to`.

        With `stream=True` the answer is a `stream_cls`, such as `AsyncStream[ChatCompletionChunk]`.

        Raises `APIStatusError`, `APIConnectionError` or `APITimeoutError` when all attempts failed.
        """
        if self._settings.telemetry is not None and not options.observed:
            from ._telemetry.observe import observe_async

            send = _sender(
                AsyncAPIClient.request, self, cast_to, stream=stream, stream_cls=stream_cls
            )
            return await observe_async(self._settings, options, send, stream=stream)
        http = self._http.client()
        steps = self._begin(options, http, cast_to=cast_to, stream=stream)
        answer = await _effects.run_async(steps, _perform.async_performer(http, self._authorise))
        return await self._process_response(
            cast_to=cast_to,
            options=options,
            response=answer.response,
            stream=stream,
            stream_cls=stream_cls,
            retries_taken=answer.retries_taken,
        )

    async def _process_response(
        self, *, cast_to: Any, options: FinalRequestOptions, response: Response, **how: Any
    ) -> Any:
        """What the caller gets for a response. Tracers wrap this to see the response.

        `how` has `stream`, `stream_cls` and `retries_taken`.
        """
        return _views.result(self, cast_to, options, response, **how)

    async def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: RequestOptions = {},
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """GET `path`; see `request`."""
        final = _final_options("get", path, options=options)
        return await self.request(cast_to, final, stream=stream, stream_cls=stream_cls)

    @spell_out(Sent)
    async def post(
        self,
        path: str,
        *,
        cast_to: Any,
        stream: bool = False,
        stream_cls: Any = None,
        **sent: Unpack[Sent],
    ) -> Any:
        """POST `body` as JSON, `content` as it is, or `files` as a form; see `request`."""
        final = _final_options("post", path, **sent)
        return await self.request(cast_to, final, stream=stream, stream_cls=stream_cls)

    @spell_out(Sent)
    async def put(self, path: str, *, cast_to: Any, **sent: Unpack[Sent]) -> Any:
        """PUT `body`, `content` or `files`; see `post`."""
        final = _final_options("put", path, **sent)
        return await self.request(cast_to, final)

    @spell_out(Sent)
    async def patch(self, path: str, *, cast_to: Any, **sent: Unpack[Sent]) -> Any:
        """PATCH `body`, `content` or `files`; see `post`."""
        final = _final_options("patch", path, **sent)
        return await self.request(cast_to, final)

    @spell_out(SentPlain)
    async def delete(self, path: str, *, cast_to: Any, **sent: Unpack[SentPlain]) -> Any:
        """DELETE `path`; see `request`."""
        final = _final_options("delete", path, **sent)
        return await self.request(cast_to, final)

    def get_api_list(
        self,
        path: str,
        *,
        model: type[ItemT],
        page: type[AsyncPageT],
        body: Body | None = None,
        options: RequestOptions = {},
        method: str = "get",
    ) -> AsyncPaginator[ItemT, AsyncPageT]:
        """Ask for a list of `model`: await it for a `page`, or `async for` over all items."""
        from .pagination import AsyncPaginator

        final = _final_options(method, path, body=body, options=options)
        return AsyncPaginator(self, final, page, model)

    async def _request_api_list(
        self, model: type[object], page: type[AsyncPageT], options: FinalRequestOptions
    ) -> AsyncPageT:
        from .pagination import request_options_for_list

        final = request_options_for_list(self, model, options)
        answer: AsyncPageT = await self.request(page, final)
        return answer

    async def close(self) -> None:
        """Close the connections; calls after it raise `APIConnectionError`."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()


def _sender(request: Any, client: object, cast_to: Any, **how: Any) -> Callable[..., Any]:
    """What sends a request by the method itself, past what wraps it and has begun already."""

    def send(options: FinalRequestOptions) -> Any:
        return request(client, cast_to, options, **how)

    return send


def _final_options(method: str, path: str, **sent: Unpack[Sent]) -> FinalRequestOptions:
    body, content = sent.get("body"), sent.get("content")
    if body is not None and content is not None:
        raise TypeError("Give body (sent as JSON) or content (sent as it is), not both.")
    return _request.FinalRequestOptions(
        method=method,
        url=path,
        json_data=body,
        content=content,
        files=sent.get("files"),
        **sent.get("options", {}),
    )
