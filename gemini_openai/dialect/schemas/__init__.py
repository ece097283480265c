"""A JSON Schema as people write it to one that Gemini takes; what is lost on the way is told."""

from .adapt import adapt_schema as adapt_schema, takes_nothing as takes_nothing
from .keywords import SchemaChange as SchemaChange
from .references import SchemaError as SchemaError
from .rules import SCHEMA_RULES as SCHEMA_RULES, SchemaRule as SchemaRule
