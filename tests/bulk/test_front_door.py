"""Where what is done in bulk is imported from, and where its methods hang."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

from gemini_openai import AsyncOpenAI, OpenAI, bulk, resources
from gemini_openai.bulk import resources as bulk_resources

CLIENTS = [OpenAI(api_key="k"), AsyncOpenAI(api_key="k")]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            "gemini_openai.lib.batches",
            "AsyncBatchRun BatchError BatchProgress BatchResult BatchRowError BatchRun read_output",
        ),
        ("gemini_openai.lib.rate_limit", "RateLimiter"),
    ],
)
def test_the_old_paths_give_what_the_front_door_gives(path: str, names: str) -> None:
    module = importlib.import_module(path)
    for name in names.split():
        assert getattr(module, name) is getattr(bulk, name)


@pytest.mark.parametrize("client", CLIENTS, ids=["blocking", "async"])
def test_resources_have_openais_methods_and_clients_have_ours_too(client: Any) -> None:
    for name, ours in (("batches", "run"), ("embeddings", "create_many")):
        resource = type(getattr(client, name))
        assert resource is getattr(bulk_resources, resource.__name__)
        assert issubclass(resource, getattr(resources, resource.__name__))
        assert not hasattr(getattr(resources, resource.__name__), ours)


@pytest.mark.parametrize("client", CLIENTS, ids=["blocking", "async"])
def test_a_signature_names_every_keyword(client: Any) -> None:
    of_run = inspect.signature(client.batches.run).parameters
    assert [*of_run][:5] == [
        "requests",
        "response_format",
        "directory",
        "resume",
        "begin_lost_jobs",
    ]
    assert {"on_progress", "max_poll_interval", "model", "thinking_level"} <= {*of_run}
    of_many = inspect.signature(client.embeddings.create_many).parameters
    assert {"texts", "as_numpy", "model", "concurrency", "rpm", "on_progress"} <= {*of_many}
    of_map = inspect.signature(client.map).parameters
    assert {"requests", "call", "tokens", "ordered", "limiter"} <= {*of_map}
    with pytest.raises(
        TypeError, match=r"Map\.__call__\(\) got an unexpected keyword argument 'rmp'"
    ):
        client.map([], rmp=5)
