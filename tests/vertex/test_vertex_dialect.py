"""Vertex AI's dialect as a user of the client meets it: answers, streams, models, absences."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vertex.vertex_world import CHAT, QUESTION

from gemini_openai import (
    GeminiWarning,
    NotFoundError,
    NotSupportedError,
    PermissionDeniedError,
    RateLimitError,
    UnsupportedParameterError,
)
from gemini_openai.emulator import Answer, Call, Reply, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vertex.vertex_world import Vertex, VertexWorld

    from gemini_openai import Client

RECORDED = Path(__file__).parents[1] / "recorded" / "vertex"
TOOLS: Any = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
    for name in ("get_a", "get_b")
]
TWO_CALLS = Answer(calls=[Call("get_a", {"city": "Rome"}), Call("get_b", {"city": "Oslo"})])


@pytest.fixture
def client(vertex: Vertex) -> Iterator[Client]:
    with vertex.client(api_key=vertex.google.issue()) as made:
        yield made


def sent(vertex: Vertex) -> Any:
    return vertex.chats[-1].json


# --- requests ---


@pytest.mark.parametrize(
    ("model", "wire"),
    [
        ("gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("google/gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("models/gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("meta/llama-4-maas", "meta/llama-4-maas"),
    ],
)
def test_a_model_gets_its_publisher(client: Client, vertex: Vertex, model: str, wire: str) -> None:
    answer = client.chat.completions.create(**{**QUESTION, "model": model})
    assert sent(vertex)["model"] == wire
    assert answer.model == wire


def test_names_can_be_mapped_on_vertex_too(client: Client, vertex: Vertex) -> None:
    mapped = client.with_options(model_map={"gpt-4o": "gemini-2.5-flash"})
    mapped.chat.completions.create(**{**QUESTION, "model": "gpt-4o"})
    assert sent(vertex)["model"] == "google/gemini-2.5-flash"


def test_a_parameter_that_vertex_ignores_is_told_of_once(client: Client, vertex: Vertex) -> None:
    with pytest.warns(GeminiWarning, match="Vertex AI ignores it") as told:
        client.chat.completions.create(**QUESTION, logprobs=True, top_logprobs=3)
    assert ["logprobs" in str(warning.message) for warning in told] == [True, True]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.chat.completions.create(**QUESTION, logprobs=True)
    with pytest.raises(UnsupportedParameterError, match="logit_bias"):
        client.with_options(unsupported="error").chat.completions.create(
            **QUESTION, logit_bias={"1": 1}
        )


def test_what_vertex_takes_and_the_developer_api_does_not_is_sent(
    client: Client, vertex: Vertex
) -> None:
    safety = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]
    client.chat.completions.create(
        **QUESTION,
        seed=7,
        frequency_penalty=0.5,
        extra_body={"google": {"safety_settings": safety}},
    )
    body = sent(vertex)
    assert (body["seed"], body["frequency_penalty"]) == (7, 0.5)
    assert body["extra_body"]["google"]["safety_settings"] == safety


def test_thoughts_are_asked_for_with_a_marker_and_come_apart(
    client: Client, vertex: Vertex
) -> None:
    answer = client.chat.completions.create(
        **QUESTION, extra_body={"google": {"thinking_config": {"include_thoughts": True}}}
    )
    assert sent(vertex)["extra_body"]["google"]["thought_tag_marker"] == "thought"
    message = answer.choices[0].message
    assert message.content == "[emulator] You said: hi"
    assert "Reading the request" in message.reasoning_content  # type: ignore[attr-defined]


async def test_a_marker_of_the_callers_is_kept_and_read_by(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    options = {"thinking_config": {"include_thoughts": True}, "thought_tag_marker": "ponder"}
    stream = await on_vertex.ask(
        lambda c: c.chat.completions.create(**QUESTION, stream=True, extra_body={"google": options})
    )
    deltas = [chunk.choices[0].delta for chunk in await on_vertex.collect(stream)]
    assert sent(vertex)["extra_body"]["google"]["thought_tag_marker"] == "ponder"
    assert "".join(d.content or "" for d in deltas) == "[emulator] You said: hi"
    thoughts = "".join(getattr(d, "reasoning_content", None) or "" for d in deltas)
    assert thoughts.startswith("**Reading the request**")


def test_the_tier_of_a_call_is_asked_for_by_headers(client: Client) -> None:
    flex = {"X-Vertex-AI-LLM-Shared-Request-Type": "flex"}
    answer: Any = client.chat.completions.create(**QUESTION, extra_headers=flex)
    assert answer.usage.extra_properties["google"]["traffic_type"] == "ON_DEMAND_FLEX"


# --- answers ---


def test_reasoning_is_a_part_of_the_completion_and_extra_properties_are_kept(
    client: Client,
) -> None:
    usage: Any = client.chat.completions.create(**QUESTION).usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens_details.reasoning_tokens == 64
    assert usage.completion_tokens > 64
    assert usage.to_dict()["extra_properties"] == {"google": {"traffic_type": "ON_DEMAND"}}


async def test_streamed_fragments_become_the_calls_they_were(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    """Each repeats the name, and the first of each call has the other's index."""
    vertex.emulator.script(TWO_CALLS, path=CHAT)
    stream = await on_vertex.ask(
        lambda c: c.chat.completions.create(
            **QUESTION,
            tools=TOOLS,
            stream=True,
            extra_body={"google": {"stream_function_call_arguments": True}},
        )
    )
    names, arguments, ids = {0: "", 1: ""}, {0: "", 1: ""}, {0: set[str](), 1: set[str]()}
    for chunk in await on_vertex.collect(stream):
        for call in chunk.choices[0].delta.tool_calls or []:
            names[call.index] += call.function.name or ""
            arguments[call.index] += call.function.arguments or ""
            ids[call.index] |= {call.id} - {None}
    assert names == {0: "get_a", 1: "get_b"}
    assert [json.loads(arguments[i]) for i in (0, 1)] == [{"city": "Rome"}, {"city": "Oslo"}]
    assert [len(found) for found in ids.values()] == [1, 1]


