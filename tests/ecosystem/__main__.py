"""Measure frameworks and tracers: `PYTHONPATH=tests python -m ecosystem [NAME ...]`.

Makes an environment for each with its newest release, does the cases in each way against the
emulator, and writes docs/ecosystem.json and docs/ecosystem.md. What a process printed, and the
requests of what failed, are in `.ecosystem/logs`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecosystem import page
from ecosystem.cases import CASES, TRACED
from ecosystem.catalogue import FRAMEWORKS, GROUPS, TRACERS, WAYS, Subject, subject
from ecosystem.environments import CACHE, Environments
from ecosystem.measure import measure

import gemini_openai
from gemini_openai import transport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return run.stdout.split()


def row(it: Subject, python: Path, chosen: Sequence[str], cases: Sequence[str]) -> dict[str, Any]:
    """What came of a framework or tracer in some ways."""
    logs = CACHE / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    tried = [
        case
        for case in (CASES if it.group == "frameworks" else TRACED)
        if case.name not in it.absent and (not cases or case.name in cases)
    ]
    results = {}
    for way in chosen:
        with (logs / f"{it.name}-{way}.txt").open("w", encoding="utf-8") as log:
            results[way] = measure(f"{it.group}.{it.name}", python, way, tried, log)
        count = sum(result["outcome"] == "pass" for result in results[way].values())
        print(f"{it.title} {way}: {count} of {len(tried)}", flush=True)
        for name, result in results[way].items():
            if result["outcome"] == "fail":
                print(f"  {name}: {result['why']}", flush=True)
    package = it.packages[0].partition("[")[0]
    version, openai = versions(python, package, "openai")
    return {"version": version, "openai": openai, "ways": results}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ecosystem", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=", ".join((*FRAMEWORKS, *TRACERS)) + "; or all"
    )
    parser.add_argument("--way", action="append", choices=WAYS, help="may be repeated")
    parser.add_argument("--case", action="append", default=[], help="may be repeated")
    parser.add_argument("--environments", type=Path, default=CACHE / "environments", metavar="DIR")
    parser.add_argument("--fresh", action="store_true", help="make the environments anew")
    parser.add_argument("--dry", action="store_true", help="print only: write no page")
    parser.add_argument(
        "--check",
        action="store_true",
        help="with the versions of docs/ecosystem.json: what passed there must pass, nothing is "
        "written",
    )
    given = parser.parse_args()
    environments = Environments(given.environments, fresh=given.fresh)
    if unknown := {*given.names} - {*FRAMEWORKS, *TRACERS}:
        parser.error(f"no framework or tracer: {', '.join(sorted(unknown))}")
    # In `plain` there is nothing of ours to lose.
    chosen = given.way or [way for way in ways() if way != "plain" or not given.check]
    before = page.measured()
    failures = 0
    for group, names in GROUPS.items():
        for name in names:
            if given.names and name not in given.names:
                continue
            it = subject(group, name)
            known = before[group].get(name, {"ways": {}})
            packages = pinned(it, known) if given.check else it.packages
            python = environments.python(name, packages)
            found = row(it, python, chosen, given.case)
            if given.check:
                failures += lost(known["ways"], found["ways"])
            elif not given.dry:
                page.record(group, name, found)
    return int(failures > 0)


def pinned(it: Subject, known: Mapping[str, Any]) -> list[str]:
    """The packages of a framework as they were measured."""
    if "version" not in known:
        return it.packages
    first, *others = it.packages
    others = [package for package in others if package != "openai"]
    return [f"{first}=={known['version']}", f"openai=={known['openai']}", *others]


def lost(before: Mapping[str, Any], now: Mapping[str, Any]) -> int:
    """How many cases passed before and fail now."""
    count = 0
    for way, results in now.items():
        for case, result in results.items():
            passed = before.get(way, {}).get(case, {}).get("outcome") == "pass"
            if passed and result["outcome"] == "fail":
                print(f"lost: {case} by {way}")
                count += 1
    return count


if __name__ == "__main__":
    sys.exit(main())
