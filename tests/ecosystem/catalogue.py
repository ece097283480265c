"""What the files of frameworks and tracers say.

They are read and not imported: the parent process has none of their packages.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

FRAMEWORKS = (
    "openai",
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
TRACERS = (
    "otel_v2",
    "openinference",
    "logfire",
    "langfuse",
    "langsmith",
    "sentry",
    "opik",
    "braintrust",
    "traceloop",
)
WAYS = {
    "plain": "the genuine `openai` and nothing of ours",
    "client": "a client of this package is handed over",
    "transport": "the genuine `openai` on `gemini_openai.transport`",
    "alias": "the program of `plain` after `gemini_openai.install_as_openai()`",
}


GROUPS = {"frameworks": FRAMEWORKS, "tracers": TRACERS}


class Subject(NamedTuple):
    """A framework or tracer: its packages, the cases it does not have, the lines for each way."""

    group: str
    name: str
    title: str
    packages: list[str]
    absent: dict[str, str]
    note: str
    lines: dict[str, str]


def subject(group: str, name: str) -> Subject:
    """Read the file of a framework or tracer; `group` is its folder."""
    source = (Path(__file__).parent / group / f"{name}.py").read_text("utf-8")
    module = ast.parse(source)
    values = {
        node.targets[0].id: node.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    packages = ast.literal_eval(values["PACKAGES"])
    return Subject(
        group,
        name,
        ast.literal_eval(values["TITLE"]) if "TITLE" in values else packages[0],
        packages,
        ast.literal_eval(values["ABSENT"]) if "ABSENT" in values else {},
        ast.literal_eval(values["NOTE"]) if "NOTE" in values else "",
        {
            node.name: lines_of(node, module, source)
            for node in module.body
            if isinstance(node, ast.FunctionDef) and node.name in WAYS
        },
    )


def lines_of(function: ast.FunctionDef, module: ast.Module, source: str) -> str:
    """What a user writes: imports and constants that a function needs, and its body."""
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    imports, constants = [], []
    for node in module.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias for alias in node.names if (alias.asname or alias.name) in used]
            if names and getattr(node, "module", "") not in {"ecosystem.task", "typing"}:
                node.names = names
                imports.append(ast.unparse(node))
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in used:
            lines = (ast.get_source_segment(source, node) or "").splitlines()
            constants.append("\n".join(lines).replace(": Any =", " ="))
    body = source.splitlines()[function.body[0].lineno - 1 : function.end_lineno]
    own = [line[4:] for line in body if not line.startswith("    return")]
    while own and own[0].startswith(("from ", "import ")):
        imports.append(own.pop(0))
    while own and not own[0]:
        own.pop(0)
    return "\n".join([*imports, "", *constants, *own]).strip()
