"""Give access to a response before its body is read: headers, pieces as they arrive, the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_args, get_origin, overload

from ._call.answer import answer_of
from ._call.binary import is_file, write_pieces, write_pieces_async
from ._call.bounds import read_bounded, read_bounded_async
from ._exceptions import APIConnectionError, APITimeoutError, OpenAIError
from ._http.family import family_of
from ._primitives.secrets import words_of

if TYPE_CHECKING:
    import os
    from collections.abc import (
        AsyncIterator,
        Awaitable,
        Callable,
        Generator,
        Iterator,
    )
    from datetime import timedelta

    from ._call.answer import AnsweredClient
    from ._call.request import FinalRequestOptions
    from ._types import URL, HttpHeaders, Request, Response

_R = TypeVar("_R")
_T = TypeVar("_T")
_ViewT = TypeVar("_ViewT", bound="APIResponse[Any]")
_AsyncViewT = TypeVar("_AsyncViewT", bound="AsyncAPIResponse[Any]")


class StreamAlreadyConsumed(OpenAIError):
    """The body was already iterated over, or closed before it was read."""

    def __init__(self) -> None:
        super().__init__(
            "The body of this response was already iterated over, or closed. "
            "Call read() before iterating to keep it, or collect the pieces as they arrive."
        )


class BaseAPIResponse(Generic[_R]):
    """A response, and the answer that can be parsed from it.

    Attributes:
        http_response: the response of the HTTP client in use, of httpx or httpx2.
        retries_taken: how many attempts had failed before this response came.
    """

    http_response: Response
    retries_taken: int

    def __init__(
        self,
        *,
        raw: Response,
        cast_to: type[_R],
        client: AnsweredClient,
        stream: bool,
        stream_cls: Any,
        options: FinalRequestOptions,
        retries_taken: int = 0,
    ) -> None:
        self.http_response = raw
        self.retries_taken = retries_taken
        self._cast_to = cast_to
        self._client = client
        self._is_sse_stream = stream
        self._stream_cls = stream_cls
        self._options = options
        self._parsed_by_type: dict[Any, Any] = {}

    @property
    def headers(self) -> HttpHeaders:
        """The headers of the response; names are case-insensitive."""
        return self.http_response.headers

    @property
    def http_request(self) -> Request:
        """The request that got this response: the last one, after retries and redirects."""
        return self.http_response.request

    @property
    def status_code(self) -> int:
        """The status, from 200 to 299: other responses raise an error."""
        return self.http_response.status_code

    @property
    def url(self) -> URL:
        """The URL of the request."""
        return self.http_response.url

    @property
    def method(self) -> str:
        """The method of the request, in capitals."""
        return self.http_request.method

    @property
    def http_version(self) -> str:
        """`"HTTP/1.1"` or `"HTTP/2"`."""
        return self.http_response.http_version

    @property
    def elapsed(self) -> timedelta:
        """The time from sending the last attempt to the end of its response.

        Raises `RuntimeError` before the body has been read or closed.
        """
        return self.http_response.elapsed

    @property
    def is_closed(self) -> bool:
        """Whether the response is closed, after its body was read or before."""
        return self.http_response.is_closed

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` header; Gemini sends none today."""
        return self.http_response.headers.get("x-request-id")

    def __repr__(self) -> str:
        kind = getattr(self._cast_to, "__name__", self._cast_to)
        status = f"{self.status_code} {self.http_response.reason_phrase}"
        return f"<{type(self).__name__} [{status}] type={kind}>"

    def _most(self) -> int | None:
        return None if is_file(self._cast_to) else self._client.max_response_bytes

    def _parse(self, to: Any) -> Any:
        """The answer as `to`, or as the method declares it. Each type is parsed once."""
        if to is not None and self._is_sse_stream:
            self._check_stream_class(to)
        wanted = self._cast_to if to is None else to
        if wanted not in self._parsed_by_type:
            self._parsed_by_type[wanted] = answer_of(
                self._client,
                self._cast_to,
                self._options,
                self.http_response,
                stream=self._is_sse_stream,
                stream_cls=self._stream_cls,
                to=to,
            )
        return self._parsed_by_type[wanted]

    def _check_stream_class(self, to: Any) -> None:
        from ._streaming import AsyncStream, Stream, stream_class

        wanted = AsyncStream if self._client._is_async else Stream
        given = stream_class(to)
        if not (isinstance(given, type) and issubclass(given, wanted)):
            raise TypeError(
                f"This answer is a stream, so `to` must be one for this client, "
                f"such as {wanted.__name__}[YourChunk], not {to!r}."
            )