@pytest.mark.parametrize(
    ("name", "model", "text", "total"),
    [
        ("maas_deepseek_stream_doc.sse", "deepseek-ai/deepseek-v3.1-maas", "Hello", 145),
        (
            "xai_grok_stream_from_doc_usage.sse",
            "xai/grok-4.1-fast-reasoning",
            "I am Grok, an AI assistant built by xAI...",
            837,
        ),
    ],
)
async def test_streams_of_other_publishers_read_right(
    on_vertex: VertexWorld, vertex: Vertex, name: str, model: str, text: str, total: int
) -> None:
    """Grok's has its usage in a chunk without choices."""
    recorded = (RECORDED / name).read_bytes()
    answer = Reply(body=recorded, headers={"content-type": "text/event-stream"})
    vertex.emulator.script(answer, path=CHAT)
    stream = await on_vertex.ask(
        lambda c: c.chat.completions.create(**{**QUESTION, "model": model}, stream=True)
    )
    chunks = await on_vertex.collect(stream)
    assert sent(vertex)["model"] == model
    assert {chunk.model for chunk in chunks} == {model}
    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == text
    assert choices[-1].finish_reason == "stop"
    assert [chunk.usage.total_tokens for chunk in chunks if chunk.usage] == [total]


def test_a_signature_survives_the_way_to_the_app_and_back(client: Client, vertex: Vertex) -> None:
    model = "gemini-3-pro-preview"
    said = {"role": "user", "content": "call get_a"}
    ask: Any = client.chat.completions.create
    message = ask(model=model, messages=[said], tools=TOOLS).choices[0].message
    (call, *_) = message.tool_calls
    history = [
        said,
        {  # as apps store it, without Gemini's own fields
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.function.name, "arguments": call.function.arguments},
                }
            ],
        },
        {"role": "tool", "tool_call_id": call.id, "content": "21"},
    ]
    assert ask(model=model, messages=history, tools=TOOLS).choices[0].message.content
    assert vertex.statuses == [200, 200]


# --- errors ---


@pytest.mark.parametrize(
    ("fault", "kind", "words", "recorded"),
    [
        (
            faults.vertex_forbidden("p1"),
            PermissionDeniedError,
            "aiplatform.endpoints.predict",
            "err_403_endpoints_predict_openapi_list.json",
        ),
        (
            faults.vertex_exhausted(),
            RateLimitError,
            "Resource exhausted",
            "err_429_resource_exhausted_list.txt",
        ),
    ],
)
async def test_the_words_of_an_error_are_found_in_a_list(
    on_vertex: VertexWorld,
    vertex: Vertex,
    fault: Reply,
    kind: type[Exception],
    words: str,
    recorded: str,
) -> None:
    """`openai` says "Error code: 403", and nothing else."""
    vertex.emulator.script(fault, path=CHAT)
    with pytest.raises(kind, match=words) as caught:
        await on_vertex.ask(lambda c: c.chat.completions.create(**QUESTION))
    error: Any = caught.value
    assert error.body == json.loads((RECORDED / recorded).read_text())
    assert error.code == str(error.status_code)
    assert error.type == error.body[0]["error"]["status"]


