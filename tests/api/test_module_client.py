"""The package as a client: `gemini_openai.api_key = ...`, then `gemini_openai.chat...`."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any, get_args
from unittest import mock

import httpx
import openai
import pytest

import gemini_openai
from gemini_openai import NOT_GIVEN, NotSupportedError, OpenAIError, omit
from gemini_openai._module_client import SETTINGS
from gemini_openai.lib._old_api import TODAY, APIRemovedInV1

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gemini_openai.emulator import Emulator

HELLO: Any = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture(autouse=True)
def settings(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The package as it is at first, but for the emulator's address."""
    gemini_openai._reset_client()
    for name in SETTINGS:
        monkeypatch.setattr(gemini_openai, name, getattr(gemini_openai, name))
    monkeypatch.setattr(gemini_openai, "base_url", emulator.base_url)
    yield monkeypatch
    if (client := gemini_openai._module_client._client) is not None:
        client.close()
    gemini_openai._reset_client()


def test_a_call_needs_no_client_but_a_key(emulator: Emulator) -> None:
    gemini_openai.api_key = "of the package"
    completion = gemini_openai.chat.completions.create(**HELLO)
    assert completion.choices[0].message.content
    assert emulator.requests[-1].headers["authorization"] == "Bearer of the package"


def test_without_a_key_the_first_use_says_so() -> None:
    with pytest.raises(OpenAIError, match="GEMINI_API_KEY"):
        gemini_openai.chat.completions.create(**HELLO)


def test_the_key_may_be_in_the_environment(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "of the environment")
    gemini_openai.models.list()
    assert emulator.requests[-1].headers["authorization"] == "Bearer of the environment"


def test_every_endpoint_is_there(emulator: Emulator) -> None:
    gemini_openai.api_key = "k"
    assert gemini_openai.models.retrieve("gemini-2.5-flash").id == "gemini-2.5-flash"
    answer = gemini_openai.embeddings.create(model="gemini-embedding-001", input="a")
    assert len(answer.data) == 1
    pictures = gemini_openai.images.generate(model="gemini-2.5-flash-image", prompt="A cat")
    assert pictures.data
    assert callable(gemini_openai.beta.chat.completions.parse)
    assert callable(gemini_openai.batches.create)
    assert callable(gemini_openai.files.create)
    assert callable(gemini_openai.videos.create_and_poll)


def test_a_name_of_the_package_is_as_what_it_stands_for() -> None:
    gemini_openai.api_key = "k"
    chat: Any = gemini_openai.chat
    assert repr(chat) == "<gemini_openai.chat>"
    assert "completions" in dir(chat)
    chat.of_a_tracer = 1
    assert gemini_openai._load_client().chat.of_a_tracer == 1  # type: ignore[attr-defined]
    del chat.of_a_tracer
    assert not hasattr(chat, "of_a_tracer")
    with pytest.raises(TypeError, match="'Chat' object is not callable"):
        chat()


def test_settings_are_read_again_for_each_request(emulator: Emulator) -> None:
    gemini_openai.api_key = "first"
    completions = gemini_openai.chat.completions
    completions.create(**HELLO)
    gemini_openai.api_key = "second"
    gemini_openai.default_headers = {"X-Team": "cats"}
    gemini_openai.default_query = {"region": "eu"}
    completions.create(**HELLO)
    first, second = emulator.requests
    assert first.headers["authorization"] == "Bearer first"
    assert "x-team" not in first.headers
    assert second.headers["authorization"] == "Bearer second"
    assert second.headers["x-team"] == "cats"
    assert second.query == {"region": ["eu"]}
    gemini_openai.default_headers["X-Team"] = "dogs"  # type: ignore[index]
    completions.create(**HELLO)
    assert emulator.requests[-1].headers["x-team"] == "dogs"


def test_a_changed_setting_keeps_the_connections_and_the_resources() -> None:
    gemini_openai.api_key = "first"
    completions = gemini_openai.chat.completions
    pool = gemini_openai._load_client()._http
    gemini_openai.api_key = "second"
    assert gemini_openai.chat.completions is completions
    assert gemini_openai._load_client()._http is pool


@pytest.mark.parametrize(
    ("name", "value"),
    [("timeout", 7.5), ("timeout", None), ("max_retries", 5), ("organization", "org")],
)
def test_a_setting_is_that_of_the_client(name: str, value: Any) -> None:
    gemini_openai.api_key = "k"
    setattr(gemini_openai, name, value)
    assert getattr(gemini_openai._load_client(), name) == value


def test_requests_go_by_the_http_client_of_the_package() -> None:
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"object": "list", "data": []})

    gemini_openai.api_key = "k"
    gemini_openai.models.list()
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        gemini_openai.http_client = http
        gemini_openai.models.list()
    assert len(sent) == 1


def test_a_key_may_be_asked_for_at_each_request(emulator: Emulator) -> None:
    keys = iter(["one", "two"])
    gemini_openai.api_key = lambda: next(keys)
    gemini_openai.models.list()
    gemini_openai.models.list()
    sent = [request.headers["authorization"] for request in emulator.requests]
    assert sent == ["Bearer one", "Bearer two"]


