"""Laws of NO_PROXY, for texts and servers that nobody thought of."""

from __future__ import annotations

import ipaddress
from typing import Any

from hypothesis import given, strategies as st

from gemini_openai._http.proxies import SYSTEM, Proxy, proxies_of, trouble_with

NAMES = st.from_regex(r"[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){1,3}\.example", fullmatch=True)
ADDRESSES = st.ip_addresses()
HOSTS = NAMES | ADDRESSES.map(str) | st.text(max_size=12)
PORTS = st.none() | st.integers(1, 65535)
ANY_TEXT = st.text(max_size=40) | st.text("[]:./*,% 0123456789abcdefx@", max_size=30)


def proxy_of(no_proxy: str) -> Any:
    return proxies_of({"all": "http://p:1", "no": no_proxy})


@given(ANY_TEXT, st.sampled_from(["http", "https", "ws"]), HOSTS, PORTS)
def test_no_text_and_no_host_raises(
    no_proxy: str, scheme: str, host: str, port: int | None
) -> None:
    assert proxy_of(no_proxy)(scheme, host, port) in (None, (SYSTEM, "http://p:1"))


@given(st.lists(ANY_TEXT, max_size=4), HOSTS, PORTS)
def test_a_server_is_exempt_if_any_entry_says_so(
    entries: list[str], host: str, port: int | None
) -> None:
    alone = [proxy_of(entry)("https", host, port) is None for entry in entries]
    assert (proxy_of(",".join(entries))("https", host, port) is None) == any(alone)


@given(NAMES, NAMES, PORTS)
def test_a_name_covers_itself_and_what_ends_in_it(name: str, below: str, port: int | None) -> None:
    decide = proxy_of(name)
    assert decide("https", name, port) is None
    assert decide("https", f"{below}.{name}", port) is None
    assert decide("https", f"x{name}", port) is not None
    assert proxy_of(f".{name}")("https", name, port) is not None


@given(ADDRESSES, st.integers(0, 128), ADDRESSES)
def test_a_network_covers_its_addresses_and_no_others(
    address: Any, length: int, other: Any
) -> None:
    network = ipaddress.ip_network(f"{address}/{min(length, address.max_prefixlen)}", strict=False)
    decide = proxy_of(str(network))
    for found in (address, network[-1], other):
        seen = getattr(found, "ipv4_mapped", None) or found
        assert (decide("https", str(found), 443) is None) == (seen in network)


@given(st.text(max_size=30), st.sampled_from(["http", "socks5", "ftp", ""]))
def test_what_is_wrong_with_a_proxy_is_said_without_its_login(rest: str, scheme: str) -> None:
    login = "user:5ecre7"
    trouble = trouble_with(Proxy("ALL_PROXY", f"{scheme}://{login}{rest}@proxy.example:x"))
    assert trouble is not None
    assert "5ecre7" not in trouble
