"""The table of what Gemini refuses in a JSON Schema, and what is done about it."""

from __future__ import annotations

from typing import NamedTuple

_LIST = "https://ai.google.dev/api/generate-content#v1beta.GenerationConfig (responseJsonSchema)"
_PROTO = "https://ai.google.dev/api/caching#Schema"

RULE_PREFIX = "schema-"
"""What stands before the name of a rule where it is switched among all repairs."""


class SchemaRule(NamedTuple):
    """One deviation. `name` is what `adapt_schema(off=...)` and `on=...` take."""

    name: str
    gemini: str
    ours: str
    source: str
    default: bool = True


SCHEMA_RULES = (
    SchemaRule(
        "references",
        "Refuses `$ref` and `$defs` on its older path, and anything but a description beside a "
        "`$ref` on its newer one.",
        "Definitions are put where they are used, and merged with what stands beside the `$ref`. "
        "Only recursive ones stay in `$defs`; all of them do when more than 2,000 sub-schemas "
        "would be repeated.",
        "https://github.com/anomalyco/opencode/issues/12295",
    ),
    SchemaRule(
        "required-loops",
        "Refuses recursion through required properties alone.",
        "The property that closes the loop becomes optional.",
        "https://github.com/juspay/juspay-mcp/pull/132",
    ),
    SchemaRule(
        "annotations",
        "Refuses keywords it does not know, even those that constrain nothing.",
        "`$schema`, `$id`, `$comment`, `readOnly`, `discriminator`, vendor keywords and the like "
        "are left out; examples and content encodings go into the description.",
        "https://github.com/router-for-me/CLIProxyAPI/issues/97",
    ),
    SchemaRule(
        "boolean-schemas",
        "Knows objects only.",
        "`true` becomes `{}`; what `false` forbids is left out.",
        _LIST,
    ),
    SchemaRule(
        "nullable",
        "`nullable` is known to the older path only, and ignored on the newer.",
        "`null` becomes an alternative of its own.",
        _LIST,
    ),
    SchemaRule(
        "const",
        "Refuses `const`.",
        "It becomes an `enum` of one.",
        "https://github.com/zed-industries/zed/issues/44875",
    ),
    SchemaRule(
        "enum",
        "Wants a `type` beside an `enum`, and only strings and numbers in it.",
        "The type is added, mixed values become typed alternatives, both booleans become the type "
        "`boolean`; other values go into the description.",
        "https://github.com/decolua/9router/pull/380",
    ),
    SchemaRule(
        "empty-enum-value",
        "Refuses the empty string in an `enum`.",
        "It becomes an alternative of its own, a string described as empty.",
        "https://github.com/Smana/runlore/pull/40",
    ),
    SchemaRule(
        "type-lists",
        "The older path takes one `type` only.",
        "A list of types becomes `anyOf`, each with the keywords that concern it.",
        "https://github.com/prism-php/prism/issues/974",
    ),
    SchemaRule(
        "implied-type",
        "Wants a `type` wherever there are keywords of one.",
        "The type is added when all keywords speak of the same. To the letter a schema without "
        "`type` lets every other type pass, which nobody means.",
        "https://github.com/brightwave-inc/tidebreak/pull/1537",
    ),
    SchemaRule(
        "irrelevant",
        "Refuses keywords of another type, as `required` beside a string.",
        "They are left out: JSON Schema gives them no meaning there.",
        "https://github.com/goruck/home-generative-agent/pull/525",
    ),
    SchemaRule(
        "one-of",
        "Reads `oneOf` as `anyOf`, or not at all.",
        "It becomes `anyOf`.",
        _LIST,
    ),
    SchemaRule(
        "all-of",
        "Refuses `allOf`, or ignores it.",
        "The parts are merged into one schema.",
        _LIST,
    ),
    SchemaRule(
        "union-siblings",
        "Refuses constraints and `default` beside `anyOf`.",
        "Constraints move into each alternative. Alternatives that only say what is required, and "
        "the default, go into the description.",
        "https://github.com/goruck/home-generative-agent/pull/525",
    ),
    SchemaRule(
        "exclusive-bounds",
        "Refuses `exclusiveMinimum` and `exclusiveMaximum`.",
        "For integers the bound moves by one; for numbers it stays and the description says that "
        "it is excluded.",
        "https://github.com/pizza-bot-app/pizza-bot/issues/62",
    ),
    SchemaRule(
        "formats",
        "Of string formats takes `date-time` alone on its older path.",
        "Other formats go into the description.",
        "https://github.com/google-gemini/gemini-cli/issues/3178",
    ),
    SchemaRule(
        "string-constraints",
        "Does not list `pattern`, `minLength`, `maxLength`.",
        "They go into the description.",
        _LIST,
    ),
    SchemaRule(
        "number-constraints",
        "Refuses `multipleOf`.",
        "It goes into the description.",
        "https://github.com/decolua/9router/pull/2317",
    ),
    SchemaRule(
        "array-constraints",
        "Refuses `uniqueItems` and `contains`.",
        "They go into the description.",
        "https://github.com/decolua/9router/pull/3018",
    ),
    SchemaRule(
        "object-constraints",
        "Refuses `patternProperties`, `propertyNames`, `dependentRequired` and their like.",
        "Those for all names become `properties` or `additionalProperties`, the rest goes into "
        "the description.",
        "https://github.com/zendev-sh/goai/pull/108",
    ),
    SchemaRule(
        "conditions",
        "Refuses `not`, `if`, `then`, `else`.",
        "They go into the description.",
        _LIST,
    ),
    SchemaRule(
        "tuples",
        "Refuses `prefixItems`, and lists of `items`.",
        "The items are any of those in the tuple; the description has the order.",
        "https://github.com/pydantic/pydantic-ai/blob/main/pydantic_ai_slim/pydantic_ai/profiles/google.py",
    ),
    SchemaRule(
        "array-items",
        "Refuses an array without `items`.",
        "It gets `items: {}`.",
        "https://github.com/cline/cline/issues/7339",
    ),
    SchemaRule(
        "empty-properties",
        "The older path refuses an object with empty `properties`.",
        "The empty `properties` are left out.",
        _PROTO,
    ),
    SchemaRule(
        "required-properties",
        "Refuses names in `required` that are not in `properties`.",
        "The property is added, free of constraints.",
        "https://github.com/goruck/home-generative-agent/pull/525",
    ),
    SchemaRule(
        "property-ordering",
        "Does not always write properties in the order of the schema; `propertyOrdering` steers "
        "its native API, and nothing says whether the OpenAI-compatible one takes it.",
        "`propertyOrdering` is added to objects of two or more properties.",
        "https://github.com/livekit/agents/issues/7331",
        default=False,
    ),
)

_BY_DEFAULT = frozenset(rule.name for rule in SCHEMA_RULES if rule.default)
_NAMES = frozenset(rule.name for rule in SCHEMA_RULES)


def rules_in_force(off: frozenset[str], on: frozenset[str]) -> frozenset[str]:
    """The names of the rules to apply. Raises `ValueError` for an unknown name."""
    if unknown := (off | on) - _NAMES:
        msg = f"No schema rule is called {min(unknown)!r}. There are: {', '.join(sorted(_NAMES))}."
        raise ValueError(msg)
    return (_BY_DEFAULT | on) - off
