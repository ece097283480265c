"""The ASGI application: check a request, have it answered by Gemini, pass the answer on."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from anyio import create_task_group
from pydantic_core import to_json

from .._http.family import default_family
from .._primitives.secrets import words_of
from . import log
from .endpoints import endpoint_of
from .errors import Refusal, error_body
from .passing_on import (
    answer_headers,
    model_of,
    request_headers,
    request_query,
    tokens_of,
    without_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx
    from anyio import CancelScope

    from .._serving.threaded import Receive, Scope, Send
    from .access import Access

_JSON = ("content-type", "application/json")
_EVENTS = "text/event-stream"
_SAFE = ("x-content-type-options", "nosniff")


class App:
    """The ASGI application of one proxy.

    Args:
        http: an HTTP client with the dialect in it.
        base_url: the server that it is for, with a slash at the end.
        access: who may ask.
        key: the key for that server, to be masked where an answer has it; may be empty.
        max_body: the bytes that a request may have.
    """

    def __init__(
        self, http: httpx.AsyncClient, base_url: str, access: Access, *, key: str, max_body: int
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._access = access
        self._key = key.encode()
        self._max_body = max_body
        self._family: Any = default_family()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        headers = _joined(scope["headers"])
        path: str = scope["raw_path"].decode("latin-1")
        line = log.Line(scope["method"], path)
        answer = _Answer(send, line, self._access.cors(headers))
        try:
            await self._serve(scope, path, headers, receive, answer)
        except Refusal as refusal:
            await answer.whole(refusal.status, refusal.headers, to_json(refusal.body))
        except _HungUp:
            pass
        finally:
            line.write(perf_counter() - began)

    async def _serve(
        self, scope: Scope, path: str, headers: dict[str, str], receive: Receive, answer: _Answer
    ) -> None:
        method: str = scope["method"]
        self._access.check_origin(headers)
        if method == "OPTIONS" and "access-control-request-method" in headers:
            await answer.whole(204, self._access.preflight(headers), b"")
            return
        self._access.check_token(headers)
        if (endpoint := endpoint_of(path)) is None:
            raise Refusal(404, _NO_ENDPOINT, code="unknown_url")
        if method not in endpoint.methods:
            allow = ", ".join(endpoint.methods)
            message = f"Through the proxy this path takes {allow} only."
            raise Refusal(405, message, headers=(("allow", allow),))
        body = await self._body(headers, receive)
        if log.is_on():
            answer.line.model = model_of(body)
        url = self._base_url + endpoint.path
        if query := request_query(scope["query_string"].decode("latin-1")):
            url = f"{url}?{query}"
        request = self._http.build_request(
            method, url, headers=request_headers(headers, has_body=bool(body)), content=body
        )
        async with create_task_group() as group:
            group.start_soon(_cancel_when_hung_up, receive, group.cancel_scope)
            await self._pass_on(request, answer)
            group.cancel_scope.cancel()

    async def _body(self, headers: dict[str, str], receive: Receive) -> bytes:
        if headers.get("content-encoding", "identity") != "identity":
            raise Refusal(415, "The proxy takes bodies that are not compressed.")
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_body:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _HungUp
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max_body:
                raise self._too_large()
            if not message.get("more_body", False):
                return b"".join(parts)

    def _too_large(self) -> Refusal:
        message = (
            f"The body of this request has more than {self._max_body} bytes, the limit of the "
            "proxy. Start it with a larger --max-body, or send less."
        )
        return Refusal(413, message, code="request_too_large")

    async def _pass_on(self, request: httpx.Request, answer: _Answer) -> None:
        """Send the request; no exception of it leaves, since those of task groups are groups."""
        try:
            response = await self._http.send(request, stream=True)
            try:
                await self._answered(response, answer)
            finally:
                await response.aclose()
        except self._family.TimeoutException as error:
            await answer.failed(504, f"Gemini took too long: {_words(error)}")
        except self._family.RequestError as error:
            await answer.failed(502, f"Gemini could not be reached: {_words(error)}")
        except Exception as error:  # noqa: BLE001  # whatever it is, the caller gets an answer
            log.logger.error("%s: %s", type(error).__name__, _words(error))
            await answer.failed(500, f"The proxy failed, by a {type(error).__name__}.")

    async def _answered(self, response: httpx.Response, answer: _Answer) -> None:
        status, refused = response.status_code, response.status_code >= 400
        headers = answer_headers(response.headers.multi_items())
        counts = log.is_on()
        if refused or not response.headers.get("content-type", "").startswith(_EVENTS):
            content = await response.aread()
            if counts:
                answer.line.tokens = tokens_of(content)
            content = without_secrets(content, self._key, refused=refused)
            await answer.whole(status, headers, content, has_type=True)
            return
        await answer.start(status, [*headers, ("cache-control", "no-cache")])
        async for event in response.aiter_bytes():
            if counts:
                answer.line.tokens = tokens_of(event) or answer.line.tokens
            await answer.part(without_secrets(event, self._key, refused=False))
        await answer.end()


_NO_ENDPOINT = (
    "The proxy has no such path. It has those of OpenAI's API that Gemini has: /v1/models, "
    "/v1/chat/completions, /v1/embeddings, /v1/images/generations, /v1/files, /v1/batches and "
    "/v1/videos. There is no /v1/responses and no /v1/completions: tell your program to use chat "
    "completions."
)


class _HungUp(Exception):
    """The caller left before its request was whole."""


class _Answer:
    """The answer to one request, as far as it has been sent."""

    def __init__(self, send: Send, line: log.Line, headers: list[tuple[str, str]]) -> None:
        self.line = line
        self._send = send
        self._headers = headers
        self._streams = False

    async def whole(
        self,
        status: int,
        headers: Iterable[tuple[str, str]],
        content: bytes,
        *,
        has_type: bool = False,
    ) -> None:
        kind = [] if has_type or not content else [_JSON]
        length = [] if status == 204 else [("content-length", str(len(content)))]
        await self._start(status, [*headers, *kind, *length])
        await self._send({"type": "http.response.body", "body": content})
        self.line.status = status

    async def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Begin a stream."""
        await self._start(status, headers)
        self._streams = True
        self._status = status

    async def part(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})
        self.line.status = self._status

    async def failed(self, status: int, message: str) -> None:
        """Tell of an error, in a stream that has begun as an event and without its `[DONE]`."""
        body = to_json(error_body(message, "api_connection_error"))
        if not self._streams:
            await self.whole(status, [], body)
            return
        await self.part(b"data: " + body + b"\n\n")
        await self.end()

    async def _start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        fields = [*headers, *self._headers, _SAFE]
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})


def _joined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of a request; those that come more than once, with commas."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def _cancel_when_hung_up(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _words(error: Exception) -> str:
    return words_of(error) or type(error).__name__