class APIResponse(BaseAPIResponse[_R]):
    """A response whose body is read only on demand; from `with_streaming_response`.

    Methods that read raise `StreamAlreadyConsumed` when the body was already consumed, and
    `APIConnectionError` or `APITimeoutError` when it stops arriving.
    """

    @overload
    def parse(self, *, to: type[_T]) -> _T: ...
    @overload
    def parse(self) -> _R: ...
    def parse(self, *, to: Any = None) -> Any:
        """The answer as the method itself would return it, or as `to`.

        `to` is a model, any type pydantic knows, `str`, `bytes`, `dict`, the HTTP library's
        `Response`, or `Stream[YourChunk]` if the answer is a stream. Each type is parsed once.
        """
        if not self._is_sse_stream:
            self.read()
        return self._parse(to)

    def read(self) -> bytes:
        """Read the whole body and keep it; raises `APIResponseValidationError` if it is too large.

        `max_response_bytes` of the client says how large it may be; a file may be of any size.
        """
        with _reading(self.http_response):
            if not self.http_response.is_stream_consumed:
                read_bounded(self.http_response, self._most())
            return self.http_response.read()

    def text(self) -> str:
        """Read the whole body as text."""
        self.read()
        return self.http_response.text

    def json(self) -> object:
        """Read the whole body as JSON; raises `ValueError` if it is not JSON."""
        self.read()
        return self.http_response.json()

    def close(self) -> None:
        """Close the response. Its connection is reused only if the whole body was read."""
        self.http_response.close()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Iterate over the decompressed body, as it arrives or in pieces of `chunk_size` bytes."""
        with _reading(self.http_response):
            yield from self.http_response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Iterate over the body as text, as it arrives or in pieces of `chunk_size` characters."""
        with _reading(self.http_response):
            yield from self.http_response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """Iterate over the lines of the body, without the line ends."""
        with _reading(self.http_response):
            yield from self.http_response.iter_lines()


class AsyncAPIResponse(BaseAPIResponse[_R]):
    """`APIResponse` for event loops: methods that read are awaited."""

    _pieces: AsyncGenerator[Any] | None = None

    @overload
    async def parse(self, *, to: type[_T]) -> _T: ...
    @overload
    async def parse(self) -> _R: ...
    async def parse(self, *, to: Any = None) -> Any:
        """The answer as the method itself would return it, or as `to`.

        See `APIResponse.parse`; for a stream, `to` is `AsyncStream[YourChunk]`.
        """
        if not self._is_sse_stream:
            await self.read()
        return self._parse(to)

    async def read(self) -> bytes:
        """Read the whole body and keep it; see `APIResponse.read`."""
        with _reading(self.http_response):
            if not self.http_response.is_stream_consumed:
                await read_bounded_async(self.http_response, self._most())
            return await self.http_response.aread()

    async def text(self) -> str:
        """Read the whole body as text."""
        await self.read()
        return self.http_response.text

    async def json(self) -> object:
        """Read the whole body as JSON; raises `ValueError` if it is not JSON."""
        await self.read()
        return self.http_response.json()

    async def close(self) -> None:
        """Close the response. Its connection is reused only if the whole body was read."""
        from ._streaming import AsyncStream

        await self.http_response.aclose()
        for begun in (self._pieces, *self._parsed_by_type.values()):
            if isinstance(begun, (AsyncStream, AsyncGenerator)):
                with suppress(RuntimeError):  # a task is iterating; it gets the error itself
                    await cast("AsyncGenerator[Any]", begun).aclose()

    def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the decompressed body, as it arrives or in pieces of `chunk_size` bytes."""
        return self._iterate(self.http_response.aiter_bytes(chunk_size))

    def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Iterate over the body as text, as it arrives or in pieces of `chunk_size` characters."""
        return self._iterate(self.http_response.aiter_text(chunk_size))

    def iter_lines(self) -> AsyncIterator[str]:
        """Iterate over the lines of the body, without the line ends."""
        return self._iterate(self.http_response.aiter_lines())

    def _iterate(self, pieces: AsyncIterator[_T]) -> AsyncIterator[_T]:
        from ._streaming import end

        async def iterate() -> AsyncGenerator[_T]:
            try:
                with _reading(self.http_response):
                    async for piece in pieces:
                        yield piece
            finally:
                await end(self.http_response, pieces)

        self._pieces = iterate()  # kept for `close`, in case the iteration stops early
        return self._pieces


