"""`docs/ecosystem.md` from `docs/ecosystem.json`, which has what was measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ecosystem.cases import CASES, TRACED
from ecosystem.catalogue import GROUPS, WAYS, Subject, subject
from ecosystem.environments import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = ROOT / "docs/ecosystem.md"
MEASURED = ROOT / "docs/ecosystem.json"
TITLES = {case.name: case.title for case in (*CASES, *TRACED)}

PREAMBLE = """\
# Frameworks and tracers

What works with Gemini in frameworks and tracers that are written for `openai`. It is measured with
their newest releases on the [emulator](emulator.md), with the quirks that Gemini has today.
`PYTHONPATH=tests python -m ecosystem` measures it and writes this page; the programs are in
[tests/ecosystem](../tests/ecosystem). Four ways are tried:
"""
LINES = """\
In the lines for each framework, `KEY` is your key, `URL` is
`https://generativelanguage.googleapis.com/v1beta/openai/`, and `MODEL` and `EMBEDDER` are names of
models. Clients that are given no key take it from `GEMINI_API_KEY`.
"""
TRACERS = """\
## Tracers

Each watches five calls. A call passes if it is recorded exactly once, with the output tokens that
were spent, thinking included.
"""


def measured() -> dict[str, Any]:
    """What the file of results says."""
    if not MEASURED.exists():
        return {group: {} for group in GROUPS}
    results: dict[str, Any] = json.loads(MEASURED.read_text("utf-8"))
    return results


def record(group: str, name: str, found: Mapping[str, Any]) -> None:
    """Add what was found to the file of results, and write the page."""
    results = measured()
    ways = results[group].get(name, {}).get("ways", {})
    for way, cases in found["ways"].items():
        ways[way] = {**ways.get(way, {}), **cases}
    results[group][name] = {**found, "ways": ways}
    MEASURED.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(results), "utf-8")


def page(results: Mapping[str, Any]) -> str:
    """The whole of `docs/ecosystem.md`."""
    there = {
        group: [subject(group, name) for name in names if name in results[group]]
        for group, names in GROUPS.items()
    }
    found = {group: _in_order(results[group]) for group in GROUPS}
    parts = [
        PREAMBLE,
        "\n".join(f"- **{way}**: {means}." for way, means in WAYS.items()) + "\n",
        "## Frameworks\n",
        _overview(there["frameworks"], found["frameworks"]),
        "A case passes only if all of it is right:\n",
        "\n".join(f"- **{case.title}**: {case.means}." for case in CASES) + "\n",
        LINES,
        *(_details(it, found["frameworks"][it.name]) for it in there["frameworks"]),
    ]
    if there["tracers"]:
        parts += [TRACERS, _overview(there["tracers"], found["tracers"])]
        parts += [_details(it, found["tracers"][it.name]) for it in there["tracers"]]
    return "\n".join(parts).rstrip() + "\n"


def _in_order(subjects: Mapping[str, Any]) -> dict[str, Any]:
    """The same with ways and cases in the order of their tables."""
    return {
        name: {
            **found,
            "ways": {
                way: {
                    case: found["ways"][way][case] for case in TITLES if case in found["ways"][way]
                }
                for way in WAYS
                if way in found["ways"]
            },
        }
        for name, found in subjects.items()
    }


def _count(results: list[Mapping[str, Any]]) -> str:
    passed = sum(result["outcome"] == "pass" for result in results)
    return f"{passed}/{len(results)}" if results else ""


def _overview(there: list[Subject], found: Mapping[str, Any]) -> str:
    """How many cases pass, for each subject and way."""
    ways = [way for way in WAYS if any(way in found[it.name]["ways"] for it in there)]
    lines = [f"| | version | `openai` | {' | '.join(ways)} |", f"|---|---|---|{'--:|' * len(ways)}"]
    sums: dict[str, list[Mapping[str, Any]]] = {way: [] for way in ways}
    for it in there:
        row = found[it.name]
        counts = []
        for way in ways:
            results = [*row["ways"].get(way, {}).values()]
            sums[way] += results
            counts.append(_count(results))
        link = f"[{it.title}](#{_anchor(it.title)})"
        lines.append(f"| {link} | {row['version']} | {row['openai']} | {' | '.join(counts)} |")
    lines.append(f"| **all** | | | {' | '.join(f'**{_count(s)}**' for s in sums.values())} |")
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def _details(it: Subject, found: Mapping[str, Any]) -> str:
    """The lines that a user writes, what passes, and why the rest does not."""
    ways = found["ways"]
    lines = [f"### {it.title}\n"]
    if it.lines:
        shown = "transport" if "transport" in ways else "client"
        lines.append(f"```python\n{it.lines[shown]}\n```\n")
    if it.note:
        lines.append(f"{it.note}\n")
    lines += [f"| | {' | '.join(ways)} |", f"|---|{'---|' * len(ways)}"]
    for name, title in TITLES.items():
        cells = [ways[way].get(name, {}).get("outcome", "") for way in ways]
        if any(cells):
            marks = ["yes" if cell == "pass" else "no" for cell in cells]
            lines.append(f"| {title} | {' | '.join(marks)} |")
    lines.append("")
    lines += _reasons(ways)
    lines += [f"- not tried: {TITLES[case]}, since {why}" for case, why in it.absent.items()]
    return "\n".join(lines).rstrip() + "\n"


def _reasons(ways: Mapping[str, Any]) -> Iterator[str]:
    """Each reason of each way, with the cases that have it."""
    for way, results in ways.items():
        together: dict[str, list[str]] = {}
        for case, result in results.items():
            if result["outcome"] == "fail":
                together.setdefault(result["why"], []).append(TITLES[case])
        for why, cases in together.items():
            yield f"- {way}, {', '.join(cases)}: `{why.replace('`', chr(39))}`"
