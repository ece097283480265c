"""What docs/ecosystem.md says was measured, and nothing that passes may be lost unseen."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from ecosystem import page
from ecosystem.cases import CASES, TRACED
from ecosystem.catalogue import GROUPS, WAYS, subject

FILES = [(group, name) for group, names in GROUPS.items() for name in names]


def test_the_page_is_what_was_measured() -> None:
    assert page.PAGE.read_text("utf-8") == page.page(page.measured())


@pytest.mark.parametrize(("group", "name"), FILES)
def test_every_framework_and_tracer_is_measured_in_every_case_or_says_why_not(
    group: str, name: str
) -> None:
    it = subject(group, name)
    cases = {case.name for case in (CASES if group == "frameworks" else TRACED)}
    assert it.absent.keys() <= cases
    for way, results in page.measured()[group][name]["ways"].items():
        assert way in WAYS
        assert results.keys() == cases - it.absent.keys(), way


@pytest.mark.parametrize("name", GROUPS["frameworks"])
def test_a_framework_has_lines_for_each_way(name: str) -> None:
    lines = subject("frameworks", name).lines
    assert lines.keys() == {"plain", "client", "transport"}  # an alias needs none
    assert all("gemini_openai" in lines[way] for way in ("client", "transport"))
    for text in lines.values():
        ast.parse(text)


def test_a_failure_that_was_measured_has_a_reason() -> None:
    results = json.loads(page.MEASURED.read_text("utf-8"))
    for group in GROUPS:
        for name, found in results[group].items():
            for way, cases in found["ways"].items():
                for case, result in cases.items():
                    assert (result["outcome"] == "fail") == bool(result["why"]), (name, way, case)


def test_every_file_of_a_folder_is_in_the_catalogue() -> None:
    here = Path(__file__).parent
    frameworks = {file.stem for file in (here / "frameworks").glob("*.py")}
    tracers = {file.stem for file in (here / "tracers").glob("*.py")} - {"spans"}
    assert frameworks == {*GROUPS["frameworks"]}
    assert tracers == {*GROUPS["tracers"]}
