"""`gemini-openai embed`, as a command against the emulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gemini_openai import OpenAI
from gemini_openai.cli.app import app
from gemini_openai.emulator import Emulator, Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REFUSAL = Reply(400, json=[{"error": {"code": 400, "message": "Not this one."}}])


@pytest.fixture
def run(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("GEMINI_API_KEY", "any")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", emulator.base_url)

    def invoke(*words: object, **more: Any) -> Any:
        arguments = ["embed", *map(str, words), "--dimensions", "3", "--concurrency", "1"]
        return CliRunner().invoke(app, arguments, **more)

    return invoke


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.txt"
    path.write_text("".join(f"text {number}\n" for number in range(250)), encoding="utf-8")
    return path


def expected(emulator: Emulator, number: int) -> list[float]:
    with OpenAI(api_key="any", base_url=emulator.base_url) as client:
        answer = client.embeddings.create(
            model="gemini-embedding-001", input=f"text {number}", dimensions=3
        )
    return answer.data[0].embedding


def rows_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_becomes_a_row_in_its_place(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    output = tmp_path / "vectors.jsonl"
    outcome = run(texts, "-o", output)
    assert outcome.exit_code == 0, outcome.output
    assert "250 vectors in" in outcome.stderr
    assert len(emulator.requests) == 3
    rows = rows_of(output)
    assert [row["index"] for row in rows] == list(range(250))
    assert rows[123]["embedding"] == expected(emulator, 123)


def test_numpy_reads_what_is_written_for_it(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    output = tmp_path / "vectors.npy"
    assert run(texts, "-o", output).exit_code == 0
    vectors = np.load(output)
    assert vectors.dtype == np.float32
    assert vectors.shape == (250, 3)
    assert np.allclose(vectors[249], expected(emulator, 249))


def test_after_a_failure_what_was_paid_for_is_there_and_the_rest_can_follow(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    output = tmp_path / "vectors.jsonl"
    emulator.script(REFUSAL, when=lambda request: b'"text 200"' in request.body)
    failed = run(texts, "-o", output)
    assert failed.exit_code == 1
    assert "Not this one." in failed.stderr
    assert "texts 200 to 249" in failed.stderr
    assert "--resume" in failed.stderr
    assert len(rows_of(output)) == 200
    with output.open("a", encoding="utf-8") as file:
        file.write('{"index": 200, "embe')  # as a process leaves it that was killed
    asked = len(emulator.requests)
    assert run(texts, "-o", output, "--resume").exit_code == 0
    assert len(emulator.requests) == asked + 1
    rows = rows_of(output)
    assert [row["index"] for row in rows] == list(range(250))
    assert rows[200]["embedding"] == expected(emulator, 200)


def test_after_a_failure_an_array_has_the_rows_before_it(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    output = tmp_path / "vectors.npy"
    emulator.script(REFUSAL, when=lambda request: b'"text 200"' in request.body)
    assert run(texts, "-o", output).exit_code == 1
    assert np.load(output).shape == (200, 3)


def test_an_output_that_is_there_is_not_written_over_unasked(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    output = tmp_path / "vectors.jsonl"
    output.write_text("precious\n", encoding="utf-8")
    assert "--resume" in run(texts, "-o", output).stderr
    assert "line 1 is not the row of text 0" in run(texts, "-o", output, "--resume").stderr
    assert output.read_text(encoding="utf-8") == "precious\n"
    assert emulator.requests == []
    assert run(texts, "-o", output, "--force").exit_code == 0
    assert len(rows_of(output)) == 250


def test_texts_may_be_json_lines(
    run: Callable[..., Any], tmp_path: Path, emulator: Emulator
) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('"text 0"\n{"text": "two\\nlines", "id": 7}\n', encoding="utf-8")
    assert run(texts, "-o", tmp_path / "vectors.jsonl").exit_code == 0
    assert emulator.requests[0].json["input"] == ["text 0", "two\nlines"]


def test_texts_may_come_through_a_pipe(
    run: Callable[..., Any], tmp_path: Path, emulator: Emulator
) -> None:
    outcome = run("-", "-o", tmp_path / "vectors.jsonl", input="one\ntwo\n")
    assert outcome.exit_code == 0, outcome.output
    assert emulator.requests[0].json["input"] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.txt", "one\n\nthree\n", "line 2 is blank"),
        ("t.txt", "", "has no texts"),
        ("t.jsonl", '"one"\n{"txt": 1}\n', "line 2 has no text"),
        ("t.jsonl", '"one"\n{"text": \n', "line 2 is not JSON"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_sent(
    run: Callable[..., Any],
    tmp_path: Path,
    emulator: Emulator,
    name: str,
    content: str,
    told: str,
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    outcome = run(tmp_path / name, "-o", tmp_path / "vectors.jsonl")
    assert outcome.exit_code == 1
    assert told in outcome.stderr
    assert emulator.requests == []
    assert not (tmp_path / "vectors.jsonl").exists()


def test_a_model_that_makes_no_vectors_is_named_before_anything_is_sent(
    run: Callable[..., Any], texts: Path, tmp_path: Path, emulator: Emulator
) -> None:
    outcome = run(texts, "-o", tmp_path / "vectors.jsonl", "--model", "gemini-2.5-flash")
    assert outcome.exit_code == 1
    assert "gemini-2.5-flash is a model for chat, and makes no vectors" in outcome.stderr
    assert emulator.requests == []
    assert not (tmp_path / "vectors.jsonl").exists()


def test_without_a_key_no_output_is_begun(
    run: Callable[..., Any], texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    assert run(texts, "-o", tmp_path / "vectors.jsonl").exit_code == 1
    assert not (tmp_path / "vectors.jsonl").exists()


def test_a_file_that_is_not_there_is_named(run: Callable[..., Any], tmp_path: Path) -> None:
    outcome = run(tmp_path / "missing.txt", "-o", tmp_path / "vectors.jsonl")
    assert outcome.exit_code == 1
    assert "missing.txt" in outcome.stderr
