"""Send google-auth's token calls over an HTTP client of ours.

So they have our timeouts, and the proxies and certificates of the client they belong to. By itself
google-auth would use `requests`, and wait two minutes for each call.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..._http.family import default_family, family_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType, TracebackType

    from typing_extensions import Self

    from ..._types import HttpClient, Response

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0  # a token endpoint answers in well under one; google-auth tries three times


class Reply:
    """A response under the names that google-auth reads."""

    def __init__(self, response: Response) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.data = response.content


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
        self.trouble: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._own is not None:
            self._own.close()

    def _client(self) -> HttpClient:
        if self._http is not None and not (http := self._http()).is_closed:
            return http
        own = self._own  # copies of a client outlive it, and share its credentials
        if own is None:
            own = self._own = default_family().Client()
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
    ) -> Reply:
        """Send one request.

        Args:
            url: absolute.
            method: the HTTP method.
            body: as it goes over the wire.
            headers: all headers; those of the HTTP client are not added, its cookies neither.
            timeout: seconds; ours hold where they are shorter.
            cert: files with a client certificate and its key, for identity pools that want one.
            verify: a file with the certificates to trust.

        Raises:
            google.auth.exceptions.TransportError: there is no answer.
        """
        self.url, self.trouble = url.partition("?")[0], None
        try:
            http = self._client()
            family = family_of(http)
            request = family.Request(
                method,
                url,
                content=body,
                headers=headers,
                extensions={"timeout": _timeouts(family, timeout)},
            )
            special = _special_client(family, request.headers, cert, verify)
            try:
                # A redirect is no answer from a token server, and the body is a secret.
                response = (special or http).send(request, auth=None, follow_redirects=False)
            finally:
                if special is not None:
                    special.close()
        except Exception as trouble:  # noqa: BLE001  # either family's, the system's, a hook's
            self.trouble = "timeout" if "Timeout" in type(trouble).__name__ else "connection"
            what = f"{method} {self.url}: {type(trouble).__name__}: {trouble}"
        else:
            return Reply(response)
        raise _transport_error(what)


def _timeouts(family: ModuleType, timeout: float | None) -> dict[str, float | None]:
    read, connect = READ_SECONDS, CONNECT_SECONDS
    if timeout is not None:
        read, connect = min(timeout, read), min(timeout, connect)
    limits: dict[str, float | None] = family.Timeout(read, connect=connect).as_dict()
    return limits


def _special_client(
    family: ModuleType,
    headers: Mapping[str, str],
    cert: tuple[str, str] | None,
    verify: str | bool,
) -> Any:
    """A client for the requests that cannot go over the shared one; None for all others."""
    if headers.get("metadata-flavor") == "Google":
        # The metadata server is a link-local address of this machine; no proxy can reach it.
        return family.Client(trust_env=False)
    if cert is None and verify is True:
        return None
    import ssl

    context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
    if cert is not None:
        context.load_cert_chain(*cert)
    return family.Client(verify=context)


def _transport_error(what: str) -> Exception:
    try:
        exceptions: Any = import_module("google.auth.exceptions")
    except ImportError:  # credentials of the caller's own making need no google-auth
        return ConnectionError(what)
    error: Exception = exceptions.TransportError(what)
    return error
