"""List the parts of JSON Schema that Gemini refuses, and the rewrite for each."""

from __future__ import annotations

from typing import NamedTuple

_LIST = "https://ai.google.dev/api/generate-content#v1beta.GenerationConfig (responseJsonSchema)"
_PROTO = "https://ai.google.dev/api/caching#Schema"

RULE_PREFIX = "schema-"
"""The prefix of a rule's name among the switches of all repairs."""

PARAMETERS_RULE = "parameters-object"
"""The rule for the parameters of functions alone."""


class SchemaRule(NamedTuple):
    """One deviation. `name` is for `adapt_schema(off=...)` and `on=...`."""

    name: str
    gemini: str
    ours: str
    source: str
    default: bool = True


SCHEMA_RULES = (
    SchemaRule(
        "references",
        "Refuses `$ref` and `$defs` on its older path. On its newer path, refuses anything but a "
        "description beside a `$ref`.",
        "Definitions are inlined where they are used, and merged with the keywords beside the "
        "`$ref`. Only recursive ones stay in `$defs`; all of them stay if more than 2,000 "
        "sub-schemas would be repeated.",
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
        "Accepts only objects as schemas.",
        "`true` becomes `{}`; what `false` forbids is left out.",
        _LIST,
    ),
    SchemaRule(
        "nullable",
        "Accepts `nullable` on its older path only, and ignores it on the newer.",
        "`null` becomes a separate alternative.",
        _LIST,
    ),
    SchemaRule(
        "const",
        "Refuses `const`.",
        "It becomes an `enum` of one value.",
        "https://github.com/zed-industries/zed/issues/44875",
    ),
    SchemaRule(
        "enum",
        "Requires a `type` beside an `enum`, and only strings and numbers in the `enum`.",
        "The type is added, mixed values become typed alternatives, both booleans become the type "
        "`boolean`; other values go into the description.",
        "https://github.com/decolua/9router/pull/380",
    ),
    SchemaRule(
        "empty-enum-value",
        "Refuses the empty string in an `enum`.",
        "It becomes a separate alternative, a string described as empty.",
        "https://github.com/Smana/runlore/pull/40",
    ),
    SchemaRule(
        "type-lists",
        "The older path accepts only one `type`.",
        "A list of types becomes `anyOf`, each with the keywords that concern it.",
        "https://github.com/prism-php/prism/issues/974",
    ),
    SchemaRule(
        "implied-type",
        "Requires a `type` wherever there are keywords for a type.",
        "The type is added if all keywords are for the same one. Strictly, a schema without `type` "
        "allows every other type, but nobody means that.",
        "https://github.com/brightwave-inc/tidebreak/pull/1537",
    ),
    SchemaRule(
        "irrelevant",
        "Refuses keywords for another type, such as `required` for a string.",
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
        "Accepts only the string format `date-time` on its older path.",
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
        "Those for all names become `properties` or `additionalProperties`; the others go into "
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
        "Each item may be any of those in the tuple; the description has the order.",
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
        "The property is added, without constraints.",
        "https://github.com/goruck/home-generative-agent/pull/525",
    ),
    SchemaRule(
        PARAMETERS_RULE,
        'Takes one object as the parameters of a function ("should be of type OBJECT" on Vertex '
        "AI).",
        "Alternatives at their root become one object: with the properties of all, required where "
        "all require them, and the alternatives in the description. `null` there is left out. "
        "Strictly, an alternative may take any value for a property that only others have, but "
        "nobody means that.",
        "https://github.com/diegosouzapw/OmniRoute/issues/3357",
    ),
    SchemaRule(
        "property-ordering",
        "Does not always write properties in the order of the schema. `propertyOrdering` sets it "
        "in its native API; whether the OpenAI-compatible one accepts it is not documented.",
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
