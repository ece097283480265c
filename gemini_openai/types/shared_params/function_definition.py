"""A function the model may call."""

from typing_extensions import Required, TypedDict

from ..shared.function_parameters import FunctionParameters


class FunctionDefinition(TypedDict, total=False):
    name: Required[str]
    """At most 64 letters, digits, `_`, `.`, `:` and `-`; the first is a letter or `_`."""

    description: str
    parameters: FunctionParameters
    strict: bool | None
    """Gemini accepts it and ignores it."""
