"""The proxy as an object that runs the server in a thread of its own."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from .._call.signature import spell_out
from .._client import AsyncOpenAI
from .._constants import MAX_PROXIED_BYTES
from .._transport.options import HttpClientOptions
from ..transport import async_http_client
from .access import ANY_ORIGIN, Access, is_loopback
from .app import App

try:
    from .._serving.threaded import Served, ThreadedServer
except ImportError as missing:
    raise ImportError(
        "The proxy needs uvicorn, which is not installed. "
        "Install it with: pip install 'gemini-openai[proxy]'"
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Unpack

TOKEN_VARIABLE = "GEMINI_OPENAI_PROXY_TOKEN"  # noqa: S105  # the name of a variable
_OF_ACCOUNT = (
    "api_key",
    "base_url",
    "vertexai",
    "project",
    "location",
    "credentials",
    "endpoint_id",
    "dedicated_host",
    "universe_domain",
)


class Proxy(Served):
    """A server on this machine that speaks OpenAI's API and has Gemini answer.

    ```python
    with Proxy() as proxy:
        address = {"OPENAI_BASE_URL": proxy.base_url, "OPENAI_API_KEY": proxy.token}
        subprocess.run(["agent"], env={**os.environ, **address})
    ```

    It is for programs that take a base URL and a key, in any language. The key for Gemini, or the
    Google credentials, stay with it. Events of streams are passed on one by one, and a call ends
    when its caller hangs up. One can be started again after `stop`.

    Args:
        token: what programs must give as their API key. By default that of
            `GEMINI_OPENAI_PROXY_TOKEN`, else one made at random.
        wants_token: False for no token: whoever can reach the port can spend your quota.
        host: the address to listen on. One that other machines can reach needs a token.
        port: the port; 0 finds a free one.
        max_body: how many bytes a request may have.
        cors_origins: the origins of the web pages that may ask, or `"*"`.
        allowed_hosts: names of this machine, beside loopback's, that requests may be for.
        **options: those of `gemini_openai.transport.http_client`: `api_key`, `vertexai`,
            `model_map`, …

    Attributes:
        made_token: whether the token was made at random, so that nobody else knows it.

    Raises:
        ValueError: a host that others can reach, or any origin, without a token; or a token that no
            header can carry.
        OpenAIError: Raised by `start` if there is no key for Gemini.
        OSError: Raised by `start` if the port is taken.
    """

    @spell_out(HttpClientOptions)
    def __init__(
        self,
        *,
        token: str | None = None,
        wants_token: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
        max_body: int = MAX_PROXIED_BYTES,
        cors_origins: Iterable[str] = (),
        allowed_hosts: Iterable[str] = (),
        **options: Unpack[HttpClientOptions],
    ) -> None:
        self.made_token = False
        if wants_token:
            token = token if token is not None else os.environ.get(TOKEN_VARIABLE) or None
            self.made_token = token is None
            # Some programs look whether their key has the form of OpenAI's.
            token = f"sk-{secrets.token_urlsafe(24)}" if token is None else _checked(token)
        elif token is not None:
            raise ValueError("A token was given, and wants_token=False says that there is none.")
        origins = frozenset(cors_origins)
        local = is_loopback(host)
        if token is None and not local:
            raise ValueError(
                f"{host} can be reached by other machines, so the proxy needs a token."
            )
        if token is None and ANY_ORIGIN in origins:
            raise ValueError("With every origin allowed, the proxy needs a token.")
        self._access = Access(
            token=token,
            hosts=frozenset(name.lower() for name in allowed_hosts) if local else None,
            origins=origins,
        )
        super().__init__("proxy", host, port)
        self._max_body = max_body
        self._options = options

    def _serve(self, server: ThreadedServer) -> int:
        # A client of our own knows the server, and says at once what of the account is missing.
        account = AsyncOpenAI(
            **{name: value for name, value in self._options.items() if name in _OF_ACCOUNT}  # type: ignore[arg-type]
        )
        http = async_http_client("httpx", **self._options)
        app = App(
            http,
            str(account.base_url),
            self._access,
            key=account.api_key or "",
            max_body=self._max_body,
        )
        return server.start(app, self._host, self._wanted_port, closing=http.aclose)

    @property
    def base_url(self) -> str:
        """The `base_url` for programs, the value of `OPENAI_BASE_URL`."""
        return f"{self._origin}/v1"

    @property
    def token(self) -> str | None:
        """The API key for programs, the value of `OPENAI_API_KEY`; None if none is wanted."""
        return self._access.token


def _checked(token: str) -> str:
    if not token or not token.isascii() or not token.isprintable() or token != token.strip():
        raise ValueError(
            "The proxy's token must be printable ASCII, not empty, without blanks around it."
        )
    return token
