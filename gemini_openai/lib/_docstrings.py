"""Read what a docstring says of a function and of its parameters, in any of the usual styles."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import NamedTuple

_SECTIONS = (
    "Args|Arguments|Parameters|Params|Other Parameters|Keyword Args|Keyword Arguments|Returns?|"
    "Yields?|Raises|Warns|Examples?|Notes?|References|See Also|Attributes|Todo|Warnings?|Receives"
)
_PARAMETERS = frozenset(
    {"args", "arguments", "parameters", "params", "other parameters"}
    | {"keyword args", "keyword arguments"}
)
_GOOGLE = re.compile(rf"({_SECTIONS}):\s*", re.IGNORECASE)
_NUMPY = re.compile(rf"({_SECTIONS})\s*", re.IGNORECASE)
_REST = re.compile(
    r":(param|parameter|arg|argument|key|keyword|type|raises?|returns?|rtype|yields?|ytype)\b"
    r"([^:]*):\s*(.*)"
)
_OF_PARAMETER = frozenset({"param", "parameter", "arg", "argument", "key", "keyword"})
_ENTRY = re.compile(r"\*{0,2}(\w+)\s*(?:\(.*?\))?\s*:\s*(.*)")
_NUMPY_NAMES = re.compile(r"(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?")


class Docstring(NamedTuple):
    """What stands before the first section, and what is said of each parameter."""

    description: str
    parameters: dict[str, str]


def read_docstring(text: str | None) -> Docstring:
    """The description of a function and those of its parameters, each on one line."""
    lines = cleandoc(text).splitlines() if text else []
    said: dict[str, list[str]] = {}
    before: list[str] = []
    section, current, depth = "", None, 0
    for place, line in enumerate(lines):
        words, indent = line.strip(), len(line) - len(line.lstrip())
        underlined = place + 1 < len(lines) and _is_rule(lines[place + 1])
        if indent == 0 and (
            found := _NUMPY.fullmatch(line) if underlined else _GOOGLE.fullmatch(line)
        ):
            section, current, depth = f"{'numpy ' if underlined else ''}{found[1].lower()}", None, 0
        elif indent == 0 and (found := _REST.fullmatch(line)):
            section, names = "rest", found[2].split()
            current = (
                said.setdefault(names[-1], []) if names and found[1] in _OF_PARAMETER else None
            )
            if current is not None:
                current.append(found[3])
        elif not section:
            before.append(line)
        elif section == "rest":
            if current is not None and indent:
                current.append(words)
        elif section.removeprefix("numpy ") not in _PARAMETERS or _is_rule(line):
            continue
        elif section.startswith("numpy "):
            if indent == 0 and (found := _NUMPY_NAMES.fullmatch(words)):
                current = []
                for name in found[1].split(","):
                    said[name.strip().lstrip("*")] = current
            elif current is not None:
                current.append(words)
        elif words:
            depth = depth or indent
            if indent <= depth and (found := _ENTRY.fullmatch(words)):
                current = said.setdefault(found[1], [])
                current.append(found[2])
            elif current is not None:
                current.append(words)
    parameters = {name: " ".join(filter(None, words)) for name, words in said.items()}
    return Docstring("\n".join(before).strip(), {k: v for k, v in parameters.items() if v})


def _is_rule(line: str) -> bool:
    return len(line) >= 3 and not line.strip("-")
