"""Clients and errors in pickles and deep copies: settings come along, secrets do not."""

from __future__ import annotations

import copy
import io
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import gemini_openai
from gemini_openai import AsyncOpenAI, NotSupportedError, OpenAI, OpenAIError, omit
from gemini_openai.lib._old_api import APIRemovedInV1

if TYPE_CHECKING:
    from conftest import World

    from gemini_openai.emulator import Emulator

SECRET = "AIza-this-is-a-secret"
SETTINGS: Any = {
    "api_key": SECRET,
    "base_url": "https://gateway.example/v1/",
    "timeout": httpx.Timeout(7, connect=2),
    "max_retries": 5,
    "retry_budget": 9.5,
    "deadline": 30,
    "default_headers": {"X-Team": "cats", "X-Not": omit},
    "default_query": {"region": "eu"},
    "organization": "org",
    "project": "proj",
}
CLIENTS = pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])


def key_from_a_vault() -> str:
    return "from the vault"


class Subclass(OpenAI):
    def __init__(self, *, team: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.team = team


@CLIENTS
def test_the_settings_of_a_client_survive_a_pickle(kind: Any) -> None:
    client = kind(**SETTINGS)
    again = pickle.loads(pickle.dumps(client))
    assert type(again) is kind
    assert str(again.base_url) == "https://gateway.example/v1/"
    for name in ("timeout", "deadline", "max_retries", "retry_budget", "organization", "project"):
        assert getattr(again, name) == SETTINGS[name]
    assert again.default_query == {"region": "eu"}
    assert again._headers_to_send()["x-team"] == "cats"
    assert again._headers_to_send()["x-not"] is None
    assert repr(again) == repr(client)


@CLIENTS
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"default_headers": {"Authorization": f"Bearer {SECRET}", "X-Goog-Api-Key": SECRET}},
        {"default_query": {"key": SECRET}},
        {"base_url": f"https://me:{SECRET}@gateway.example/v1/"},
        {"admin_api_key": SECRET, "webhook_secret": SECRET, "workload_identity": {"a": SECRET}},
    ],
)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_no_secret_is_in_a_pickle(kind: Any, settings: Any, protocol: int) -> None:
    client = kind(**{"api_key": SECRET, **settings})
    pickled = pickle.dumps(client, protocol)
    assert SECRET.encode() not in pickled
    assert SECRET not in repr(vars(pickle.loads(pickled)))


