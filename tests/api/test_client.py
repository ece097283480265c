"""The client itself: keys, addresses, settings, copies, threads and event loops."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import httpx2
import openai
import pytest
import trio

import gemini_openai
from gemini_openai import AsyncClient, AsyncOpenAI, Client, OpenAI, OpenAIError, omit
from gemini_openai.emulator import Reply, Stall

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"


def test_both_names_are_one_class() -> None:
    assert OpenAI is Client
    assert AsyncOpenAI is AsyncClient


@pytest.mark.parametrize("variable", ["GOOGLE_API_KEY", "GEMINI_API_KEY"])
def test_a_key_in_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "from-environment")
    for client in (OpenAI(), AsyncOpenAI()):
        assert client.api_key == "from-environment"
        assert str(client.base_url) == GEMINI


def test_google_api_key_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "second")
    monkeypatch.setenv("GOOGLE_API_KEY", "first")
    assert OpenAI().api_key == "first"
    assert OpenAI(api_key="given").api_key == "given"


def test_without_a_key_the_error_says_where_it_was_looked_for() -> None:
    with pytest.raises(OpenAIError) as caught:
        OpenAI()
    for words in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "api_key", "https://aistudio.google.com"):
        assert words in str(caught.value)
    assert "OPENAI_API_KEY" not in str(caught.value)


def test_the_key_of_openai_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://other.example")
    with pytest.raises(OpenAIError, match="OPENAI_API_KEY is set and was left alone on purpose"):
        AsyncOpenAI()
    assert str(OpenAI(api_key="k").base_url) == GEMINI


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://gateway.example")
    assert str(OpenAI(api_key="k").base_url) == "https://gateway.example/v1beta/openai/"
    assert str(OpenAI(api_key="k", base_url="http://x/y").base_url) == "http://x/y/"


@pytest.mark.parametrize("family", [httpx, httpx2])
def test_a_base_url_may_be_an_object_of_either_family(family: Any) -> None:
    client = OpenAI(api_key="k", base_url=family.URL("http://127.0.0.1:1/v1"))
    assert str(client.base_url) == "http://127.0.0.1:1/v1/"
    client.base_url = "http://127.0.0.1:2"
    assert client.base_url.port == 2


async def test_a_key_function_is_asked_at_every_attempt(world: World, emulator: Emulator) -> None:
    keys = iter(["first", "second"])

    async def key_later() -> str:
        return next(keys)

    emulator.script(Reply(503, headers={"retry-after-ms": "1"}))
    await world.ask(
        lambda c: c.chat.completions.create(**HELLO),
        api_key=key_later if world.is_async else lambda: next(keys),
    )
    sent = [request.headers["authorization"] for request in emulator.requests]
    assert sent == ["Bearer first", "Bearer second"]


async def test_an_async_client_takes_a_plain_key_function(emulator: Emulator) -> None:
    async with AsyncOpenAI(api_key=lambda: "plain", base_url=emulator.base_url) as client:
        await client.chat.completions.create(**HELLO)
    assert emulator.requests[-1].headers["authorization"] == "Bearer plain"


async def test_credentials_are_not_sent_to_another_server(world: World, emulator: Emulator) -> None:
    client = world.client(base_url="http://127.0.0.1:9/")
    with pytest.raises(gemini_openai.BadRequestError, match="Authorization"):
        await world.result(client.get(f"{emulator.base_url}models", cast_to=object))
    assert "authorization" not in emulator.requests[-1].headers


async def test_default_headers_and_query_go_with_every_request(
    world: World, emulator: Emulator
) -> None:
    client = world.client(
        default_headers={"X-Mine": "1", "X-Goog-Api-Client": omit}, default_query={"q": "1"}
    )
    await world.result(client.chat.completions.create(**HELLO, extra_query={"r": 2}))
    request = emulator.requests[-1]
    assert request.headers["x-mine"] == "1"
    assert "x-goog-api-client" not in request.headers
    assert request.query == {"q": ["1"], "r": ["2"]}


async def test_an_authorization_of_ones_own_wins(world: World, emulator: Emulator) -> None:
    await world.ask(
        lambda c: c.chat.completions.create(**HELLO, extra_headers={"Authorization": "Bearer own"})
    )
    sent = [v for n, v in emulator.requests[-1].headers.list if n.lower() == "authorization"]
    assert sent == ["Bearer own"]


async def test_a_copy_has_its_own_settings_and_shares_connections(
    world: World, emulator: Emulator
) -> None:
    client = world.client(default_headers={"A": "1", "B": "1"}, timeout=9)
    copy = client.with_options(
        timeout=3, max_retries=7, default_headers={"B": "2"}, api_key="other-key"
    )
    assert (copy.timeout, copy.max_retries, copy.api_key) == (3, 7, "other-key")
    assert (client.timeout, client.max_retries, client.api_key) == (9, 2, "any-key")
    assert copy._client is client._client
    assert copy.chat is not client.chat
    await world.result(copy.chat.completions.create(**HELLO))
    assert emulator.requests[-1].headers["a"] == "1"
    assert emulator.requests[-1].headers["b"] == "2"
    await world.result(copy.copy(set_default_headers={"C": "3"}).chat.completions.create(**HELLO))
    assert "a" not in emulator.requests[-1].headers
    assert emulator.requests[-1].headers["c"] == "3"


def test_two_ways_to_set_headers_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="set_default_headers"):
        OpenAI(api_key="k").copy(default_headers={}, set_default_headers={})
    with pytest.raises(ValueError, match="set_default_query"):
        OpenAI(api_key="k").copy(default_query={}, set_default_query={})


def test_a_subclass_is_copied_with_what_it_added() -> None:
    class Mine(OpenAI):
        def __init__(self, tag: str) -> None:
            super().__init__(api_key="k")
            self.tag = tag

    copy = Mine("t").with_options(timeout=1)
    assert type(copy) is Mine
    assert copy.tag == "t"


def test_the_constructor_takes_every_keyword_of_openais() -> None:
    for ours, theirs in ((OpenAI, openai.OpenAI), (AsyncOpenAI, openai.AsyncOpenAI)):
        for method in ("__init__", "copy", "with_options"):
            mine = inspect.getfullargspec(getattr(ours, method)).kwonlyargs
            oracle = inspect.getfullargspec(getattr(theirs, method)).kwonlyargs
            assert not set(oracle) - set(mine)


def test_what_gemini_has_no_use_for_is_kept() -> None:
    client = OpenAI(api_key="k", organization="o", project="p", webhook_secret="w")
    assert (client.organization, client.project, client.webhook_secret) == ("o", "p", "w")


@pytest.mark.parametrize("family", [httpx, httpx2])
def test_a_client_of_the_wrong_world_is_refused(family: Any) -> None:
    with pytest.raises(TypeError, match=r"belongs to AsyncOpenAI; give OpenAI a httpx2?\.Client"):
        OpenAI(api_key="k", http_client=family.AsyncClient())
    with family.Client() as http, pytest.raises(TypeError, match="belongs to OpenAI"):
        AsyncOpenAI(api_key="k", http_client=http)
    with pytest.raises(TypeError, match=r"must be an httpx\.Client or httpx2\.Client, not object"):
        OpenAI(api_key="k", http_client=object())  # type: ignore[arg-type]


def test_max_retries_must_be_a_number() -> None:
    with pytest.raises(TypeError, match="max_retries"):
        OpenAI(api_key="k", max_retries=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("family", [httpx, httpx2])
async def test_a_timeout_may_be_an_object_of_either_family(
    world: World, emulator: Emulator, family: Any
) -> None:
    emulator.script(Stall())
    with pytest.raises(gemini_openai.APITimeoutError):
        await world.ask(
            lambda c: c.chat.completions.create(**HELLO),
            timeout=family.Timeout(5, read=0.1),
            max_retries=0,
        )


async def test_the_default_timeout_is_600_seconds_and_5_to_connect(world: World) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request.extensions["timeout"])
        return world.family.Response(200, json={})

    client = world.transport(answer)
    await world.result(client.get("/models", cast_to=object))
    await world.result(client.get("/models", cast_to=object, options={"timeout": None}))
    assert seen[0] == {"connect": 5.0, "read": 600.0, "write": 600.0, "pool": 600.0}
    assert set(seen[1].values()) == {None}
    assert (client.timeout.connect, client.timeout.read) == (5.0, 600.0)


async def test_the_timeout_of_ones_own_http_client_holds(world: World) -> None:
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request.extensions["timeout"]["read"])
        return world.family.Response(200, json={})

    kind = world.family.AsyncClient if world.is_async else world.family.Client
    http = kind(transport=world.family.MockTransport(answer), timeout=7)
    await world.result(world.client(http_client=http).get("/models", cast_to=object))
    assert seen == [7]


async def test_every_call_goes_through_request(world: World) -> None:
    client = world.client()
    seen: list[Any] = []
    original = client.request

    def traced(cast_to: Any, options: Any, **more: Any) -> Any:
        seen.append((cast_to.__name__, options.method, options.url, options.json_data, more))
        return original(cast_to, options, **more)

    client.request = traced
    await world.result(client.chat.completions.create(**HELLO))
    stream = await world.result(client.chat.completions.create(**HELLO, stream=True))
    await world.collect(stream)
    assert [call[:3] for call in seen] == [("ChatCompletion", "post", "/chat/completions")] * 2
    assert seen[0][3] == HELLO
    assert [call[4]["stream"] for call in seen] == [False, True]


def test_many_threads_share_a_client(emulator: Emulator) -> None:
    with OpenAI(api_key="k", base_url=emulator.base_url) as client, ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda _: client.chat.completions.create(**HELLO), range(64))
        assert len({answer.id for answer in answers}) == 64


def test_one_async_client_serves_one_event_loop_after_another(emulator: Emulator) -> None:
    client = AsyncOpenAI(api_key="k", base_url=emulator.base_url)

    async def call() -> str | None:
        answer = await client.chat.completions.create(**HELLO)
        await client._client.aclose()
        return answer.choices[0].message.content

    assert asyncio.run(call()) == asyncio.run(call()) == trio.run(call)


async def test_cancelling_a_call_ends_it(world: World, emulator: Emulator) -> None:
    if not world.is_async:
        pytest.skip("a blocking call cannot be cancelled")
    emulator.script(Stall())
    client = world.client()
    with anyio.move_on_after(0.1) as scope:
        await client.chat.completions.create(**HELLO)
    assert scope.cancelled_caught
    emulator.wait_for(lambda: emulator.requests[-1].disconnected)
    assert (await client.chat.completions.create(**HELLO)).choices


async def test_cancelling_a_wait_between_attempts_ends_it(world: World, emulator: Emulator) -> None:
    if not world.is_async:
        pytest.skip("a blocking call cannot be cancelled")
    emulator.script(Reply(503, headers={"retry-after": "60"}))
    with anyio.move_on_after(0.2) as scope:
        await world.ask(lambda c: c.chat.completions.create(**HELLO))
    assert scope.cancelled_caught
    assert len(emulator.requests) == 1


async def test_a_with_block_closes_the_client(world: World) -> None:
    client = world.client()
    if world.is_async:
        async with client as same:
            assert same is client
    else:
        with client as same:
            assert same is client
    assert client.is_closed()


def test_a_client_that_is_forgotten_closes_its_connections(emulator: Emulator) -> None:
    client = OpenAI(api_key="k", base_url=emulator.base_url)
    copy = client.with_options(timeout=3)
    client.chat.completions.create(**HELLO)
    pool = client._client._transport._pool  # type: ignore[attr-defined]
    del client
    gc.collect()
    assert copy.chat.completions.create(**HELLO).choices
    assert pool.connections
    del copy
    gc.collect()
    assert not pool.connections


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.process
def test_importing_loads_neither_http_nor_pydantic() -> None:
    code = (
        "import sys; from gemini_openai import OpenAI, AsyncOpenAI; import gemini_openai\n"
        "gemini_openai.RateLimitError\n"
        "heavy = {'httpx', 'httpx2', 'pydantic', 'pydantic_core', 'logging', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(code).stdout.strip() == "[]"


@pytest.mark.process
def test_the_log_goes_to_stderr_when_the_environment_says_so(emulator: Emulator) -> None:
    code = (
        "from gemini_openai import OpenAI\n"
        f"client = OpenAI(api_key='AIza-secret', base_url={emulator.base_url!r})\n"
        f"client.chat.completions.create(**{HELLO!r})"
    )
    quiet = run(code).stderr
    info = run(code, GEMINI_OPENAI_LOG="info").stderr
    debug = run(code, GEMINI_OPENAI_LOG="debug").stderr
    assert quiet == ""
    assert "POST" in info
    assert "200 OK" in info
    assert "'content': 'Hello'" not in info
    assert '"content":"Hello"' in debug
    assert "AIza-secret" not in debug


def test_the_logger_has_no_handler_of_its_own_by_default() -> None:
    assert logging.getLogger("gemini_openai").handlers == []


# --- what changes after a client was made ---


async def test_a_header_added_after_the_first_call_is_sent(
    world: World, emulator: Emulator
) -> None:
    client = world.client(default_headers={"X-Team": "cats"})
    await world.result(client.models.list())
    client._custom_headers["X-Late"] = "1"
    client._custom_query["late"] = "1"
    await world.result(client.models.list())
    first, second = emulator.requests
    assert "x-late" not in first.headers
    assert (second.headers["x-team"], second.headers["x-late"]) == ("cats", "1")
    assert second.query == {"late": ["1"]}


async def test_attributes_that_are_set_hold_from_the_next_call_on(
    world: World, emulator: Emulator
) -> None:
    client = world.client()
    await world.result(client.models.list())
    client.api_key, client.max_retries = "another-key", 0
    client._custom_headers = {"X-Team": "dogs"}
    emulator.script(Reply(503))
    with pytest.raises(gemini_openai.InternalServerError):
        await world.result(client.models.list())
    assert len(emulator.requests) == 2
    assert emulator.requests[-1].headers["authorization"] == "Bearer another-key"
    assert emulator.requests[-1].headers["x-team"] == "dogs"


def subclass(world: World, **members: Any) -> Any:
    """A client class of a user's own, in this world."""
    return type("Mine", (AsyncOpenAI if world.is_async else OpenAI,), members)


