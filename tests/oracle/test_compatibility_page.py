"""`docs/compatibility.md` is what `oracle.compatibility` makes of the packages as installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import openai.resources.chat.completions
import openai.types.chat.chat_completion_chunk
import pydantic.fields
import pytest
from oracle.surface import unknown_names

ROOT = Path(__file__).parents[2]
COMMAND = "PYTHONPATH=tests python -m oracle.compatibility > docs/compatibility.md"


@pytest.mark.process
def test_the_page_is_what_is_true_of_both_packages() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    if f"`openai` {openai.__version__} " not in page:
        # It counts what is out of our scope too, so it may differ where nothing is missing here.
        assert_nothing_is_unknown()
        return
    # In a process of its own: what is there must not depend on what tests have imported.
    made = subprocess.run(
        [sys.executable, "-W", "error", "-m", "oracle.compatibility"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert page == made.stdout, f"make it anew: {COMMAND}"
    assert COMMAND in page


def test_another_openai_with_nothing_new_in_our_scope_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai, "__version__", "99.0.0")
    test_the_page_is_what_is_true_of_both_packages()


@pytest.mark.parametrize(
    ("where", "name", "value", "shown"),
    [
        (openai, "novelty", 1, "openai.novelty"),
        (openai.OpenAI, "novelty", 1, "OpenAI.novelty"),
        (
            openai.resources.chat.completions.Completions,
            "novelty",
            lambda _: None,
            "Completions.novelty",
        ),
        (
            openai.resources.chat.completions.Completions,
            "create",
            lambda self, messages, novelty: None,
            "Completions.create(novelty=…)",
        ),
        (
            openai.types.chat.chat_completion_chunk,
            "Novelty",
            type("Novelty", (), {"__module__": "openai.types.chat.chat_completion_chunk"}),
            "openai.types.chat.chat_completion_chunk.Novelty",
        ),
    ],
)
def test_another_openai_with_something_new_in_our_scope_fails_and_names_it(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, value: Any, shown: str
) -> None:
    monkeypatch.setattr(openai, "__version__", "99.0.0")
    monkeypatch.setattr(where, name, value, raising=False)
    with pytest.raises(pytest.fail.Exception, match=r"99\.0\.0.*oracle/differences") as caught:
        test_the_page_is_what_is_true_of_both_packages()
    assert shown in str(caught.value).splitlines()


def test_a_new_field_and_a_new_value_of_a_field_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from typing import Literal

    from openai.types.chat.chat_completion_chunk import Choice

    changed = {
        **Choice.model_fields,
        "novelty": pydantic.fields.FieldInfo(annotation=str),
        "finish_reason": pydantic.fields.FieldInfo(annotation=Literal["stop", "new"] | None),  # type: ignore[arg-type]
    }
    monkeypatch.setattr(Choice, "__pydantic_fields__", changed)
    where = "openai.types.chat.chat_completion_chunk.Choice"
    assert unknown_names() == [f"{where}.finish_reason: 'new'", f"{where}.novelty"]


def assert_nothing_is_unknown() -> None:
    if unknown := unknown_names():
        shown = "\n".join(unknown)
        pytest.fail(
            f"openai {openai.__version__} has what is neither here nor in "
            f"tests/oracle/differences.py:\n{shown}"
        )
