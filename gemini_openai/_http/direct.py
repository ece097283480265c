"""Hand requests of our own HTTP clients straight to the transport, past `send` of the family.

`send` serves any client. What it does for each request is left out here, since one of ours has no
use for it:

- joining the URL to a base URL: ours are absolute, and each is parsed once;
- merging headers, query parameters and cookies: the headers are encoded once for all requests
  that have the same;
- authentication flows and event hooks, of which there are none;
- following redirects, which the exchange does itself;
- the cookie jar, which makes a request and a response of `urllib` for every response.

As soon as the client has any of these, or somebody has replaced one of the methods that are passed
by (tracers wrap `send`), its requests go through `send` again. What others see stays the same: the
transport is that of `_transport_for_url`, and it is called by its public method, so that mocks and
tracers, which patch either, are hit; the library's log has its line; `response.request`,
`response.elapsed` and the `request` of an error are set; a cookie that comes is kept.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from operator import attrgetter
from time import perf_counter
from typing import TYPE_CHECKING, Any
from weakref import ref

from .family import byte_stream, family_of, is_function_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

PASSED_BY = (
    "build_request",
    "send",
    "_send_handling_auth",
    "_send_handling_redirects",
    "_send_single_request",
)
"""The methods of the family's clients that a request does not come by here."""
NEEDED = ("_transport_for_url", "_default_encoding")
"""The private names of the family's clients that are used here."""

_NAME = "_direct_sender_of_gemini_openai"
_MOST_URLS = 64
_FRAMING = frozenset({"host", "content-length", "transfer-encoding"})


def add_direct_sender(http: Any) -> None:
    """Give an HTTP client of our own its direct sender, if its class is built as we know it."""
    family: Any = family_of(http)
    kind: Any = http.__class__
    module = f"{family.__name__}._client"
    if all(is_function_of(module, getattr(kind, name, None)) for name in PASSED_BY) and all(
        hasattr(http, name) for name in NEEDED
    ):
        stream = _AsyncTimed if issubclass(kind, family.AsyncClient) else _Timed
        http.__dict__[_NAME] = DirectSender(family, _methods(kind), stream)


def direct_sender_of(http: Any) -> DirectSender | None:
    """What sends requests of an HTTP client directly; None if nothing does, or not now."""
    sender: DirectSender | None = http.__dict__.get(_NAME)
    return sender if sender is not None and sender.is_free(http) else None


_methods = attrgetter(*PASSED_BY)
_REPLACED = frozenset(PASSED_BY)


class DirectSender:
    """The way of one HTTP client's requests to its transport."""

    def __init__(self, family: Any, methods: tuple[Any, ...], stream: type[_Timed]) -> None:
        self.is_async = stream.is_async
        self._family = family
        self._methods = methods
        self._log = logging.getLogger(family.__name__)
        self._stream = byte_stream(stream, family)
        self._urls: dict[str, tuple[Any, bytes | None]] = {}
        self._encoded: tuple[Any, Any, Any, Any] | None = None

    def is_free(self, http: Any) -> bool:
        """Whether there is nothing that only `send` would do."""
        return (
            _methods(type(http)) == self._methods
            and _REPLACED.isdisjoint(http.__dict__)
            and http.auth is None
            and not (http.is_closed or http.params or http.cookies)
            and not any(http.event_hooks.values())
        )

    def request(
        self,
        http: Any,
        method: str,
        url: str,
        headers: Mapping[str, str],
        checked: Callable[[Mapping[str, str]], Mapping[str, str]],
        content: object,
        timeout: Any,
    ) -> Any:
        """A request as `build_request` would make it; None for one that only `send` can send.

        `checked` is given headers that were not sent before, and gives them as they can be.
        """
        target, host = self._urls.get(url) or self._parsed(url)
        body = b"" if content is None else content
        if type(body) is not bytes or host is None or not _FRAMING.isdisjoint(headers):
            return None
        family = self._family
        request = family.Request(
            method,
            target,
            headers=self._headers(http, host, headers, checked),
            # With a stream none of these headers is looked for again.
            stream=family.ByteStream(body),
            extensions={"timeout": _phases(timeout)},
        )
        if body or method in _WITH_CONTENT:
            request.headers["Content-Length"] = str(len(body))
        request._content = body  # what `read` would make of the stream
        return request

    def _parsed(self, url: str) -> tuple[Any, bytes | None]:
        """A URL, and the `Host` for it; None if only `send` can send to it."""
        if len(self._urls) >= _MOST_URLS:
            self._urls.clear()
        target = self._family.URL(url)
        # A login becomes a header.
        host = target.netloc if target.is_absolute_url and not target.userinfo else None
        self._urls[url] = target, host
        return target, host

    def _headers(
        self,
        http: Any,
        host: bytes,
        headers: Mapping[str, str],
        checked: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> Any:
        defaults = http.headers.raw
        if (last := self._encoded) is not None and last[:3] == (defaults, host, headers):
            return last[3]
        fields = [(n.encode("ascii"), v.encode("ascii")) for n, v in checked(headers).items()]
        ours = {name for name, _ in fields}
        others = [field for field in defaults if field[0].lower() not in ours]
        encoded = self._family.Headers([(b"Host", host), *others, *fields])
        self._encoded = defaults, host, dict(headers), encoded
        return encoded

    def send(self, http: Any, request: Any) -> Any:
        """The response, its body not read. Raises what `send` of the family raises."""
        began = perf_counter()
        try:
            response = http._transport_for_url(request.url).handle_request(request)
        except self._family.RequestError as trouble:
            trouble.request = request
            raise
        self._receive(http, request, response, began)
        return response

    async def send_async(self, http: Any, request: Any) -> Any:
        """`send` in an event loop."""
        began = perf_counter()
        try:
            response = await http._transport_for_url(request.url).handle_async_request(request)
        except self._family.RequestError as trouble:
            trouble.request = request
            raise
        self._receive(http, request, response, began)
        return response

    def _receive(self, http: Any, request: Any, response: Any, began: float) -> None:
        response.request = request
        response.stream = self._stream(response, began)
        response.default_encoding = http._default_encoding
        if "set-cookie" in response.headers:
            http.cookies.extract_cookies(response)
        if self._log.isEnabledFor(logging.INFO):
            self._log.info(
                'HTTP Request: %s %s "%s %d %s"',
                request.method,
                request.url,
                response.http_version,
                response.status_code,
                response.reason_phrase,
            )


def _phases(timeout: Any) -> dict[str, float | None]:
    if timeout is None:
        return dict.fromkeys(("connect", "read", "write", "pool"))
    phases: dict[str, float | None] = timeout.as_dict()
    return phases


_WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})


class _Timed:
    """The body of a response; tells it, when it is closed, how long all of it took."""

    is_async = False

    def __init__(self, response: Any, began: float) -> None:
        self._stream = response.stream
        # A response that nobody has any more shall not wait for the garbage collector.
        self._response = ref(response)
        self._began = began

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        self._note()
        self._stream.close()

    def _note(self) -> None:
        if (response := self._response()) is not None:
            response.elapsed = timedelta(seconds=perf_counter() - self._began)


class _AsyncTimed(_Timed):
    is_async = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: AsyncIterator[bytes] = self._stream.__aiter__()
        return pieces

    async def aclose(self) -> None:
        self._note()
        await self._stream.aclose()
