"""Vertex AI's routes and its dialect, with tokens that run out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from emulator.wire_reading import TIME, WEATHER, events, shape

from gemini_openai.emulator import Answer, Call, Emulator, GoogleAuth, Reply, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[..., httpx.Response]

RECORDED = Path(__file__).parent.parent / "recorded" / "vertex"
PLACE = "projects/p/locations/global/endpoints"


@pytest.fixture
def vertex(emulator: Emulator) -> Iterator[httpx.Client]:
    """A client with a token that is good."""
    headers = {"Authorization": f"Bearer {emulator.google.issue()}"}
    with httpx.Client(base_url=emulator.origin, headers=headers, verify=False, timeout=5) as client:
        yield client


@pytest.fixture
def ask_vertex(vertex: httpx.Client) -> Ask:
    def post(
        said: str = "Hello", *, endpoint: str = "openapi", version: str = "v1", **fields: Any
    ) -> httpx.Response:
        url = f"/{version}/{PLACE}/{endpoint}/chat/completions"
        headers = fields.pop("headers", {})
        body = {
            "model": "google/gemini-2.5-flash",
            "messages": [{"role": "user", "content": said}],
            **fields,
        }
        return vertex.post(url, json=body, headers=headers)

    return post


def google(**options: Any) -> dict[str, Any]:
    return {"extra_body": {"google": options}}


# --- tokens ---


def test_a_token_is_good_until_it_runs_out_or_is_taken_back(
    web: httpx.Client, emulator: Emulator
) -> None:
    url = emulator.vertex_url("p") + "chat/completions"
    body = {"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}]}

    def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return web.post(url, json=body, headers=headers).status_code

    first, second = emulator.google.issue(), emulator.google.issue()
    assert (status(first), status("unknown")) == (200, 401)
    emulator.google.revoke(first)
    assert (status(first), status(second)) == (401, 200)
    emulator.advance(3600)
    assert (status(second), status(emulator.google.issue())) == (401, 200)


def test_the_refusal_of_a_token_is_the_recorded_one(web: httpx.Client, emulator: Emulator) -> None:
    headers = {"Authorization": "Bearer old"}
    url = emulator.vertex_url() + "chat/completions"
    refused = web.post(url, json={}, headers=headers)
    ((error,),) = [refused.json()]
    theirs = json.loads((RECORDED / "err_401_access_token_expired_native.json").read_text())
    assert refused.status_code == 401
    assert shape(error) == shape(theirs)
    detail = error["error"]["details"][0]
    recorded = (RECORDED / "err_401_chatcompletions_token_type_unsupported.txt").read_text()
    assert f"reason={detail['reason']}" in recorded
    assert f"method={detail['metadata']['method']}" in recorded


def test_tokens_come_from_the_emulators_own_server(web: httpx.Client) -> None:
    auth = GoogleAuth(project="mine")
    with Emulator(google=auth) as emulator:
        assert emulator.google is auth
        auth.person("a-refresh-token")
        form = {"grant_type": "refresh_token", "refresh_token": "a-refresh-token"}
        token = web.post(f"{emulator.origin}/token", data=form).json()["access_token"]
        assert auth.accepts(token)
        assert auth.calls == ["token"]
        metadata = web.get(
            f"{emulator.origin}/computeMetadata/v1/project/project-id",
            headers={"Metadata-Flavor": "Google"},
        )
        assert metadata.text == "mine"


def test_a_token_call_leaves_the_script_to_others(web: httpx.Client, emulator: Emulator) -> None:
    emulator.script(Reply(503))
    assert web.get(f"{emulator.origin}/").text == "computeMetadata/\n"
    assert len(emulator.unused) == 1
    emulator.script(Reply(500), path="/token")
    assert web.post(f"{emulator.origin}/token").status_code == 500
    assert web.get(f"{emulator.origin}/v1beta/").status_code == 503


# --- the dialect ---


def test_an_answer_has_the_documented_keys(ask_vertex: Ask) -> None:
    theirs = json.loads((RECORDED / "doc_multimodal_function_response.json").read_text())
    for version in ("v1", "v1beta1"):
        ours = ask_vertex(version=version, reasoning_effort="none").json()
        assert shape(ours) == shape(theirs)
        assert ours["model"] == "google/gemini-2.5-flash"
        assert ours["usage"]["extra_properties"] == theirs["usage"]["extra_properties"]


def test_reasoning_is_counted_beside_the_answer(ask_vertex: Ask) -> None:
    theirs = json.loads((RECORDED / "doc_image_generation_response.json").read_text())["usage"]
    usage = ask_vertex().json()["usage"]
    assert shape(usage) == shape(theirs)
    reasoning = usage["completion_tokens_details"]["reasoning_tokens"]
    assert reasoning == 64
    assert usage["total_tokens"] == (
        usage["prompt_tokens"] + usage["completion_tokens"] + reasoning
    )


def test_a_tier_is_asked_for_by_headers(ask_vertex: Ask) -> None:
    headers = {"X-Vertex-AI-LLM-Shared-Request-Type": "flex"}
    usage = ask_vertex(headers=headers).json()["usage"]
    assert usage["extra_properties"]["google"]["traffic_type"] == "ON_DEMAND_FLEX"


def test_what_vertex_does_not_know_it_ignores(ask_vertex: Ask) -> None:
    answer = ask_vertex(
        store=True,
        seed=1,
        frequency_penalty=1.0,
        logit_bias={},
        made_up="x",
        tool_choice="validated",
        response_format={"type": "text/x.enum"},
        **google(safety_settings=[], made_up=1),
    )
    assert answer.status_code == 200
    assert "You said: Hello" in answer.json()["choices"][0]["message"]["content"]


def test_usage_comes_unasked_with_the_last_chunk_and_only_there(ask_vertex: Ask) -> None:
    chunks = events(ask_vertex("Hello, how are you today?", stream=True).text)
    assert len(chunks) > 1
    assert [bool("usage" in chunk) for chunk in chunks[:-1]] == [False] * (len(chunks) - 1)
    last = chunks[-1]
    assert last["usage"]["completion_tokens_details"]["reasoning_tokens"] == 64
    assert last["choices"][0]["finish_reason"] == "stop"
    for chunk in chunks:
        assert chunk["choices"][0]["delta"]["role"] == "assistant"
        assert chunk["system_fingerprint"] == ""
    assert all("finish_reason" not in chunk["choices"][0] for chunk in chunks[:-1])


def test_streamed_calls_have_an_index_and_come_whole(ask_vertex: Ask) -> None:
    chunks = events(ask_vertex("weather and time", tools=[WEATHER, TIME], stream=True).text)
    calls = [
        call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls", [])
    ]
    assert [(call["index"], call["function"]["name"]) for call in calls] == [
        (0, "get_weather"),
        (1, "get_time"),
    ]
    assert all(call["id"].count("-") == 6 for call in calls)  # function-call-<uuid>
    assert json.loads(calls[0]["function"]["arguments"])


def test_fragments_repeat_the_name_and_open_with_swapped_indexes(
    ask_vertex: Ask, emulator: Emulator
) -> None:
    emulator.script(
        Answer(calls=[Call("get_a", {"city": "Rome"}), Call("get_b", {"city": "Oslo"})])
    )
    options = google(stream_function_call_arguments=True)
    chunks = events(ask_vertex(stream=True, **options).text)
    items = [
        call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls", [])
    ]
    first = [item for item in items if item["function"]["name"] == "get_a"]
    second = [item for item in items if item["function"]["name"] == "get_b"]
    assert len(first) > 1
    assert [item["index"] for item in first] == [1] + [0] * (len(first) - 1)
    assert [item["index"] for item in second] == [0] + [1] * (len(second) - 1)
    for parts, city in ((first, "Rome"), (second, "Oslo")):
        assert len({item["id"] for item in parts}) == 1
        text = "".join(item["function"]["arguments"] for item in parts)
        assert json.loads(text) == {"city": city}


def test_thoughts_are_marked_where_a_marker_is_given_and_else_not(ask_vertex: Ask) -> None:
    asked = {"include_thoughts": True}
    bare = ask_vertex(**google(thinking_config=asked)).json()["choices"][0]["message"]
    assert bare["content"].startswith("**Reading the request**")
    assert "extra_content" not in bare
    options = google(thinking_config=asked, thought_tag_marker="think")
    marked = ask_vertex(**options).json()["choices"][0]["message"]["content"]
    assert marked.startswith("<think>**Reading the request**")
    assert "</think>[emulator]" in marked
    chunks = events(ask_vertex(stream=True, **options).text)
    streamed = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert streamed == marked


def test_gemini_3_signs_its_calls_and_wants_the_signature_back(ask_vertex: Ask) -> None:
    fields = {"model": "google/gemini-3-pro-preview", "tools": [WEATHER]}
    message = ask_vertex("weather", **fields).json()["choices"][0]["message"]
    call = message["tool_calls"][0]
    assert call["extra_content"]["google"]["thought_signature"]
    result = {"role": "tool", "tool_call_id": call["id"], "content": "21"}
    said = {"role": "user", "content": "weather"}
    assert ask_vertex(**fields, messages=[said, message, result]).status_code == 200
    del call["extra_content"]
    refused = ask_vertex(**fields, messages=[said, message, result])
    assert "missing a thought_signature" in refused.json()[0]["error"]["message"]


# --- refusals ---


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "publishers/google/models/x", "", "a/"])
def test_a_model_needs_its_publisher(ask_vertex: Ask, model: str) -> None:
    refused = ask_vertex(model=model)
    texts = (RECORDED / "err_400_404_text_only.txt").read_text()
    assert refused.status_code == 400
    assert f"HTTP 400 {refused.json()[0]['error']['message']}" in texts


def test_a_model_there_is_not(ask_vertex: Ask) -> None:
    refused = ask_vertex(model="google/gemma4")
    ((error,),) = [refused.json()]
    assert (refused.status_code, error["error"]["status"]) == (404, "NOT_FOUND")
    recorded = (RECORDED / "err_400_404_text_only.txt").read_text()
    place = "projects/p/locations/global"
    assert error["error"]["message"].replace(
        place, "projects/truefoundry-devtest/locations/global"
    ) in (recorded)


def test_other_publishers_and_endpoints_of_ones_own_answer(ask_vertex: Ask) -> None:
    assert ask_vertex(model="meta/llama-4-maas").json()["model"] == "meta/llama-4-maas"
    own = ask_vertex(endpoint="1234567890", model="")
    assert own.status_code == 200
    assert "completion_tokens_details" not in own.json()["usage"]


def test_an_effort_beside_a_thinking_config_is_refused(ask_vertex: Ask) -> None:
    options = google(thinking_config={"thinking_budget": 0})
    refused = ask_vertex(reasoning_effort="low", **options)
    assert "found both" in refused.json()[0]["error"]["message"]


@pytest.mark.parametrize("path", ["models", "files", "batches", "images/generations", "responses"])
def test_what_vertex_does_not_have_is_the_front_ends_page(vertex: httpx.Client, path: str) -> None:
    for method in ("GET", "POST"):
        missing = vertex.request(method, f"/v1/{PLACE}/openapi/{path}")
        assert missing.status_code == 404
        assert "Error 404 (Not Found)!!1" in missing.text


def test_vertexs_own_faults_are_the_recorded_ones(ask_vertex: Ask, emulator: Emulator) -> None:
    emulator.script(faults.vertex_forbidden("p1"), faults.vertex_exhausted())
    for name in (
        "err_403_endpoints_predict_openapi_list.json",
        "err_429_resource_exhausted_list.txt",
    ):
        assert ask_vertex().json() == json.loads((RECORDED / name).read_text())


# --- embeddings and the catalogue ---


def test_open_models_embed_and_googles_own_do_not(vertex: httpx.Client) -> None:
    url = f"/v1/{PLACE}/openapi/embeddings"
    body = {"model": "intfloat/multilingual-e5-small-maas", "input": ["one", "two"]}
    answer = vertex.post(url, json=body).json()
    assert [len(item["embedding"]) for item in answer["data"]] == [384, 384]
    for model, status in (("google/gemini-embedding-001", 404), ("gemini-embedding-001", 400)):
        assert vertex.post(url, json={**body, "model": model}).status_code == status


def test_the_catalogue_has_pages(vertex: httpx.Client, web: httpx.Client) -> None:
    url = "/v1beta1/publishers/google/models"
    names: list[str] = []
    token = ""
    while True:
        page = vertex.get(url, params={"pageToken": token}).json()
        names += [model["name"] for model in page["publisherModels"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert len(names) == len({*names}) > 53
    assert "publishers/google/models/gemini-2.5-flash" in names
    assert vertex.get(url.replace("v1beta1", "v1")).status_code == 404
    assert vertex.get(url, headers={"Authorization": "Bearer x"}).status_code == 401
