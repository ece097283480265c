"""Bodies that Google's servers sent, read by pydantic alone: no repair, no salvage.

Where one does not fit, the decoder takes its slow path, so the exceptions are listed with a reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pydantic
import pytest

from gemini_openai.types import CreateEmbeddingResponse, Model
from gemini_openai.types.chat import ChatCompletion, ChatCompletionChunk
from gemini_openai.types.completion_usage import CompletionUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = Path(__file__).parent.parent / "recorded"

DO_NOT_FIT = {
    "batch_output_chat.jsonl": "camelCase inside the body, `created` as text",
    "maas_deepseek_response_minimised.json": "shortened by who published it: no `created`",
}


def chat_bodies() -> Iterator[tuple[str, type[ChatCompletion | ChatCompletionChunk], str]]:
    """File name, type and text of each recorded answer or piece of one."""
    for path in sorted([*RECORDED.glob("developer_api/*"), *RECORDED.glob("vertex/*")]):
        text = path.read_text("utf-8")
        if path.suffix == ".sse":
            bodies = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
        elif path.suffix == ".ndjson" or path.name.startswith("chat_nonstream_thinking"):
            bodies = text.splitlines()
        elif path.name == "batch_output_chat.jsonl":
            bodies = [
                json.dumps(json.loads(line)["response"]["body"]) for line in text.splitlines()
            ]
        elif path.suffix == ".json":
            bodies = [text]
        else:
            continue
        for body in bodies:
            kind = json.loads(body)
            if not isinstance(kind, dict):
                continue
            if kind.get("object") == "chat.completion":
                yield path.name, ChatCompletion, body
            elif kind.get("object") == "chat.completion.chunk":
                yield path.name, ChatCompletionChunk, body


BODIES = [pytest.param(*body, id=f"{body[0]}-{i}") for i, body in enumerate(chat_bodies())]


def test_the_recordings_were_found() -> None:
    names = {name for name, _, _ in chat_bodies()}
    assert len(names) >= 20
    assert set(DO_NOT_FIT) <= names


@pytest.mark.parametrize(("name", "model", "body"), BODIES)
def test_a_recorded_chat_body_fits(
    name: str, model: type[ChatCompletion | ChatCompletionChunk], body: str
) -> None:
    if name in DO_NOT_FIT:
        with pytest.raises(pydantic.ValidationError):
            model.model_validate_json(body)
    else:
        assert json.loads(model.model_validate_json(body).to_json()) == json.loads(body)


def test_the_list_of_models_fits() -> None:
    listed = json.loads((RECORDED / "developer_api/models_list.json").read_text("utf-8"))
    models = [Model.model_validate(model) for model in listed["data"]]
    assert len(models) == 53
    assert {(model.created, model.owned_by) for model in models} == {(0, "google")}
    assert [model.to_dict() for model in models] == listed["data"]


def test_embeddings_without_usage_and_first_index_fit() -> None:
    path = RECORDED / "developer_api/embeddings_two_inputs_jq_without_vectors.json"
    data = [{**item, "embedding": [0.5]} for item in json.loads(path.read_text("utf-8"))]
    body = {"object": "list", "data": data, "model": "gemini-embedding-001"}
    answer = CreateEmbeddingResponse.model_validate_json(json.dumps(body))
    assert [item.index for item in answer.data] == [0, 1]
    assert (answer.usage.prompt_tokens, answer.usage.total_tokens) == (0, 0)
    assert answer.to_dict() == body


def test_a_streamed_tool_call_has_an_index_and_its_chunk_an_id() -> None:
    text = (RECORDED / "developer_api/chat_stream_forced_tool_call_bool.sse").read_text("utf-8")
    chunk = ChatCompletionChunk.model_validate_json(text.splitlines()[0][6:])
    calls = chunk.choices[0].delta.tool_calls
    assert calls is not None
    assert (chunk.id, calls[0].index, calls[0].id) == ("", 0, "")


def test_usage_fits_as_either_service_counts() -> None:
    text = (RECORDED / "vertex/usage_vertex_vs_devapi_fixture.txt").read_text("utf-8")
    vertex, developer = (
        CompletionUsage.model_validate_json(line.split(" ", 1)[1]) for line in text.splitlines()
    )
    assert vertex.completion_tokens_details is not None
    assert vertex.completion_tokens_details.reasoning_tokens == 20
    assert developer.completion_tokens_details is None
    assert developer.total_tokens == 2023


@pytest.mark.parametrize("field", ["choices", "created", "model", "object"])
def test_an_answer_without_what_every_server_sends_is_refused(field: str) -> None:
    body = json.loads((RECORDED / "developer_api/chat_nonstream_text.json").read_text("utf-8"))
    del body[field]
    with pytest.raises(pydantic.ValidationError, match=field):
        ChatCompletion.model_validate(body)
