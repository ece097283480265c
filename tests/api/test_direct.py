"""The way of our own HTTP clients past `send` of their library: what it may not change."""

from __future__ import annotations

import functools
import logging
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

import httpx
import httpx2
import pytest
import respx
from conftest import HELLO, World

import gemini_openai
from gemini_openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    ClientClosedError,
    OpenAI,
)
from gemini_openai._http import direct
from gemini_openai._http.transports import new_client
from gemini_openai.emulator import Drop, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemini_openai.emulator import Emulator

FAMILIES: Any = {"httpx": httpx, "httpx2": httpx2}
DEFAULTS = [
    "DefaultHttpxClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpx2Client",
    "DefaultAsyncHttpx2Client",
]
BODY = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}


@pytest.fixture
def directly(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The requests that did not go through `send`."""
    seen: list[Any] = []
    real = direct.DirectSender._receive

    def receive(self: Any, http: Any, request: Any, *rest: Any) -> None:
        seen.append(request)
        real(self, http, request, *rest)

    monkeypatch.setattr(direct.DirectSender, "_receive", receive)
    return seen


@pytest.fixture
def transported(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The requests that came to a transport of either library, whatever their way."""
    seen: list[Any] = []
    for library in FAMILIES.values():
        for kind, name in (
            (library.HTTPTransport, "handle_request"),
            (library.AsyncHTTPTransport, "handle_async_request"),
        ):
            monkeypatch.setattr(kind, name, recording(getattr(kind, name), seen))
    return seen


def recording(real: Any, seen: list[Any]) -> Any:
    def handle(transport: Any, request: Any) -> Any:
        seen.append(request)
        return real(transport, request)

    return handle


async def ask(world: World, client: Any, **more: Any) -> Any:
    return await world.result(client.chat.completions.create(**HELLO, **more))


def only_by_send(world: World, client: Any) -> None:
    """Make its requests go through `send`, which calls hooks."""

    def nothing(request: Any) -> None:
        pass

    async def nothing_async(request: Any) -> None:
        pass

    client._client.event_hooks = {"request": [nothing_async if world.is_async else nothing]}


# --- what stays the same ---

CALLS: dict[str, Callable[[Any], Any]] = {
    "a question": lambda c: c.chat.completions.create(**HELLO),
    "a question with headers": lambda c: c.chat.completions.create(
        **HELLO, extra_headers={"User-Agent": "mine", "X-Team": "cats", "Accept-Encoding": "gzip"}
    ),
    "a stream": lambda c: c.chat.completions.create(**HELLO, stream=True),
    "a question with a deadline": lambda c: c.with_options(deadline=60).chat.completions.create(
        **HELLO
    ),
    "a list": lambda c: c.models.list(),
    "nothing to post": lambda c: c.post("/nothing", cast_to=object),
    "nothing, of no length": lambda c: c.post("/nothing", cast_to=object, content=b""),
    "something deleted": lambda c: c.delete("/files/abc", cast_to=object),
    "a query": lambda c: c.get("/models", cast_to=object, options={"params": {"a": "b c"}}),
}


@pytest.mark.parametrize("act", CALLS.values(), ids=CALLS)
async def test_the_transport_gets_the_request_that_send_would_give_it(
    act: Callable[[Any], Any],
    world: World,
    emulator: Emulator,
    directly: list[Any],
    transported: list[Any],
) -> None:
    client = world.client_of_our_own()
    await settle(world, act, client)
    assert len(directly) == 1
    only_by_send(world, client)
    await settle(world, act, client)
    assert len(directly) == 1
    one, other = transported
    assert (one.method, one.url, one.content) == (other.method, other.url, other.content)
    assert sorted(one.headers.raw) == sorted(other.headers.raw)
    assert one.extensions["timeout"].keys() == other.extensions["timeout"].keys()
    assert type(one.stream) is type(other.stream)


async def settle(world: World, act: Callable[[Any], Any], client: Any) -> None:
    with suppress(APIStatusError):
        result = await world.result(act(client))
        if hasattr(result, "close"):
            await world.collect(result)


async def test_the_response_tells_what_it_tells_after_send(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    client = world.client_of_our_own()
    client._client._default_encoding = "latin-1"
    for way in ("directly", "by send"):
        emulator.script(Reply(body=b'{"a": "\xe4"}', headers={"content-type": "text/plain"}))
        raw = await world.result(client.chat.completions.with_raw_response.create(**HELLO))
        response = raw.http_response
        assert response.request.method == "POST"
        assert response.elapsed.total_seconds() > 0
        assert response.history == []
        assert response.text == '{"a": "ä"}', way
        assert response.num_bytes_downloaded == len(response.content) > 0
        assert response.is_closed
        assert response.is_stream_consumed
        assert response.extensions["http_version"] == b"HTTP/1.1"
        only_by_send(world, client)
    assert len(directly) == 1


async def test_the_library_logs_a_request_as_ever(
    world: World, emulator: Emulator, directly: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=world.family.__name__)
    client = world.client_of_our_own()
    await ask(world, client)
    only_by_send(world, client)
    await ask(world, client)
    mine = [r.getMessage() for r in caplog.records if r.name == world.family.__name__]
    assert len(directly) == 1
    assert len(mine) == 2
    assert mine[0] == mine[1] == f'HTTP Request: POST {directly[0].url} "HTTP/1.1 200 OK"'


@pytest.mark.parametrize("when", ["before", "within"])
async def test_an_error_has_the_request_that_it_is_of(
    when: str, world: World, emulator: Emulator, directly: list[Any]
) -> None:
    if when == "within":
        emulator.script(Drop(after=20))
        client = world.client_of_our_own(max_retries=0)
    else:
        client = world.client_of_our_own(base_url="http://127.0.0.1:9/v1beta/openai/")
        client = client.with_options(max_retries=0)
    with pytest.raises(APIConnectionError) as caught:
        await ask(world, client)
    cause: Any = caught.value.__cause__
    assert isinstance(cause, world.family.RequestError)
    assert cause.request is caught.value.request
    assert cause.request.headers["content-type"] == "application/json"
    assert len(directly) == (when == "within")


async def test_a_dropped_response_gives_its_connection_back_without_the_garbage_collector(
    world: World, emulator: Emulator
) -> None:
    if world.name == "trio":
        pytest.skip("a task closes it there")
    client = world.client_of_our_own()
    stream = await ask(world, client, stream=True)
    books = client._client._transport._pool.books
    assert len(books.taken) == 1
    del stream
    assert len(books.dropped) == 1
    await ask(world, client)
    assert not books.taken


# --- what only `send` can do ---


async def test_a_cookie_that_a_server_sets_is_sent_back_to_it(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    emulator.script(Reply(json=BODY, headers={"set-cookie": "sid=1; Path=/"}))
    client = world.client_of_our_own()
    await ask(world, client)
    await ask(world, client)
    assert len(directly) == 1
    assert [request.headers.get("cookie") for request in emulator.requests] == [None, "sid=1"]


async def test_what_is_set_on_the_http_client_counts_from_the_next_request_on(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    client = world.client_of_our_own()
    await ask(world, client)
    http = client._client
    http.headers["X-Team"] = "cats"
    await ask(world, client)
    assert emulator.requests[-1].headers["x-team"] == "cats"
    assert len(directly) == 2

    http.params = {"trace": "1"}
    await ask(world, client)
    assert emulator.requests[-1].query["trace"] == ["1"]
    http.params = {}
    http.cookies.set("sid", "2")
    await ask(world, client)
    assert emulator.requests[-1].headers["cookie"] == "sid=2"
    http.cookies.clear()
    http.auth = ("user", "password")
    with suppress(APIStatusError):
        await ask(world, client)
    assert emulator.requests[-1].headers["authorization"].startswith("Basic ")
    http.auth = None
    assert len(directly) == 2
    await ask(world, client)
    assert len(directly) == 3


async def test_a_login_in_the_url_becomes_a_header(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    client = world.client_of_our_own(
        base_url=emulator.base_url.replace("http://", "http://user:password@")
    )
    with suppress(APIStatusError):
        await ask(world, client)
    assert emulator.requests[-1].headers["authorization"].startswith("Basic ")
    assert directly == []


async def test_a_form_goes_through_send(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    emulator.script(Reply(json=BODY), path="/forms")
    client = world.client_of_our_own()
    await world.result(client.post("/forms", cast_to=object, files={"file": b"content"}))
    assert b"content" in emulator.requests[-1].body
    assert directly == []


async def test_a_closed_client_says_that_it_is_closed(world: World, directly: list[Any]) -> None:
    client = world.client_of_our_own()
    await ask(world, client)
    http = client._client
    await world.result(http.aclose() if world.is_async else http.close())
    with pytest.raises(ClientClosedError):
        await ask(world, client)
    assert len(directly) == 1


@pytest.mark.parametrize("name", direct.PASSED_BY)
@pytest.mark.parametrize("place", ["class", "client", "class before"])
async def test_who_wraps_a_method_that_is_passed_by_sees_every_request(
    place: str, name: str, world: World, emulator: Emulator, directly: list[Any]
) -> None:
    """So do sentry, ddtrace and newrelic with `send`, vcrpy with `_send_single_request`."""
    kind = world.family.AsyncClient if world.is_async else world.family.Client
    seen: list[str] = []

    def wrapped(real: Any) -> Any:
        @functools.wraps(real)
        def call(*args: Any, **keywords: Any) -> Any:
            seen.append(name)
            return real(*args, **keywords)

        return call

    before = place == "class before"
    with mock.patch.object(kind, name, wrapped(getattr(kind, name))) if before else nullcontext():
        client = world.client_of_our_own()
        await ask(world, client)
        assert len(seen) == before
        target = client._client if place == "client" else kind
        if not before:
            with mock.patch.object(target, name, wrapped(getattr(target, name))):
                await ask(world, client)
        assert seen == [name]
    await ask(world, client)
    assert len(seen) == 1
    assert len(directly) == (0 if before else 2)


async def test_a_class_of_the_callers_with_a_method_of_its_own_is_not_passed_by(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    default = "DefaultAsync" if world.is_async else "Default"
    base: Any = getattr(gemini_openai, f"{default}{world.family.__name__.title()}Client")

    class Own(base):  # type: ignore[misc]
        def build_request(self, *args: Any, **keywords: Any) -> Any:
            request = super().build_request(*args, **keywords)
            request.headers["x-own"] = "1"
            return request

    await ask(world, world.client(http_client=Own()))
    assert emulator.requests[-1].headers["x-own"] == "1"
    assert directly == []


async def test_a_client_that_is_handed_in_goes_through_its_send(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    kind = world.family.AsyncClient if world.is_async else world.family.Client
    await ask(world, world.client(http_client=kind(verify=False)))
    assert directly == []


# --- mocks and tracers ---


@pytest.mark.parametrize("name", FAMILIES)
async def test_a_patch_of_the_transport_is_hit_by_either_library(
    name: str, directly: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is what pytest-httpx, vcrpy and OpenTelemetry do."""
    library = FAMILIES[name]
    asked: list[Any] = []

    def answer(transport: object, request: Any) -> Any:
        asked.append(request.content)
        return library.Response(200, json=BODY)

    async def answer_async(transport: object, request: Any) -> Any:
        return answer(transport, request)

    monkeypatch.setattr(library.HTTPTransport, "handle_request", answer)
    monkeypatch.setattr(library.AsyncHTTPTransport, "handle_async_request", answer_async)
    default = name.title()
    http = getattr(gemini_openai, f"Default{default}Client")()
    assert OpenAI(api_key="k", http_client=http).chat.completions.create(**HELLO).id == "x"
    async_http = getattr(gemini_openai, f"DefaultAsync{default}Client")()
    async with AsyncOpenAI(api_key="k", http_client=async_http) as client:
        assert (await client.chat.completions.create(**HELLO)).id == "x"
    assert len(directly) == 2
    assert all(b"messages" in content for content in asked)


@pytest.mark.parametrize("using", ["httpx", "httpcore"])
async def test_respx_answers_in_both_of_its_ways(using: str, directly: list[Any]) -> None:
    client, async_client = OpenAI(api_key="k"), AsyncOpenAI(api_key="k")
    with respx.mock(using=using) as router:
        route = router.route().mock(return_value=httpx.Response(200, json=BODY))
        assert client.chat.completions.create(**HELLO).id == "x"
        assert (await async_client.chat.completions.create(**HELLO)).id == "x"
        assert route.call_count == len(directly) == 2
    client.close()
    await async_client.close()


async def test_a_tracer_of_one_clients_transport_sees_its_requests(
    world: World, emulator: Emulator, directly: list[Any]
) -> None:
    """As OpenTelemetry's `instrument_client` does it."""
    client = world.client_of_our_own()
    seen: list[Any] = []
    transport = client._client._transport
    name = "handle_async_request" if world.is_async else "handle_request"
    real = getattr(transport, name)

    def handle(request: Any) -> Any:
        request.headers["traceparent"] = "00-1"
        seen.append(request)
        return real(request)

    with mock.patch.object(transport, name, handle):
        await ask(world, client)
        await ask(world, client)
    await ask(world, client)
    assert len(directly) == 3
    assert directly[:2] == seen
    sent = [request.headers.get("traceparent") for request in emulator.requests]
    assert sent == ["00-1", "00-1", None]


async def test_a_transport_put_in_place_of_ours_answers(world: World, directly: list[Any]) -> None:
    client = world.client_of_our_own()
    answer = world.family.MockTransport(lambda request: world.family.Response(200, json=BODY))
    with mock.patch.object(client._client, "_transport", answer):
        assert (await ask(world, client)).id == "x"
    assert len(directly) == 1


# --- the private names of the libraries that are used ---


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_libraries_have_the_names_that_are_needed(name: str, is_async: bool) -> None:
    http, _ = new_client(FAMILIES[name], is_async=is_async)
    assert direct.direct_sender_of(http) is not None
    for needed in (*direct.PASSED_BY, *direct.NEEDED):
        assert hasattr(http, needed)


@pytest.mark.parametrize("default", DEFAULTS)
def test_a_default_client_sends_directly(default: str) -> None:
    assert direct.direct_sender_of(getattr(gemini_openai, default)()) is not None


@pytest.mark.parametrize("names", ["PASSED_BY", "NEEDED"])
async def test_without_a_name_that_is_needed_requests_go_through_send(
    names: str,
    world: World,
    emulator: Emulator,
    directly: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(direct, names, (*getattr(direct, names), "_gone_in_a_new_version"))
    assert (await ask(world, world.client_of_our_own())).choices
    assert directly == []


# --- redirects, which the exchange follows ---


@pytest.mark.parametrize("own", [True, False])
async def test_redirects_are_in_the_history_and_are_followed_from_the_start_again(
    own: bool, world: World, emulator: Emulator
) -> None:
    away = Reply(307, text="", headers={"Location": "/v1beta/openai/other"})
    busy = Reply(503, json={}, headers={"retry-after-ms": "1"})
    emulator.script(away, away, path="/chat/completions")
    emulator.script(busy, Reply(json=BODY), path="/other")
    client = world.client_of_our_own() if own else world.client()
    raw = await world.result(client.chat.completions.with_raw_response.create(**HELLO))
    assert [request.path.rpartition("/")[2] for request in emulator.requests] == [
        *("completions", "other"),
        *("completions", "other"),
    ]
    (redirect,) = raw.http_response.history
    assert redirect.status_code == 307
    assert redirect.request.url.path.endswith("/chat/completions")
    assert raw.http_response.request.url.path.endswith("/other")
    assert {request.headers["authorization"] for request in emulator.requests} == {"Bearer any-key"}


@pytest.mark.parametrize("whose", ["request", "client"])
async def test_who_wants_no_redirect_gets_it_as_the_answer(
    whose: str, world: World, emulator: Emulator
) -> None:
    emulator.script(Reply(307, text="", headers={"Location": "/elsewhere"}), path="/thing")
    client = world.client_of_our_own()
    if whose == "client":
        client._client.follow_redirects = False
    options = {"follow_redirects": False} if whose == "request" else {}
    with pytest.raises(APIStatusError, match="307"):
        await world.result(client.get("/thing", cast_to=object, options=options))
    assert len(emulator.requests) == 1


async def test_redirects_without_an_end_are_an_error(world: World) -> None:
    asked: list[Any] = []

    def answer(request: Any) -> Any:
        asked.append(request)
        return world.family.Response(302, headers={"location": str(request.url)})

    with pytest.raises(APIConnectionError, match="was redirected 20 times, and then with"):
        await ask(world, world.transport(answer))
    assert len(asked) == 21


async def test_credentials_go_on_to_the_same_host_by_https(world: World) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        if request.url.scheme == "http":
            place = str(request.url).replace("http:", "https:")
            return world.family.Response(308, headers={"location": place})
        return world.family.Response(200, json=BODY)

    base = "http://ours.example/v1beta/openai/"
    await ask(world, world.transport(answer, base_url=base, default_headers={"X-Api-Key": "s"}))
    assert [request.url.scheme for request in seen] == ["http", "https"]
    assert seen[1].headers["authorization"] == "Bearer any-key"
    assert seen[1].headers["x-api-key"] == "s"
    assert seen[1].content == seen[0].content


async def test_what_the_http_client_knows_of_secrets_is_not_taken_elsewhere(world: World) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        if len(seen) == 1:
            return world.family.Response(307, headers={"location": "https://other.example/x"})
        return world.family.Response(200, json=BODY)

    kind = world.family.AsyncClient if world.is_async else world.family.Client
    http = kind(
        transport=world.family.MockTransport(answer),
        follow_redirects=True,
        headers={"X-Api-Key": "secret", "X-Team": "cats"},
        auth=("user", "password"),
    )
    await ask(world, world.client(http_client=http))
    assert seen[0].headers["authorization"].startswith("Basic ")
    assert seen[0].headers["x-api-key"] == "secret"
    assert "authorization" not in seen[1].headers
    assert "x-api-key" not in seen[1].headers
    assert seen[1].headers["x-team"] == "cats"


async def test_a_retry_after_a_redirect_that_became_a_get_posts_again(
    world: World, emulator: Emulator
) -> None:
    emulator.script(
        Reply(303, text="", headers={"Location": "/v1beta/openai/other"}),
        Reply(json=BODY),
        path="/chat/completions",
    )
    emulator.script(Reply(503, json={}), path="/other")
    client = world.client_of_our_own()
    with mock.patch("gemini_openai._call.retry.INITIAL_RETRY_DELAY", 0.001):
        assert (await ask(world, client)).id == "x"
    assert [request.method for request in emulator.requests] == ["POST", "GET", "POST"]
