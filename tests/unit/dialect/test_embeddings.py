"""Embeddings: what is sent, how much at once, and what comes of the answers."""

from __future__ import annotations

import base64
import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest

from gemini_openai.dialect.notes import AnswerError, InvalidRequestError
from gemini_openai.dialect.routes.embeddings import (
    MAX_EMBEDDING_INPUTS,
    adapt_embedding_request,
    adapt_embeddings,
    split_inputs,
    to_base64,
)
from gemini_openai.dialect.settings import make_settings
from gemini_openai.resources.embeddings import joined
from gemini_openai.types import CreateEmbeddingResponse

RECORDED = Path(__file__).parents[2] / "recorded/developer_api"
MODEL = "gemini-embedding-001"


def answer(*vectors: list[float], **more: Any) -> dict[str, Any]:
    """An answer as Gemini sends it: the first has no index, and there is no usage."""
    data: list[dict[str, Any]] = []
    for place, vector in enumerate(vectors):
        index = {"index": place} if place else {}
        data.append({"object": "embedding", "embedding": vector, **index})
    return {"object": "list", "data": data, "model": MODEL, **more}


def body(*texts: str) -> dict[str, Any]:
    return {"model": MODEL, "input": list(texts), "encoding_format": "float"}


@pytest.mark.parametrize("wanted", [{}, {"encoding_format": "base64"}, {"encoding_format": None}])
def test_floats_are_asked_for_on_the_wire(wanted: dict[str, Any]) -> None:
    written = {"model": f"models/{MODEL}", "input": "a", "dimensions": 8, **wanted}
    adapted = adapt_embedding_request(written)
    assert adapted.body == {
        "model": MODEL,
        "input": "a",
        "dimensions": 8,
        "encoding_format": "float",
    }
    assert adapt_embedding_request(adapted.body).body is adapted.body
    assert written.get("encoding_format") == wanted.get("encoding_format")


@pytest.mark.parametrize(
    ("tokens", "place"), [([1, 2], "input"), ([[1, 2], [3]], "input[0]"), (["a", [1]], "input[1]")]
)
def test_token_ids_are_an_error(tokens: Any, place: str) -> None:
    with pytest.raises(InvalidRequestError, match="token ids") as caught:
        adapt_embedding_request({"model": MODEL, "input": tokens})
    assert caught.value.param == place
    assert caught.value.repair == "embedding-tokens"