@pytest.mark.parametrize("attribute", ["default_headers", "auth_headers"])
async def test_credentials_of_a_subclass_are_sent_in_place_of_the_key(
    world: World, emulator: Emulator, attribute: str
) -> None:
    def headers(self: Any) -> dict[str, Any]:
        inherited = {} if attribute == "auth_headers" else super(kind, self).default_headers
        return {**inherited, "Authorization": "Bearer of the subclass", "X-Mine": "1"}

    kind = subclass(world, **{attribute: property(headers)})
    for key in ("any-key", lambda: "from-a-function"):
        client = kind(api_key=key, base_url=emulator.base_url)
        await world.result(client.models.list())
        await world.result(client.close())
    for request in emulator.requests:
        sent = [value for name, value in request.headers.list if name.lower() == "authorization"]
        assert sent == ["Bearer of the subclass"]
        assert request.headers["x-mine"] == "1"


async def test_a_subclass_without_credentials_sends_none(world: World, emulator: Emulator) -> None:
    kind = subclass(world, auth_headers=property(lambda self: {"X-Api-Key": "of-a-gateway"}))
    client = kind(api_key="any-key", base_url=emulator.base_url, max_retries=0)
    with pytest.raises(gemini_openai.BadRequestError):
        await world.result(client.models.list())
    await world.result(client.close())
    assert "authorization" not in emulator.requests[-1].headers
    assert emulator.requests[-1].headers["x-api-key"] == "of-a-gateway"


