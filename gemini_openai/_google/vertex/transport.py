"""Send google-auth's token calls over an HTTP client of ours.

So they have our timeouts, and the proxies and certificates of the client they belong to. By itself
google-auth would use `requests`, and wait two minutes for each call.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from ..._http.certificates import advice, new_context
from ..._http.family import default_family, family_of
from ..._http.transports import new_client
from ..._primitives.secrets import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from typing_extensions import Self

    from ..._types import HttpClient

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0  # a token endpoint answers in well under one; google-auth tries three times


class Transport:
    """A `google.auth.transport.Request`: called for each request to a token or metadata server.

    Not a subclass of it, so that this module loads without google-auth.

    A context manager: a client of its own is closed at the end, since what asks for a token once
    an hour has no use for an open connection.

    Args:
        http: gives the HTTP client to send with; None for one of its own.

    Attributes:
        url: where the last request went, without its query.
        trouble: what became of it: `"timeout"`, `"connection"`, or None when there was an answer.
    """

    def __init__(self, http: Callable[[], HttpClient] | None) -> None:
        self._http = http
        self._own: HttpClient | None = None
        self.url = ""
        self.trouble: Literal["timeout", "connection"] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._own is not None:
            self._own.close()

    def _client(self) -> HttpClient:
        if self._http is not None and not (http := self._http()).is_closed:
            return http
        own = self._own  # copies of a client outlive it, and share its credentials
        if own is None:
            own = self._own = new_client(default_family(), is_async=False)[0]
        return own

    def __deepcopy__(self, memo: object) -> Self:
        return self  # google-auth copies it for its threads; an HTTP client is safe to share

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        *,
        cert: tuple[str, str] | None = None,
        verify: str | bool = True,
        **_: Any,
    ) -> SimpleNamespace:
        """Send one request; the response has the names that google-auth reads.

        Args:
            url: absolute.
            method: the HTTP method.
            body: as it goes over the wire.
            headers: all headers; those of the HTTP client are not added, its cookies neither.
            timeout: seconds; ours hold where they are shorter.
            cert: files with a client certificate and its key, for identity pools that want one.
            verify: a file with the certificates to trust.

        Raises:
            google.auth.exceptions.TransportError: there is no answer; `ConnectionError` while
                google-auth is not loaded.
        """
        self.url, self.trouble = url.partition("?")[0], None
        try:
            http = self._client()
            family = family_of(http)
            read = READ_SECONDS if timeout is None else min(timeout, READ_SECONDS)
            limits = family.Timeout(read, connect=min(read, CONNECT_SECONDS)).as_dict()
            request = family.Request(
                method, url, content=body, headers=headers, extensions={"timeout": limits}
            )
            special = _special_client(family, request.headers, cert, verify)
            with special or nullcontext(http) as client:
                # A redirect is no answer from a token server, and the body is a secret.
                response = client.send(request, auth=None, follow_redirects=False)
        except Exception as trouble:  # noqa: BLE001  # either family's, the system's, a hook's
            self.trouble = "timeout" if "Timeout" in type(trouble).__name__ else "connection"
            said = f"{type(trouble).__name__}: {words_of(trouble)} {advice(trouble)}"
            what = f"{method} {self.url}: {said}"
        else:
            return SimpleNamespace(
                status=response.status_code, headers=response.headers, data=response.content
            )
        raise transport_error()(what.rstrip())


def _special_client(
    family: ModuleType,
    headers: Mapping[str, str],
    cert: tuple[str, str] | None,
    verify: str | bool,
) -> Any:
    """A client for the requests that cannot go over the shared one; None for all others."""
    if headers.get("metadata-flavor") == "Google":
        # The metadata server is a link-local address of this machine; no proxy can reach it.
        return new_client(family, is_async=False, trust_env=False)[0]
    if cert is None and verify is True:
        return None
    import ssl

    context = (
        ssl.create_default_context(cafile=verify) if isinstance(verify, str) else new_context()
    )
    if cert is not None:
        context.load_cert_chain(*cert)
    return new_client(family, is_async=False, verify=context)[0]


def google_exception(name: str) -> Any:
    """An exception of google-auth's; while that is not loaded the empty tuple, which none is of."""
    return getattr(sys.modules.get("google.auth.exceptions"), name, ())


def transport_error() -> type[Exception]:
    """What a transport raises. Credentials of the caller's own making need no google-auth."""
    return google_exception("TransportError") or ConnectionError
