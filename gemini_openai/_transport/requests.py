"""Turn an HTTP request for OpenAI's API into a call of our own client."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic_core import from_json

from .._call.binary import HttpxBinaryResponseContent
from .._call.request import VIEW_HEADER, FinalRequestOptions
from .._http.family import family_of
from .._primitives.json_types import is_object

if TYPE_CHECKING:
    from .._base_client import BaseClient

ClientT = TypeVar("ClientT", bound="BaseClient[Any, Any, Any]")

_OPENAI_HOST = "api.openai.com"
_MOST_CLIENTS = 64
# What the inner HTTP client has of its own, and what says how our client shall answer.
_NOT_PASSED_ON = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "transfer-encoding",
        VIEW_HEADER,
    }
)
_ENDPOINT = re.compile(
    r"/(?:chat/completions|embeddings|images/generations|(?:models|files|batches|videos)(?:/.*)?)$"
)


class Target(NamedTuple):
    """Where a request goes: a base URL, None for the transport's own, and the path below it."""

    base_url: str | None
    path: str


@dataclass(frozen=True)
class Incoming(Generic[ClientT]):
    """A request as a call: the client to make it with, and what that takes."""

    client: ClientT
    options: FinalRequestOptions
    stream: bool
    cast_to: Any


class Clients(Generic[ClientT]):
    """The clients of one transport: one for each server and key that requests are for.

    Args:
        own: the client with the transport's options; the others are copies of it.
        has_key: whether its credentials are used whatever key a request has.
    """

    def __init__(self, own: ClientT, *, has_key: bool) -> None:
        self.own = own
        self._has_key = has_key
        self._lock = threading.Lock()
        self._others: dict[tuple[str | None, str | None], ClientT] = {}

    def incoming(self, request: Any, content: bytes) -> Incoming[ClientT]:
        """The call that a request of an HTTP family is; `content` is its body.

        Raises what making a client with its URL and key raises.
        """
        target = target_of(str(request.url.copy_with(query=None)), self.own._settings.base_url)
        key = _bearer(request.headers.get("authorization", ""))
        client = self._client(target.base_url, key)
        body = _json(request.headers.get("content-type", ""), content)
        headers: dict[str, Any] = {
            name: value
            for name, value in request.headers.items()
            if name not in _NOT_PASSED_ON and not (body is not None and name == "content-type")
        }
        options = FinalRequestOptions(
            method=request.method,
            url=target.path,
            params=dict(request.url.params),
            headers=headers,
            max_retries=0,  # the client above has its own
            json_data=body,
            content=content if content and body is None else None,
        )
        if (phases := request.extensions.get("timeout")) is not None:
            options.timeout = family_of(request).Timeout(**phases)
        is_file = request.method == "GET" and target.path.endswith("/content")
        return Incoming(
            client=client,
            options=options,
            stream=is_object(body) and body.get("stream") is True,
            cast_to=HttpxBinaryResponseContent if is_file else object,
        )

    def _client(self, base_url: str | None, key: str | None) -> ClientT:
        own = self.own._settings.api_key
        # An app that was given no key for Gemini sends the one that it has for OpenAI.
        if self._has_key or (key is not None and own and key.startswith("sk-")) or key == own:
            key = None
        if base_url is None and key is None:
            return self.own
        with self._lock:
            client = self._others.get((base_url, key))
            if client is None:
                if len(self._others) >= _MOST_CLIENTS:
                    self._others.clear()
                changes: dict[str, Any] = {"base_url": base_url, "api_key": key}
                given = {name: value for name, value in changes.items() if value is not None}
                client = self._others[base_url, key] = self.own.copy(**given)
            return client


def target_of(url: str, own: str) -> Target:
    """The server that `url` is for, found by how the paths of OpenAI's API end.

    A URL below `own`, the base URL of the transport, and one of OpenAI's own host, which a client
    has that was given none, are for the transport's server.
    """
    if url.startswith(own):
        return Target(None, f"/{url[len(own) :]}")
    for mark in ("/openai/", "/openapi/"):
        before, found, path = url.rpartition(mark)
        if found:
            return Target(before + found, f"/{path}")
    if (endpoint := _ENDPOINT.search(url)) is not None:
        base, path = url[: endpoint.start() + 1], endpoint[0]
        return Target(None if f"//{_OPENAI_HOST}/" in base else base, path)
    return Target(None, url)


def _bearer(authorization: str) -> str | None:
    scheme, _, key = authorization.partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _json(content_type: str, content: bytes) -> Any:
    if not content or "json" not in content_type:
        return None
    try:
        return from_json(content)
    except ValueError:  # the server says what is wrong with it
        return None
