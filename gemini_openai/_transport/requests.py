"""Turn an HTTP request for OpenAI's API into a call of our own client."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from pydantic_core import from_json

from .._call.binary import HttpxBinaryResponseContent
from .._call.request import VIEW_HEADER, FinalRequestOptions
from .._exceptions import InvalidRequestError, NotSupportedError
from .._http.family import family_of
from .._primitives.fork import start_over_in_child
from .._primitives.given import omit
from .._primitives.json_types import is_array, is_object
from .._primitives.urls import same_origin
from .._settings.environment import resolve_api_key
from ..dialect import is_developer_url, is_native, native_url, parted_at_root

if TYPE_CHECKING:
    from .._base_client import BaseClient

ClientT = TypeVar("ClientT", bound="BaseClient[Any, Any, Any]")

STAND_IN_KEY = "credentials-of-the-transport"
"""What a genuine client has for a key where the transport has other credentials, or a function."""

_OPENAI_KEY = "sk-"
_VERSION = "v1/"  # some programs put it behind any base URL
_MOST_CLIENTS = 64
_MOST_CURSORS = 256
_WITH_CURSORS = frozenset({"/files", "/batches"})
# What the inner HTTP client has of its own; what says how our client shall answer; and what an
# account at OpenAI is called, which is nothing to Google.
_NOT_PASSED_ON = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "openai-organization",
        "openai-project",
        "transfer-encoding",
        VIEW_HEADER,
    }
)
_UPLOADS = (
    "Google takes files by a protocol of its own: upload them with "
    "gemini_openai.OpenAI().files.create(...), and use their ids here."
)
_ENDPOINT = re.compile(
    r"/(?:chat/completions|embeddings|images/generations|(?:models|files|batches|videos)(?:/.*)?)$"
)


class Target(NamedTuple):
    """Where a request goes: a base URL, None for the transport's own, and the path below it.

    What is no request for OpenAI's API has its whole URL as `path`. `is_openais` says that it was
    for OpenAI's own host.
    """

    base_url: str | None
    path: str
    is_openais: bool = False

    @property
    def is_endpoint(self) -> bool:
        """Whether Gemini has what is at this path, so that its answer is JSON."""
        return self.path.startswith("/") and _ENDPOINT.fullmatch(self.path) is not None


@dataclass(frozen=True)
class Incoming(Generic[ClientT]):
    """A request as a call: the client to make it with, and what that takes."""

    client: ClientT
    options: FinalRequestOptions
    target: Target
    stream: bool

    @property
    def is_file(self) -> bool:
        """Whether the answer is the contents of a file."""
        return self.options.method == "GET" and self.target.path.endswith("/content")

    @property
    def is_list_of_models(self) -> bool:
        """Whether the answer is a list that other clients take for one page, and the only one."""
        return self.options.method == "GET" and self.target.path == "/models"

    @property
    def is_list_with_cursors(self) -> bool:
        """Whether the answer is a page that names the next one in Google's way."""
        return self.options.method == "GET" and self.target.path in _WITH_CURSORS

    @property
    def cast_to(self) -> Any:
        """What says how far the body may be read."""
        return HttpxBinaryResponseContent if self.is_file else object


