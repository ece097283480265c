"""Vertex AI below a genuine client of `openai`: by Google credentials, and by its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from transport.conftest import Genuine
from vertex.vertex_world import CHAT, QUESTION

from gemini_openai.emulator import Reply
from gemini_openai.emulator.routes.tokens import invalid_grant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from vertex.vertex_world import Vertex

GCP: Any = {"vertexai": True, "project": "p"}


@pytest.fixture
async def google(world_name: str, vertex: Vertex, anyio_backend: str) -> AsyncIterator[Genuine]:
    """Each test that takes this runs five times, with genuine clients for a Vertex with tokens."""
    made = Genuine(world_name, vertex.emulator.origin)
    yield made
    await made.close()


async def test_google_credentials_stand_for_a_key(
    google: Genuine, vertex: Vertex, adc: str
) -> None:
    client = google.client(**GCP, api_key=None)
    answer = await google.result(client.chat.completions.create(**QUESTION))
    assert "You said: hi" in answer.choices[0].message.content
    assert vertex.chats[0].path == CHAT
    assert vertex.chats[0].json["model"] == "google/gemini-2.5-flash"
    assert vertex.google.calls == ["token"]


async def test_a_revoked_token_is_renewed_once(google: Genuine, vertex: Vertex, adc: str) -> None:
    client = google.client(**GCP, api_key=None)
    await google.result(client.chat.completions.create(**QUESTION))
    vertex.google.revoke()
    await google.result(client.chat.completions.create(**QUESTION))
    assert vertex.statuses == [200, 401, 200]
    assert vertex.google.calls == ["token", "token"]


async def test_credentials_that_do_not_come_are_an_authentication_error(
    google: Genuine,
    vertex: Vertex,
    adc: str,
) -> None:
    vertex.emulator.script(invalid_grant(), path="/token")
    with pytest.raises(openai.AuthenticationError, match="invalid_grant"):
        await google.result(google.client(**GCP, api_key=None).chat.completions.create(**QUESTION))
    assert not vertex.chats


async def test_a_program_with_any_key_uses_the_credentials_of_its_http_client(
    google: Genuine,
    vertex: Vertex,
    adc: str,
) -> None:
    http = google.http(**GCP, base_url=vertex.emulator.origin)
    answer = await google.result(
        google.on(http, api_key="anything").chat.completions.create(**QUESTION)
    )
    assert answer.choices
    assert vertex.chats[0].headers["authorization"].startswith("Bearer ")
    assert "anything" not in vertex.chats[0].headers["authorization"]


async def test_the_credentials_go_to_no_other_server(
    google: Genuine,
    vertex: Vertex,
    adc: str,
) -> None:
    http = google.http(**GCP, base_url=vertex.emulator.origin)
    client = google.on(http, api_key="k", base_url="http://gateway.example/v1", max_retries=0)
    with pytest.raises(openai.BadRequestError, match="the HTTP client is for Vertex AI"):
        await google.result(client.chat.completions.create(**QUESTION))
    assert not vertex.google.calls


async def test_the_url_of_vertex_and_a_token_are_enough(google: Genuine, vertex: Vertex) -> None:
    token = vertex.google.issue()
    url = vertex.url.removesuffix("chat/completions")
    client = google.on(google.http(), api_key=token, base_url=url)
    answer = await google.result(client.chat.completions.create(**QUESTION))
    assert answer.choices
    assert vertex.chats[0].json["model"] == "google/gemini-2.5-flash"


async def test_all_pages_of_the_catalogue_are_one_list(
    google: Genuine,
    vertex: Vertex,
    adc: str,
) -> None:
    def page(first: str, more: str | None) -> Reply:
        body: dict[str, Any] = {"publisherModels": [{"name": f"publishers/google/models/{first}"}]}
        return Reply(json={**body, "nextPageToken": more} if more else body)

    vertex.emulator.script(page("a", "2"), page("b", "3"), page("c", None), path="/models")
    models = await google.collect(google.client(**GCP, api_key=None).models.list())
    assert [model.id for model in models] == ["a", "b", "c"]
    asked = [r for r in vertex.emulator.requests if r.path.endswith("/models")]
    assert [r.query.get("pageToken") for r in asked] == [None, ["2"], ["3"]]


async def test_what_vertex_lacks_is_refused_with_what_it_has(
    google: Genuine,
    vertex: Vertex,
    adc: str,
) -> None:
    client = google.client(**GCP, api_key=None)
    with pytest.raises(openai.BadRequestError, match="Cloud Storage"):
        await google.result(client.files.create(file=b"{}", purpose="batch"))
    with pytest.raises(openai.BadRequestError, match="Developer API"):
        await google.result(client.embeddings.create(model="gemini-embedding-001", input="x"))
