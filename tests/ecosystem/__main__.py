"""Measure the frameworks: `PYTHONPATH=tests python -m ecosystem [FRAMEWORK ...]`.

Makes an environment for each with its newest release, does the cases in each way against the
emulator, and writes docs/ecosystem.json and docs/ecosystem.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecosystem import page
from ecosystem.cases import CASES
from ecosystem.catalogue import FRAMEWORKS, WAYS, Subject, framework
from ecosystem.environments import CACHE, Environments
from ecosystem.measure import measure

import gemini_openai
from gemini_openai import transport

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSIONS = "import importlib.metadata as m, sys; print(*(m.version(n) for n in sys.argv[1:]))"


def ways() -> list[str]:
    """The ways that this version of the package has."""
    lacking = set()
    if not hasattr(transport, "openai_client"):
        lacking.add("transport")
    if not hasattr(gemini_openai, "install_as_openai"):
        lacking.add("alias")
    return [way for way in WAYS if way not in lacking]


def versions(python: Path, *names: str) -> list[str]:
    """The versions of packages in an environment."""
    command = [str(python), "-c", VERSIONS, *names]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()


def row(it: Subject, python: Path, chosen: Sequence[str], cases: Sequence[str]) -> dict[str, Any]:
    """What came of a framework in some ways."""
    log_path = CACHE / "logs"
    log_path.mkdir(parents=True, exist_ok=True)
    present = [case for case in CASES if case.name in cases and case.name not in it.absent]
    results = {}
    for way in chosen:
        if way != "alias" and way not in it.lines:
            continue
        with (log_path / f"{it.name}-{way}.txt").open("w", encoding="utf-8") as log:
            results[way] = measure(it.name, python, way, present, log)
        count = sum(result["outcome"] == "pass" for result in results[way].values())
        print(f"{it.title} {way}: {count} of {len(present)}", flush=True)
        for name, result in results[way].items():
            if result["outcome"] == "fail":
                print(f"  {name}: {result['why']}", flush=True)
    package = it.packages[0].partition("[")[0]
    version, openai = versions(python, package, "openai")
    return {"version": version, "openai": openai, "ways": results}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ecosystem", description=__doc__)
    parser.add_argument("frameworks", nargs="*", metavar="FRAMEWORK", help=", ".join(FRAMEWORKS))
    parser.add_argument("--way", action="append", choices=WAYS, help="only this; may be repeated")
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES])
    parser.add_argument("--environments", type=Path, default=CACHE / "environments", metavar="DIR")
    parser.add_argument("--fresh", action="store_true", help="make the environments anew")
    parser.add_argument("--dry", action="store_true", help="print only: write no page")
    given = parser.parse_args()
    environments = Environments(given.environments, fresh=given.fresh)
    names = given.frameworks or FRAMEWORKS
    cases = given.case or [case.name for case in CASES]
    failures = 0
    for name in names:
        it = framework(name)
        python = environments.python(name, it.packages)
        found = row(it, python, given.way or ways(), cases)
        for results in found["ways"].values():
            failures += sum(result["outcome"] == "fail" for result in results.values())
        if not given.dry:
            page.record("frameworks", name, found)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
