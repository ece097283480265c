"""What a framework's file says, read without importing it: it is loaded where its packages are."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

FRAMEWORKS = (
    "langchain_openai",
    "pydantic_ai",
    "openai_agents",
    "instructor",
    "llama_index",
    "litellm",
    "haystack",
    "smolagents",
    "strands",
    "dspy",
    "agno",
    "autogen",
    "semantic_kernel",
    "outlines",
)
WAYS = ("plain", "client", "transport", "alias")


class Framework(NamedTuple):
    """A framework: its packages, the cases it does not have, and the lines for each way."""

    name: str
    packages: list[str]
    absent: dict[str, str]
    lines: dict[str, str]

    @property
    def title(self) -> str:
        """The name of its package, without extras."""
        return self.packages[0].partition("[")[0]


def framework(name: str) -> Framework:
    """Read the file of a framework."""
    source = (Path(__file__).parent / "frameworks" / f"{name}.py").read_text("utf-8")
    values = {}
    lines = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
        elif isinstance(node, ast.FunctionDef) and node.name in WAYS:
            lines[node.name] = lines_of(node, source)
    return Framework(
        name,
        ast.literal_eval(values["PACKAGES"]),
        ast.literal_eval(values["ABSENT"]) if "ABSENT" in values else {},
        lines,
    )


def lines_of(function: ast.FunctionDef, source: str) -> str:
    """The body of a function without its `return`, as a user writes it."""
    body = source.splitlines()[function.body[0].lineno - 1 : function.end_lineno]
    return "\n".join(line[4:] for line in body if not line.startswith("    return")).strip()
