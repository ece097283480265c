"""Clients whose base URL alone says that they talk to Vertex AI, as Google's samples make them."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import BaseModel
from vertex.vertex_world import CHAT, HOUR, QUESTION

import gemini_openai
from gemini_openai import AuthenticationError, Client, GeminiWarning, NotSupportedError
from gemini_openai.emulator import Answer, Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vertex.vertex_world import Clock, Vertex, VertexWorld

MODEL = "google/gemini-2.5-flash"
PLACE = "projects/my-project/locations/us-central1/endpoints/openapi"
GOOGLE = f"https://us-central1-aiplatform.googleapis.com/v1/{PLACE}"
DEVELOPER = "https://generativelanguage.googleapis.com/v1beta/openai/"
SAFETY = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]
THINKING: Any = {"google": {"thinking_config": {"include_thoughts": True}}}
PIXEL = base64.b64encode(b"\xff\xd8\xff\xe0 a picture").decode()
SOUND = base64.b64encode(b"RIFF a sound").decode()
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["place"],
        },
    },
}
ANSWER: Any = {
    "id": "r-1",
    "object": "chat.completion",
    "created": 1,
    "model": MODEL,
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": '{"title": "a fair", "people": []}'},
        }
    ],
}


class Meeting(BaseModel):
    """What the program with structured output asks for."""

    title: str
    people: list[str]


def user(*parts: dict[str, Any]) -> Any:
    return [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, *parts]}]


PICTURE = user({"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{PIXEL}"}})
RECORDING = user({"type": "input_audio", "input_audio": {"data": SOUND, "format": "wav"}})
TALK: Any = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Why is the sky blue?"},
]

# What a program asks, and what of it must be on the wire just so. `None` is: not there.
PROGRAMS: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
    "a conversation": (
        lambda c: c.chat.completions.create(model=MODEL, messages=TALK),
        {"messages": TALK},
    ),
    "thinking": (
        lambda c: c.chat.completions.create(model=MODEL, messages=TALK, reasoning_effort="low"),
        {"reasoning_effort": "low"},
    ),
    "a function": (
        lambda c: c.chat.completions.create(
            model=MODEL, messages=TALK, tools=[WEATHER], tool_choice="auto"
        ),
        {"tools": [WEATHER], "tool_choice": "auto"},
    ),
    "a picture": (
        lambda c: c.chat.completions.create(model=MODEL, messages=PICTURE),
        {"messages": PICTURE},
    ),
    "a recording, and a bare name": (
        lambda c: c.chat.completions.create(model="gemini-2.5-flash", messages=RECORDING),
        {"messages": RECORDING},
    ),
    "what the Developer API does not take": (
        lambda c: c.chat.completions.create(
            model=MODEL,
            messages=TALK,
            seed=7,
            frequency_penalty=0.5,
            web_search_options={},
            extra_body={"google": {"safety_settings": SAFETY}},
        ),
        {
            "seed": 7,
            "frequency_penalty": 0.5,
            "web_search_options": {},
            "extra_body": {"google": {"safety_settings": SAFETY}},
            "google": None,
        },
    ),
    "thoughts": (
        lambda c: c.chat.completions.create(model=MODEL, messages=TALK, extra_body=THINKING),
        {"extra_body": {"google": {**THINKING["google"], "thought_tag_marker": "thought"}}},
    ),
    "a verb": (
        lambda c: c.post(
            "/chat/completions", cast_to=object, body={"model": MODEL, "messages": TALK, "seed": 7}
        ),
        {"messages": TALK, "seed": 7},
    ),
    "structured output": (
        lambda c: c.beta.chat.completions.parse(
            model=MODEL, messages=TALK, response_format=Meeting
        ),
        {},
    ),
}
EACH_PROGRAM = pytest.mark.parametrize(
    ("program", "on_the_wire"), PROGRAMS.values(), ids=PROGRAMS.keys()
)


def by_base_url(world: VertexWorld, base_url: str, **options: Any) -> Any:
    """A client that is told of Vertex AI by nothing but its base URL."""
    return world.client(vertexai=None, project=None, base_url=base_url, **options)


def check_body(body: Any, on_the_wire: dict[str, Any]) -> None:
    assert body["model"] == MODEL
    assert {name: body.get(name) for name in on_the_wire} == on_the_wire


# --- the programs ---


@EACH_PROGRAM
async def test_a_program_for_the_openai_package_is_understood_by_the_emulator(
    on_vertex: VertexWorld,
    vertex: Vertex,
    program: Callable[[Any], Any],
    on_the_wire: dict[str, Any],
) -> None:
    token = vertex.google.issue()
    client = by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key=token)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing was left out
        await on_vertex.result(program(client))
    (request,) = vertex.chats
    assert request.path == CHAT
    assert request.headers["authorization"] == f"Bearer {token}"
    assert "x-goog-api-key" not in request.headers
    check_body(request.json, on_the_wire)


@EACH_PROGRAM
async def test_a_program_for_the_openai_package_reaches_googles_host_right(
    on_vertex: VertexWorld, program: Callable[[Any], Any], on_the_wire: dict[str, Any]
) -> None:
    asked: list[Any] = []

    def answer(request: Any) -> Any:
        asked.append(request)
        return on_vertex.family.Response(200, json=ANSWER)

    client = on_vertex.transport(
        answer, vertexai=None, project=None, base_url=GOOGLE, api_key="ya29.a-token"
    )
    await on_vertex.result(program(client))
    (request,) = asked
    assert str(request.url) == f"{GOOGLE}/chat/completions"
    assert request.headers["authorization"] == "Bearer ya29.a-token"
    assert "x-goog-api-key" not in request.headers
    check_body(json.loads(request.content), on_the_wire)


async def test_a_streamed_answer_is_read_as_vertex_sends_it(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    vertex.emulator.script(Answer(calls=[Call("get_weather", {"place": "Oslo"})]), path=CHAT)
    client = by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key=vertex.google.issue())
    options = {"google": {"stream_function_call_arguments": True}}
    stream = await on_vertex.result(
        client.chat.completions.create(
            model=MODEL, messages=TALK, stream=True, tools=[WEATHER], extra_body=options
        )
    )
    chunks = await on_vertex.collect(stream)
    calls = [c for chunk in chunks for c in chunk.choices[0].delta.tool_calls or []]
    assert "".join(call.function.name or "" for call in calls) == "get_weather"
    assert json.loads("".join(c.function.arguments or "" for c in calls)) == {"place": "Oslo"}


async def test_thoughts_come_apart_from_the_content(on_vertex: VertexWorld, vertex: Vertex) -> None:
    client = by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key=vertex.google.issue())
    answer = await on_vertex.result(client.chat.completions.create(**QUESTION, extra_body=THINKING))
    message = answer.choices[0].message
    assert message.content == "[emulator] You said: hi"
    assert "Reading the request" in message.reasoning_content


async def test_models_are_those_of_the_catalogue_and_what_is_absent_is_said_before_it_is_sent(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key=vertex.google.issue())
    page = await on_vertex.result(client.models.list())
    assert "gemini-2.5-flash" in {model.id for model in page.data}
    (request,) = vertex.emulator.requests
    assert request.path == "/v1beta1/publishers/google/models"
    assert request.headers["x-goog-user-project"] == "p"
    with pytest.raises(NotSupportedError, match="Cloud Storage"):
        await on_vertex.result(client.files.list())


# --- a model of one's own ---


@pytest.mark.parametrize("name", ["gemma-2-9b-it", "google/gemma-3-12b-it", "my-model"])
@pytest.mark.parametrize("by_url", [True, False])
async def test_a_self_deployed_model_keeps_the_name_it_was_given(
    on_vertex: VertexWorld, vertex: Vertex, name: str, by_url: bool
) -> None:
    token = vertex.google.issue()
    if by_url:
        url = vertex.emulator.vertex_url("p", "us-central1", "1234567")
        client = by_base_url(on_vertex, url, api_key=token)
    else:
        client = on_vertex.client(location="us-central1", endpoint_id="1234567", api_key=token)
    await on_vertex.result(client.chat.completions.create(**{**QUESTION, "model": name}))
    (request,) = vertex.chats
    assert request.json["model"] == name
    assert request.path.endswith("/locations/us-central1/endpoints/1234567/chat/completions")


async def test_what_a_self_deployed_model_embeds_is_for_its_server_to_say(
    on_vertex: VertexWorld,
) -> None:
    def answer(request: Any) -> Any:
        vector = {"object": "embedding", "index": 0, "embedding": [0.5]}
        body = {"object": "list", "model": "mine", "data": [vector]}
        return on_vertex.family.Response(200, json=body)

    own = "https://7.us-central1-45.prediction.vertexai.goog/v1/" + PLACE.replace("openapi", "7")
    client = on_vertex.transport(
        answer, vertexai=None, project=None, base_url=own, api_key="ya29.a-token"
    )
    vectors = await on_vertex.result(client.embeddings.create(model="mine", input="a"))
    assert vectors.data[0].embedding == [0.5]


# --- a client that moves ---


def recorder(bodies: list[Any]) -> httpx.Client:
    """An HTTP client that keeps the bodies it is to send, and answers each of them."""

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json=ANSWER)

    return httpx.Client(transport=httpx.MockTransport(answer), verify=False)


@pytest.fixture
def bodies() -> list[Any]:
    return []


@pytest.fixture
def client(bodies: list[Any]) -> Iterator[Client]:
    """A client for the Developer API, to begin with."""
    with Client(api_key="ya29.a-token", http_client=recorder(bodies), unsupported="drop") as made:
        yield made


def speaks_vertex(client: Any, bodies: list[Any]) -> bool:
    """Whether what this client sends is for Vertex AI, and not for the Developer API."""
    client.chat.completions.create(model=MODEL, messages=TALK, seed=7)
    said = (bodies[-1]["model"], bodies[-1].get("seed"))
    assert said in {(MODEL, 7), ("gemini-2.5-flash", None)}
    return said == (MODEL, 7)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "base_url", [GOOGLE, f"http://127.0.0.1:1/v1/{PLACE}", f"https://h.example/a/v1beta1/{PLACE}"]
)
def test_a_client_follows_its_base_url_into_the_dialect_and_out_of_it(
    client: Client, bodies: list[Any], base_url: str, slash: str
) -> None:
    url = base_url + slash
    assert not speaks_vertex(client, bodies)
    assert speaks_vertex(client.with_options(base_url=url), bodies)
    assert speaks_vertex(client.copy(base_url=httpx.URL(url)).with_options(timeout=3), bodies)
    assert not speaks_vertex(client, bodies)
    client.base_url = url
    assert speaks_vertex(client, bodies)
    assert speaks_vertex(copy.deepcopy(client), bodies)
    assert not speaks_vertex(client.with_options(base_url=DEVELOPER), bodies)
    client.base_url = DEVELOPER
    assert not speaks_vertex(client, bodies)


def test_a_client_out_of_a_pickle_knows_where_it_talks_to(bodies: list[Any]) -> None:
    again = pickle.loads(pickle.dumps(Client(api_key="ya29.a-token", base_url=GOOGLE)))
    http = recorder(bodies)
    with again.with_options(api_key="ya29.another", http_client=http) as client:
        assert speaks_vertex(client, bodies)


def test_the_package_as_a_client_follows_its_base_url(
    bodies: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    http = recorder(bodies)
    monkeypatch.setattr(gemini_openai, "http_client", http)
    monkeypatch.setattr(gemini_openai, "api_key", "ya29.a-token")
    gemini_openai._reset_client()
    try:
        for base_url, expected in ((GOOGLE, True), (DEVELOPER, False), (f"{GOOGLE}/", True)):
            monkeypatch.setattr(gemini_openai, "base_url", base_url)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert speaks_vertex(gemini_openai, bodies) is expected
    finally:
        http.close()
        gemini_openai._reset_client()


def test_location_and_endpoint_are_not_changed_in_a_base_url(client: Client) -> None:
    there = client.with_options(base_url=GOOGLE)
    with pytest.raises(ValueError, match="another base_url"):
        there.with_options(location="eu")


@pytest.mark.parametrize("more", ["/chat/completions", "/?key=AIza-secret", "?alt=sse"])
def test_what_is_pasted_behind_the_endpoint_is_left_out(more: str) -> None:
    assert str(Client(base_url=GOOGLE + more, api_key="ya29.a").base_url) == f"{GOOGLE}/"


@pytest.mark.parametrize("switch", ["GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"])
def test_a_base_url_of_the_developer_api_counts_before_the_environment(
    switch: str, bodies: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(switch, "true")
    client = Client(base_url=DEVELOPER, api_key="AIza-a", http_client=recorder(bodies))
    with pytest.warns(GeminiWarning, match="seed"):
        assert speaks_vertex(client, bodies) is False
    assert client.auth_headers == {"Authorization": "Bearer AIza-a"}


def test_vertex_and_a_base_url_of_the_developer_api_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="base_url is of the Gemini Developer API"):
        Client(vertexai=True, base_url=DEVELOPER, project="p", api_key="ya29.a")
    client = Client(vertexai=True, project="p", api_key="ya29.a")
    with pytest.raises(ValueError, match="make another client"):
        client.with_options(base_url=DEVELOPER)


def test_without_a_key_a_base_url_of_vertex_gets_googles_credentials_and_no_key_of_gemini(
    vertex: Vertex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "AIza-for-gemini")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", vertex.key_file())
    url = vertex.emulator.vertex_url("p")
    with Client(base_url=url, http_client=httpx.Client(verify=False)) as client:
        vertex.by_the_clock(client)
        client.chat.completions.create(**QUESTION)
    sent = vertex.chats[-1].headers
    assert sent["authorization"].startswith("Bearer ya29.")
    assert "x-goog-api-key" not in sent


def test_a_host_of_vertex_without_a_project_wants_one_and_gets_no_key_of_gemini(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "AIza-for-gemini")
    url = "https://us-central1-aiplatform.googleapis.com/v1"
    client = Client(base_url=url, project="p", location="us-central1")
    assert str(client.base_url) == f"{url}/projects/p/locations/us-central1/endpoints/openapi/"
    assert client.auth_headers == {}


# --- a token that nobody renews ---

HINT = r"\(access tokens last an hour; OpenAI\(vertexai=True, .*\) renews them\)$"


async def test_a_token_that_has_run_out_is_an_error_that_says_who_renews_tokens(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    token = vertex.google.issue()
    clients = [
        by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key=token),
        on_vertex.client(api_key=token),
    ]
    clock.advance(HOUR + 1)
    for client in clients:
        for act in (
            lambda c: c.chat.completions.create(**QUESTION),
            lambda c: c.chat.completions.create(**QUESTION, stream=True),
            lambda c: c.models.list(),
        ):
            with pytest.raises(AuthenticationError, match=HINT) as caught:
                await on_vertex.result(act(client))
            assert "ya29." not in str(caught.value)


async def test_who_renews_tokens_is_not_said_of_keys_functions_and_other_servers(
    on_vertex: VertexWorld, vertex: Vertex, clock: Clock
) -> None:
    url, token = vertex.emulator.vertex_url("p"), vertex.google.issue()
    clock.advance(HOUR + 1)
    for api_key in ("AIza-a-key", lambda: token):
        client = by_base_url(on_vertex, url, api_key=api_key)
        with pytest.raises(AuthenticationError) as caught:
            await on_vertex.result(client.chat.completions.create(**QUESTION))
        assert "last an hour" not in str(caught.value)
    vertex.emulator.script(Reply(401, json={}), path="/elsewhere")
    client = by_base_url(on_vertex, url, api_key=token)
    elsewhere = f"http://localhost:{vertex.emulator.port}/elsewhere"
    with pytest.raises(AuthenticationError) as caught:
        await on_vertex.result(client.get(elsewhere, cast_to=object))
    assert "last an hour" not in str(caught.value)


async def test_an_api_key_goes_to_vertex_in_the_header_for_keys(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = by_base_url(on_vertex, vertex.emulator.vertex_url("p"), api_key="AIza-a-key")
    with pytest.raises(AuthenticationError, match="API keys are not supported"):
        await on_vertex.result(client.chat.completions.create(**QUESTION))
    (request,) = vertex.chats
    assert request.headers["x-goog-api-key"] == "AIza-a-key"
    assert "authorization" not in request.headers
