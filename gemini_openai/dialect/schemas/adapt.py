"""Adapt a JSON Schema as OpenAI's users write it, and say what was changed.

For `response_format.json_schema.schema` and for `tools[].function.parameters`. The rules are a
table, `SCHEMA_RULES`; each can be switched by its name. What they promise together:

- Never narrower: a value that is valid under the schema given is valid under the rewritten one.
  Where a constraint is lost it goes into the description, in words, and into the list of changes.
  (To the letter, the rules `implied-type` and `parameters-object` are exceptions; they say which.)
- Nothing to do is nothing done: `adapt_schema(adapt_schema(s)[0]) == (adapt_schema(s)[0], [])`.
- The order of properties is kept, and what was given is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Set as AbstractSet
from typing import Any, cast

from .definitions import TooManyRepeats, kept_definitions, place_of, refuse_self
from .keywords import Adaptation, SchemaChange
from .loops import break_required_loops
from .meet import NOTHING, Schema
from .nodes import rewrite
from .parameters import object_root
from .references import DEFINITIONS, SchemaError, below, object_at
from .rules import PARAMETERS_RULE, rules_in_force
from .shape import first_fault


def adapt_schema(
    schema: Mapping[str, Any],
    *,
    off: AbstractSet[str] = frozenset(),
    on: AbstractSet[str] = frozenset(),
    parameters: bool = False,
) -> tuple[dict[str, Any], list[SchemaChange]]:
    """Rewrite a schema for Gemini, and say what was rewritten.

    The time is linear in the size of the result. Definitions are put where they are used as long
    as that repeats no more than 2,000 sub-schemas; beyond, they all stay in `$defs`.

    Args:
        schema: The schema, as plain JSON values.
        off: Names of rules not to apply; what they are about is then left as it stands.
        on: Names of rules to apply that are off by default.
        parameters: Whether the schema is of a function's parameters, which have to be an object.

    Returns:
        A schema that shares nothing with the one given, and the changes, without repetition.

    Raises:
        SchemaError: a `$ref` that points at nothing or elsewhere, a schema that is not one, or
            one that no value satisfies.
        ValueError: a name in `off` or `on` is not that of a rule.
    """
    rules = rules_in_force(frozenset(off), frozenset(on))
    try:
        return _adapt(schema, rules - (set[str]() if parameters else {PARAMETERS_RULE}))
    except RecursionError:
        msg = "The schema is nested too deeply. Flatten it; Gemini takes a few levels only."
        raise SchemaError(msg, "") from None
    except (TypeError, AttributeError):
        # Schemas are not checked before, which would cost every good one.
        if (fault := first_fault(schema)) is not None:
            raise fault from None
        raise


def takes_nothing(schema: Mapping[str, Any]) -> bool:
    """Whether the parameters of a function are an object without any properties.

    Gemini's older path refuses such `parameters`; leaving them out means the same.
    """
    if schema.get("properties"):
        return False
    told = {key for key, value in schema.items() if value or key not in {"properties", "required"}}
    said = {"type", "title", "description", "additionalProperties", "$schema", "$id", "$comment"}
    closed = schema.get("additionalProperties", False) is False
    return schema.get("type", "object") == "object" and closed and told <= said


def _adapt(
    schema: Mapping[str, Any], rules: frozenset[str]
) -> tuple[dict[str, Any], list[SchemaChange]]:
    try:
        return _pass(schema, rules, inline=True)
    except TooManyRepeats:
        result, changes = _pass(schema, rules, inline=False)
    # Merging can take away so much that the definitions fit after all. Asking again keeps the
    # outcome the same for a schema that was adapted before.
    try:
        result, more = _pass(result, rules, inline=True)
    except TooManyRepeats:
        return result, changes
    return result, [*changes, *more]


def _pass(
    schema: Mapping[str, Any], rules: frozenset[str], *, inline: bool
) -> tuple[dict[str, Any], list[SchemaChange]]:
    run = Adaptation(schema, rules, inline=inline)
    result = rewrite(run, schema, "")
    if result is NOTHING:
        msg = "No value satisfies the schema: its parts contradict each other."
        raise SchemaError(msg, "")
    run.bodies[""] = result
    refuse_self(run, "")
    if PARAMETERS_RULE in rules:
        result = object_root(run, result)
    result = cast("Schema", _plain(result))
    if "references" in rules:
        kept = kept_definitions(run, result) if run.names else {}
        definitions = cast("dict[str, Schema]", _plain(kept))
        if "required-loops" in rules:
            for link in break_required_loops(definitions):
                name = link.path.partition("/")[0]
                where = place_of(run, name) + link.path.removeprefix(name)
                what = f"{link.name!r} became optional to let the recursion end"
                run.record(where, "required", what, lossless=False)
        if definitions:
            result["$defs"] = definitions
        for keyword in DEFINITIONS:
            where = below("", keyword)
            if object_at(schema.get(keyword, {}), where).keys() - result.get(keyword, {}).keys():
                run.record(where, keyword, "definitions were put where they are used")
    return result, list(dict.fromkeys(run.changes))


def _plain(value: object) -> Any:
    """A copy made of dicts and lists alone."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: _plain(item) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast("list[object]", value)]
    return value
