"""Clients for Vertex AI: where they talk to, with which credentials, and what copies share."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vertex.vertex_world import CHAT, QUESTION

import gemini_openai
from gemini_openai import (
    AsyncClient,
    AuthenticationError,
    Client,
    GoogleCredentialsError,
    OpenAIError,
)
from gemini_openai.emulator import Reply

if TYPE_CHECKING:
    from vertex.vertex_world import Vertex, VertexWorld

CLIENTS = pytest.mark.parametrize("kind", [Client, AsyncClient])


def url(**options: Any) -> str:
    return str(Client(vertexai=True, **{"project": "p", **options}).base_url)


# --- where ---


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ({}, "aiplatform.googleapis.com"),
        ({"location": "global"}, "aiplatform.googleapis.com"),
        ({"location": "us-central1"}, "us-central1-aiplatform.googleapis.com"),
        ({"location": "us"}, "aiplatform.us.rep.googleapis.com"),
        ({"location": "eu"}, "aiplatform.eu.rep.googleapis.com"),
        ({"universe_domain": "cloud.example"}, "aiplatform.cloud.example"),
    ],
)
def test_each_location_has_its_host(options: dict[str, str], host: str) -> None:
    location = options.get("location", "global")
    assert url(**options) == f"https://{host}/v1/projects/p/locations/{location}/endpoints/openapi/"


def test_a_model_of_ones_own_has_its_endpoint_and_may_have_its_host() -> None:
    here = "/v1/projects/p/locations/us-central1/endpoints/123/"
    place = {"location": "us-central1", "endpoint_id": "123"}
    assert url(**place) == f"https://us-central1-aiplatform.googleapis.com{here}"
    own = "123.us-central1-45.prediction.vertexai.goog"
    assert url(**place, dedicated_host=own) == f"https://{own}{here}"


@CLIENTS
def test_the_environment_alone_makes_a_client_for_vertex(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "of-the-environment")
    monkeypatch.setenv("GOOGLE_API_KEY", "AIza-of-the-developer-api")
    client = kind()
    assert client.project == "of-the-environment"
    assert client.base_url.host == "aiplatform.googleapis.com"
    assert client.api_key == ""
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "eu")
    assert kind().base_url.host == "aiplatform.eu.rep.googleapis.com"
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", "http://proxy.example/google")
    assert str(kind().base_url) == (
        "http://proxy.example/google/v1/projects/of-the-environment/locations/eu/endpoints/openapi/"
    )
    assert kind(vertexai=False).base_url.host == "generativelanguage.googleapis.com"


def test_the_package_as_a_client_can_be_for_vertex(
    vertex: Vertex, adc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", vertex.emulator.origin)
    gemini_openai._reset_client()
    try:
        for _ in range(2):
            gemini_openai.chat.completions.create(**QUESTION)
    finally:
        gemini_openai.chat._client.close()
        gemini_openai._reset_client()
    assert vertex.statuses == [200, 200]
    assert vertex.google.calls == ["token"]


@CLIENTS
@pytest.mark.parametrize(
    ("options", "kind_of_error", "words"),
    [
        ({"location": "us-central1-a"}, ValueError, "zone"),
        ({"location": "Frankfurt"}, ValueError, "location"),
        ({"project": "my project"}, ValueError, "gcloud projects list"),
        ({"endpoint_id": "a/b"}, ValueError, "endpoint_id"),
        ({"dedicated_host": "h.example"}, ValueError, "endpoint_id too"),
        ({"api_key": "k", "credentials": object()}, TypeError, "credentials"),
        ({"credentials": "ya29.x"}, TypeError, "api_key a function"),
    ],
)
def test_what_cannot_be_is_said_by_the_constructor(
    kind: Any, options: dict[str, Any], kind_of_error: type[Exception], words: str
) -> None:
    with pytest.raises(kind_of_error, match=words):
        kind(vertexai=True, **{"project": "p", **options})


@CLIENTS
def test_a_key_and_credentials_exclude_each_other(kind: Any) -> None:
    from google.auth.credentials import AnonymousCredentials

    with pytest.raises(ValueError, match="not both"):
        kind(vertexai=True, project="p", api_key="k", credentials=AnonymousCredentials())


@CLIENTS
def test_a_project_that_is_nowhere_is_an_error_that_says_where_it_was_looked_for(
    kind: Any, monkeypatch: pytest.MonkeyPatch, vertex: Vertex
) -> None:
    monkeypatch.setattr("google.auth.compute_engine._metadata.is_on_gce", lambda request: False)
    with pytest.raises(OpenAIError) as caught:
        kind(vertexai=True)
    for word in ("project argument", "GOOGLE_CLOUD_PROJECT", "Google credentials", "gcloud"):
        assert word in str(caught.value)


@pytest.mark.parametrize("name", ["location", "endpoint_id", "universe_domain"])
def test_what_is_for_vertex_is_refused_by_a_client_that_is_not(name: str) -> None:
    with pytest.raises(ValueError, match="vertexai=True"):
        Client(api_key="k", **{name: "eu"})  # type: ignore[arg-type]


def test_the_project_of_a_key_file_is_found(vertex: Vertex, adc: str) -> None:
    client = vertex.client(project=None)
    assert client.project == "emulated-project"
    assert "/projects/emulated-project/" in str(client.base_url)
    client.close()


# --- copies ---


async def test_copies_in_other_locations_share_one_token(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client()
    places = [{}, {"location": "eu"}, {"location": "us-central1", "project": "q"}]
    for place in places:
        await on_vertex.result(client.with_options(**place).chat.completions.create(**QUESTION))
    assert [r.path.split("/")[3:6:2] for r in vertex.chats] == [
        ["p", "global"],
        ["p", "eu"],
        ["q", "us-central1"],
    ]
    assert vertex.google.calls == ["token"]


def test_a_copy_in_another_location_is_at_another_host() -> None:
    client = Client(vertexai=True, project="p")
    assert client.with_options(location="eu").base_url.host == "aiplatform.eu.rep.googleapis.com"
    assert client.base_url.host == "aiplatform.googleapis.com"
    with pytest.raises(ValueError, match="zone"):
        client.with_options(location="europe-west1-b")
    with pytest.raises(ValueError, match="made with vertexai=True"):
        Client(api_key="k").with_options(location="eu")


def test_another_server_stays_in_all_copies() -> None:
    client = Client(vertexai=True, project="p")
    client.base_url = "http://one.example"
    for moved in (
        client.copy(),
        copy.deepcopy(client),
        client.with_options(timeout=3),
        Client(vertexai=True, project="p").with_options(base_url="http://one.example"),
    ):
        assert str(moved.base_url) == (
            "http://one.example/v1/projects/p/locations/global/endpoints/openapi/"
        )
        assert moved.with_options(location="eu").base_url.host == "one.example"


def test_a_base_url_with_a_location_of_its_own_is_not_moved_in_silence() -> None:
    whole = "http://h.example/v1/projects/q/locations/us/endpoints/openapi"
    client = Client(vertexai=True, base_url=whole)
    assert str(client.base_url) == f"{whole}/"
    with pytest.raises(ValueError, match="a location and an endpoint of its own"):
        client.with_options(location="eu")
    assert "/locations/eu/" in str(
        client.with_options(base_url=whole.replace("/us/", "/eu/")).base_url
    )


def test_another_endpoint_is_not_asked_for_at_the_host_of_the_first() -> None:
    client = Client(vertexai=True, project="p", endpoint_id="1", dedicated_host="one.example")
    assert client.base_url.host == "one.example"
    assert client.copy().base_url.host == "one.example"
    assert client.with_options(endpoint_id="2").base_url.host == "aiplatform.googleapis.com"


async def test_a_copy_with_a_key_uses_the_key(on_vertex: VertexWorld, vertex: Vertex) -> None:
    token = vertex.google.issue()
    client = on_vertex.client().with_options(api_key=lambda: token)
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.google.calls == []


def test_a_copy_outlives_the_client_whose_connections_its_tokens_came_over(
    vertex: Vertex, adc: str
) -> None:
    with httpx.Client() as http:
        with vertex.client() as client:
            client.chat.completions.create(**QUESTION)
            other = client.with_options(http_client=http)
        vertex.google.revoke()
        other.chat.completions.create(**QUESTION)
    assert vertex.google.calls == ["token", "token"]


# --- out of a pickle ---


async def test_a_client_out_of_a_pickle_finds_the_credentials_that_are_there(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    first = on_vertex.client(location="eu", http_client=None)
    await on_vertex.result(first.chat.completions.create(**QUESTION))
    data = pickle.dumps(first)
    token = first.auth_headers["Authorization"].removeprefix("Bearer ")
    assert token.encode() not in data
    again = pickle.loads(data)
    assert (again.base_url, again.project) == (first.base_url, "p")
    await on_vertex.result(again.chat.completions.create(**QUESTION))
    await on_vertex.result(again.close())
    assert vertex.google.calls == ["token", "token"]


def test_given_credentials_and_passwords_stay_out_of_a_pickle(adc: str) -> None:
    from google.oauth2 import service_account

    given = service_account.Credentials.from_service_account_file(adc)
    client = Client(
        vertexai=True, project="p", credentials=given, base_url="http://me:hush@h.example"
    )
    data = pickle.dumps(client)
    assert b"hush" not in data
    assert b"PRIVATE" not in data
    again = pickle.loads(data)
    assert again.with_options(location="eu").base_url.host == "h.example"


def test_a_deep_copy_has_the_same_credentials(vertex: Vertex, adc: str) -> None:
    client = vertex.client()
    client.chat.completions.create(**QUESTION)
    other = copy.deepcopy(client)
    other.chat.completions.create(**QUESTION)
    client.close()
    other.close()
    assert vertex.google.calls == ["token"]


# --- keys and tokens ---


@pytest.mark.parametrize("key", ["AIzaSy-a-key", "AQ.a-key-of-the-new-kind"])
async def test_an_api_key_has_a_header_of_its_own(
    on_vertex: VertexWorld, vertex: Vertex, key: str
) -> None:
    client = on_vertex.client(api_key=key)
    with pytest.raises(AuthenticationError, match="API keys are not supported"):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
    (request,) = vertex.chats
    assert request.headers["x-goog-api-key"] == key
    assert "authorization" not in request.headers
    assert request.query == {}
    assert client.auth_headers == {"X-Goog-Api-Key": key}


async def test_a_function_that_gives_the_token_is_asked_for_each_attempt(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    given: list[str] = []

    def token() -> str:
        given.append(vertex.google.issue())
        return given[-1]

    async def token_async() -> str:
        return token()

    client = on_vertex.client(
        api_key=token_async if on_vertex.is_async else token, max_retries=1, retry_budget=0
    )
    vertex.emulator.script(Reply(503))
    for _ in range(2):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert len(given) == 3
    assert [r.headers["authorization"] for r in vertex.chats] == [f"Bearer {t}" for t in given]
    assert vertex.google.calls == []


def test_two_threads_that_share_a_client_send_the_token_each_was_given(vertex: Vertex) -> None:
    """The token of the thread that asked, whatever another was given in the meantime."""
    mine, theirs = vertex.google.issue(), vertex.google.issue()

    class Overtaken(Client):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, theirs if name == "api_key" and value == mine else value)

    with Overtaken(
        vertexai=True, project="p", api_key=lambda: mine, base_url=vertex.emulator.origin
    ) as client:
        client.chat.completions.create(**QUESTION)
    assert vertex.chats[0].headers["authorization"] == f"Bearer {mine}"


async def test_a_function_whose_token_was_refused_is_asked_once_more(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    tokens = iter(["ya29.old", vertex.google.issue()])
    client = on_vertex.client(api_key=lambda: next(tokens))
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.statuses == [401, 200]


async def test_the_headers_with_the_token_can_be_looked_at(on_vertex: VertexWorld) -> None:
    client = on_vertex.client()
    assert client.auth_headers == {}
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert client.auth_headers["Authorization"].startswith("Bearer ya29.")
    assert client.default_headers["Authorization"] == client.auth_headers["Authorization"]


# --- what is sent where ---


async def test_the_quota_project_is_sent(on_vertex: VertexWorld, vertex: Vertex, adc: str) -> None:
    from google.oauth2 import service_account

    given = service_account.Credentials.from_service_account_file(adc)
    client = on_vertex.client(credentials=given.with_quota_project("payer"))
    await on_vertex.result(client.chat.completions.create(**QUESTION))
    assert vertex.chats[0].headers["x-goog-user-project"] == "payer"
    own = {"X-Goog-User-Project": "mine"}
    await on_vertex.result(client.chat.completions.create(**QUESTION, extra_headers=own))
    assert vertex.chats[1].headers["x-goog-user-project"] == "mine"


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_a_redirect_to_another_origin_carries_no_token(
    on_vertex: VertexWorld, vertex: Vertex, status: int
) -> None:
    elsewhere = f"http://localhost:{vertex.emulator.port}/elsewhere"
    vertex.emulator.script(
        Reply(status, text="", headers={"Location": elsewhere}),
        path=CHAT,
    )
    with pytest.raises(OpenAIError):
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION))
    asked, *followed = [r for r in vertex.emulator.requests if r.path != "/token"]
    assert asked.headers["authorization"].startswith("Bearer ya29.")
    assert [r.path for r in followed][:1] == ["/elsewhere"]
    for request in followed:
        assert "ya29." not in str(request.headers)


async def test_an_api_key_follows_no_redirect(on_vertex: VertexWorld, vertex: Vertex) -> None:
    elsewhere = f"http://localhost:{vertex.emulator.port}/elsewhere"
    vertex.emulator.script(Reply(307, text="", headers={"Location": elsewhere}))
    with pytest.raises(OpenAIError, match="307"):
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION), api_key="AIza-key")
    assert [r.path for r in vertex.emulator.requests if r.path == "/elsewhere"] == []


async def test_a_request_to_another_server_carries_no_token(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    vertex.emulator.script(Reply(json={}), path="/elsewhere")
    url = f"http://localhost:{vertex.emulator.port}/elsewhere"
    await on_vertex.ask(lambda c: c.get(url, cast_to=object))
    (request,) = [r for r in vertex.emulator.requests if r.path == "/elsewhere"]
    assert "authorization" not in request.headers
    assert "x-goog-user-project" not in request.headers


async def test_without_google_auth_a_call_says_how_to_install_it(
    on_vertex: VertexWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "google.auth", None)
    with pytest.raises(GoogleCredentialsError, match=r"pip install 'gemini-openai\[vertex\]'"):
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION))


@pytest.mark.parametrize("blank", ["", "\n"])
def test_an_empty_key_is_no_key(blank: str, vertex: Vertex, adc: str) -> None:
    """`api_key=os.getenv("GEMINI_API_KEY", "")`, where the credentials are Google's."""
    with vertex.client(api_key=blank) as client:
        client.chat.completions.create(**QUESTION)
    assert vertex.google.calls == ["token"]


def test_who_did_not_ask_for_vertex_is_told_who_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    with pytest.raises(OpenAIError, match="vertexai=False"):
        Client(api_key="AIza-of-the-developer-api")
    with pytest.raises(OpenAIError) as caught:
        Client(api_key="AIza-of-the-developer-api", vertexai=True)
    assert "vertexai=False" not in str(caught.value)
