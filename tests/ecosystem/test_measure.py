"""The cases themselves, with no framework between: each way in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ecosystem.__main__ import lost, pinned, ways
from ecosystem.cases import CASES
from ecosystem.catalogue import subject
from ecosystem.measure import Result, measure


def results(way: str, tmp_path: Path) -> dict[str, Result]:
    with (tmp_path / "log.txt").open("w", encoding="utf-8") as log:
        return measure("frameworks.openai", Path(sys.executable), way, CASES, log)


@pytest.mark.process
@pytest.mark.parametrize("way", [way for way in ways() if way != "plain"])
def test_every_case_passes_in_each_way_of_ours(way: str, tmp_path: Path) -> None:
    failures = {
        case: result["why"]
        for case, result in results(way, tmp_path).items()
        if result["outcome"] != "pass"
    }
    assert not failures


@pytest.mark.process
def test_without_us_nothing_passes_but_plain_text(tmp_path: Path) -> None:
    found = results("plain", tmp_path)
    assert "45 were spent" in found["answer"]["why"]
    assert "thought_signature" in found["tools"]["why"] or "400" in found["tools"]["why"]
    assert {case for case, result in found.items() if result["outcome"] == "pass"} == set()


@pytest.mark.process
def test_what_cannot_be_imported_is_the_reason_in_every_case(tmp_path: Path) -> None:
    with (tmp_path / "log.txt").open("w", encoding="utf-8") as log:
        found = measure("frameworks.absent", Path(sys.executable), "plain", CASES, log)
    assert found.keys() == {case.name for case in CASES}
    assert all("ModuleNotFoundError" in result["why"] for result in found.values())


def test_what_passed_and_fails_now_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    ok, bad = {"outcome": "pass", "why": ""}, {"outcome": "fail", "why": "no end"}
    before = {"client": {"answer": ok, "stream": bad}}
    assert lost(before, {"client": {"answer": ok, "stream": bad}, "alias": {"answer": bad}}) == 0
    assert lost(before, {"client": {"answer": bad, "stream": ok}}) == 1
    assert capsys.readouterr().out == "lost: answer by client\n"


def test_a_check_installs_the_versions_that_were_measured() -> None:
    it = subject("frameworks", "outlines")
    assert pinned(it, {"version": "1.2", "openai": "3.4"}) == ["outlines==1.2", "openai==3.4"]
    assert pinned(it, {}) == it.packages