@CLIENTS
def test_out_of_a_pickle_the_key_is_that_of_the_environment(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pickled = pickle.dumps(kind(**SETTINGS))
    monkeypatch.setenv("GEMINI_API_KEY", "of the environment")
    assert pickle.loads(pickled).api_key == "of the environment"


async def test_without_one_the_first_use_says_what_is_missing(
    world: World, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = AsyncOpenAI if world.is_async else OpenAI
    client = pickle.loads(pickle.dumps(kind(api_key=SECRET, base_url=emulator.base_url)))
    with pytest.raises(OpenAIError, match=r"pickle.*GOOGLE_API_KEY and GEMINI_API_KEY"):
        await world.result(client.models.list())
    assert not emulator.requests
    monkeypatch.setenv("GOOGLE_API_KEY", "come later")
    assert await world.result(client.models.list())
    assert emulator.requests[-1].headers["authorization"] == "Bearer come later"
    await world.result(client.close())


async def test_a_client_out_of_a_pickle_may_be_given_a_key(
    world: World, emulator: Emulator
) -> None:
    kind = AsyncOpenAI if world.is_async else OpenAI
    client = pickle.loads(pickle.dumps(kind(api_key=SECRET, base_url=emulator.base_url)))
    client = client.with_options(api_key="another")
    await world.result(client.models.list())
    assert emulator.requests[-1].headers["authorization"] == "Bearer another"
    await world.result(client.close())


def test_a_function_that_gives_the_key_goes_along_by_its_name() -> None:
    client = OpenAI(api_key=key_from_a_vault)
    again = pickle.loads(pickle.dumps(client))
    assert again._authorise(None) == {"authorization": "Bearer from the vault"}


def test_a_client_that_never_had_a_key_has_none_after_a_pickle() -> None:
    client = OpenAI(_enforce_credentials=False)
    assert pickle.loads(pickle.dumps(client)).api_key == ""


def test_a_client_of_a_class_of_ones_own_keeps_its_attributes() -> None:
    again = pickle.loads(pickle.dumps(Subclass(team="cats", **SETTINGS)))
    assert (type(again), again.team, again.max_retries) == (Subclass, "cats", 5)


@CLIENTS
def test_the_callers_http_client_does_not_fit_in_a_pickle(kind: Any) -> None:
    http = httpx.Client() if kind is OpenAI else httpx.AsyncClient()
    client = kind(api_key="k", http_client=http)
    with pytest.raises(TypeError, match=r"with_options\(http_client=\.\.\.\)"):
        pickle.dumps(client)


@CLIENTS
def test_a_used_client_can_be_pickled(kind: Any) -> None:
    client = kind(api_key="k")
    assert client.chat.completions is not None
    assert client.with_raw_response is not None
    assert client.responses is not None
    again = pickle.loads(pickle.dumps(client))
    assert again.chat._client is again


@CLIENTS
def test_a_deep_copy_has_the_key_and_connections_of_its_own(kind: Any) -> None:
    client = kind(**SETTINGS)
    client.chat  # noqa: B018  # a resource that must not come along
    again = copy.deepcopy({"client": client, "same": client})
    assert again["client"] is again["same"]
    again = again["client"]
    assert again.api_key == SECRET
    assert again._http is not client._http
    assert again.chat._client is again
    again._custom_headers["X-Team"] = "dogs"
    again._custom_query["region"] = "us"
    assert client._headers_to_send()["x-team"] == "cats"
    assert client.default_query == {"region": "eu"}


def test_a_deep_copy_sends_by_the_callers_http_client_too() -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
    client = OpenAI(api_key="k", http_client=http)
    assert copy.deepcopy(client)._client is http


@CLIENTS
def test_a_shallow_copy_shares_its_connections(kind: Any) -> None:
    client = kind(**SETTINGS)
    again = copy.copy(client)
    assert again is not client
    assert again._http is client._http
    assert again.api_key == SECRET


def test_a_client_goes_to_another_process_by_any_pickler() -> None:
    buffer = io.BytesIO()
    pickle.Pickler(buffer).dump([OpenAI(**SETTINGS), threading.local])
    buffer.seek(0)
    client, _ = pickle.Unpickler(buffer).load()
    with ThreadPoolExecutor(2) as threads:
        assert [*threads.map(lambda one: one.max_retries, [client, client])] == [5, 5]


async def test_a_result_survives_a_pickle_and_a_deep_copy(world: World) -> None:
    client = world.client()
    hello: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}
    embed: Any = {"model": "gemini-embedding-001", "input": ["a", "b"], "dimensions": 4}
    for result in (
        await world.result(client.chat.completions.create(**hello)),
        await world.result(client.embeddings.create(**embed)),
        await world.result(client.models.retrieve("gemini-2.5-flash")),
    ):
        result._request_id = "request-7"
        for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert type(again) is type(result)
            assert again.to_json() == result.to_json()
            assert again.model_dump() == result.model_dump()
            assert again._request_id == "request-7"


@pytest.mark.parametrize(
    "error",
    [NotSupportedError("responses.create", "Use chat."), APIRemovedInV1(symbol="Image.create")],
)
def test_an_error_of_ours_survives_a_pickle(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert str(copy.deepcopy(error)) == str(error)


def test_classes_are_pickled_by_the_names_programs_know() -> None:
    for thing in (OpenAI, AsyncOpenAI, gemini_openai.RateLimitError, NotSupportedError):
        assert thing.__module__ == "gemini_openai"
        assert pickle.loads(pickle.dumps(thing)) is thing