class Clients(Generic[ClientT]):
    """The clients of one transport: one for each server and key that requests are for.

    Args:
        own: the client with the transport's options; the others are copies of it.
        has_key: whether its key is used for its server whatever key a request has.
    """

    def __init__(self, own: ClientT, *, has_key: bool) -> None:
        self.own = own
        self._has_key = has_key
        self._others: dict[tuple[str | None, str | None], ClientT] = {}
        self._cursors: dict[str, str] = {}
        self._start_over()
        start_over_in_child(self)

    def _start_over(self) -> None:
        self._lock = threading.Lock()

    def target(self, request: Any) -> Target:
        """Where a request of an HTTP family goes."""
        return target_of(str(request.url.copy_with(query=None)), self.own._settings.base_url)

    def incoming(self, request: Any, content: bytes) -> Incoming[ClientT]:
        """The call that a request of an HTTP family is; `content` is its body.

        Raises what making a client with its URL and key raises; `InvalidRequestError` and
        `NotSupportedError` for what its server does not take.
        """
        target = self.target(request)
        authorization = request.headers.get("authorization")
        body = _json(request.headers.get("content-type", ""), content)
        headers: dict[str, Any] = {
            name: value
            for name, value in request.headers.items()
            if name not in _NOT_PASSED_ON and not (body is not None and name == "content-type")
        }
        if target.path.startswith("/"):
            key = _bearer(authorization or "")
            client, has_credential = self._client(target, key)
            if not has_credential:
                headers["authorization"] = omit
            _refuse_upload(request.method, target.path, client)
        else:
            client = self.own
            if authorization and not same_origin(target.path, client._settings.base_url):
                headers["authorization"] = authorization
        # Only of what Gemini has the parameters are known; a name may be there twice.
        query = request.url.query.decode() if not target.is_endpoint else ""
        options = FinalRequestOptions(
            method=request.method,
            url=f"{target.path}?{query}" if query else target.path,
            params=self._params(request, target.path) if target.is_endpoint else {},
            headers=headers,
            max_retries=0,  # the client above has its own
            json_data=body,
            content=content if content and body is None else None,
        )
        if (phases := request.extensions.get("timeout")) is not None:
            options.timeout = family_of(request).Timeout(**phases)
        stream = is_object(body) and body.get("stream") is True
        return Incoming(client, options, target, stream)

    def _client(self, target: Target, key: str | None) -> tuple[ClientT, bool]:
        """The client for a server and a key, and whether it has credentials for it.

        Credentials of the transport go to its own server only, and a key of OpenAI's never to
        Google.
        """
        own, base_url = self.own._settings, target.base_url
        key = None if key == STAND_IN_KEY else key
        if base_url is not None and not same_origin(base_url, own.base_url):
            if own.vertex is not None:
                raise InvalidRequestError(
                    f"Not sent: the HTTP client is for Vertex AI at {own.base_url}, and the "
                    f"request for {base_url}. Give the program that base URL, or none.",
                    param="base_url",
                )
            return self._copy(base_url, key), key is not None
        if self._has_key or key == own.api_key:
            key = None
        elif (key or "").startswith(_OPENAI_KEY) and (
            target.is_openais or is_developer_url(base_url or own.base_url)
        ):
            key = resolve_api_key(None) if own.api_key == "" else None
        return self._copy(base_url, key), True

    def _copy(self, base_url: str | None, key: str | None) -> ClientT:
        if base_url is None and key is None:
            return self.own
        with self._lock:
            client = self._others.get((base_url, key))
            if client is None:
                if len(self._others) >= _MOST_CLIENTS:
                    self._others.clear()
                changes: dict[str, Any] = {"base_url": base_url, "api_key": key}
                given = {name: value for name, value in changes.items() if value is not None}
                try:
                    client = self._others[base_url, key] = self.own.copy(**given)
                except ValueError as cause:
                    raise InvalidRequestError(f"Not sent: {cause}", param="base_url") from None
            return client

    def _params(self, request: Any, path: str) -> dict[str, Any]:
        params: dict[str, Any] = dict(request.url.params)
        if path in _WITH_CURSORS:
            if str(params.get("limit")).isdecimal():
                params["limit"] = int(params["limit"])
            if "after" in params:
                params["after"] = self._cursors.get(params["after"], params["after"])
        return params

    def note_page(self, page: bytes) -> None:
        """Remember where a list goes on.

        Other clients ask for what is after the last item, and Google wants a token.
        """
        value = from_json(page)
        items = value.get("data") if is_object(value) else None
        if not (is_object(value) and is_array(items) and items and is_object(items[-1])):
            return
        if (token := value.get("next_page_token")) is not None:
            with self._lock:
                if len(self._cursors) >= _MOST_CURSORS:
                    self._cursors.clear()
                self._cursors[str(items[-1].get("id"))] = str(token)


def target_of(url: str, own: str) -> Target:
    """The server that `url` is for, found by how the paths of OpenAI's API begin and end.

    A URL below `own`, the base URL of the transport, and one of OpenAI's own host, which a client
    has that was given none, are for the transport's server.
    """
    if (parted := parted_at_root(url)) is not None:
        root, rest = parted
        return Target(None if root == own else root, _path(rest.removeprefix(_VERSION)))
    if url.startswith(own):
        return Target(None, _path(url[len(own) :]))
    parts = urlsplit(url)
    if f".{parts.hostname}".endswith(".api.openai.com"):
        return Target(None, _path(parts.path.removeprefix("/v1")), is_openais=True)
    endpoint = _ENDPOINT.search(url)
    if endpoint is None or is_native(url, own):
        return Target(None, url)
    return Target(url[: endpoint.start() + 1], _path(endpoint[0]))


def _path(rest: str) -> str:
    """A path with a slash before it; Google's ids have one inside, which `openai` writes `%2F`."""
    return f"/{rest.removeprefix('/')}".replace("%2F", "/").replace("%2f", "/")


def _refuse_upload(method: str, path: str, client: BaseClient[Any, Any, Any]) -> None:
    """Raise `NotSupportedError` for an upload in OpenAI's way to a server with Google's."""
    settings = client._settings
    is_upload = method == "POST" and (path == "/files" or f"{path}/".startswith("/uploads/"))
    if is_upload and native_url("/files", settings.base_url, settings.dialect) is not None:
        raise NotSupportedError(f"uploads by POST {path}", _UPLOADS)


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