def test_a_model_that_is_missing_in_a_region_brings_a_hint(client: Client) -> None:
    with pytest.raises(NotFoundError, match=r"was not found.*location='global'"):
        client.with_options(location="eu").chat.completions.create(
            **{**QUESTION, "model": "google/gemma4"}
        )
    with pytest.raises(NotFoundError) as caught:
        client.chat.completions.create(**{**QUESTION, "model": "google/gemma4"})
    assert "location='global'" not in str(caught.value)


def test_the_locations_of_a_model_that_is_in_few_are_named(client: Client, vertex: Vertex) -> None:
    message = (
        "Publisher Model `projects/p/locations/us-central1/publishers/google/models/gemini-4-argon`"
        " was not found or your project does not have access to it."
    )
    vertex.emulator.script(Reply(404, json=[{"error": {"code": 404, "message": message}}]))
    with pytest.raises(NotFoundError, match="gemini-4-argon is served in global, us, eu only: try"):
        client.chat.completions.create(**{**QUESTION, "model": "gemini-4-argon"})


def test_a_name_that_is_nearly_right_is_corrected_once_the_models_are_known(
    client: Client, vertex: Vertex
) -> None:
    client.models.list()
    missing = Reply(
        404,
        json=[
            {
                "error": {
                    "code": 404,
                    "message": "Publisher Model `projects/p/locations/eu/publishers/google/models/"
                    "gemini-2.5-flahs` was not found",
                    "status": "NOT_FOUND",
                }
            }
        ],
    )
    vertex.emulator.script(missing)
    with pytest.raises(NotFoundError, match="Did you mean 'gemini-2.5-flash"):
        client.chat.completions.create(**{**QUESTION, "model": "gemini-2.5-flahs"})


# --- models, embeddings, what is absent ---


async def test_models_come_from_the_publishers_catalogue_page_by_page(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    client = on_vertex.client(location="eu")
    models = await on_vertex.collect(client.models.list())
    asked = [r for r in vertex.emulator.requests if r.path.endswith("/models")]
    assert len(asked) > 2
    assert {r.path for r in asked} == {"/v1beta1/publishers/google/models"}
    assert {r.headers["x-goog-user-project"] for r in asked} == {"p"}
    ids = [model.id for model in models]
    assert len(ids) == len({*ids}) > 20 * (len(asked) - 1)
    assert "gemini-2.5-flash" in ids
    assert {model.owned_by for model in models} == {"google"}
    chosen = next(i for i in ids if i == "gemini-2.5-flash")
    answer = await on_vertex.result(client.chat.completions.create(**{**QUESTION, "model": chosen}))
    assert answer.model == "google/gemini-2.5-flash"


async def test_the_project_to_bill_may_be_in_the_base_url(
    on_vertex: VertexWorld, vertex: Vertex
) -> None:
    whole = vertex.emulator.vertex_url("from-the-url")
    await on_vertex.ask(lambda c: c.models.list(), base_url=whole, project=None)
    (asked,) = [r for r in vertex.emulator.requests if r.path.endswith("/models")]
    assert asked.headers["x-goog-user-project"] == "from-the-url"


def test_open_embedding_models_answer(client: Client) -> None:
    model = "intfloat/multilingual-e5-small-maas"
    answer = client.embeddings.create(model=model, input=["one", "two"])
    assert [len(row.embedding) for row in answer.data] == [384, 384]


ABSENT: dict[str, tuple[Any, str]] = {
    "files": (lambda c: c.files.list(), "gs://"),
    "files.create": (lambda c: c.files.create(file=b"x", purpose="batch"), "gs://"),
    "files.content": (lambda c: c.files.content("files/x"), "gs://"),
    "batches": (lambda c: c.batches.list(), "batchPredictionJobs"),
    "batches.create": (
        lambda c: c.batches.create(
            input_file_id="x", endpoint="/v1/chat/completions", completion_window="24h"
        ),
        "batchPredictionJobs",
    ),
    "images": (lambda c: c.images.generate(prompt="a cat"), "through chat"),
    "videos": (lambda c: c.videos.create(prompt="a cat"), "google-genai"),
    "embeddings": (
        lambda c: c.embeddings.create(model="gemini-embedding-001", input="x"),
        "Developer API",
    ),
    "models.retrieve": (lambda c: c.models.retrieve("gemini-2.5-flash"), r"models\.list\(\)"),
    "responses": (lambda c: c.responses.create(model="x", input="y"), "chat.completions"),
}


@pytest.mark.parametrize("name", ABSENT)
async def test_what_vertex_has_not_is_one_error_that_says_what_to_use(
    on_vertex: VertexWorld, vertex: Vertex, name: str
) -> None:
    act, advice = ABSENT[name]
    with pytest.raises(NotSupportedError, match=advice) as caught:
        await on_vertex.ask(act)
    assert name.partition(".")[0] in str(caught.value)
    assert vertex.emulator.requests == []