def test_resetting_makes_another_client() -> None:
    gemini_openai.api_key = "k"
    client = gemini_openai._load_client()
    gemini_openai._reset_client()
    assert gemini_openai._load_client() is not client


@pytest.mark.parametrize(
    ("api_type", "name"), [("azure", "AzureOpenAI"), ("amazon-bedrock", "BedrockOpenAI")]
)
def test_other_companies_are_not_talked_to(
    settings: pytest.MonkeyPatch, api_type: str, name: str
) -> None:
    gemini_openai.api_key = "k"
    settings.setattr(gemini_openai, "api_type", api_type)
    with pytest.raises(NotSupportedError, match=name):
        gemini_openai.chat.completions.create(**HELLO)


def test_a_method_can_be_replaced(emulator: Emulator) -> None:
    gemini_openai.api_key = "k"
    path = "gemini_openai.resources.chat.completions.Completions.create"
    with mock.patch(path, return_value="mocked") as create:
        assert gemini_openai.chat.completions.create(**HELLO) == "mocked"
    create.assert_called_once_with(**HELLO)
    with mock.patch.object(gemini_openai.chat.completions, "create", return_value="mocked too"):
        assert gemini_openai.chat.completions.create(**HELLO) == "mocked too"
    assert not emulator.requests
    gemini_openai.chat.completions.create(**HELLO)
    assert len(emulator.requests) == 1


def test_an_endpoint_gemini_has_not_says_so_when_called() -> None:
    gemini_openai.api_key = "k"
    with pytest.raises(NotSupportedError, match="input_audio"):
        gemini_openai.audio.transcriptions.create(model="whisper-1", file=b"")
    with pytest.raises(NotSupportedError, match=r"responses\.create"):
        gemini_openai.responses.create(model="m", input="x")


@pytest.mark.parametrize("name", TODAY)
def test_a_name_of_openai_before_1_0_raises_with_advice(name: str) -> None:
    old = getattr(gemini_openai, name)
    assert repr(old)
    with pytest.raises(APIRemovedInV1, match=rf"gemini_openai\.{name}\.create .*before its") as one:
        old.create(model="m")
    assert isinstance(one.value, OpenAIError)
    assert TODAY[name] in str(one.value)
    with pytest.raises(APIRemovedInV1):
        old()


def test_the_old_names_are_those_of_openai() -> None:
    # By the name of the type: `isinstance` has openai make its client.
    theirs = {n for n, v in vars(openai).items() if type(v).__name__ == "APIRemovedInV1Proxy"}
    assert theirs == TODAY.keys()


def test_the_settings_are_those_of_openai_with_its_values() -> None:
    names = (*SETTINGS, "api_type", "api_version", "azure_endpoint", "azure_ad_token")
    ours = vars(gemini_openai)
    assert set(names) <= set(ours)
    compared = [name for name in names if name not in {"base_url", "timeout"}]
    # In a process of its own: others of these tests have set openai's.
    code = f"import openai; print([getattr(openai, name) for name in {compared}])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str([ours[name] for name in compared])
    assert gemini_openai.timeout is NOT_GIVEN  # so that importing needs no HTTP library
    assert (gemini_openai.DEFAULT_TIMEOUT.read, gemini_openai.DEFAULT_TIMEOUT.connect) == (
        openai.DEFAULT_TIMEOUT.read,
        openai.DEFAULT_TIMEOUT.connect,
    )
    limits = gemini_openai.DEFAULT_CONNECTION_LIMITS
    assert limits.max_connections == openai.DEFAULT_CONNECTION_LIMITS.max_connections
    assert (
        limits.max_keepalive_connections
        == openai.DEFAULT_CONNECTION_LIMITS.max_keepalive_connections
    )
    assert gemini_openai.DEFAULT_MAX_RETRIES == openai.DEFAULT_MAX_RETRIES


def test_the_names_of_the_http_library_are_those_of_httpx() -> None:
    assert gemini_openai.Timeout is httpx.Timeout
    assert gemini_openai.Transport is httpx.BaseTransport
    assert httpx.Proxy in get_args(gemini_openai.ProxiesTypes)
    assert gemini_openai.NoneType is type(None)


def test_the_version_is_in_its_three_places() -> None:
    assert gemini_openai.VERSION == gemini_openai.__version__ == gemini_openai.version.VERSION
    assert gemini_openai.__title__ == "gemini_openai"


@pytest.mark.process
def test_naming_the_package_and_its_settings_loads_nothing() -> None:
    code = (
        "import sys, gemini_openai\n"
        "gemini_openai.api_key = 'k'\n"
        "gemini_openai.Omit, gemini_openai.RateLimitError\n"
        "print([m for m in sys.modules if m.startswith(('httpx', 'pydantic', 'anyio'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_star_import_brings_no_word_of_everyday_use() -> None:
    names: dict[str, Any] = {}
    exec("from gemini_openai import *", names)
    assert not {"files", "models", "images", "chat", "responses"} & names.keys()
    assert names["omit"] is omit
    assert inspect.isclass(names["OpenAI"])