class BinaryAPIResponse(APIResponse[bytes]):
    """A response that is a file; pass this class as `cast_to` to `client.get` and the like."""

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the body to the path `file`."""
        write_pieces(self.iter_bytes(), file)


class AsyncBinaryAPIResponse(AsyncAPIResponse[bytes]):
    """`BinaryAPIResponse` for event loops."""

    async def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the body to the path `file`."""
        await write_pieces_async(self.iter_bytes(), file)


class StreamedBinaryAPIResponse(APIResponse[bytes]):
    """A response that is a file, from `with_streaming_response` of a method that returns one."""

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to the path `file` as it arrives, without holding all of it in memory."""
        write_pieces(self.iter_bytes(chunk_size), file)


class AsyncStreamedBinaryAPIResponse(AsyncAPIResponse[bytes]):
    """`StreamedBinaryAPIResponse` for event loops."""

    async def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        """Write the body to the path `file` as it arrives, without holding all of it in memory."""
        await write_pieces_async(self.iter_bytes(chunk_size), file)


class ResponseContextManager(Generic[_ViewT]):
    """Send a request on entering a `with` block, and close its response on leaving it."""

    def __init__(self, request: Callable[[], _ViewT]) -> None:
        self._request = request
        self._response: _ViewT | None = None

    def __enter__(self) -> _ViewT:
        self._response = self._request()
        return self._response

    def __exit__(self, *exc: object) -> None:
        if self._response is not None:
            self._response.close()


class AsyncResponseContextManager(Generic[_AsyncViewT]):
    """Send a request on entering an `async with` block, and close its response on leaving it."""

    def __init__(self, request: Callable[[], Awaitable[_AsyncViewT]]) -> None:
        # A function, unlike openai's coroutine: Python warns of a coroutine never awaited.
        self._request = request
        self._response: _AsyncViewT | None = None

    async def __aenter__(self) -> _AsyncViewT:
        self._response = await self._request()
        return self._response

    async def __aexit__(self, *exc: object) -> None:
        if self._response is not None:
            await self._response.close()


def is_view(cls: object) -> bool:
    """Whether `cls` is a response class."""
    return isinstance(cls, type) and issubclass(cls, BaseAPIResponse)


def answer_type(view: Any) -> Any:
    """The `X` of `APIResponse[X]`, or of a class derived from it; `TypeError` if it has none."""
    for base in (view, *getattr(view, "__orig_bases__", ())):
        if is_view(get_origin(base)):
            answer = get_args(base)[0]
            if not isinstance(answer, TypeVar):
                return answer
    raise TypeError(
        f"{view!r} does not say what it is a response of; write APIResponse[YourModel] "
        "or derive a class from it."
    )


@contextmanager
def _reading(response: Response) -> Generator[None]:
    """Turn the HTTP library's errors while a body is read into this package's errors."""
    family = family_of(response)
    try:
        yield
    except (family.StreamConsumed, family.StreamClosed) as cause:
        raise StreamAlreadyConsumed from cause
    except family.TimeoutException as cause:
        raise APITimeoutError(response.request) from cause
    except family.RequestError as cause:
        what = words_of(cast("Exception", cause)) or type(cause).__name__
        raise APIConnectionError(
            message=f"The connection broke before the body was complete: {what}",
            request=response.request,
        ) from cause
