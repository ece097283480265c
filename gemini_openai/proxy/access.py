"""Who may ask: the token, and what tells a request of a browser that a web page made."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from secrets import compare_digest
from typing import TYPE_CHECKING

from .errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PREFLIGHT_SECONDS = "600"
_EXPOSED = "retry-after, retry-after-ms, x-request-id, x-should-retry"
ANY_ORIGIN = "*"


@dataclass(frozen=True)
class Access:
    """The rules for requests.

    Attributes:
        token: what a request must have as its key; None for no such rule.
        hosts: the names under which the server may be asked, beside loopback's; None for any.
        origins: the web pages that may ask, as browsers name them (`Origin`).
    """

    token: str | None = field(repr=False)
    hosts: frozenset[str] | None
    origins: frozenset[str]

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Raise a `Refusal` for a request of a web page that was not asked for.

        A page can make a name of its own mean this machine (DNS rebinding). Its requests have that
        name in `Host`. Pages of other origins are told by `Origin` and `Sec-Fetch-Site`.
        """
        if self.hosts is not None and not self._is_own(_name(headers.get("host", ""))):
            raise Refusal(
                403,
                "The Host of this request is not a name of this machine. If it is one of yours, "
                "start the proxy with --allow-host NAME.",
                code="host_not_allowed",
            )
        origin = headers.get("origin")
        of_page = origin is not None or headers.get("sec-fetch-site", "") in _OF_OTHER_PAGES
        if of_page and not self._allows(origin):
            raise Refusal(
                403,
                "The proxy answers no web page unless that is asked for. Start it with "
                "--cors-origin and the Origin that the page has.",
                code="origin_not_allowed",
            )

    def check_token(self, headers: Mapping[str, str]) -> None:
        """Raise a `Refusal` for a request that does not have the token."""
        if self.token is None:
            return
        expected = self.token.encode()
        given = [*_given_tokens(headers)]
        # Each is compared, so that the time tells nothing.
        if not sum([compare_digest(token.encode(), expected) for token in given]):
            what = "has another one" if given else "has none"
            raise Refusal(
                401,
                f"The proxy wants its token as the API key, and this request {what}. It was "
                "printed when the proxy was started, or is the one that it was given.",
                type="authentication_error",
                code="invalid_api_key",
            )

    def cors(self, headers: Mapping[str, str]) -> list[tuple[str, str]]:
        """The headers that let a page of an allowed origin read the answer."""
        if not self.origins:
            return []
        vary = ("vary", "Origin")
        origin = headers.get("origin")
        if origin is None or not self._allows(origin):
            return [vary]
        return [
            ("access-control-allow-origin", origin),
            ("access-control-expose-headers", _EXPOSED),
            vary,
        ]

    def preflight(self, headers: Mapping[str, str]) -> list[tuple[str, str]]:
        """The headers for a browser that asks before it sends what a page wants to send."""
        allowed = [
            ("access-control-allow-methods", "GET, POST, DELETE"),
            ("access-control-max-age", _PREFLIGHT_SECONDS),
        ]
        if wanted := headers.get("access-control-request-headers"):
            allowed.append(("access-control-allow-headers", wanted))
        if headers.get("access-control-request-private-network") == "true":
            allowed.append(("access-control-allow-private-network", "true"))
        return allowed

    def _is_own(self, name: str) -> bool:
        return name == "localhost" or name in (self.hosts or ()) or is_loopback(name)

    def _allows(self, origin: str | None) -> bool:
        return origin is not None and bool({origin, ANY_ORIGIN} & self.origins)


_OF_OTHER_PAGES = ("cross-site", "same-site")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address, which may be `localhost`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """The name or address in a `Host`, without the port: behind a tunnel that is another."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().rstrip(".")


def _given_tokens(headers: Mapping[str, str]) -> Iterator[str]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        yield token.strip()
    for name in ("x-api-key", "api-key"):
        if token := headers.get(name, ""):
            yield token
