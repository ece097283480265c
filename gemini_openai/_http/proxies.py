"""Say which proxy the environment names for a server. Nothing here connects or imports a family.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in small letters too, which win. Without
any of them macOS and Windows have settings of their own. An entry of `NO_PROXY` that cannot be read
is ignored, as curl and Go do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
    from typing import TypeAlias

    Address: TypeAlias = IPv4Address | IPv6Address
    Network: TypeAlias = IPv4Network | IPv6Network
    ProxyOf: TypeAlias = Callable[[str, str, int | None], "Proxy | None"]

SYSTEM = "the system's proxy"
BY_WAY_OF = "; by way of the proxy "
"""What comes before the proxy in the text of a failure."""
_PORTS = {"http": 80, "https": 443}
_SCHEMES = ("http", "https", "socks5")
_PLACE = re.compile(r"(?:[^\s/?#\[\]:]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5})?)?(?:/.*)?")
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


class Proxy(NamedTuple):
    """A proxy, and where it was named: `variable` as it is spelled there, or `SYSTEM`."""

    variable: str
    url: str

    def __str__(self) -> str:
        """Both, without the login: all before the last `@`, which holds for broken URLs too."""
        scheme, _, rest = self.url.partition("://")
        shown = f"{scheme}://{rest.rpartition('@')[2]}"
        return f"{self.variable} {shown}" if self.variable == SYSTEM else f"{self.variable}={shown}"


def environment_proxies() -> ProxyOf | None:
    """Read the environment; give the proxy for a scheme, host and port, or None for direct.

    None instead of a function when the environment names no proxy.
    """
    import os
    from urllib.request import getproxies, getproxies_environment, proxy_bypass

    known = getproxies()
    if known == getproxies_environment():
        return proxies_of(known, spelled=os.environ)

    @lru_cache(maxsize=256)  # Windows may ask a name server
    def exempt(host: str) -> bool:
        return bool(proxy_bypass(host))

    return proxies_of(known, exempt=exempt)


def proxies_of(
    known: Mapping[str, str],
    *,
    spelled: Collection[str] | None = None,
    exempt: Callable[[str], bool] | None = None,
) -> ProxyOf | None:
    """`environment_proxies` for given settings.

    Args:
        known: URLs by `http`, `https` and `all`, and at `no` the text of `NO_PROXY`.
        spelled: the names of the variables; None where the settings are the system's.
        exempt: whether a host is reached without a proxy, besides those of `NO_PROXY`.
    """
    proxies = {
        scheme: Proxy(_variable(scheme, spelled), _with_known_scheme(url))
        for scheme in ("http", "https", "all")
        if (url := known.get(scheme, "").strip())
    }
    if not proxies:
        return None
    entries = [_entry(text) for text in re.split(r"[\s,]+", known.get("no", ""))]
    exceptions = [entry for entry in entries if entry is not None]

    def proxy_of(scheme: str, host: str, port: int | None) -> Proxy | None:
        scheme = scheme.lower()
        proxy = proxies.get(scheme) or proxies.get("all")
        if proxy is None or (exempt is not None and exempt(host)):
            return None
        server = _Server(scheme, *_host(host), port if port is not None else _PORTS.get(scheme))
        return None if any(entry.covers(server) for entry in exceptions) else proxy

    return proxy_of


def trouble_with(proxy: Proxy) -> str | None:
    """What is wrong with the proxy's URL, and what to do; None if nothing is to be seen."""
    scheme, _, rest = proxy.url.partition("://")
    if scheme.lower() not in _SCHEMES:
        return (
            f"{proxy} is of a kind that is not supported. Use http://, https:// or socks5://{_OR}"
        )
    place = _PLACE.fullmatch(rest.rpartition("@")[2])
    if place is None or int(place["port"] or 0) > _LAST_PORT:
        return unreadable(proxy)
    return None


