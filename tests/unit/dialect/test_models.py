"""Model names, both ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gemini_openai.dialect.models import (
    adapt_model,
    adapt_model_list,
    generation,
    is_gemini,
    requires_signatures,
    suggest_models,
    wire_model,
    with_wire_model,
)
from gemini_openai.dialect.settings import DEFAULT_SETTINGS, make_settings

RECORDED = Path(__file__).parents[2] / "recorded"
VERTEX = make_settings(backend="vertex")
LISTED = json.loads((RECORDED / "developer_api/models_list.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("written", "developer", "vertex"),
    [
        ("gemini-2.5-flash", "gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("google/gemini-2.5-flash", "gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("publishers/google/models/gemini-x", "gemini-x", "google/gemini-x"),
        ("meta/llama-4-maas", "meta/llama-4-maas", "meta/llama-4-maas"),
        ("tunedModels/mine", "tunedModels/mine", "tunedModels/mine"),
        ("publishers/meta/models/llama-4-maas", "meta/llama-4-maas", "meta/llama-4-maas"),
        ("projects/p/locations/us/publishers/google/models/x", "x", "google/x"),
        ("projects/p/locations/us/publishers/meta/models/y", "meta/y", "meta/y"),
        ("gemini/gemini-2.5-flash", "gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("vertex_ai/gemini-2.5-flash", "gemini-2.5-flash", "google/gemini-2.5-flash"),
        ("gemini-2.5-flash@001", "gemini-2.5-flash@001", "google/gemini-2.5-flash@001"),
        ("gemini/other", "gemini/other", "gemini/other"),
    ],
)
def test_a_model_gets_the_name_its_backend_wants(written: str, developer: str, vertex: str) -> None:
    assert wire_model(written, DEFAULT_SETTINGS) == developer
    assert wire_model(written, VERTEX) == vertex
    assert wire_model(developer, DEFAULT_SETTINGS) == developer
    assert wire_model(vertex, VERTEX) == vertex


def test_an_app_keeps_its_own_model_names() -> None:
    names = {"gpt-4o": "gemini-flash-latest", "gpt-4o-mini": "models/gemini-flash-lite-latest"}
    developer = make_settings(model_map=names)
    assert wire_model("gpt-4o", developer) == "gemini-flash-latest"
    assert wire_model("gpt-4o-mini", developer) == "gemini-flash-lite-latest"
    assert wire_model("gemini-2.5-pro", developer) == "gemini-2.5-pro"
    vertex = make_settings(backend="vertex", model_map=names)
    assert wire_model("gpt-4o", vertex) == "google/gemini-flash-latest"


def test_the_name_of_a_self_deployed_model_has_no_publisher() -> None:
    names = {"gpt-4o": "gemma-2-9b-it"}
    deployed = make_settings(backend="vertex", self_deployed=True, model_map=names)
    for written in ("gemma-2-9b-it", "google/gemma-3-12b-it", "meta-llama/Llama-3.1-8B"):
        assert wire_model(written, deployed) == written
    assert wire_model("gpt-4o", deployed) == "gemma-2-9b-it"


def test_a_changed_name_is_noted_and_an_unchanged_body_given_back() -> None:
    body = {"model": "models/gemini-x", "input": "a"}
    adapted = with_wire_model(body, DEFAULT_SETTINGS)
    assert adapted.body == {"model": "gemini-x", "input": "a"}
    assert [note.repair for note in adapted.notes] == ["model-names"]
    assert body["model"] == "models/gemini-x"
    assert with_wire_model(adapted.body, DEFAULT_SETTINGS).body is adapted.body


@pytest.mark.parametrize(
    ("model", "version", "signed"),
    [
        ("gemini-3-pro-preview", 3, True),
        ("google/gemini-3.1-flash-lite", 3, True),
        ("gemini-10-pro", 10, True),
        ("gemini-flash-latest", None, True),
        ("nano-banana-pro-preview", None, True),
        ("gemini-2.5-pro", 2, False),
        ("models/gemini-1.5-flash", 1, False),
        ("gemma-3-27b-it", None, False),
        ("gemini-exp-1206", None, False),
        ("meta/llama-4-maas", None, False),
    ],
)
def test_gemini_3_and_names_without_a_version_want_their_signatures(
    model: str, version: int | None, signed: bool
) -> None:
    assert generation(model) == version
    assert requires_signatures(model) is signed


def test_other_publishers_on_vertex_are_told_from_google() -> None:
    assert is_gemini("google/gemini-x")
    assert is_gemini("gemini-x")
    assert is_gemini("tunedModels/mine")
    assert not is_gemini("xai/grok-4")


def test_listed_ids_are_bare_and_created_is_there() -> None:
    listed = adapt_model_list(LISTED, DEFAULT_SETTINGS)
    assert len(listed["data"]) == 53
    assert all("/" not in model["id"] and model["created"] == 0 for model in listed["data"])
    assert listed["data"][1]["display_name"] == "Gemini 2.5 Flash"
    assert LISTED["data"][1]["id"] == "models/gemini-2.5-flash"
    assert adapt_model_list(listed, DEFAULT_SETTINGS) == listed


def test_the_time_of_a_model_is_kept_where_it_is_given() -> None:
    assert adapt_model({"id": "models/x", "created": "1763164273"}, DEFAULT_SETTINGS) == {
        "id": "x",
        "created": 1763164273,
    }


def test_an_unknown_model_gets_the_nearest_names() -> None:
    message = (
        "models/gemini-2.5-flsh is not found for API version v1main, or is not supported for "
        "generateContent."
    )
    known = [model["id"] for model in LISTED["data"]]
    hint = suggest_models(message, known, DEFAULT_SETTINGS)
    assert hint is not None
    assert hint.startswith("Did you mean 'gemini-2.5-flash'")
    vertex = "Publisher Model `projects/p/locations/global/publishers/google/models/gemini-2.5-por`"
    assert "'gemini-2.5-pro'" in str(suggest_models(vertex, known, DEFAULT_SETTINGS))


def test_nothing_is_suggested_where_nothing_is_near_or_known() -> None:
    message = "models/llama-70b is not found"
    assert suggest_models(message, ["models/gemini-2.5-flash"], DEFAULT_SETTINGS) is None
    assert (
        suggest_models("Request contains an invalid argument.", ["models/x"], DEFAULT_SETTINGS)
        is None
    )


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            "gpt-4o",
            "gpt-4o is not a model of Google's. Use 'gemini-flash-latest', or keep the name",
        ),
        ("gpt-4o", "model_map={'gpt-4o': 'gemini-flash-latest'}"),
        ("o3-mini", "'gemini-flash-latest'"),
        ("text-embedding-3-small", "'gemini-embedding-001'"),
        ("dall-e-3", "'gemini-3.1-flash-image'"),
        ("gemini-2.0-flash", "was to be shut down on 2026-06-01; Google recommends 'gemini-3.6-fl"),
        ("gemini-2.0-flash-001", "Google recommends 'gemini-3.6-flash' now"),
        ("imagen-3.0-generate-002", "Google recommends 'gemini-3.1-flash-image' now"),
        ("gemini-3.8-flsh", "Did you mean 'gemini-3.8-flash'"),
    ],
)
def test_the_error_about_a_model_names_the_one_to_use(model: str, words: str) -> None:
    message = f"models/{model} is not found for API version v1main, or is not supported"
    assert words in str(suggest_models(message, [], DEFAULT_SETTINGS))
