"""`docs/compatibility.md` is what `oracle.compatibility` makes of the packages as installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import openai
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "PYTHONPATH=tests python -m oracle.compatibility > docs/compatibility.md"


def test_the_page_is_what_is_true_of_both_packages() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    if f"`openai` {openai.__version__} " not in page:
        pytest.skip(f"the page is about another openai than {openai.__version__}: {COMMAND}")
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
