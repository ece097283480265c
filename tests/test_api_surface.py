"""A change of the public names and signatures is reviewed, and told to users."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from api_surface import PAGE, digest, surface

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
COMMAND = "python tests/api_surface.py"


def check(written: str, now: str, changelog: str) -> None:
    """Fail with what differs, or with what is to be done."""
    if changed := list(
        difflib.unified_diff(
            written.splitlines(), now.splitlines(), "written down", "now", "", "", 1
        )
    ):
        shown = "\n".join(line.rstrip()[:200] for line in changed[:80])
        pytest.fail(
            f"Public names or signatures changed. If that is meant, run `{COMMAND}`, and say in "
            f"CHANGELOG.md what it is to users.\n{shown}",
            pytrace=False,
        )
    unreleased = changelog.partition("\n## Unreleased")[2].partition("\n## ")[0]
    mark = f"<!-- API surface {digest(now)} -->"
    if mark not in unreleased:
        pytest.fail(
            "tests/api_surface.txt changed, and CHANGELOG.md does not say so. Say under "
            f"`## Unreleased` what it is to users, and put this in place of the line there: {mark}",
            pytrace=False,
        )


def test_public_names_are_as_written_down_and_the_changelog_knows_them() -> None:
    check(PAGE.read_text("utf-8"), surface(), CHANGELOG.read_text("utf-8"))


def test_a_change_of_a_signature_is_shown_with_the_command_that_accepts_it() -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        check("a.f(x)\na.g()\n", "a.f(x, y=1)\na.g()\n", "")
    assert COMMAND in str(caught.value)
    assert "-a.f(x)\n+a.f(x, y=1)" in str(caught.value)


def test_an_accepted_change_that_the_changelog_does_not_have_is_named() -> None:
    told = f"\n## Unreleased\n- none\n## 1.0\n<!-- API surface {digest('a.f()')} -->"
    with pytest.raises(pytest.fail.Exception, match="CHANGELOG") as caught:
        check("a.f()", "a.f()", told)
    mark = re.search("<!--.*-->", str(caught.value))
    assert mark
    check("a.f()", "a.f()", told.replace("- none", mark[0]))


def test_the_surface_has_methods_fields_and_no_inner_names() -> None:
    lines = surface().splitlines()
    assert "gemini_openai.OpenAI(SyncAPIClient, OpenAIOnly)" in lines
    assert "    choices: list[Choice]" in lines
    assert any(line.startswith("gemini_openai.parts.image(source:") for line in lines)
    named = [line.split("(")[0].split(" = ")[0] for line in lines if not line.startswith(" ")]
    assert not [name for name in named if "._" in name or ".dialect." in name]
