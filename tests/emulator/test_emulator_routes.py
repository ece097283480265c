"""Models, embeddings, images, and paths there are not."""

from __future__ import annotations

import base64
import json
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from emulator.wire_reading import shape

from gemini_openai.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx


def test_the_list_of_models_is_the_recorded_one_and_what_came_since(
    http: httpx.Client, recorded: Callable[[str], str]
) -> None:
    theirs = json.loads(recorded("models_list.json"))
    ours = http.get("models").json()
    data, count = ours.pop("data"), len(theirs["data"])
    assert {**ours, "data": data[:count]} == theirs
    assert shape(ours) == shape({"object": "list"})
    assert {"models/gemini-4-argon", "models/gemini-3.8-flash"} <= {m["id"] for m in data[count:]}
    assert all(shape(model) == shape(theirs["data"][0]) for model in data)


def test_one_model_is_found_under_both_names(http: httpx.Client) -> None:
    for name in ("gemini-2.5-flash", "models/gemini-2.5-flash"):
        assert http.get(f"models/{name}").json() == {
            "id": "models/gemini-2.5-flash",
            "object": "model",
            "owned_by": "google",
            "display_name": "Gemini 2.5 Flash",
        }
    missing = http.get("models/gpt-4o")
    assert (missing.status_code, missing.json()[0]["error"]["status"]) == (404, "NOT_FOUND")


def test_models_can_be_openais_way(web: httpx.Client) -> None:
    quirks = {"model_ids_prefixed": False, "model_created_missing": False}
    with Emulator(quirks=quirks, models=["mine"]) as emulator:
        headers = {"Authorization": "Bearer k"}
        models = web.get(emulator.base_url + "models", headers=headers).json()["data"]
        assert models[1]["id"] == "gemini-2.5-flash"
        assert models[-1]["id"] == "mine"
        assert all(isinstance(model["created"], int) for model in models)


def embed(http: httpx.Client, input: Any, quirks: str = "", **fields: Any) -> httpx.Response:
    body = {"model": "gemini-embedding-001", "input": input, **fields}
    return http.post("embeddings", json=body, headers={"x-emulator-quirks": quirks})


def test_embeddings_have_the_recorded_keys(
    http: httpx.Client, recorded: Callable[[str], str]
) -> None:
    answer = embed(http, ["one", "two"]).json()
    theirs = json.loads(recorded("embeddings_two_inputs_jq_without_vectors.json"))
    ours = [{k: v for k, v in item.items() if k != "embedding"} for item in answer["data"]]
    assert ours == theirs
    assert [*answer] == ["object", "data", "model"]


def test_a_vector_has_unit_length_and_depends_on_its_text_alone(http: httpx.Client) -> None:
    one, two = (item["embedding"] for item in embed(http, ["one", "two"]).json()["data"])
    assert len(one) == len(two) == 3072
    assert math.isclose(math.hypot(*one), 1, rel_tol=1e-6)
    assert one != two
    (short,) = embed(http, "one", dimensions=2).json()["data"]
    assert math.isclose(
        short["embedding"][0] / short["embedding"][1], one[0] / one[1], rel_tol=1e-5
    )
    assert embed(http, "one").json()["data"][0]["embedding"] == one


def test_base64_holds_the_same_float32_values(http: httpx.Client) -> None:
    text = embed(http, "one", encoding_format="base64", dimensions=8).json()
    floats = embed(http, "one", encoding_format="float", dimensions=8).json()
    packed = base64.b64decode(text["data"][0]["embedding"])
    assert [*struct.unpack("<8f", packed)] == floats["data"][0]["embedding"]


@pytest.mark.parametrize(
    ("input", "fields", "message"),
    [
        (["x"] * 101, {}, "BatchEmbedContentsRequest.requests: at most 100 requests"),
        ([1, 2, 3], {}, "Request contains an invalid argument."),
        ([[1, 2]], {}, "Request contains an invalid argument."),
        ([], {}, "Request contains an invalid argument."),
        ("x", {"user": "me"}, 'Invalid JSON payload received. Unknown name "user"'),
        ("x", {"dimensions": 0}, "Request contains an invalid argument."),
        ("x", {"model": "gemini-2.5-flash"}, "models/gemini-2.5-flash is not found"),
    ],
)
def test_embeddings_that_cannot_be_made(
    http: httpx.Client, input: Any, fields: dict[str, Any], message: str
) -> None:
    response = embed(http, input, **fields)
    assert response.status_code == (404 if "not found" in message else 400)
    assert response.json()[0]["error"]["message"].startswith(message)


def test_the_quirks_of_embeddings(http: httpx.Client) -> None:
    fused = embed(http, ["one", "two"], "embeddings_fused").json()
    assert len(fused["data"]) == 1
    refused = embed(http, "one", "base64_refused", encoding_format="base64")
    assert refused.status_code == 400
    plain = embed(http, ["one"], "-embedding_index_missing, -embedding_usage_missing").json()
    assert plain["data"][0]["index"] == 0
    assert plain["usage"] == {"prompt_tokens": 1, "total_tokens": 1}


def draw(http: httpx.Client, quirks: str = "", **fields: Any) -> httpx.Response:
    body = {"model": "gemini-2.5-flash-image", "prompt": "A red square", **fields}
    return http.post("images/generations", json=body, headers={"x-emulator-quirks": quirks})


def test_an_image_is_a_picture_and_has_no_created(http: httpx.Client) -> None:
    answer = draw(http, n=2, size="1024x1024", anything="is ignored").json()
    assert [*answer] == ["data"]
    first, second = (base64.b64decode(item["b64_json"]) for item in answer["data"])
    assert first != second
    assert first.startswith(b"\x89PNG\r\n\x1a\n")
    position = 8
    kinds: list[bytes] = []
    while position < len(first):
        (length,) = struct.unpack(">I", first[position : position + 4])
        kind = first[position + 4 : position + 8]
        data = first[position + 8 : position + 8 + length]
        (check,) = struct.unpack(">I", first[position + 8 + length : position + 12 + length])
        assert check == zlib.crc32(kind + data)
        if kind == b"IDAT":
            assert len(zlib.decompress(data)) == 8 * (1 + 3 * 8)
        kinds.append(kind)
        position += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert draw(http, "-image_created_missing").json()["created"] == 1769093697


def test_images_that_cannot_be_made(http: httpx.Client) -> None:
    assert draw(http, model="gemini-2.5-flash").status_code == 404
    assert draw(http, prompt="").status_code == 400
    assert draw(http, response_format="url").status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1beta/openai/responses"),
        ("GET", "/v1beta/openai/chat/completions"),
        ("GET", "/v1beta/openai/files"),
        ("GET", "/<script>"),
    ],
)
def test_an_unknown_path_is_a_page(
    web: httpx.Client, emulator: Emulator, method: str, path: str
) -> None:
    response = web.request(method, emulator.origin + path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=UTF-8"
    assert "Error 404 (Not Found)!!1" in response.text
    assert "<script>" not in response.text


def test_an_extra_v1_in_the_path_is_answered(web: httpx.Client, emulator: Emulator) -> None:
    headers = {"Authorization": "Bearer k"}
    assert web.get(emulator.base_url + "v1/models", headers=headers).status_code == 200
