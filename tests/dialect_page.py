"""Write the tables of docs/dialect.md: `python tests/dialect_page.py`."""

from __future__ import annotations

import re
from pathlib import Path

from gemini_openai.dialect.schemas.rules import RULE_PREFIX, SCHEMA_RULES
from gemini_openai.dialect.table import ANSWERS, OTHERS, REQUESTS

PAGE = Path(__file__).parents[1] / "docs/dialect.md"
GROUPS = (("Requests for chat", REQUESTS), ("Answers to chat", ANSWERS), ("Other routes", OTHERS))


def markdown_table() -> str:
    """The tables of `docs/dialect.md`, one for each group of `REPAIRS` and one for schemas."""
    out: list[str] = []
    for title, rows in GROUPS:
        out += [
            f"## {title}",
            "",
            "| switch | what Gemini does | seen | what is done | where, and its test |",
            "|---|---|---|---|---|",
        ]
        for row in rows:
            file, _, name = row.test.partition("::")
            out.append(
                f"| `{row.name}` | {row.gemini} {_link(row.source)} | {row.since} | {row.ours} "
                f"| `{row.where}`; [{name.replace('_', ' ').removeprefix('test ')}]"
                f"(../tests/unit/dialect/{file}) |"
            )
        out.append("")
    out += ["## Schemas", "", "| switch | what Gemini does | what is done |", "|---|---|---|"]
    for rule in SCHEMA_RULES:
        name = f"`{RULE_PREFIX}{rule.name}`" + ("" if rule.default else " (off unless asked for)")
        out.append(f"| {name} | {rule.gemini} {_link(rule.source)} | {rule.ours} |")
    return "\n".join(out) + "\n"


def _link(source: str) -> str:
    address, _, detail = source.partition(" ")
    if not address.startswith("https://"):
        return f"({source})"
    return f"([source]({address}){' ' if detail else ''}{detail})"


def with_table(page: str) -> str:
    """The page with its tables replaced by the current ones."""
    before, title, rest = page.partition(f"## {GROUPS[0][0]}\n")
    after = re.split(r"(?<=\|\n)(?!\|)", rest.partition("## Schemas\n")[2], maxsplit=1)[-1]
    return before + markdown_table() + after if title else page


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
