"""The examples for clusters: Dask's runs here, in processes; those for Ray and Spark compile."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gemini_openai import OpenAI
from gemini_openai.emulator import Emulator, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

distributed = pytest.importorskip("distributed", reason="Dask is not installed (extra: dev)")

EXAMPLES = Path(__file__).parents[2] / "examples" / "distributed"

# Dask's own, when its event loop and processes end.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def cluster_emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def cluster(cluster_emulator: Emulator) -> Iterator[Any]:
    """Two processes on this machine, with a key and an address in their environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEMINI_API_KEY", "key-of-the-worker")
        patch.delenv("GOOGLE_API_KEY", raising=False)
        patch.setenv("GOOGLE_GEMINI_BASE_URL", cluster_emulator.base_url)
        patch.syspath_prepend(EXAMPLES)
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
            ) as local,
            distributed.Client(local) as client,
        ):
            client.upload_file(str(EXAMPLES / "answering.py"))
            yield client


def clients_made() -> tuple[int, int]:
    """The process, and how many clients it has made."""
    misses = importlib.import_module("answering").worker.cache_info().misses
    return os.getpid(), misses


def ask(client: OpenAI) -> str | None:
    messages: Any = [{"role": "user", "content": "Hello"}]
    completion = client.chat.completions.create(model="gemini-2.5-flash", messages=messages)
    return completion.choices[0].message.content


def test_a_data_set_is_mapped_in_order_with_one_client_for_each_worker(
    cluster: Any, cluster_emulator: Emulator, tmp_path: Path
) -> None:
    with_dask = importlib.import_module("with_dask")
    for part in range(6):
        rows = [{"id": part * 20 + n, "question": f"number {part * 20 + n}"} for n in range(20)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"questions-{part}.jsonl").write_text(lines, encoding="utf-8")
    refusal = Reply(400, json=[{"error": {"code": 400, "message": "Not this one."}}])
    cluster_emulator.reset()
    cluster_emulator.script(refusal, when=lambda request: b'"number 77"' in request.body)

    written = with_dask.answer_files(str(tmp_path / "questions-*.jsonl"), tmp_path, cluster)

    assert len(written) == 6
    texts = [Path(path).read_text(encoding="utf-8") for path in written]
    rows = [json.loads(line) for text in texts for line in text.splitlines()]
    assert [row["id"] for row in rows] == list(range(120))
    assert len(cluster_emulator.requests) == 120
    for row in rows:
        if row["id"] == 77:
            assert row["error"].startswith("BadRequestError")
            assert row["answer"] is None
        else:
            assert row["error"] is None
            assert f"number {row['id']}" in row["answer"]
    made = cluster.run(clients_made).values()
    assert len({pid for pid, _ in made} - {os.getpid()}) == 2
    assert {count for _, count in made} == {1}


def test_a_client_goes_to_the_workers_and_its_key_does_not(
    cluster: Any, cluster_emulator: Emulator
) -> None:
    cluster_emulator.reset()
    with OpenAI(api_key="key-of-the-driver", base_url=cluster_emulator.base_url) as client:
        assert "Hello" in cluster.submit(ask, client, pure=False).result(timeout=30)
    (request,) = cluster_emulator.requests
    assert request.headers["authorization"] == "Bearer key-of-the-worker"


def test_a_quota_is_divided_among_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setenv("GEMINI_API_KEY", "any")
    answering = importlib.import_module("answering")
    share = answering.share_of(rpm=1000, tpm=1_000_000, workers=4)
    assert (share.rpm, share.tpm) == (250, 250_000)
    _, limiter = answering.worker.__wrapped__(share)
    assert (limiter.rpm, limiter.tpm) == (250, 250_000)


@pytest.mark.parametrize("name", ["answering", "with_dask", "with_ray", "with_spark"])
def test_every_example_compiles(name: str) -> None:
    path = EXAMPLES / f"{name}.py"
    compile(path.read_text(encoding="utf-8"), str(path), "exec")
