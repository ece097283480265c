"""Find the first keyword of a JSON schema that Gemini refuses; its error does not say which."""

from __future__ import annotations

from typing import Any

from ..http.json_values import mapping, sequence

REFUSED_KEYWORDS = {
    "const": "recorded probe of gemini-3.7-flash",
    "prefixItems": "recorded probe of gemini-3.7-flash",
    "exclusiveMinimum": "reported with function parameters",
    "exclusiveMaximum": "reported with function parameters",
    "patternProperties": "not in Google's list of supported keywords",
    "propertyNames": "not in Google's list of supported keywords",
    "unevaluatedProperties": "not in Google's list of supported keywords",
    "dependentRequired": "not in Google's list of supported keywords",
    "dependentSchemas": "not in Google's list of supported keywords",
    "contains": "not in Google's list of supported keywords",
    "not": "not in Google's list of supported keywords",
    "if": "not in Google's list of supported keywords",
    "then": "not in Google's list of supported keywords",
    "else": "not in Google's list of supported keywords",
    "strict": "reported inside function parameters",
}
"""Refused keywords, each with the source of that. Other unsupported ones are ignored."""

_SCHEMAS_BY_NAME = ("properties", "$defs", "definitions")
_LISTS_OF_SCHEMAS = ("anyOf", "oneOf", "allOf")
_SCHEMAS = ("items", "additionalProperties")


def refused_schema_keyword(schema: object, path: str = "#") -> str | None:
    """The path of the first keyword that Gemini refuses (`#/properties/kind/const`), or `None`.

    Besides the keywords of the table: a `$ref` with anything beside it that does not begin with
    `$`, and an `enum` with values other than strings and numbers. [Google's schema reference]
    """
    rules = mapping(schema)
    for keyword in rules:
        if keyword in REFUSED_KEYWORDS:
            return f"{path}/{keyword}"
    if "$ref" in rules and any(not keyword.startswith("$") for keyword in rules):
        return f"{path}/$ref"
    if any(
        isinstance(option, bool) or not isinstance(option, (str, int, float))
        for option in sequence(rules.get("enum"))
    ):
        return f"{path}/enum"
    for place, inner in _inner(rules):
        if found := refused_schema_keyword(inner, f"{path}/{place}"):
            return found
    return None


def _inner(rules: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(word, rules[word]) for word in _SCHEMAS if word in rules]
    for word in _SCHEMAS_BY_NAME:
        found += [(f"{word}/{name}", inner) for name, inner in mapping(rules.get(word)).items()]
    for word in _LISTS_OF_SCHEMAS:
        found += [(f"{word}/{at}", inner) for at, inner in enumerate(sequence(rules.get(word)))]
    return found