async def test_a_subclass_that_adds_a_default_header_keeps_a_fresh_key(
    world: World, emulator: Emulator
) -> None:
    def headers(self: Any) -> dict[str, Any]:
        return {**super(kind, self).default_headers, "X-Mine": "1"}

    kind = subclass(world, default_headers=property(headers))
    keys = iter(["first", "second"])
    client = kind(api_key=lambda: next(keys), base_url=emulator.base_url)
    await world.result(client.models.list())
    await world.result(client.models.list())
    await world.result(client.close())
    sent = [request.headers["authorization"] for request in emulator.requests]
    assert sent == ["Bearer first", "Bearer second"]


def test_a_copy_of_a_subclass_leaves_behind_what_was_computed_for_the_first() -> None:
    class Mine(OpenAI):
        @functools.cached_property
        def helper(self) -> Any:
            return [self]

    client = Mine(api_key="k")
    assert client.helper[0] is client
    copy = client.with_options(timeout=1)
    assert copy.helper[0] is copy


def test_a_client_and_its_copy_do_not_share_what_is_added_to_their_headers() -> None:
    client = OpenAI(api_key="k", default_headers={"A": "1"})
    copy = client.with_options(max_retries=1)
    copy._custom_headers["B"] = "2"
    assert client._custom_headers == {"A": "1"}


async def test_content_of_a_generator_is_whole_when_it_is_sent_again(world: World) -> None:
    sent = list[bytes]()

    def answer(request: Any) -> Any:
        sent.append(request.content)
        return world.family.Response(503 if len(sent) == 1 else 200, json={})

    client = world.transport(answer, max_retries=1)
    pieces = (piece for piece in (b"a", b"b"))
    await world.result(client.post("/x", cast_to=object, content=pieces))
    assert sent == [b"ab", b"ab"]


@pytest.mark.parametrize("budget", [None, -1, "1"])
def test_a_retry_budget_that_is_no_time_is_refused_at_once(budget: Any) -> None:
    with pytest.raises(TypeError, match="retry_budget must be seconds"):
        OpenAI(api_key="k", retry_budget=budget)
    with pytest.raises(TypeError, match="retry_budget must be seconds"):
        OpenAI(api_key="k").with_options(retry_budget=budget)
