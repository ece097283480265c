"""Who may ask: tokens, names of this machine, web pages, and where the proxy may listen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import HELLO
from proxy.conftest import client_of, with_token

from gemini_openai import OpenAIError
from gemini_openai.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Emulator

PAGE = "https://app.example"


def ask(proxy: Proxy, method: str = "GET", **headers: str) -> httpx.Response:
    return httpx.request(method, f"{proxy.base_url}/models", headers=headers)


# --- the token ---


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("authorization", "Bearer {}"),
        ("authorization", "bearer  {}"),
        ("x-api-key", "{}"),
        ("api-key", "{}"),
    ],
)
def test_the_token_is_taken_where_programs_send_their_key(
    proxy: Proxy, name: str, form: str
) -> None:
    assert ask(proxy, **{name: form.format(proxy.token)}).status_code == 200
    wrong = ask(proxy, **{name: form.format(f"{proxy.token}x")})
    assert wrong.status_code == 401
    assert wrong.json()["error"]["code"] == "invalid_api_key"
    assert wrong.headers["x-should-retry"] == "false"


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer"}, {"authorization": "Basic abc"}, {"x-goog-api-key": "k"}],
)
def test_without_the_token_nothing_is_passed_on(
    proxy: Proxy, emulator: Emulator, headers: dict[str, str]
) -> None:
    assert ask(proxy, **headers).status_code == 401
    assert httpx.post(f"{proxy.base_url}/chat/completions", json=HELLO).status_code == 401
    assert emulator.requests == []


def test_a_token_that_is_no_ascii_is_wrong_and_no_failure(proxy: Proxy) -> None:
    response = httpx.get(
        f"{proxy.base_url}/models", headers=[(b"authorization", "Bearer é".encode())]
    )
    assert response.status_code == 401


def test_each_proxy_makes_a_token_of_its_own(serve: Callable[..., Proxy]) -> None:
    one, other = serve(), serve()
    assert one.made_token
    assert one.token
    assert one.token != other.token
    assert ask(other, **with_token(one)).status_code == 401


def test_a_token_is_taken_from_the_argument_then_from_the_environment(
    serve: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_OPENAI_PROXY_TOKEN", "of-the-environment")
    assert serve().token == "of-the-environment"
    assert not serve().made_token
    assert serve(token="given").token == "given"
    assert ask(serve(token="given"), authorization="Bearer given").status_code == 200
    monkeypatch.setenv("GEMINI_OPENAI_PROXY_TOKEN", "")
    assert serve().made_token


def test_without_a_token_every_program_may_ask(serve: Callable[..., Proxy]) -> None:
    proxy = serve(wants_token=False)
    assert proxy.token is None
    assert ask(proxy).status_code == 200
    assert client_of(proxy).chat.completions.create(**HELLO).choices


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"host": "0.0.0.0", "wants_token": False}, "other machines"),
        ({"host": "example.com", "wants_token": False}, "other machines"),
        ({"wants_token": False, "cors_origins": ["*"]}, "every origin"),
        ({"wants_token": False, "token": "t"}, "wants_token"),
        ({"token": ""}, "printable ASCII"),
        ({"token": "a\nb"}, "printable ASCII"),
        ({"token": " a"}, "printable ASCII"),
        ({"token": "é"}, "printable ASCII"),
    ],
)
def test_what_would_be_open_or_of_no_use_is_refused(options: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Proxy(api_key="k", **options)


def test_an_unknown_option_is_refused_as_python_would() -> None:
    with pytest.raises(TypeError, match="modelmap"):
        Proxy(modelmap={})  # type: ignore[call-arg]


def test_without_a_key_for_gemini_it_does_not_start() -> None:
    with pytest.raises(OpenAIError, match="GEMINI_API_KEY"):
        Proxy().start()


def test_the_key_is_read_from_the_environment(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "of-the-environment")
    with Proxy(base_url=emulator.base_url) as proxy:
        client_of(proxy).chat.completions.create(**HELLO)
    assert emulator.requests[0].headers["authorization"] == "Bearer of-the-environment"


# --- start and stop ---


def test_it_listens_on_loopback_only_and_can_be_started_again(emulator: Emulator) -> None:
    proxy = Proxy(api_key="k", base_url=emulator.base_url)
    for _ in range(2):
        with proxy:
            assert proxy.base_url == f"http://127.0.0.1:{proxy.port}/v1"
            assert ask(proxy, **with_token(proxy)).status_code == 200
            with pytest.raises(RuntimeError, match="already running"):
                proxy.start()
        with pytest.raises(httpx.ConnectError):
            ask(proxy)
    proxy.stop()


def test_a_port_that_is_taken_is_an_error(proxy: Proxy) -> None:
    with pytest.raises(OSError, match=r"(?i)in use"):
        Proxy(api_key="k", port=proxy.port).start()


def test_another_host_is_served_with_a_token_whatever_it_is_called(
    serve: Callable[..., Proxy],
) -> None:
    proxy = serve(host="0.0.0.0")
    url = f"http://127.0.0.1:{proxy.port}/v1/models"
    assert httpx.get(url, headers={"host": "box.lan"}).status_code == 401
    assert httpx.get(url, headers=with_token(proxy, host="box.lan")).status_code == 200


# --- names of this machine, and web pages ---


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.2:80", "[::1]:9", "localhost."]
)
def test_loopbacks_names_are_those_of_this_machine(proxy: Proxy, host: str) -> None:
    assert ask(proxy, **with_token(proxy, host=host)).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]"]
)
def test_a_name_that_was_made_to_mean_this_machine_is_refused(
    serve: Callable[..., Proxy], emulator: Emulator, host: str
) -> None:
    for proxy in (serve(), serve(wants_token=False)):
        response = ask(proxy, **with_token(proxy, host=host))
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "host_not_allowed"
    assert emulator.requests == []


def test_a_name_of_the_users_own_can_be_allowed(serve: Callable[..., Proxy]) -> None:
    proxy = serve(allowed_hosts=["Host.Docker.Internal"])
    assert ask(proxy, **with_token(proxy, host="host.docker.internal:80")).status_code == 200
    assert ask(proxy, **with_token(proxy, host="evil.example")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": PAGE},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_no_web_page_may_ask_unless_that_was_asked_for(
    serve: Callable[..., Proxy], emulator: Emulator, headers: dict[str, str]
) -> None:
    proxy = serve(wants_token=False)
    response = ask(proxy, **headers)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "origin_not_allowed"
    assert "--cors-origin" in response.json()["error"]["message"]
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert emulator.requests == []


def test_a_page_of_an_allowed_origin_may_ask_and_read_errors_too(
    serve: Callable[..., Proxy],
) -> None:
    proxy = serve(cors_origins=[PAGE])
    for headers, status in ((with_token(proxy, origin=PAGE), 200), ({"origin": PAGE}, 401)):
        response = ask(proxy, **headers)
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == PAGE
        assert "retry-after" in response.headers["access-control-expose-headers"]
        assert response.headers["vary"] == "Origin"
    other = ask(proxy, **with_token(proxy, origin="https://evil.example"))
    assert other.status_code == 403
    assert "access-control-allow-origin" not in other.headers
    assert ask(proxy, **with_token(proxy)).headers["vary"] == "Origin"


def test_every_origin_can_be_allowed(serve: Callable[..., Proxy]) -> None:
    proxy = serve(cors_origins=["*"])
    response = ask(proxy, **with_token(proxy, origin="https://any.example"))
    assert response.headers["access-control-allow-origin"] == "https://any.example"


def test_a_browser_may_ask_first_and_needs_no_token_for_that(
    serve: Callable[..., Proxy], emulator: Emulator
) -> None:
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, x-stainless-lang",
        "access-control-request-private-network": "true",
    }
    response = ask(serve(cors_origins=[PAGE]), "OPTIONS", origin=PAGE, **asked)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["access-control-allow-headers"] == "authorization, x-stainless-lang"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-private-network"] == "true"
    refused = ask(serve(), "OPTIONS", origin=PAGE, **asked)
    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.startswith("access-control")]
    assert emulator.requests == []


def test_options_that_is_no_browsers_question_needs_a_token(proxy: Proxy) -> None:
    assert ask(proxy, "OPTIONS").status_code == 401
    assert ask(proxy, "OPTIONS", **with_token(proxy)).status_code == 405
