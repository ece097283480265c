"""Make a value that is valid under a JSON schema, from the words of a text where possible."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..http.json_values import mapping, number, sequence, string

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPTIONAL_DEPTH = 4
"""From this depth on only required properties are filled in, and `null` is preferred."""
_MAX_DEPTH = 24
"""From this depth on nothing is filled in: a schema that requires itself has no finite value."""

_FORMATS = {
    "date": "2025-01-31",
    "date-time": "2025-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "12345678-1234-4234-8234-123456789abc",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "byte": "ZW11bGF0b3I=",
    "base64": "ZW11bGF0b3I=",
    "binary": "ZW11bGF0b3I=",
}


@dataclass(frozen=True)
class Hints:
    """Values found in a text to fill a schema with, each kind in order of appearance."""

    text: str = ""
    quoted: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    @classmethod
    def of(cls, text: str) -> Hints:
        """The quoted strings, the capitalised words that begin no sentence, and the numbers."""
        quoted = re.findall(r"[\"“«]([^\"”»]+)[\"”»]|(?<!\w)'([^']+)'(?!\w)", text)
        # "New York" is one name; "Return" in "Return True" begins a sentence.
        capitalised = r"[A-Z][\w.-]*\w|[A-Z]"
        found = re.finditer(rf"(?:{capitalised})(?: (?:{capitalised}))*", text)
        names: list[str] = []
        for match in found:
            before = text[: match.start()].rstrip()
            name = match.group()
            if not before or before[-1] in ".!?:\n":
                _, _, name = name.partition(" ")
            if name and name != "I":
                names.append(name)
        return cls(
            text=text,
            quoted=tuple(a or b for a, b in quoted),
            names=tuple(dict.fromkeys(names)),
            numbers=tuple(
                float(digits) for digits in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)", text)
            ),
        )

    def about(self, name: str) -> Hints:
        """The same hints with `name` as the only name and no quoted text."""
        return replace(self, quoted=(), names=(name,))


NO_HINTS = Hints()


def value_for(schema: Mapping[str, Any], hints: Hints = NO_HINTS) -> Any:
    """A value for `schema`: every property, the first branch of a choice, the shortest array.

    Type, enum, const, format, `$ref`, choices, and the limits of numbers, strings, arrays and
    objects are respected; `pattern`, `not` and `if` are not.
    """
    return _Filler(schema, hints).value(schema, depth=0, name="")


class _Filler:
    def __init__(self, root: Mapping[str, Any], hints: Hints) -> None:
        self.root = root
        self.hints = hints
        self.used: set[str] = set()

    def value(self, schema: object, *, depth: int, name: str) -> Any:
        rules = self.resolved(schema)
        if "const" in rules:
            return rules["const"]
        if options := sequence(rules.get("enum")):
            return self.mentioned(options)
        for word in ("anyOf", "oneOf"):
            if choices := sequence(rules.get(word)):
                shared = {key: value for key, value in rules.items() if key != word}
                return self.value(
                    merged(shared, self.branch(choices, depth)), depth=depth, name=name
                )
        kind = self.kind(rules, depth)
        if kind == "object":
            return self.object_for(rules, depth)
        if kind == "array":
            return self.array_for(rules, depth, name)
        if kind in {"number", "integer"}:
            return self.number_for(rules, whole=kind == "integer")
        if kind == "boolean":
            return not re.search(r"\b(no|not|false|off)\b", self.hints.text, re.IGNORECASE)
        return None if kind == "null" else self.string_for(rules, name)

    def resolved(self, schema: object) -> dict[str, Any]:
        """The schema with its `$ref` followed and its `allOf` merged."""
        rules = mapping(schema)
        for _ in range(_MAX_DEPTH):
            if "$ref" not in rules:
                break
            target = self.target(string(rules["$ref"]))
            rules = merged({k: v for k, v in rules.items() if k != "$ref"}, target)
        for part in sequence(rules.get("allOf")):
            rules = merged({k: v for k, v in rules.items() if k != "allOf"}, self.resolved(part))
        return rules

    def target(self, reference: str) -> dict[str, Any]:
        found: Any = self.root
        for step in reference.removeprefix("#").strip("/").split("/"):
            if step:
                found = mapping(found).get(step.replace("~1", "/").replace("~0", "~"))
        return mapping(found)

    def branch(self, choices: list[Any], depth: int) -> dict[str, Any]:
        resolved = [self.resolved(choice) for choice in choices]
        nulls = [choice for choice in resolved if choice.get("type") == "null"]
        if depth >= _OPTIONAL_DEPTH:
            simple = [c for c in resolved if self.kind(c, depth) not in {"object", "array"}]
            return (nulls or simple or resolved)[0]
        return next((choice for choice in resolved if choice not in nulls), resolved[0])

    @staticmethod
    def kind(rules: Mapping[str, Any], depth: int) -> str:
        kinds = rules.get("type")
        if named := [string(kind) for kind in sequence(kinds)]:
            if depth >= _OPTIONAL_DEPTH and "null" in named:
                return "null"
            return next((kind for kind in named if kind != "null"), "null")
        if isinstance(kinds, str):
            return kinds.lower()  # Google's own schemas write `STRING`
        if "properties" in rules or "additionalProperties" in rules or "required" in rules:
            return "object"
        if "items" in rules or "prefixItems" in rules:
            return "array"
        if {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"} & {*rules}:
            return "number"
        return "string"

    def object_for(self, rules: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if depth >= _MAX_DEPTH:
            return {}
        required = [string(name) for name in sequence(rules.get("required"))]
        properties = mapping(rules.get("properties"))
        wanted = [name for name in properties if depth < _OPTIONAL_DEPTH or name in required]
        names = [*wanted, *(name for name in required if name not in properties)]
        others = rules.get("additionalProperties")
        minimum = int(number(rules.get("minProperties")) or 0)
        if isinstance(others, dict) and not properties and depth < _OPTIONAL_DEPTH:
            minimum = max(minimum, 1)
        names += [f"key{count + 1}" for count in range(minimum - len(names))]
        return {
            name: self.value(properties.get(name, others), depth=depth + 1, name=name)
            for name in names
        }

    def array_for(self, rules: Mapping[str, Any], depth: int, name: str) -> list[Any]:
        least = int(number(rules.get("minItems")) or 0)
        most = number(rules.get("maxItems"))
        first = sequence(rules.get("prefixItems"))
        wanted = max(least, len(first) or (1 if depth < _OPTIONAL_DEPTH else 0))
        if most is not None:
            wanted = max(least, min(wanted, int(most)))
        if depth >= _MAX_DEPTH:
            wanted = 0
        items = rules.get("items", {})
        values = [
            self.value(first[at] if at < len(first) else items, depth=depth + 1, name=name)
            for at in range(wanted)
        ]
        return self.different(values, items) if rules.get("uniqueItems") else values

    def different(self, values: list[Any], items: object) -> list[Any]:
        options = sequence(self.resolved(items).get("enum"))
        out: list[Any] = []
        for at, value in enumerate(values):
            new = value
            if value in out and options:
                new = next((option for option in options if option not in out), value)
            elif value in out and isinstance(value, str):
                new = f"{value}{at}"
            elif value in out and number(value) is not None:
                step = number(self.resolved(items).get("multipleOf")) or 1
                new = max(out) + (int(step) if isinstance(value, int) else step)
            elif value in out and isinstance(value, bool):
                new = not value
            out.append(new)
        return out

    def mentioned(self, options: list[Any]) -> Any:
        text = self.hints.text.lower()
        spoken = [
            option
            for option in options
            if isinstance(option, str) and re.search(rf"\b{re.escape(option.lower())}\b", text)
        ]
        return (spoken or options)[0]

    def number_for(self, rules: Mapping[str, Any], *, whole: bool) -> float | int:
        low, high, step = (number(rules.get(word)) for word in ("minimum", "maximum", "multipleOf"))
        above, below = (number(rules.get(f"exclusive{word}")) for word in ("Minimum", "Maximum"))

        def fits(value: float) -> bool:
            return not (
                (low is not None and value < low)
                or (high is not None and value > high)
                or (above is not None and value <= above)
                or (below is not None and value >= below)
                or (step and not math.isclose(value / step, round(value / step), abs_tol=1e-9))
                or (whole and value != int(value))
            )

        for hint in self.hints.numbers:
            if f"number {hint}" not in self.used and fits(hint):
                self.used.add(f"number {hint}")
                return int(hint) if hint == int(hint) else hint
        unit = step or (1 if whole else 0.5)
        floor = [limit for limit in (low, above) if limit is not None]
        ceiling = [limit for limit in (high, below) if limit is not None]
        candidates = [1.0, 0.0]
        if floor:
            start = math.ceil(max(floor) / unit) * unit
            candidates += [max(floor), start, start + unit]
        if ceiling:
            start = math.floor(min(ceiling) / unit) * unit
            candidates += [min(ceiling), start, start - unit]
        if floor and ceiling:
            candidates.append((max(floor) + min(ceiling)) / 2)
        candidates.append(unit)
        found = next((value for value in candidates if fits(value)), candidates[-1])
        return int(found) if whole or found == int(found) else found

    def string_for(self, rules: Mapping[str, Any], name: str) -> str:
        if (format_ := string(rules.get("format"))) in _FORMATS:
            return _FORMATS[format_]
        default = rules.get("default")
        text = self.hint() or (default if isinstance(default, str) else "") or name or "text"
        least = int(number(rules.get("minLength")) or 0)
        most = number(rules.get("maxLength"))
        text += "." * (least - len(text))
        return text if most is None else text[: int(most)]

    def hint(self) -> str:
        """The next quoted text or name; the last one again when they are used up."""
        offered = [*self.hints.quoted, *self.hints.names]
        fresh = [text for text in offered if text not in self.used]
        if fresh:
            self.used.add(fresh[0])
            return fresh[0]
        if offered:
            return offered[-1]
        return f"{self.hints.numbers[0]:g}" if self.hints.numbers else ""


_LOWER_LIMITS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER_LIMITS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """One schema that demands what both demand; where they contradict, `second` wins."""
    both = {**first, **second}
    shared = {*first} & {*second}
    if "properties" in shared:
        both["properties"] = {**mapping(first["properties"]), **mapping(second["properties"])}
    if "required" in shared:
        both["required"] = [*sequence(first["required"]), *sequence(second["required"])]
    for limits, tighter in ((_LOWER_LIMITS, max), (_UPPER_LIMITS, min)):
        for word in shared.intersection(limits):
            both[word] = tighter(first[word], second[word])
    return both