@pytest.mark.parametrize("nothing", ["", []])
def test_no_input_is_an_error(nothing: Any) -> None:
    with pytest.raises(InvalidRequestError, match="input is empty"):
        adapt_embedding_request({"model": MODEL, "input": nothing})


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["a", "b", ""], "input[2] is empty"),
        (["a", []], "input[1] is empty"),
        (["a", None], "input[1] is null"),
        (["a", 1.5], "input[1] is a number"),
        (["a", {"text": "b"}], "input[1] is an object"),
        (["a", ["b"]], "input[1] is a list"),
        ([{"type": "text", "text": "a"}], "input[0] is a content part of type 'text'"),
        (
            [{"type": "image_url", "image_url": {}}],
            "input[0] is a content part of type 'image_url'",
        ),
        (None, "input is null"),
        ({"a": 1}, "input is an object"),
        (True, "input is a boolean"),
    ],
)
def test_an_input_that_is_no_text_is_an_error_that_names_its_place(inputs: Any, said: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        adapt_embedding_request({"model": MODEL, "input": inputs})
    assert str(caught.value).startswith(said)
    assert "token ids" not in str(caught.value)
    assert caught.value.param == said.partition(" ")[0]
    assert caught.value.repair == "embedding-texts"


def test_the_place_is_the_one_that_the_caller_counts() -> None:
    with pytest.raises(InvalidRequestError, match=r"^input\[230\] is empty"):
        adapt_embedding_request({"model": MODEL, "input": [*["a"] * 30, ""]}, first_input=200)
    whole = body(*["a"] * 230, "", "b")
    with pytest.raises(InvalidRequestError, match=r"^input\[230\] is empty"):
        split_inputs(whole)
    assert len(split_inputs(whole, make_settings(repairs={"embedding-texts": False}))) == 3


def test_nulls_are_not_sent() -> None:
    written = {"model": MODEL, "input": "a", "dimensions": None, "encoding_format": "float"}
    adapted = adapt_embedding_request({**written, "user": None})
    assert adapted.body == {"model": MODEL, "input": "a", "encoding_format": "float"}
    off = make_settings(repairs={"nulls": False})
    assert adapt_embedding_request(written, off).body == written


def test_a_body_without_input_is_the_servers_to_refuse() -> None:
    assert "input" not in adapt_embedding_request({"model": MODEL}).body


def test_up_to_100_texts_are_sent_at_once() -> None:
    for inputs in ("a", ["a"], ["a"] * MAX_EMBEDDING_INPUTS):
        whole = {"model": MODEL, "input": inputs}
        assert split_inputs(whole)[0] is whole


@pytest.mark.parametrize("count", [101, 200, 250])
def test_more_than_100_texts_are_split_and_joined_in_order(count: int) -> None:
    bodies = split_inputs(body(*map(str, range(count))))
    assert [len(part["input"]) for part in bodies] == [
        min(100, count - start) for start in range(0, count, 100)
    ]
    answers = [answer(*([float(text)] for text in part["input"])) for part in bodies]
    answers[0]["usage"] = {"prompt_tokens": 7, "total_tokens": 7}
    adapted = map(adapt_embeddings, answers, bodies)
    whole = joined([CreateEmbeddingResponse.model_validate(value) for value in adapted])
    assert [item.index for item in whole.data] == list(range(count))
    assert [item.embedding for item in whole.data] == [[float(i)] for i in range(count)]
    assert whole.usage.total_tokens == 7


def test_a_missing_index_and_usage_are_filled() -> None:
    name = "embeddings_two_inputs_jq_without_vectors.json"
    recorded = json.loads((RECORDED / name).read_text("utf-8"))
    data = [{**item, "embedding": [0.5]} for item in recorded]
    out = adapt_embeddings({"object": "list", "data": data, "model": MODEL}, body("a", "b"))
    assert [item["index"] for item in out["data"]] == [0, 1]
    assert out["usage"] == {"prompt_tokens": 0, "total_tokens": 0}
    assert "index" not in data[0]
    assert adapt_embeddings(out, body("a", "b")) is out


def test_vectors_out_of_order_are_put_in_order() -> None:
    data = [{"embedding": [1.0], "index": 1}, {"embedding": [0.0], "index": 0}]
    out = adapt_embeddings({"data": data}, body("a", "b"))
    assert [item["embedding"] for item in out["data"]] == [[0.0], [1.0]]


def test_indexes_that_make_no_sense_are_replaced_by_the_place() -> None:
    data = [{"embedding": [0.0]}, {"embedding": [1.0], "index": 0}]
    out = adapt_embeddings({"data": data}, body("a", "b"))
    assert [(item["index"], item["embedding"]) for item in out["data"]] == [(0, [0.0]), (1, [1.0])]


@pytest.mark.parametrize("found", [[], [[1.0]], [[1.0], [2.0], [3.0]]])
def test_fewer_vectors_than_texts_are_an_error(found: list[list[float]]) -> None:
    with pytest.raises(AnswerError, match=f"{len(found)} vectors for 2 texts"):
        adapt_embeddings(answer(*found), body("a", "b"))


def test_one_text_outside_of_a_list_has_one_vector() -> None:
    one = {"model": MODEL, "input": "a"}
    assert len(adapt_embeddings(answer([1.0]), one)["data"]) == 1


def test_base64_is_made_here_as_openai_makes_it() -> None:
    vector = [0.25, -1.5, math.pi]
    out = adapt_embeddings(answer(vector), body("a"), as_base64=True)
    text = out["data"][0]["embedding"]
    assert text == to_base64(vector)
    unpacked = struct.unpack("<3f", base64.b64decode(text))
    assert unpacked == pytest.approx(vector, rel=1e-6)


def test_with_the_repairs_off_one_answer_is_what_came() -> None:
    settings = make_settings(repairs=False)
    came = answer([1.0])
    assert adapt_embeddings(came, body("a", "b"), settings) is came
