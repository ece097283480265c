"""`docs/ecosystem.md` from `docs/ecosystem.json`, which has what was measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ecosystem.cases import CASES
from ecosystem.catalogue import FRAMEWORKS, WAYS, Subject, subject
from ecosystem.environments import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = ROOT / "docs/ecosystem.md"
MEASURED = ROOT / "docs/ecosystem.json"
TITLES = {case.name: case.title for case in CASES}

PREAMBLE = """\
# Frameworks and tracers

What works with Gemini in frameworks that are written for `openai`: measured, with their newest
releases, on the [emulator](emulator.md) with the quirks that Gemini has today. Thought signatures
are demanded back as they were. `PYTHONPATH=tests python -m ecosystem` measures it and writes this
page; [tests/ecosystem](../tests/ecosystem) has the programs.
"""


def measured() -> dict[str, Any]:
    """What the file of results says."""
    empty: dict[str, Any] = {"frameworks": {}, "tracers": {}}
    return json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else empty


def record(group: str, name: str, found: Mapping[str, Any]) -> None:
    """Add what was found to the file of results, and write the page."""
    results = measured()
    before = results[group].get(name, {}).get("ways", {})
    ways = {way: {**before.get(way, {}), **found["ways"].get(way, {})} for way in WAYS}
    results[group][name] = {**found, "ways": {way: ways[way] for way in ways if ways[way]}}
    MEASURED.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(results), "utf-8")


def page(results: Mapping[str, Any]) -> str:
    """The whole of `docs/ecosystem.md`."""
    there = [subject("frameworks", name) for name in FRAMEWORKS if name in results["frameworks"]]
    found = results["frameworks"]
    parts = [PREAMBLE, _ways(), _overview(there, found), _cases()]
    parts += ["## Each framework\n", *(_framework(it, found[it.name]) for it in there)]
    return "\n".join(parts).rstrip() + "\n"


def _ways() -> str:
    return "\n".join(f"- **{way}**: {means}." for way, means in WAYS.items()) + "\n"


def _count(results: Mapping[str, Any]) -> str:
    return f"{sum(r['outcome'] == 'pass' for r in results.values())}/{len(results)}"


def _overview(there: list[Subject], found: Mapping[str, Any]) -> str:
    lines = [
        f"| | version | `openai` | {' | '.join(WAYS)} |",
        f"|---|---|---|{'--:|' * len(WAYS)}",
    ]
    for it in there:
        row = found[it.name]
        counts = [_count(row["ways"][way]) if way in row["ways"] else "" for way in WAYS]
        link = f"[{it.title}](#{_anchor(it.title)})"
        lines.append(f"| {link} | {row['version']} | {row['openai']} | {' | '.join(counts)} |")
    sums = [
        _count(
            {
                (it.name, c): r
                for it in there
                for c, r in found[it.name]["ways"].get(way, {}).items()
            }
        )
        for way in WAYS
    ]
    lines.append(f"| **all** | | | {' | '.join('' if s == '0/0' else f'**{s}**' for s in sums)} |")
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def _cases() -> str:
    lines = ["A case passes only if all of it is right:\n"]
    lines += [f"- **{case.title}**: {case.means}." for case in CASES]
    lines.append(
        "\n`KEY` is the key, `URL` is `https://generativelanguage.googleapis.com/v1beta/openai/`, "
        "`MODEL` and `EMBEDDER`\nare names of models; what has no key below takes `GEMINI_API_KEY`."
    )
    return "\n".join(lines) + "\n"


def _framework(it: Subject, found: Mapping[str, Any]) -> str:
    ways = found["ways"]
    names = [name for name in TITLES if any(name in results for results in ways.values())]
    lines = [f"### {it.title}\n"]
    for way in ("transport", "client", "plain"):
        if way in it.lines and way in ways:
            lines += [f"```python\n{it.lines[way]}\n```\n"]
            break
    lines += [f"| | {' | '.join(ways)} |", f"|---|{'---|' * len(ways)}"]
    for name in names:
        cells = ["yes" if ways[w].get(name, {}).get("outcome") == "pass" else "no" for w in ways]
        lines.append(f"| {TITLES[name]} | {' | '.join(cells)} |")
    lines.append("")
    lines += [*_reasons(ways)]
    lines += [f"- {TITLES[case]}: not tried, {why}." for case, why in it.absent.items()]
    return "\n".join(lines).rstrip() + "\n"


def _reasons(ways: Mapping[str, Any]) -> Iterator[str]:
    """Each reason of each way, with the cases that have it."""
    for way, results in ways.items():
        together: dict[str, list[str]] = {}
        for case, result in results.items():
            if result["outcome"] == "fail":
                together.setdefault(result["why"], []).append(TITLES[case])
        for why, cases in together.items():
            text = why.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
            yield f"- {way}: {', '.join(cases)}: {text}"
