"""Which proxy the environment names for a server, in all that people write."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from gemini_openai._http.proxies import (
    SYSTEM,
    Proxy,
    by_way_of,
    environment_proxies,
    proxies_of,
    trouble_with,
    without_socks,
)

PROXIES = {"http": "http://p:1", "https": "http://p:2"}


def is_exempt(no_proxy: str, url: str) -> bool:
    """Whether `NO_PROXY` means the server of this URL."""
    scheme, _, place = url.partition("://")
    host, _, port = place.rpartition(":") if place[-1].isdecimal() else (place, "", "")
    if not host or (":" in host and not host.startswith("[")):
        host, port = place, ""
    proxy_of = proxies_of({**PROXIES, "no": no_proxy})
    assert proxy_of is not None
    return proxy_of(scheme, host, int(port) if port else None) is None


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("example.com", "https://example.com"),
        ("example.com", "https://www.example.com"),
        ("example.com", "https://EXAMPLE.com"),
        ("EXAMPLE.com", "https://a.b.example.com"),
        ("example.com.", "https://example.com"),
        ("example.com", "https://example.com."),
        (".example.com", "https://www.example.com"),
        (".example.com.", "https://www.example.com"),
        ("*.example.com", "https://a.b.example.com"),
        ("example.com:8080", "https://example.com:8080"),
        ("example.com:443", "https://example.com"),
        ("example.com:80", "http://www.example.com"),
        ("example.com:", "https://example.com:8080"),
        (".example.com:8080", "https://a.example.com:8080"),
        ("https://example.com", "https://example.com"),
        ("https://example.com:8443/", "https://example.com:8443"),
        ("all://example.com", "http://example.com"),
        ("https://*", "https://example.com"),
        ("http://10.0.0.1/path", "http://10.0.0.1"),
        ("localhost", "http://localhost:8000"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("*.bücher.example", "https://www.xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "https://bücher.example"),
        ("straße.example", "https://xn--strae-oqa.example"),
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("10.0.0.0/8", "https://10.20.30.40"),
        ("10.1.2.3/8", "https://10.20.30.40"),
        ("10.0.0.0/255.0.0.0", "https://10.20.30.40"),
        ("10.0.0.0/8", "https://[::ffff:10.0.0.1]:443"),
        ("::1", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("0:0:0:0:0:0:0:1", "http://[::1]:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("::/0", "https://[2001:db8::1]:443"),
        ("fd00::/8", "https://[fd12::1]:443"),
        ("[fd00::]/8,[fd00::/8]", "https://[fd12::1]:443"),
        ("fe80::/10", "https://[fe80::1%25eth0]:443"),
        ("*", "https://example.com"),
        ("a.example, *", "https://[::1]:1"),
        ("*:8080", "https://example.com:8080"),
        (" a.example ,\texample.com , ", "https://example.com"),
        ("a.example example.com", "https://example.com"),
        ("a.example,,example.com,", "https://example.com"),
        ("::/0,fd00::/8,[::1],bad entry/,10.0.0.0/99,example.com", "https://example.com"),
    ],
)
def test_an_exception_covers_the_servers_that_are_meant(no_proxy: str, url: str) -> None:
    assert is_exempt(no_proxy, url)


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("", "https://example.com"),
        (" , ,", "https://example.com"),
        ("example.com", "https://notexample.com"),
        ("example.com", "https://example.com.evil.example"),
        (".example.com", "https://example.com"),
        ("*.example.com", "https://example.com"),
        ("example.com:8080", "https://example.com"),
        ("example.com:443", "http://example.com"),
        ("http://example.com", "https://example.com"),
        ("https://example.com:8443", "https://example.com"),
        ("127.0.0.1:1", "http://127.0.0.1:8000"),
        ("[::1]:1", "http://[::1]:8000"),
        ("10.0.0.0/8", "https://11.0.0.1"),
        ("10.0.0.0/8", "https://10.example.com"),
        ("0.0.0.0/0", "https://[2001:db8::1]:443"),
        ("::/0", "https://127.0.0.1"),
        ("fd00::/8", "https://[fe00::1]:443"),
        (".0.0.1", "https://127.0.0.1"),
        ("0.1", "https://127.0.0.1"),
        ("com", "https://127.0.0.1"),
        ("localhost", "http://127.0.0.1"),
    ],
)
def test_an_exception_covers_no_others(no_proxy: str, url: str) -> None:
    assert not is_exempt(no_proxy, url)


@pytest.mark.parametrize(
    "entry",
    [
        "10.0.0.0/99",
        "fd00::/200",
        "10.0.0.0/8:443",
        "[::1",
        "::1]",
        "[]",
        "[example.com]",
        "example.com:http",
        "example.com:٣x",
        "example.com/8",
        "*example.com",
        "ex*mple.com",
        "user@example.com",
        "://",
        "http://",
        ":8080",
        ".",
        "*.",
        "..",
        "a..b",
        "-",
        "\u200b",
        "\x00",
        "<local>",
        '"example.com"',
    ],
)
def test_what_cannot_be_read_is_ignored_and_the_rest_holds(entry: str) -> None:
    for no_proxy in (f"{entry},good.example", f"good.example,{entry}"):
        assert is_exempt(no_proxy, "https://good.example")
        for url in ("https://example.com", "https://10.0.0.1", "http://[::1]:8080"):
            assert not is_exempt(no_proxy, url)


def test_a_scheme_has_its_own_proxy_or_that_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://secure:1")
    monkeypatch.setenv("all_proxy", "http://any:2")
    proxy_of = environment_proxies()
    assert proxy_of is not None
    assert proxy_of("https", "h", None) == Proxy("HTTPS_PROXY", "http://secure:1")
    assert proxy_of("HTTP", "h", None) == Proxy("all_proxy", "http://any:2")


def test_small_letters_win_and_an_empty_one_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://large:1")
    monkeypatch.setenv("http_proxy", "http://small:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://large:1")
    monkeypatch.setenv("https_proxy", "")
    monkeypatch.setenv("NO_PROXY", "a.example")
    monkeypatch.setenv("no_proxy", "b.example")
    proxy_of = environment_proxies()
    assert proxy_of is not None
    assert proxy_of("http", "a.example", None) == Proxy("http_proxy", "http://small:1")
    assert proxy_of("http", "b.example", None) is None
    assert proxy_of("https", "a.example", None) is None


def test_without_a_proxy_there_is_nothing_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment_proxies() is None
    monkeypatch.setenv("NO_PROXY", "::/0,[")
    monkeypatch.setenv("HTTPS_PROXY", " ")
    monkeypatch.setenv("FTP_PROXY", "http://p:1")
    assert environment_proxies() is None


def test_a_program_behind_a_web_server_ignores_what_a_visitor_can_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUEST_METHOD", "GET")  # a header `Proxy:` becomes HTTP_PROXY in CGI
    monkeypatch.setenv("HTTP_PROXY", "http://evil:1")
    assert environment_proxies() is None


def test_the_systems_settings_count_with_the_systems_exceptions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "http://p:1"})
    asked: list[str] = []

    def bypass(host: str) -> int:
        asked.append(host)
        return host == "inside.example"

    monkeypatch.setattr(urllib.request, "proxy_bypass", bypass)
    proxy_of = environment_proxies()
    assert proxy_of is not None
    assert proxy_of("https", "inside.example", None) is None
    proxy = proxy_of("https", "outside.example", None)
    assert proxy_of("https", "outside.example", None) == proxy == Proxy(SYSTEM, "http://p:1")
    assert proxy_of("http", "outside.example", None) is None
    assert asked == ["inside.example", "outside.example"]
    assert str(proxy) == "the system's proxy http://p:1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("proxy.example:3128", "http://proxy.example:3128"),
        ("//proxy.example:3128", "http://proxy.example:3128"),
        ("socks://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("SOCKS://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("socks5h://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        (" http://proxy.example ", "http://proxy.example"),
        ("HTTP://[::1]:3128/", "HTTP://[::1]:3128/"),
        ("https://user:p%23w@proxy.example:1/path", "https://user:p%23w@proxy.example:1/path"),
        ("http://user:p@w@proxy.example:", "http://user:p@w@proxy.example:"),
    ],
)
def test_a_proxy_is_read_as_people_write_it(written: str, meant: str) -> None:
    proxy_of = proxies_of({"all": written}, spelled=["ALL_PROXY"])
    assert proxy_of is not None
    proxy: Any = proxy_of("https", "h", 443)
    assert proxy == Proxy("ALL_PROXY", meant)
    assert trouble_with(proxy) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://u:pw@proxy.example", "ftp://proxy.example is of a kind that is not supported"),
        ("socks4://u:pw@proxy.example:1", "socks4://proxy.example:1 is of a kind"),
        ("http://u:pw@proxy.example:port", "http://proxy.example:port cannot be read"),
        ("http://u:pw@proxy.example:99999", "cannot be read"),
        ("http://u:pw@", "http:// cannot be read"),
        ("http://u:pw@a b:1", "cannot be read"),
        ("http://u:pw@::1:3128", "cannot be read"),
        ("http://u:pw/@[::1:3128", "with %XX for signs such as / # ?"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_by_its_variable_without_the_login(
    url: str, words: str
) -> None:
    trouble = trouble_with(Proxy("ALL_PROXY", url))
    assert trouble is not None
    assert trouble.startswith("ALL_PROXY=")
    assert words in trouble
    assert "unset the variable, or add the server to NO_PROXY" in trouble
    assert "u:" not in trouble.replace("such", "")
    assert "pw" not in trouble


def test_texts_say_what_to_install_and_what_was_in_between() -> None:
    proxy = Proxy("all_proxy", "socks5://u:pw@127.0.0.1:1")
    assert without_socks(proxy, "httpx2") == (
        "all_proxy=socks5://127.0.0.1:1 needs the package socksio: pip install 'httpx2[socks]', or "
        "unset the variable, or add the server to NO_PROXY."
    )
    assert (
        by_way_of(proxy, "refused") == "refused; by way of the proxy all_proxy=socks5://127.0.0.1:1"
    )