def unreadable(proxy: Proxy) -> str:
    """The message for a URL that cannot be read."""
    login = " with %XX for signs such as / # ? in the login" if "@" in proxy.url else ""
    return f"{proxy} cannot be read. Write http://host:port{login}{_OR}"


def without_socks(proxy: Proxy, family: str) -> str:
    """The message for a SOCKS proxy while the package that speaks it is missing."""
    return f"{proxy} needs the package socksio: pip install '{family}[socks]'{_OR}"


def by_way_of(proxy: Proxy, failure: str) -> str:
    """The text of a failure to connect or to be let through, with the proxy that was in between."""
    text = f"{failure}{BY_WAY_OF}{proxy}"
    if proxy.url.lower().startswith("https:") and "WRONG_VERSION_NUMBER" in failure:
        text += ", which speaks no TLS: write http://, it is for https servers too"
    return text


_OR = ", or unset the variable, or add the server to NO_PROXY."
_LAST_PORT = 65535


def _variable(scheme: str, spelled: Collection[str] | None) -> str:
    if spelled is None:
        return SYSTEM
    name = f"{scheme}_proxy"
    return next((found for found in (name, name.upper()) if found in spelled), name.upper())


def _with_known_scheme(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if not found:
        return f"http://{url.removeprefix('//')}"
    # No standard has `socks`. Desktops and VPN tools write it, and what listens there is SOCKS 5.
    # `socks5h` leaves names to the proxy: the families do so by either, and old ones lack the word.
    return f"socks5://{rest}" if scheme.lower() in {"socks", "socks5h"} else url


class _Server(NamedTuple):
    scheme: str
    name: str
    address: Address | None
    port: int | None


class _Entry(NamedTuple):
    """One exception. What is empty or None does not matter to it."""

    scheme: str = ""
    port: int | None = None
    network: Network | None = None
    name: str = ""
    only_below: bool = False

    def covers(self, server: _Server) -> bool:
        if self.scheme and self.scheme != server.scheme:
            return False
        if self.port is not None and self.port != server.port:
            return False
        if self.network is not None:
            return server.address is not None and server.address in self.network
        if not self.name:
            return True
        if server.address is not None:  # `.0.1` is no end of 127.0.0.1
            return False
        if server.name.endswith(f".{self.name}"):
            return True
        return server.name == self.name and not self.only_below


def _entry(text: str) -> _Entry | None:
    """An entry of `NO_PROXY`; None if it is empty or cannot be read."""
    scheme, found, place = text.lower().rpartition("://")
    scheme = "" if scheme == "all" else scheme
    if found:
        place = place.partition("/")[0]
    elif (network := _network(place)) is not None:
        return _Entry(network=network)
    place = place.removesuffix("/")
    if (network := _network(_bare(place))) is not None:
        return _Entry(scheme, network=network)
    host, colon, digits = place.rpartition(":")
    if not colon:
        host = place
    elif digits and not digits.isdecimal():
        return None
    port = int(digits) if colon and digits else None
    if (network := _network(_bare(host))) is not None:
        return _Entry(scheme, port, network) if "/" not in host else None
    if host == "*":
        return _Entry(scheme, port)
    below = host.removeprefix("*")
    name = _ascii(below.removeprefix(".").removesuffix("."))
    if name is None or (below != host and not below.startswith(".")):
        return None
    return _Entry(scheme, port, name=name, only_below=below.startswith("."))


def _host(host: str) -> tuple[str, Address | None]:
    """A host as it is compared: a name in small ASCII letters, and its address if it is one."""
    host = _bare(host.lower())
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        name = host.removesuffix(".")
        return _ascii(name) or name, None
    return host, getattr(address, "ipv4_mapped", None) or address


def _bare(host: str) -> str:
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _ascii(name: str) -> str | None:
    """A name as it is sent; None if it is none."""
    if not name.isascii():
        import idna  # as both families do it

        try:
            name = idna.encode(name).decode()
        except UnicodeError:
            return None
    return name if _NAME.fullmatch(name) else None
